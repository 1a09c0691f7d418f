"""Grids: how many people gave each answer to each statement."""

from collections.abc import Callable, Iterable
from typing import Any

from consult.counting.kinds.cells import Document, Groups, counts, shown_cells, tally_of
from events.question import Question


@tally_of("matrix")
def matrix(question: Question, given: Groups, least: int | None) -> Document:
    columns = [option.id for option in question.options]
    return {
        "rows": {
            row.id: shown_cells(counts(columns, given, _column_of(row.id)), least)
            for row in question.statements
        }
    }


def _column_of(row: str) -> Callable[[Any], Iterable[str]]:
    return lambda answer: (dict(answer).get(row, ""),)
