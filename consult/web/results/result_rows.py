"""Rows of results.csv: one number each, and its unit (docs/tallies.md)."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from consult.counting.kinds.cells import FEW
from consult.formats import spreadsheet
from consult.web.results import published, tallied_answers
from consult.web.results.published import Published
from consult.wording import hidden_numbers
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.option_words import option_title
from consult.wording.outcomes import explanations, left_out
from consult.wording.outcomes.counted import Counted
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question

ANSWERED = "answered"


class Line(NamedTuple):
    """A row. `number`: None if hidden, with the reason in `note`. `of`: its unit."""

    question: str
    question_title: str
    option: str
    option_title: str
    number: spreadsheet.Cell
    of: str
    exact: str | None = None
    place: int | None = None
    won: str | None = None
    cost: spreadsheet.Cell = None
    note: str | None = None


def heading(asked: ShownConsultation) -> list[spreadsheet.Cell]:
    """Return the names of the columns in the language of the page."""
    unit = asked.unit.strip()
    return [
        _("question"),
        _("question title"),
        _("option"),
        _("option title"),
        _("number"),
        _("number of"),
        _("number (exact)"),
        _("place"),
        _("won"),
        _("cost (%(unit)s)", unit=unit) if unit else _("cost"),
        _("note"),
    ]


def lines(asked: ShownConsultation, found: Published) -> Iterator[Line]:
    """Yield the rows of every question in the order asked."""
    counted = {one.question.id: one for one in published.counted(asked, found)}
    tallies = {tally["id"]: tally for tally in found.tallies["questions"]}
    without = left_out.sentences(found.results, found.tallies)
    for id, question in asked.page.questions.items():
        if id in counted:
            yield from _counted(counted[id])
            if id in without:
                yield _answered(question, counted[id].outcome["ballots"], without[id])
        elif id in tallies:
            least = published.hidden_under(asked, tallies[id], found.tallies["hidden_under"])
            yield from _tallied(question, tallies[id], least)


def _counted(one: Counted) -> Iterator[Line]:
    outcome = one.outcome
    places = {id: place for place, ids in enumerate(outcome["order"], start=1) for id in ids}
    costs = {option.id: option.cost for option in one.question.options}
    chosen = set(one.chosen)
    for id in one.ranked:
        reason, cost, score = one.reasons.get(id), costs.get(id), outcome["scores"].get(id)
        yield Line(
            one.question.id,
            said(one.question.title),
            id,
            one.name(id),
            None if score is None else Fraction(score),
            _(one.unit.title),
            exact=score,
            place=places.get(id),
            won=_("yes") if id in chosen else _("no"),
            cost=None if cost is None else spreadsheet.amount(cost, one.asked.decimals),
            note=explanations.reason(one, reason) if reason else None,
        )


def _tallied(question: Question, tally: Mapping[str, Any], least: int) -> Iterator[Line]:
    """Yield how many people gave each answer, with the same numbers hidden as on the page."""
    if question.of_kind.is_written or tally["answered"] == 0:
        words = tallied_answers.in_words(question, tally["answered"], least)
        yield _answered(question, tally["answered"], _why(tally["answered"], least) or words)
    elif question.kind == "number":
        yield from _number(question, tally, least)
    elif question.kind == "date":
        periods = tally["periods"] or {}
        named = {period: tallied_answers.month(period) for period in sorted(periods)}
        yield from _table(question, tally, least, periods, named)
    elif question.kind == "matrix":
        for row in question.statements:
            table = tally["rows"][row.id] or {}
            named = {
                f"{row.id}/{each.id}": f"{said(row.title)}: {said(each.title)}"
                for each in question.options
            }
            cells = {f"{row.id}/{id}": cell for id, cell in table.items()}
            yield from _table(question, tally, least, cells, named, of_row=row.id)
    else:
        for _id, _title, table in tallied_answers.cells(question, tally):
            named = {id: option_title(question, id) for id in table}
            yield from _table(question, tally, least, table, named)


def _table(
    question: Question,
    tally: Mapping[str, Any],
    least: int,
    table: Mapping[str, Any],
    named: Mapping[str, str],
    *,
    of_row: str = "",
) -> Iterator[Line]:
    if not table:
        line = _answered(
            question, tally["answered"], tallied_answers.too_small(tally["answered"], least)
        )
        yield line._replace(option=of_row or ANSWERED)
    for id in named if table else ():
        yield Line(
            question.id,
            said(question.title),
            id,
            named[id],
            _shown(table[id]),
            _("Responses"),
            note=_why(table[id], least),
        )


def _number(question: Question, tally: Mapping[str, Any], least: int) -> Iterator[Line]:
    """Yield how many answered, and the median, low and high in their unit."""
    if tally["middle"] is None:
        yield _answered(
            question, tally["answered"], tallied_answers.too_small(tally["answered"], least)
        )
        return
    yield _answered(question, tally["answered"], None)
    lower, upper = tally["middle"]
    values = [("middle", _("The middle: half gave this or less, half this or more"), lower)]
    if lower != upper:
        values = [
            ("middle-lower", _("The middle: half gave this or less"), lower),
            ("middle-upper", _("The middle: half gave this or more"), upper),
        ]
    few = max(least, 1)
    if tally["low"] is not None:
        low = _("Low: at least %(few)s answers are this or less", few=few)
        high = _("High: at least %(few)s answers are this or more", few=few)
        values += [("low", low, tally["low"]), ("high", high, tally["high"])]
    unit = said(question.unit) if question.unit else _("Answer")
    for id, title, value in values:
        yield Line(question.id, said(question.title), id, title, Fraction(value), unit, exact=value)


def _answered(question: Question, answered: int | str, note: str | None) -> Line:
    return Line(
        question.id,
        said(question.title),
        ANSWERED,
        _("Answers"),
        _shown(answered),
        _("Responses"),
        note=note,
    )


def _shown(cell: int | str) -> int | None:
    return cell if isinstance(cell, int) else None


def _why(cell: int | str, least: int) -> str | None:
    """Return the replacement of a hidden number, and the reason; None if it is shown."""
    if isinstance(cell, int):
        return None
    shown = hidden_numbers.few(least) if cell == FEW else _("hidden")
    return f"{shown}. {hidden_numbers.why_hidden(least)}"
