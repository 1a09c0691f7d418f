"""Commands about a partnership: form, change, define wards, state particulars."""

import csv
import json
import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from uuid import UUID

import click
import msgspec

from consult.cli.encodings import with_encoding
from consult.cli.naming import of_partnership
from consult.cli.root import OPERATOR, main, opened
from consult.commands.partnerships import (
    form_partnership,
    redescribe_partnership,
    state_particulars,
)
from consult.commands.wards import define_area
from consult.formats import LIMITS
from consult.formats.plural import counted
from consult.formats.source import Source
from consult.services import Services
from events import NotFound, Partnership, Refused
from events.frameworks import LOCAL_AGREEMENT, check_profile
from events.kinds import pasted
from events.particulars import Particulars, partnership_gaps
from events.partnership import Ward
from events.question import Text
from projections.consultations import ConsultationPage

WARDS_MAX = 1_000
POPULATION_MAX = 999_999_999
WARD_COLUMNS = ("code", "name", "population")
KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "words in quotation marks",
    "bool": "true or false",
    "array": "a list",
    "object": "a table of names and values",
    "null": "nothing",
}
"""Names of value types for people who write a file of particulars."""
_WRONG_KIND = re.compile(r"Expected `([^`]+)`, got `([^`]+)` - at `\$\.([^`]+)`")


class BadFacts(Refused):
    """The file of particulars is invalid."""

    says = "{file} cannot be read: {reason}. Nothing was changed."


@main.group("partnership")
def partnership() -> None:
    """Form a partnership, state how people reach it, define its area.

    Example: consult partnership form ashenmoor --name "Ashenmoor Together" --area Ashenmoor
    """


@partnership.command("form")
@of_partnership
@click.option("--name", required=True, help="What it is called, in English.")
@click.option("--name-cy", default="", help="What it is called, in Welsh.")
@click.option("--area", required=True, help="The area it works for, in English.")
@click.option("--area-cy", default="", help="The area it works for, in Welsh.")
@click.option(
    "--profile",
    default=LOCAL_AGREEMENT,
    show_default=True,
    help="The legal regime, one of `consult partnership profiles`.",
)
def form(slug: str, name: str, name_cy: str, area: str, area_cy: str, profile: str) -> None:
    """Form a partnership. PARTNERSHIP is its short name, such as ashenmoor.

    Repeating it changes nothing; with other words it is refused.

    Example: consult partnership form ashenmoor --name "Ashenmoor Together" --area Ashenmoor
    """
    with opened(create=True, is_told=True) as services:
        check_profile(profile)
        formed = form_partnership(
            services,
            slug=slug,
            name=_words(name, name_cy),
            area=_words(area, area_cy),
            profile=profile,
            languages=("en", "cy") if name_cy else ("en",),
            actor=OPERATOR,
        )
        click.echo(str(formed.id))


@partnership.command("change")
@of_partnership
@click.option("--name", help="What it is called, in English.")
@click.option("--name-cy", help="What it is called, in Welsh.")
@click.option("--area", help="The area it works for, in English.")
@click.option("--area-cy", help="The area it works for, in Welsh.")
@click.option("--profile", help="The legal regime, one of `consult partnership profiles`.")
def change(
    slug: str,
    name: str | None,
    name_cy: str | None,
    area: str | None,
    area_cy: str | None,
    profile: str | None,
) -> None:
    """Change the name, the area or the profile of a partnership; what is not given stays.

    Example: consult partnership change ashenmoor --profile wales
    """
    with opened() as services:
        found = find_partnership(services, slug)
        languages = found.languages
        if name_cy and "cy" not in languages:
            languages = (*languages, "cy")
        redescribe_partnership(
            services,
            found.id,
            name=_changed(found.name, name, name_cy),
            area=_changed(found.area, area, area_cy),
            profile=profile,
            languages=languages,
            actor=OPERATOR,
        )
        click.echo(f"{slug} is changed.")


@partnership.command("state")
@click.argument("slug", metavar="PARTNERSHIP")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def state(slug: str, file: Path) -> None:
    """State from a TOML or JSON file how people reach PARTNERSHIP and who is responsible.

    It takes the place of everything stated before. docs/service/facts.toml is one to begin with.

    Example: consult partnership state ashenmoor facts.toml
    """
    with opened() as services:
        found = find_partnership(services, slug)
        stated = state_particulars(services, found.id, _read_facts(file), actor=OPERATOR)
        _echo_gaps(stated)


