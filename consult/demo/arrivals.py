"""Realistic arrival times and channels: rushes, fewer at weekends, hardly any at night."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from math import exp
from typing import TypeVar

from consult.clocks.local_time import local

HOURS = (1, 0, 0, 0, 0, 1, 3, 6, 8, 9, 10, 9, 12, 11, 8, 8, 9, 11, 13, 16, 17, 14, 8, 3)
"""Relative activity of each hour of a day."""

WEEKDAYS = (10, 11, 10, 9, 8, 5, 6)
DESK_HOURS = range(9, 17)
SUNDAY = 6
FIRST_DAYS, LAST_DAYS = 4.0, 5.0
"""Decay of the rushes after the opening and before the closing, in days."""

T = TypeVar("T")


def arrivals(
    drawn: random.Random, start: datetime, end: datetime, number: int, closes_at: datetime
) -> list[datetime]:
    """Return `number` moments between two, in order. `closes_at`: the deadline of the rush."""
    hour = timedelta(hours=1)
    hours = [start + hour * n for n in range(int((end - start) / hour))]
    moods: dict[object, float] = {}
    weights = []
    for each in hours:
        here = local(each)
        mood = moods.setdefault(here.date(), drawn.uniform(0.7, 1.3))
        since, until = (each - start) / timedelta(days=1), (closes_at - each) / timedelta(days=1)
        rush = 1 + 2.5 * exp(-since / FIRST_DAYS) + 2 * exp(-until / LAST_DAYS)
        weights.append(rush * mood * HOURS[here.hour] * WEEKDAYS[here.weekday()])
    chosen = drawn.choices(hours, weights, k=number)
    return sorted(each + timedelta(seconds=drawn.uniform(0, 3600)) for each in chosen)


def at_desk(drawn: random.Random, moments: Sequence[datetime], number: int) -> list[int]:
    """Return the indices of `number` random moments within the desk's opening hours."""
    is_open = [
        place
        for place, moment in enumerate(map(local, moments))
        if moment.hour in DESK_HOURS and moment.weekday() != SUNDAY
    ]
    return drawn.sample(is_open, number)


def channels(
    drawn: random.Random, moments: Sequence[datetime], numbers: Sequence[tuple[str, int]]
) -> list[str]:
    """Return the channel of each moment; all but the first are staffed, in opening hours only."""
    (always, _), *staffed = numbers
    found = [always] * len(moments)
    places = at_desk(drawn, moments, sum(number for _, number in staffed))
    for channel, number in staffed:
        for _ in range(number):
            found[places.pop()] = channel
    return found


def dealt(
    drawn: random.Random,
    numbers: Mapping[T, int],
    tilt: Callable[[T, float], float] = lambda _one, _when: 1.0,
) -> list[T]:
    """Return each key as often as its number, shuffled.

    `tilt`: factor of its likelihood at a time from 0 (start) to 1 (end).
    """
    left = dict(numbers)
    size = sum(left.values())
    found: list[T] = []
    for turn in range(size):
        weights = [number * tilt(one, turn / size) for one, number in left.items()]
        (one,) = drawn.choices(list(left), weights)
        left[one] -= 1
        found.append(one)
    return found
