"""Cells of tallies: numbers of people, with small ones hidden; and the registry of tallies."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from consult.counting.small_numbers import protect
from events.question import Question

FEW, HIDDEN = "few", "hidden"

Groups = Iterable[tuple[Any, int]]
"""Each distinct answer with the number of people who gave it."""
Cells = dict[str, int | str] | None
Document = dict[str, Any]
Tally = Callable[[Question, Groups, int | None], Document]

TALLIES: dict[str, Tally] = {}
"""By kind of question: what its tally has besides the number of answers."""


def tally_of(*kinds: str) -> Callable[[Tally], Tally]:
    """Register the decorated function as the tally of these kinds of question."""

    def register(function: Tally) -> Tally:
        for kind in kinds:
            assert kind not in TALLIES, f"{kind} has two tallies"
            TALLIES[kind] = function
        return function

    return register


def shown_cells(cells: Mapping[str, int], least: int | None) -> Cells:
    """Return counts as they may be shown; None if none may be."""
    if least is None:
        return dict(cells)
    protected = protect(cells, least)
    if protected is None:
        return None
    return {
        name: cell.people if cell.people is not None else FEW if cell.is_few else HIDDEN
        for name, cell in protected.items()
    }


def counts(
    ids: Iterable[str], given: Groups, named: Callable[[Any], Iterable[str]]
) -> dict[str, int]:
    """Return how many people named each id; a repeated id in one answer counts once."""
    counts = dict.fromkeys(ids, 0)
    for answer, number in given:
        for id in set(named(answer)):
            if id in counts:
                counts[id] += number
    return counts


def marked(answer: Any) -> Iterable[str]:
    """Return the options that an answer gives more than nothing."""
    return [id for id, number in dict(answer).items() if number]
