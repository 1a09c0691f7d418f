"""Hide counts of people so small that they could identify somebody.

A hidden count must not be derivable from the total and the counts still shown, so others are
hidden with it (secondary suppression) until every small one could have any value from 1 up to
below the threshold. A count of 0 is shown.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Shown(NamedTuple):
    """A count as it may be shown. `people`: None if hidden; `is_few`: it is below the threshold."""

    people: int | None
    is_few: bool = False


def protect(cells: Mapping[str, int], least: int) -> dict[str, Shown] | None:
    """Return what may be shown of counts whose total is public; None if nothing may be.

    `least`: the threshold, `cell_min` of the terms. Of two equal counts the earlier is hidden
    first. The order of the cells is kept.
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
    """Return whether each small count could be 1 and could be `least` - 1, given what is shown."""
    total = sum(cells[name] for name in (*few, *hidden))
    others = len(few) - 1
    # Bounds on the sum of all hidden cells except one small one.
    can_be_largest = total - (least - 1) >= others + len(hidden) * least
    can_be_one = bool(hidden) or total - 1 <= others * (least - 1)
    return can_be_largest and can_be_one
