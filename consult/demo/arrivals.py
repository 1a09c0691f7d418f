"""When people answer and from where, as in life: in rushes, less at weekends, hardly at night."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from math import exp
from typing import TypeVar

from consult.demo.stage import LOCAL

HOURS = (1, 0, 0, 0, 0, 1, 3, 6, 8, 9, 10, 9, 12, 11, 8, 8, 9, 11, 13, 16, 17, 14, 8, 3)
"""How lively each hour of a day is."""

WEEKDAYS = (10, 11, 10, 9, 8, 5, 6)
DESK_HOURS = range(9, 17)
SUNDAY = 6
FIRST_DAYS, LAST_DAYS = 4.0, 5.0
"""How long the rush lasts after the opening, and before the end."""

T = TypeVar("T")


def arrivals(
    drawn: random.Random, start: datetime, end: datetime, number: int, closes_at: datetime
) -> list[datetime]:
    """Return so many moments between two, in order. `closes_at`: before which people hurry."""
    hour = timedelta(hours=1)
    hours = [start + hour * n for n in range(int((end - start) / hour))]
    moods: dict[object, float] = {}
    weights = []
    for each in hours:
        local = each.astimezone(LOCAL)
        mood = moods.setdefault(local.date(), drawn.uniform(0.7, 1.3))
        since, until = (each - start) / timedelta(days=1), (closes_at - each) / timedelta(days=1)
        rush = 1 + 2.5 * exp(-since / FIRST_DAYS) + 2 * exp(-until / LAST_DAYS)
        weights.append(rush * mood * HOURS[local.hour] * WEEKDAYS[local.weekday()])
    chosen = drawn.choices(hours, weights, k=number)
    return sorted(each + timedelta(seconds=drawn.uniform(0, 3600)) for each in chosen)


def at_desk(drawn: random.Random, moments: Sequence[datetime], number: int) -> list[int]:
    """Return which of these moments are those of so many people at a desk or on the telephone."""
    local = [moment.astimezone(LOCAL) for moment in moments]
    is_open = [
        place
        for place, moment in enumerate(local)
        if moment.hour in DESK_HOURS and moment.weekday() != SUNDAY
    ]
    return drawn.sample(is_open, number)


def channels(
    drawn: random.Random, moments: Sequence[datetime], numbers: Sequence[tuple[str, int]]
) -> list[str]:
    """Return the channel of each moment: the first is open day and night, the others are not."""
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
    """Return each so many times, mixed. `tilt`: how likely it is then, 0 at the start, 1 later."""
    left = dict(numbers)
    size = sum(left.values())
    found: list[T] = []
    for turn in range(size):
        weights = [number * tilt(one, turn / size) for one, number in left.items()]
        (one,) = drawn.choices(list(left), weights)
        left[one] -= 1
        found.append(one)
    return found
