"""Tallies as tables on pages and as lines of results.csv, with small numbers hidden."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from consult.counting.kinds.cells import FEW, HIDDEN
from consult.formats import spreadsheet
from consult.wording import hidden_numbers
from consult.wording.hidden_numbers import shown_cell, why_hidden
from consult.wording.language import gettext as _
from consult.wording.language import said
from events.question import OTHER, Question

View = dict[str, Any]
"""What a page shows of a question: a title, a note, and rows, facts or a sentence."""
Tally = Mapping[str, Any]
"""The tally of one question, as in docs/tallies.md."""

ANSWERED = "answered"


class Line(NamedTuple):
    """A row of results.csv. `number`: None if hidden, with the reason in `note`. `of`: its unit."""

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


def of_options(question: Question, tally: Tally) -> Mapping[str, Any]:
    """Return how many gave each option, in the order asked; empty if all is hidden."""
    ids = [option.id for option in question.options] + [OTHER] * question.takes_other
    return in_order(ids, tally["options"])


def in_order(ids: Iterable[str], table: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return a table in the order asked; the record has its own order."""
    return {id: table[id] for id in ids} if table else {}


def view(title: str, *, numbers: list[tuple[str, str]], **more: Any) -> View:
    """Return a view. `numbers`: pairs of words, for tables and files."""
    empty: View = {"note": "", "facts": [], "rows": [], "says": "", "hidden": ""}
    return empty | {"title": title, "numbers": numbers} | more


def table(
    title: str, cells: Mapping[str, Any], least: int, name: Callable[[str], str], of: str
) -> View:
    """Return a view with a row for each cell, in the shape that `macros/charts.html` expects.

    `of`: where the cells are in the tally, for programs: "options", or "rows street".
    """
    rows: list[dict[str, Any]] = [
        {
            "figure": "tally",
            "id": id,
            "of": of,
            "exact": cell,
            "name": name(id),
            "value": cell if isinstance(cell, int) else 0,
            "shown": shown_cell(cell, least),
            "answer": False,
        }
        for id, cell in cells.items()
    ]
    numbers = [(row["name"], row["shown"]) for row in rows]
    return view(title, numbers=numbers, rows=rows, hidden=note(cells.values(), least))


def note(cells: Iterable[Any], least: int) -> str:
    """Return why numbers are hidden if one of these cells is; else ""."""
    return why_hidden(least) if any(cell in (FEW, HIDDEN) for cell in cells) else ""


def too_small(answered: int | str, least: int) -> str:
    """Return why no number of a question is shown, and how many answered unless that is hidden."""
    if answered == FEW:
        return _("Too few people answered to show numbers.")
    return _(
        "Answers: %(number)s. How many gave each is not shown: some were given by so few that "
        "the other numbers would give them away.",
        number=shown_cell(answered, least),
    )


def lines(
    question: Question,
    tally: Tally,
    least: int,
    cells: Mapping[str, Any],
    named: Mapping[str, str],
    *,
    of_row: str = "",
) -> Iterator[Line]:
    """Yield a line for each cell; one with the reason if all are hidden."""
    if not cells:
        line = answered(question, tally["answered"], too_small(tally["answered"], least))
        yield line._replace(option=of_row or ANSWERED)
    for id in named if cells else ():
        yield Line(
            question.id,
            said(question.title),
            id,
            named[id],
            _shown(cells[id]),
            _("Responses"),
            note=why(cells[id], least),
        )


def answered(question: Question, number: int | str, note: str | None) -> Line:
    """Return the line of how many answered."""
    return Line(
        question.id,
        said(question.title),
        ANSWERED,
        _("Answers"),
        _shown(number),
        _("Responses"),
        note=note,
    )


def why(cell: int | str, least: int) -> str | None:
    """Return the replacement of a hidden number, and the reason; None if it is shown."""
    if isinstance(cell, int):
        return None
    shown = hidden_numbers.few(least) if cell == FEW else _("hidden")
    return f"{shown}. {hidden_numbers.why_hidden(least)}"


def _shown(cell: int | str) -> int | None:
    return cell if isinstance(cell, int) else None