@partnership.command("show")
@of_partnership
def show(slug: str) -> None:
    """Print what a partnership states, as JSON, and on standard error what is missing.

    Example: consult partnership show ashenmoor
    """
    with opened() as services:
        found = find_partnership(services, slug)
        about = {
            "slug": slug,
            "name": found.name,
            "area": found.area,
            "profile": found.profile,
            **msgspec.to_builtins(found.particulars),
        }
        click.echo(json.dumps(about, ensure_ascii=False, indent=2))
        _echo_gaps(found)


@partnership.command("wards")
@click.argument("slug", metavar="PARTNERSHIP")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Where the populations come from, with the date.")
@click.option("--source-cy", default="", help="The same in Welsh.")
@with_encoding
def wards(slug: str, file: Path, source: str, source_cy: str, encoding: str) -> None:
    """Define the wards from a CSV with the columns code, name, population.

    Optional columns: name_cy, and quintile (1 is most deprived).

    Example: consult partnership wards ashenmoor wards.csv --source "Census 2021"
    """
    with opened() as services:
        id = find_partnership(services, slug).id
        found = tuple(_read_wards(file, encoding))
        told = {"en": source, "cy": source_cy} if source_cy else source
        define_area(services, id, wards=found, source=told, actor=OPERATOR)
        click.echo(f"{counted(len(found), 'ward')}.")


def find_partnership(services: Services, slug: str) -> Partnership:
    """Return the partnership of a short name. Raises NotFound."""
    found = services.record.find(Partnership, Partnership.id_for(slug))
    if found is None:
        raise NotFound(what="partnership", reference=slug)
    return found


def partnership_id(services: Services, slug: str) -> UUID:
    """Return the id of an existing partnership. Raises NotFound."""
    return find_partnership(services, slug).id


def _echo_gaps(found: Partnership) -> None:
    missing = partnership_gaps(found, ConsultationPage(languages=found.languages))
    for gap in missing:
        click.echo(f"Still to do: {gap}.", err=True)
    if not missing:
        click.echo("Everything that people are owed is stated.", err=True)


def _read_facts(file: Path) -> Particulars:
    """Parse a file of particulars. Raises BadFacts with the reason."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadFacts(file=file.name, reason="it is not UTF-8 text") from None
    try:
        found: Any = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except ValueError as error:
        raise BadFacts(file=file.name, reason=str(error).rstrip(".")) from None
    if not isinstance(found, dict):
        raise BadFacts(file=file.name, reason="it is no list of names with what each states")
    known = Particulars.__struct_fields__
    for name in sorted(set(found) - set(known)):
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"the names are {', '.join(known)}"
        raise BadFacts(file=file.name, reason=f"“{name}” is no name that it may state; {hint}")
    try:
        return msgspec.convert(found, Particulars)
    except msgspec.ValidationError as error:
        raise BadFacts(file=file.name, reason=_of_value(str(error))) from None


def _of_value(said: str) -> str:
    """Return in plain words which value has a wrong type."""
    match = _WRONG_KIND.fullmatch(said)
    if match is None:
        return said.rstrip(".")
    wanted, given, place = (KINDS.get(part, part) for part in match.groups())
    return f"{place} has to be {wanted}, and is {given}"


def _changed(before: Text, english: str | None, welsh: str | None) -> Text:
    given = {"en": english, "cy": welsh}
    return {**before, **{code: words for code, words in given.items() if words is not None}}


def _words(english: str, welsh: str) -> Text:
    return {"en": english, "cy": welsh} if welsh else {"en": english}


def _read_wards(file: Path, encoding: str) -> list[Ward]:
    """Parse the wards of a CSV file. Raises FormatError."""
    source = Source(file, LIMITS, encoding)
    rows = csv.DictReader(source.lines())
    missing = [name for name in WARD_COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise source.refuse(f"There is no column {', '.join(missing)}.")
    found: list[Ward] = []
    for row in rows:
        if len(found) == WARDS_MAX:
            raise source.refuse(f"There are more than {WARDS_MAX:,} wards.")
        found.append(_ward(row, source))
    return found


def _ward(row: dict[str, str], source: Source) -> Ward:
    """Parse a ward from a row. Raises FormatError."""
    code, name = (row["code"] or "").strip(), (row["name"] or "").strip()
    if not code or not name:
        raise source.refuse("The code or the name is missing.")
    try:
        population = pasted.number(row["population"] or "")
    except pasted.Unread as unread:
        raise source.refuse(str(unread)) from None
    if population < 0:
        raise source.refuse("The population is less than 0.")
    if population > POPULATION_MAX:
        raise source.refuse(f"The population is more than {POPULATION_MAX:,}.")
    quintile = (row.get("quintile") or "0").strip()
    if quintile not in {"0", "1", "2", "3", "4", "5"}:
        raise source.refuse("The quintile is not 1 to 5.")
    return Ward(code, _words(name, (row.get("name_cy") or "").strip()), population, int(quintile))
