"""Choices: how many people chose each option."""

from collections.abc import Iterable
from typing import Any

from consult.counting.kinds.cells import Document, Groups, counts, shown_cells, tally_of
from events.question import OTHER, Question


@tally_of("single", "several", "approval", "basket", "area")
def choices(question: Question, given: Groups, least: int | None) -> Document:
    ids = [option.id for option in question.options] + [OTHER] * question.takes_other
    return {"options": shown_cells(counts(ids, given, _chosen), least)}


def _chosen(answer: Any) -> Iterable[str]:
    return (answer,) if isinstance(answer, str) else answer
