"""Participants by ward compared with residents, and by channel, respondent and assurance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from consult.counting import small_numbers
from consult.counting.small_numbers import Shown
from consult.wording import figures
from consult.wording.hidden_numbers import note, shown_number, too_few
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import listed
from consult.wording.registries import channel_words, level_words, respondent_words
from consult.wording.shown_consultation import ShownConsultation

UNDER_REPRESENTED = Fraction(80, 100)
Row = dict[str, Any]


@dataclass(frozen=True)
class Turnout:
    """Number of people for each value of each dimension."""

    area: Mapping[str, int]
    channel: Mapping[str, int]
    respondent: Mapping[str, int]
    assurance: Mapping[str, int]
    desk: Mapping[str, int] = field(default_factory=dict)

    @property
    def people(self) -> int:
        """Return how many people took part."""
        return sum(self.channel.values())


@dataclass(frozen=True)
class WardLine:
    """One ward. `index`: share of responses divided by share of residents; None if hidden."""

    code: str
    name: str
    shown: Shown
    residents: int
    index: Fraction | None
    is_low: bool

    @property
    def is_known(self) -> bool:
        """Return whether the shown figures tell if the ward is under-represented."""
        return self.is_low or self.index is not None


def wards(asked: ShownConsultation, turnout: Turnout) -> list[WardLine] | None:
    """Compare answers with residents per ward, best represented first.

    Only wards that the consultation is about. None if there are none, or if too few people named
    one to show anything.
    """
    about, least = _about(asked), _least(asked)
    cells = {code: turnout.area.get(code, 0) for code in about}
    base, lived = _base(asked, turnout), sum(about.values())
    if not sum(cells.values()) or not lived:
        return None
    others = _others(asked, turnout)
    # All shown figures add up to a public total: a few from elsewhere must be hidden with wards.
    protected = small_numbers.protect(cells | {"": others} if 0 < others < least else cells, least)
    if protected is None:
        return None
    lines = []
    for ward in asked.wards:
        if ward.code not in about:
            continue
        shown = protected[ward.code]
        at_most = least - 1 if shown.is_few else shown.people
        index = _index(at_most, base, ward.population, lived)
        # Of so few people nobody at all would be a fair share.
        is_expected = base * ward.population >= lived
        is_low = is_expected and index is not None and index < UNDER_REPRESENTED
        exact = None if shown.people is None else index
        name = said(ward.name)
        lines.append(WardLine(ward.code, name, shown, ward.population, exact, is_low))
    return sorted(lines, key=lambda line: (line.index is None, -(line.index or 0)))


def ward_chart(asked: ShownConsultation, turnout: Turnout) -> dict[str, Any] | None:
    """Return bars of the share of responses, with a tick at the share of residents.

    None if no ward is asked about, or nobody named one.
    """
    lines = wards(asked, turnout)
    if lines is None:
        about = _about(asked)
        is_hidden = any(about.values()) and any(turnout.area.get(code) for code in about)
        return too_few(_("Which wards the responses came from")) if is_hidden else None
    base, lived = _base(asked, turnout), sum(line.residents for line in lines)
    rows = [_ward_row(line, base, lived, _least(asked)) for line in lines]
    others = _others(asked, turnout)
    return {
        "title": _ward_finding(lines),
        "rows": rows,
        # 5% more, so that a line at the far end stays visible.
        "longest": max(max(row["value"], row["tick"]) for row in rows) * 21 // 20 or 1,
        "numbers": _ward_table(lines, base, lived, _least(asked)),
        "elsewhere": others if others >= _least(asked) else 0,
        "source": said(asked.partnership.population_source),
        "hidden": note([line.shown for line in lines], _least(asked)),
    }


def _ward_finding(lines: list[WardLine]) -> str:
    """Return the under-represented wards; hidden wards are named as unknown, never as fine."""
    low = [line.name for line in lines if line.is_low]
    unknown = [line.name for line in lines if not line.is_known]
    if not unknown:
        return (
            _("Under-represented: %(names)s", names=listed(low))
            if low
            else _("No ward is under-represented")
        )
    if not low:
        return _("Too few numbers can be shown to compare: %(names)s", names=listed(unknown))
    return _(
        "Under-represented: %(names)s. Too few numbers can be shown to compare: %(unknown)s",
        names=listed(low),
        unknown=listed(unknown),
    )


def splits(asked: ShownConsultation, turnout: Turnout) -> list[dict[str, Any]]:
    """How people took part, who they spoke for, and how far they proved who they are."""
    if asked.page.is_import:
        # Of a file with one channel the record cannot say whether the file named it.
        is_said = len(turnout.channel) > 1
        title = _("How people took part")
        return [_split(asked, title, turnout.channel, channel_words.TITLES)] if is_said else []
    titles = (
        (_("How people took part"), turnout.channel, channel_words.TITLES),
        (_("Who they answered for"), turnout.respondent, respondent_words.ANSWERED),
        (_("How people showed who they are"), turnout.assurance, level_words.ANSWERED),
    )
    found = [_split(asked, title, cells, words) for title, cells, words in titles if cells]
    if turnout.desk.keys() - {""}:
        title = _("Who of our staff answered for people: each account by its code in the log")
        found.append(_split(asked, title, turnout.desk, {"": N_("Nobody, they did so themselves")}))
    return found


def _split(
    asked: ShownConsultation, title: str, cells: Mapping[str, int], words: Mapping[str, str]
) -> dict[str, Any]:
    least, total = _least(asked), sum(cells.values())
    if len(cells) == 1:
        (value,) = cells
        name = _(words[value]) if value in words else value
        return {"title": title, "only": name[:1].lower() + name[1:], "hidden": ""}
    protected = small_numbers.protect(cells, least)
    if protected is None:
        return too_few(title)
    rows, table = [], []
    for value, shown in protected.items():
        name = _(words[value]) if value in words else value
        number, share = shown_number(shown, least), _share(shown.people, total)
        rows.append(
            {
                "name": name,
                "value": shown.people or 0,
                "shown": f"{number} ({share})" if share else number,
                "answer": False,
            }
        )
        table.append([name, number, share])
    return {
        "title": title,
        "rows": rows,
        "longest": total,
        "numbers": ([_("Answer"), _("Responses"), _("Proportion")], table, (1, 2)),
        "hidden": note(protected.values(), least),
    }


def _about(asked: ShownConsultation) -> dict[str, int]:
    """Return residents by ward: those where the options are, or all wards."""
    named = {
        option.ward
        for question in asked.page.questions.values()
        for option in question.options
        if option.ward
    }
    return {ward.code: ward.population for ward in asked.wards if not named or ward.code in named}


def _others(asked: ShownConsultation, turnout: Turnout) -> int:
    """Return how many people named none of these wards."""
    about = _about(asked)
    return sum(people for code, people in turnout.area.items() if code not in about)


def _base(asked: ShownConsultation, turnout: Turnout) -> int:
    """Return the base of shares: all who named a place, or only these wards' people.

    People from elsewhere are left out unless they are so few that their number must be hidden.
    """
    others = _others(asked, turnout)
    people = sum(turnout.area.values())
    return people if 0 < others < _least(asked) else people - others


def _least(asked: ShownConsultation) -> int:
    return asked.page.terms.cell_min if asked.page.terms else 5


def _index(people: int | None, given: int, residents: int, lived: int) -> Fraction | None:
    if people is None or not residents:
        return None
    return Fraction(people, given) / Fraction(residents, lived)


def _share(people: int | None, total: int) -> str:
    return "" if people is None else figures.percent(people, total)


def _ward_row(line: WardLine, given: int, lived: int, least: int) -> Row:
    lives = _("%(share)s of residents live here", share=figures.percent(line.residents, lived))
    shown = shown_number(line.shown, least)
    return {
        "name": line.name,
        "value": (line.shown.people or 0) * 10_000 // given,
        "shown": shown
        if line.shown.people is None
        else figures.percent(line.shown.people, given, 1),
        "answer": line.is_low,
        "tick": line.residents * 10_000 // lived,
        "note": lives + (". " + _("Under-represented") if line.is_low else ""),
    }


def _ward_table(
    lines: list[WardLine], given: int, lived: int, least: int
) -> tuple[list[str], list[list[str]], tuple[int, ...]]:
    head = [_("Ward"), _("Responses"), _("Proportion"), _("Residents"), _("Index")]
    table = [
        [
            line.name,
            shown_number(line.shown, least),
            "" if line.shown.people is None else figures.percent(line.shown.people, given, 1),
            figures.percent(line.residents, lived, 1),
            "" if line.index is None else two_decimals(line.index),
        ]
        for line in lines
    ]
    return head, table, (1, 2, 3, 4)


def two_decimals(number: Fraction) -> str:
    """Format a ratio as "1.37", rounded half up."""
    hundredths = (200 * number.numerator + number.denominator) // (2 * number.denominator)
    return f"{hundredths // 100}.{hundredths % 100:02}"
