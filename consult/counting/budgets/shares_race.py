"""Compute what equal shares buys at many steps, and whether the steps between two are alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush

import numpy as np

from consult.counting.budgets.shares_quick import (
    NOBODY,
    UNPAYABLE,
    Floats,
    Purses,
    QuickMarket,
    Quote,
)

_NO_LIMIT = np.array([np.inf])
# How many purchases are made between two checks of whether a step can still decide.
BETWEEN_LOOKS = 4


def bought_at(
    quick: QuickMarket, steps: Sequence[int], stop: str | None = None
) -> dict[int, tuple[int, ...] | None]:
    """Return the purchases of each step, in order.

    With `stop` a step has None if it certainly neither overspends nor ends the count.
    """
    found: dict[int, tuple[int, ...] | None] = {}
    waiting = [Purses(quick, steps)]
    while waiting:
        purses = waiting.pop()
        if stop is not None and len(purses.bought) % BETWEEN_LOOKS == 0:
            passed = _passed(purses, stop)
            found.update(dict.fromkeys(purses.steps[:passed]))
            if passed == len(purses.steps):
                continue
            purses = purses.part(range(passed, len(purses.steps))) if passed else purses
        for part, quote in _next(purses):
            if quote is None:
                found.update(dict.fromkeys(part.steps, tuple(part.bought)))
            else:
                part.buy(quote)
                waiting.append(part)
    return found


def _passed(purses: Purses, stop: str) -> int:
    """Return how many of the first steps need no further examination.

    Steps are in ascending order: after the same purchases, more money pays for everything that
    less money pays for. Hence bisection.
    """
    low, high = 0, len(purses.steps)
    while low < high:
        middle = (low + high) // 2
        if purses.goes_on(middle, stop):
            low = middle + 1
        else:
            high = middle
    return low


def _next(purses: Purses) -> Iterator[tuple[Purses, Quote | None]]:
    """Yield groups of steps with the quote of their next purchase; None if there is none."""
    quotes, limit = _cheapest(purses)
    if not quotes:
        yield purses, None
        return
    winners = _winners(purses, quotes, limit)
    by_option = {quote.option: quote for quote in quotes}
    for winner in sorted(set(winners)):
        columns = [column for column, option in enumerate(winners) if option == winner]
        part = purses if len(columns) == len(winners) else purses.part(columns)
        if winner == NOBODY:
            yield part, None
            continue
        for quote in quotes:
            if quote.option != winner:
                heappush(part.floors, (float(quote.low[columns].min()), quote.option))
        won = by_option[winner]
        ends = won.payment[columns], won.low[columns], won.high[columns]
        yield part, Quote(winner, *ends)


def _cheapest(purses: Purses) -> tuple[list[Quote], Floats]:
    """Return the quotes that may be cheapest at some step, and the lowest upper bound per step."""
    quotes: list[Quote] = []
    dearer: list[tuple[float, int]] = []
    limit: Floats = np.full(len(purses.steps), np.inf)
    beyond = np.inf
    while purses.floors and purses.floors[0][0] <= beyond:
        floor, option = heappop(purses.floors)
        if option in purses.gone:
            continue
        quote = purses.quote(option, limit, floor)
        least = float(quote.low.min())
        if least > UNPAYABLE:
            continue
        if bool((quote.low > limit).all()):
            dearer.append((least, option))
            continue
        quotes.append(quote)
        limit = np.minimum(limit, quote.high)
        beyond = float(limit.max())
    for entry in dearer:
        heappush(purses.floors, entry)
    return quotes, limit


def _winners(purses: Purses, quotes: Sequence[Quote], limit: Floats) -> list[int]:
    """Return the exact option to buy at each step; NOBODY if none is affordable."""
    near = np.array([np.isfinite(quote.low) & (quote.low <= limit) for quote in quotes])
    options = np.array([quote.option for quote in quotes])
    numbers = near.sum(axis=0)
    winners: list[int] = np.where(numbers > 0, options[near.argmax(axis=0)], NOBODY).tolist()
    if not bool((numbers > 1).any()):
        return winners
    plain = [purses.plain(quote) if near[n].any() else None for n, quote in enumerate(quotes)]
    for column in np.flatnonzero(numbers > 1).tolist():
        prices: list[tuple[Fraction, int]] = []
        for n in np.flatnonzero(near[:, column]).tolist():
            option, found = quotes[n].option, plain[n]
            assert found is not None, "a near quote was not looked at"
            if found[0][column]:
                prices.append((purses.least_price(option, found[1][column]), option))
                continue
            offer = purses.exactly(column).offer(option)
            assert offer is not None, "the quick run pays for what the exact one cannot"
            prices.append((offer.price, option))
        winners[column] = min(prices)[1]
    return winners


@dataclass(frozen=True)
class Leader:
    """Purchases of one step, with an upper bound of each price, and the exact price if known."""

    step: int
    options: tuple[int, ...]
    highs: tuple[float, ...]
    plain: tuple[Fraction | None, ...]


def leader_at(quick: QuickMarket, step: int, options: Sequence[int]) -> Leader:
    """Return the known purchases of a step with their prices."""
    purses = Purses(quick, [step])
    highs, plain = [], []
    for option in options:
        quote = purses.quote(option, _NO_LIMIT)
        enough, holding = purses.plain(quote)
        highs.append(float(quote.high[0]))
        plain.append(purses.least_price(option, holding[0]) if enough[0] else None)
        purses.buy(quote)
    return Leader(step, tuple(options), tuple(highs), tuple(plain))


def all_go_on(quick: QuickMarket, leader: Leader, step: int, stop: str) -> bool:
    """Return whether all steps from the leader's to `step` certainly continue like the leader's.

    While purchases are equal, more money leaves every purse fuller and every price equal or lower.
    So the leader's prices are upper bounds and the prices at `step` lower bounds for the steps in
    between: unless another option's lower bound is below the winner's upper bound, all these steps
    buy the same. What is not affordable at `step` is not affordable in between.
    """
    purses = Purses(quick, [step])
    for place, option in enumerate(leader.options):
        if place % BETWEEN_LOOKS == 0 and purses.goes_on(0, stop):
            return True
        if _contested(purses, leader, place):
            return False
        purses.buy(purses.quote(option, _NO_LIMIT))
    payable = quick.payable(purses.purses[:, 0])
    return not any(payable[option] for option in range(len(payable)) if option not in purses.gone)


def _contested(purses: Purses, leader: Leader, place: int) -> bool:
    """Return whether another option might be cheaper than the leader's at a step in between."""
    winner, high, plain = leader.options[place], leader.highs[place], leader.plain[place]
    put_back: list[tuple[float, int]] = []
    contested = False
    while purses.floors and purses.floors[0][0] <= high and not contested:
        floor, option = heappop(purses.floors)
        if option in purses.gone or option == winner:
            continue
        quote = purses.quote(option, np.array([high]), floor)
        low = float(quote.low[0])
        if low > UNPAYABLE:
            continue
        put_back.append((low, option))
        if low <= high:
            least = purses.least_price(option, purses.plain(quote)[1][0])
            contested = plain is None or (plain, winner) > (least, option)
    for entry in put_back:
        heappush(purses.floors, entry)
    return contested
