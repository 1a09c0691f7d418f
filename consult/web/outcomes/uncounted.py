"""Results of questions that no rule counts: how many gave each answer, few ones hidden."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from consult.web import figures
from consult.web.answering import answer_values, answer_words
from consult.web.answering.answer_forms import option_title
from consult.web.asked import Asked
from consult.web.language import current, said
from consult.web.language import gettext as _
from consult.web.outcomes import small_numbers
from consult.web.outcomes.participants import shown_number
from events.answer_values import scaled, written
from events.question import OTHER, Question

View = dict[str, Any]
Given = Mapping[str, int]
"""How many people gave each answer; of a grid by "row/column"."""

MONTHS_MAX = 24
MONTH_LENGTH = len("2026-11")
YEAR_LENGTH = len("2026")


def is_shown(question: Question) -> bool:
    """Say whether answers to a question can be shown in numbers."""
    return question.kind in _VIEWS


def views(asked: Asked, question: Question, given: Given) -> list[View]:
    """Return what there is to show of a question: a title, a note, and rows or facts.

    Rows are as `macros/charts.html` takes them; none when too few people answered.
    """
    people = {answer: number for answer, number in given.items() if number > 0}
    if not people:
        return []
    least = asked.page.terms.cell_min if asked.page.terms else 5
    found = _VIEWS[question.kind](question, people, least)
    whom = answer_words.asked_whom(asked.page.questions, question)
    return [view | {"note": " ".join(filter(None, (whom, view["note"])))} for view in found]


def cells(question: Question, given: Given) -> list[tuple[str, str, dict[str, int]]]:
    """Return the counts of a question as they may be shown: (id, title, by answer) per table."""
    if question.kind == "matrix":
        return [
            (
                f"{question.id}/{row.id}",
                f"{said(question.title)} – {said(row.title)}",
                {each.id: given.get(f"{row.id}/{each.id}", 0) for each in question.options},
            )
            for row in question.statements
        ]
    ids = [option.id for option in question.options] + [OTHER] * question.takes_other
    return [(question.id, said(question.title), {id: given.get(id, 0) for id in ids})]


def _choices(question: Question, given: Given, least: int) -> list[View]:
    note = ""
    if question.kind == "several":
        note = _("People could choose several, so these add up to more than everybody.")
    return [
        {
            "title": title,
            "note": note,
            "facts": [],
            "rows": _rows(counts, least, partial(option_title, question)),
        }
        for _id, title, counts in cells(question, given)
    ]


def _dates(question: Question, given: Given, least: int) -> list[View]:
    length = MONTH_LENGTH
    if len({day[:MONTH_LENGTH] for day in given}) > MONTHS_MAX:
        length = YEAR_LENGTH
    counts: Counter[str] = Counter()
    for day in sorted(given):
        counts[day[:length]] += given[day]
    rows = _rows(counts, least, _month)
    return [{"title": said(question.title), "note": "", "facts": [], "rows": rows}]


def _numbers(question: Question, given: Given, least: int) -> list[View]:
    """The middle, and how low and high answers go; never one person's lowest or highest."""
    answers = sorted(_spread(question, given))
    view: View = {"title": said(question.title), "note": "", "facts": [], "rows": []}
    if len(answers) < max(least, 1):
        return [view]

    def shown(value: int) -> str:
        return answer_values.number_words(question, written(value, question.decimals))

    few = max(least, 1)
    middle = [answers[(len(answers) - 1) // 2], answers[len(answers) // 2]]
    both = _and(*(shown(value) for value in middle))
    view["facts"] = [
        (_("People who answered"), figures.number(len(answers))),
        (_("The middle: half gave this or less, half this or more"), both),
    ]
    if len(answers) >= 2 * few:
        view["facts"] += [
            (_("Low: at least %(few)s people gave this or less", few=few), shown(answers[few - 1])),
            (_("High: at least %(few)s people gave this or more", few=few), shown(answers[-few])),
        ]
    view["rows"] = [
        {"name": name, "shown": text, "value": 0, "answer": False} for name, text in view["facts"]
    ]
    return [view]


def _and(lower: str, upper: str) -> str:
    """Name the two middle answers, or the one."""
    return lower if lower == upper else _("%(lower)s and %(upper)s", lower=lower, upper=upper)


def _spread(question: Question, given: Given) -> Iterable[int]:
    for text, number in given.items():
        value = scaled(text, question.decimals)
        if value is not None:
            yield from [value] * number


def _rows(counts: Mapping[str, int], least: int, name: Callable[[str], str]) -> list[View]:
    protected = small_numbers.protect(counts, least)
    if protected is None:
        return []
    return [
        {
            "name": name(id),
            "value": shown.people or 0,
            "shown": shown_number(shown, least),
            "answer": False,
        }
        for id, shown in protected.items()
    ]


def _month(start: str) -> str:
    """Return "2026-11" in words; a year as it is."""
    year, _dash, month = start.partition("-")
    return f"{figures.month(int(month), current())} {year}" if month else year


_VIEWS: Mapping[str, Callable[[Question, Given, int], list[View]]] = {
    "single": _choices,
    "several": _choices,
    "area": _choices,
    "matrix": _choices,
    "date": _dates,
    "number": _numbers,
}
