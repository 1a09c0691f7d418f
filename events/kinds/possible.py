"""How many answers a question may get: arithmetic with a bound, for every kind of question."""

from collections.abc import Iterable
from math import comb

from events.question import Question

BALLOTS_COUNTED_MAX = 10**12
"""The cap on the count: larger numbers make no difference, and it bounds the arithmetic."""

MANY = 1_000


def picked(question: Question) -> int:
    """Return in how many ways options can be chosen, within the limit."""
    every = many(question) + question.other
    return capped(comb(every, picks) for picks in range(up_to(question.picks_max, every)))


def up_to(most: int, options: int) -> int:
    """Return one more than the number that may be chosen; `most` 0: no limit."""
    return min(most or options, options) + 1


def power(base: int, exponent: int) -> int:
    """Return base to the power of exponent, capped at BALLOTS_COUNTED_MAX."""
    found = 1
    for _ in range(exponent):
        found = min(found * base, BALLOTS_COUNTED_MAX)
    return found


def capped(numbers: Iterable[int]) -> int:
    """Return the sum, capped at BALLOTS_COUNTED_MAX."""
    found = 0
    for number in numbers:
        found += number
        if found >= BALLOTS_COUNTED_MAX:
            return BALLOTS_COUNTED_MAX
    return found


def many(question: Question) -> int:
    """Return the number of options, capped at MANY, which bounds the arithmetic."""
    return min(len(question.options), MANY)
