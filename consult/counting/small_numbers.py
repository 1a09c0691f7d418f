"""Hides counts of people that are so small that they could point at somebody.

A hidden count must not follow from the total and the counts still shown, so others are
hidden with it (secondary suppression) until every small one could still be anything from
1 up to the threshold. A count of nought hides nobody and is shown.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Shown(NamedTuple):
    """A count as it may be shown. `people`: None when hidden; `is_few`: under the threshold."""

    people: int | None
    is_few: bool = False


def protect(cells: Mapping[str, int], least: int) -> dict[str, Shown] | None:
    """Return what may be shown of counts whose total is public; None: nothing at all.

    `least`: the threshold, `cell_min` of the terms. Of two equal counts the earlier is
    hidden first. The order of the cells is kept.
    """
    few = [name for name, people in cells.items() if 0 < people < least]
    others = sorted((name for name, n in cells.items() if n >= least), key=lambda name: cells[name])
    hidden: list[str] = []
    while few and not _is_safe(cells, few, hidden, least):
        if not others:
            return None
        hidden.append(others.pop(0))
    return {
        name: Shown(None, is_few=name in few) if name in few or name in hidden else Shown(people)
        for name, people in cells.items()
    }


def _is_safe(cells: Mapping[str, int], few: list[str], hidden: list[str], least: int) -> bool:
    """Whether each small count could be 1, and could be the largest small one, for all we say."""
    total = sum(cells[name] for name in (*few, *hidden))
    others = len(few) - 1
    # The most and the least that all cells but one small one can add up to.
    can_be_largest = total - (least - 1) >= others + len(hidden) * least
    can_be_one = bool(hidden) or total - 1 <= others * (least - 1)
    return can_be_largest and can_be_one
