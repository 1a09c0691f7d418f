"""The list of ballots that anybody counts from, with nothing that leads to an entry (docs/log.md).

Each line has a tracker, which only the holder of the ballot's salt can make, and the answers. The
order is that of the trackers, which are as good as random.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from consult.counting.outcome import canonical_bytes
from events.log.commitment import CROWD_MIN, tracker_of

CAMPAIGN, VOIDED = "campaign", "voided"


class Listed(NamedTuple):
    """A ballot to list. `mark`: what its entries say of it before the closing; "" if nothing."""

    salt: bytes
    value: str
    mark: str


def lines_of(ballots: Collection[Listed]) -> Iterator[tuple[str, bytes]]:
    """Yield (tracker, line) of every ballot that may be listed, by tracker.

    A mark that would single out few people, or tell what all of them answered, is left out; ballots
    that were set aside are then not listed at all, as they do not count.
    """
    shown = marks_shown(ballots)
    found = sorted(
        (tracker_of(one.salt), one.value, one.mark)
        for one in ballots
        if one.mark != VOIDED or VOIDED in shown
    )
    for tracker, value, mark in found:
        marked = {"m": mark} if mark in shown else {}
        yield tracker, canonical_bytes({**marked, "t": tracker, "x": value}) + b"\n"


def marks_shown(ballots: Collection[Listed]) -> set[str]:
    """Return the marks that are shown: those whose lines, and the rest, are a crowd each."""
    shown = set()
    counted = [one for one in ballots if one.mark != VOIDED]
    for mark in (CAMPAIGN, VOIDED):
        among = counted if mark == CAMPAIGN else ballots
        with_it = [one.value for one in among if one.mark == mark]
        rest = [one.value for one in among if one.mark != mark]
        if is_crowd(with_it) and is_crowd(rest):
            shown.add(mark)
    return shown


def is_crowd(values: Iterable[str]) -> bool:
    """Return whether these ballots hide each other: enough, and no question that all answer alike.

    Leaving a question out counts as an answer to it.
    """
    number = 0
    first: dict[str, Any] = {}
    mixed: set[str] = set()
    for value in values:
        answers = _answers(value)
        if not number:
            first = answers
        mixed |= {id for id in first.keys() | answers if first.get(id) != answers.get(id)}
        number += 1
    asked = mixed | first.keys()
    return number >= CROWD_MIN and bool(asked) and mixed == asked


def _answers(value: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(value)
    return found
