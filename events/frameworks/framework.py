"""A framework profile: what a legal regime calls things, limits and demands, with its sources.

A profile is one JSON file of the form of `Framework` (docs/frameworks.md). Every statement names
its source, and every source says whether somebody has compared the statements with it.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from events.errors import Refused
from events.question import Text

LANGUAGES = ("en", "cy")
"""Every text of a profile is in each of these: it stands on public pages."""
BYTES_MAX = 1_000_000
DAYS_MAX = 3_650
_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")


class BadFramework(Refused):
    """The file is not a framework profile."""

    says = "The framework profile {file} cannot be used: {reason}. docs/frameworks.md has the form."


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where statements come from. `checked`: the day somebody compared them with it; "" never.

    `is_own`: whoever wrote the profile says it, so that there is nothing to compare it with.
    """

    title: Text
    url: str = ""
    checked: str = ""
    is_own: bool = False


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence with the id of its source."""

    words: Text
    source: str


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody must or should do. `id`: what records and docs call it."""

    id: str
    words: Text
    source: str


class NamedPartner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of body that the regime names, and from and to when it had to co-operate.

    `since`, `until`: a year, a month or a day, such as 2008, 2008-04 or 2008-04-01.
    """

    id: str
    name: Text
    source: str
    since: str
    until: str = ""


class NamedGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sub-partnership that is usual under the regime, or has a basis in law."""

    name: Text
    source: str
    is_statutory: bool = False


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the values that sources give for the same thing."""

    value: str
    source: str
    on: str = ""


class Disputed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure on which sources differ."""

    what: Text
    figures: tuple[Figure, ...]


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the regime calls things; empty where it has no such thing."""

    partnership: Text
    strategy: Text = {}
    agreement: Text = {}
    locality_plan: Text = {}
    network: Text = {}


class Agreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The limits of an agreement; None where the regime sets none.

    `designated_targets_max`: how many targets can be designated.
    """

    years: int | None = None
    designated_targets_max: int | None = None
    needs_theme: bool = False


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The least period of a consultation in days, and where it comes from."""

    days_min: int
    words: Text
    source: str


class Framework(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One legal regime. `since`, `until`: when it held, as in `NamedPartner`; "" at any time.

    `must` is by law, `should` by guidance; `council`: the authority that leads. `languages`: what
    consultations must be in. `groups`: sub-partnerships. `sources`: by the id that statements name.
    """

    id: str
    title: Text
    consultation: Period
    names: Names
    sources: dict[str, Source]
    since: str = ""
    until: str = ""
    basis: tuple[Statement, ...] = ()
    agreement: Agreement = Agreement()
    languages: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    groups: tuple[NamedGroup, ...] = ()
    partners: tuple[NamedPartner, ...] = ()
    council_must: tuple[Duty, ...] = ()
    partners_must: tuple[Duty, ...] = ()
    partnership_must: tuple[Duty, ...] = ()
    partnership_should: tuple[Duty, ...] = ()
    renewal_themes: tuple[Statement, ...] = ()
    notes: tuple[Statement, ...] = ()
    disputed: tuple[Disputed, ...] = ()

    @property
    def days_min(self) -> int:
        """The least number of days that a consultation is open."""
        return self.consultation.days_min

    @property
    def duties(self) -> tuple[Duty, ...]:
        """Every duty, of whomever."""
        return (
            *self.council_must,
            *self.partners_must,
            *self.partnership_must,
            *self.partnership_should,
        )


def read(data: bytes, file: str) -> Framework:
    """Return the profile in a JSON file. Raises BadFramework with what is wrong, and where."""
    if len(data) > BYTES_MAX:
        raise BadFramework(file=file, reason=f"it has more than {BYTES_MAX:,} bytes")
    try:
        found = msgspec.json.decode(data, type=Framework)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadFramework(file=file, reason=str(error)) from None
    for problem in _problems(found):
        raise BadFramework(file=file, reason=problem)
    return found


def _problems(framework: Framework) -> Iterator[str]:
    if not _ID.fullmatch(framework.id):
        yield "its id is not of small letters, digits and hyphens"
    if not 0 <= framework.days_min <= DAYS_MAX:
        yield f"the least period is not between 0 and {DAYS_MAX} days"
    most = framework.agreement.designated_targets_max
    if most is not None and most < 0:
        yield "designated_targets_max is below 0"
    for path, part in _parts(framework, "$"):
        yield from _problems_of_part(framework, path, part)
    for name, ids in (
        ("partners", [partner.id for partner in framework.partners]),
        ("duties", [duty.id for duty in framework.duties]),
    ):
        twice = next((id for id in ids if ids.count(id) > 1), None)
        if twice is not None:
            yield f"two {name} have the id {twice}"


def _problems_of_part(framework: Framework, path: str, part: Any) -> Iterator[str]:
    """Yield what is wrong with a struct: untold languages, unknown sources, impossible days."""
    fields = part.__struct_fields__
    required = fields[: len(fields) - len(part.__struct_defaults__)]
    for field in fields:
        value, at = getattr(part, field), f"{path}.{field}"
        if isinstance(value, dict) and field != "sources":
            missing = [code for code in LANGUAGES if not value.get(code, "").strip()]
            if value and missing:
                yield f"{at} has no text in {', '.join(missing)}"
            if not value and field in required:
                yield f"{at} is empty"
        if field == "source" and value not in framework.sources:
            yield f"{at} is “{value}”, which is not among the sources"
        if field in {"since", "until", "on", "checked"} and value and not _DAY.fullmatch(value):
            yield f"{at} is “{value}”, and not a year, a month or a day such as 2008-04-01"
    since, until = getattr(part, "since", ""), getattr(part, "until", "")
    if until and until < since[: len(until)]:
        yield f"{path} ends before it begins"


def _parts(part: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield every struct in a struct with its path, itself first."""
    yield path, part
    for field in part.__struct_fields__:
        value = getattr(part, field)
        if isinstance(value, msgspec.Struct):
            yield from _parts(value, f"{path}.{field}")
        elif isinstance(value, tuple):
            for number, each in enumerate(value):
                if isinstance(each, msgspec.Struct):
                    yield from _parts(each, f"{path}.{field}[{number}]")
        elif field == "sources":
            for key, each in value.items():
                yield from _parts(each, f"{path}.sources.{key}")
