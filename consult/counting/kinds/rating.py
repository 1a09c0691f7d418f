"""Grades: how many people graded each option, and how many gave it each grade."""

from collections.abc import Callable, Iterable
from typing import Any

from consult.counting.kinds.cells import (
    Document,
    Groups,
    counts,
    marked,
    shown_cells,
    tally_of,
)
from events.question import Question


@tally_of("rating")
def rating(question: Question, given: Groups, least: int | None) -> Document:
    ids = [option.id for option in question.options]
    grades = [str(grade) for grade in range(1, question.scale + 1)]
    return {
        "options": shown_cells(counts(ids, given, marked), least),
        "grades": {id: shown_cells(counts(grades, given, _grade_of(id)), least) for id in ids},
    }


def _grade_of(id: str) -> Callable[[Any], Iterable[str]]:
    return lambda answer: (str(dict(answer).get(id, "")),)
