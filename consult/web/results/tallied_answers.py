"""Results of questions that no rule counts, from their tallies: tables, figures, a sentence."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from consult.counting.kinds.cells import FEW, HIDDEN
from consult.web.answering.forms import answer_values, answer_words
from consult.wording import figures
from consult.wording.hidden_numbers import shown_cell, why_hidden
from consult.wording.language import N_, current, said
from consult.wording.language import gettext as _
from consult.wording.option_words import option_title
from consult.wording.shown_consultation import ShownConsultation
from events.question import OTHER, Question

View = dict[str, Any]
Tally = Mapping[str, Any]
"""The tally of one question, as in docs/tallies.md."""


def views(asked: ShownConsultation, question: Question, tally: Tally, least: int) -> list[View]:
    """Return what to show of a question: a title, a note, and rows, facts or a sentence.

    Rows have the shape that `macros/charts.html` expects. `numbers`: the same as pairs of words,
    for tables and files. `hidden`: why some numbers are not shown, if any. `least`: the threshold
    below which numbers are hidden.
    """
    given = shown_cell(tally["answered"], least)
    if question.of_kind.is_written or tally["answered"] == 0:
        words, label = in_words(question, tally["answered"], least), _label(question)
        hidden = note([tally["answered"]], least)
        found = [_view(said(question.title), numbers=[(label, given)], says=words, hidden=hidden)]
    else:
        found = _VIEWS.get(question.kind, _choices)(question, tally, least)
        for view in found:
            if not view["numbers"]:
                view["says"] = too_small(tally["answered"], least)
                view["numbers"] = [(_("Answers"), given)]
    whom = answer_words.asked_whom(asked.page.questions, question)
    return [view | {"note": " ".join(filter(None, (whom, view["note"])))} for view in found]


def too_small(answered: int | str, least: int) -> str:
    """Return why no number of a question is shown, and how many answered unless that is hidden."""
    if answered == FEW:
        return _("Too few people answered to show numbers.")
    return _(
        "Answers: %(number)s. How many gave each is not shown: some were given by so few that "
        "the other numbers would give them away.",
        number=shown_cell(answered, least),
    )


def note(cells: Iterable[Any], least: int) -> str:
    """Return why numbers are hidden if one of these cells is; else ""."""
    return why_hidden(least) if any(cell in (FEW, HIDDEN) for cell in cells) else ""


def cells(question: Question, tally: Tally) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Return the tables of a choice: (id, title, cell by answer); empty if all is hidden."""
    if question.kind == "matrix":
        return [
            (
                f"{question.id}/{row.id}",
                f"{said(question.title)} – {said(row.title)}",
                _in_order([each.id for each in question.options], tally["rows"][row.id]),
            )
            for row in question.statements
        ]
    ids = [option.id for option in question.options] + [OTHER] * question.takes_other
    return [(question.id, said(question.title), _in_order(ids, tally["options"]))]


def _in_order(ids: list[str], table: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return a table in the order asked; the record has its own order."""
    return {id: table[id] for id in ids} if table else {}


def in_words(question: Question, answered: int | str, least: int) -> str:
    """Return how many people gave an answer that cannot be shown."""
    nobody, some, _label = _WRITTEN.get(question.kind, _ANY)
    return _(nobody) if answered == 0 else _(some, number=shown_cell(answered, least))


def _label(question: Question) -> str:
    """Return the label of the number of answers."""
    return _(_WRITTEN.get(question.kind, _ANY)[2])


def _view(title: str, *, numbers: list[tuple[str, str]], **more: Any) -> View:
    empty: View = {"note": "", "facts": [], "rows": [], "says": "", "hidden": ""}
    return empty | {"title": title, "numbers": numbers} | more


def _choices(question: Question, tally: Tally, least: int) -> list[View]:
    note = ""
    if question.kind == "several":
        note = _("People could choose several, so these add up to more than everybody.")
    return [
        _table(title, table, least, partial(option_title, question)) | {"note": note}
        for _id, title, table in cells(question, tally)
    ]


def _dates(question: Question, tally: Tally, least: int) -> list[View]:
    periods = tally["periods"] or {}
    in_order = {period: periods[period] for period in sorted(periods)}
    return [_table(said(question.title), in_order, least, month)]


def _numbers(question: Question, tally: Tally, least: int) -> list[View]:
    """Return median and spread; the most extreme answers are never shown."""
    if tally["middle"] is None:
        return [_view(said(question.title), numbers=[])]

    def shown_value(value: str) -> str:
        return answer_values.number_words(question, value)

    few = max(least, 1)
    both = _and(*(shown_value(value) for value in tally["middle"]))
    facts = [
        (_("Answers"), shown_cell(tally["answered"], least)),
        (_("The middle: half gave this or less, half this or more"), both),
    ]
    if tally["low"] is not None:
        low, high = shown_value(tally["low"]), shown_value(tally["high"])
        facts += [
            (_("Low: at least %(few)s answers are this or less", few=few), low),
            (_("High: at least %(few)s answers are this or more", few=few), high),
        ]
    return [_view(said(question.title), numbers=facts, facts=facts)]


def _and(lower: str, upper: str) -> str:
    """Return the two middle answers in words, or the one."""
    return lower if lower == upper else _("%(lower)s and %(upper)s", lower=lower, upper=upper)


def _table(title: str, table: Mapping[str, Any], least: int, name: Callable[[str], str]) -> View:
    rows: list[dict[str, Any]] = [
        {
            "name": name(id),
            "value": cell if isinstance(cell, int) else 0,
            "shown": shown_cell(cell, least),
            "answer": False,
        }
        for id, cell in table.items()
    ]
    numbers = [(row["name"], row["shown"]) for row in rows]
    return _view(title, numbers=numbers, rows=rows, hidden=note(table.values(), least))


def month(start: str) -> str:
    """Return "2026-11" in words; a year unchanged."""
    year, _dash, month = start.partition("-")
    return f"{figures.month(int(month), current())} {year}" if month else year


_ANY = (N_("Nobody answered this question."), "", N_("Answers"))
_WRITTEN: Mapping[str, tuple[str, str, str]] = {
    "text": (
        N_("Nobody wrote anything."),
        N_("Written answers: %(number)s. The words themselves are not published."),
        N_("Written answers"),
    ),
    "file": (
        N_("Nobody attached a file."),
        N_("Answers with a file: %(number)s. The files themselves are not published."),
        N_("Answers with a file"),
    ),
}
"""Sentence if nobody answered, sentence if some did, and label of the number."""

_VIEWS: Mapping[str, Callable[[Question, Tally, int], list[View]]] = {
    "date": _dates,
    "number": _numbers,
}
"""Kinds that are not a choice between options."""
