"""Orders: how many people ranked each option, and how many put it first."""

from collections.abc import Iterable, Iterator
from typing import Any

from consult.counting.kinds.cells import Document, Groups, counts, shown_cells, tally_of
from events.question import Question


@tally_of("ranking")
def ranking(question: Question, given: Groups, least: int | None) -> Document:
    ids = [option.id for option in question.options]
    return {
        "options": shown_cells(counts(ids, given, _ranked), least),
        "first": shown_cells(counts(ids, given, _first), least),
    }


def _ranked(answer: Any) -> Iterator[str]:
    for rank in answer:
        yield from rank if isinstance(rank, list) else (rank,)


def _first(answer: Any) -> Iterable[str]:
    """Return the option alone on the first non-empty rank; nothing if that rank is shared."""
    ranks = [rank if isinstance(rank, list) else [rank] for rank in answer]
    first = set(next((rank for rank in ranks if rank), ()))
    return first if len(first) == 1 else ()
