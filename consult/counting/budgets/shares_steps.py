"""Raise all shares step by step until the next step would overspend."""

from collections.abc import Iterator
from dataclasses import dataclass

from consult.counting.budgets.shares_market import Market
from consult.counting.budgets.shares_quick import QuickMarket
from consult.counting.budgets.shares_race import all_go_on, bought_at, leader_at

# How many steps are computed together, and how many numbers that may hold in memory.
TOGETHER_MAX = 64
HELD_MAX = 4_000_000

# Why the increases ended.
NO_COMPLETION, OVERSPEND, EXHAUSTIVE, NOTHING_LEFT = (
    "no-completion",
    "overspend",
    "exhaustive",
    "nothing-left",
)

Bought = tuple[int, ...]


@dataclass(frozen=True)
class Ending:
    """Number of increases after which the count ended, and the reason."""

    steps: int
    because: str


def last_step(market: Market, stop: str) -> Ending:
    """Return the step that gives the result. `stop`: "overspend" or "exhaustive"."""
    for step, bought in _deciding_steps(market, stop):
        spent = market.spent(bought)
        if spent > market.pot:
            return Ending(step - 1, OVERSPEND)
        if market.step == 0:
            return Ending(step, NO_COMPLETION)
        if market.nothing_left(bought):
            return Ending(step, NOTHING_LEFT)
        if stop == EXHAUSTIVE and not market.still_fits(bought, market.pot - spent):
            return Ending(step, EXHAUSTIVE)
    raise AssertionError("the steps ended by themselves")


def _deciding_steps(market: Market, stop: str) -> Iterator[tuple[int, Bought]]:
    """Yield steps in order with their purchases, without those that cannot end the count."""
    quick = QuickMarket(market)
    first = bought_at(quick, [0])[0]
    assert first is not None, "a step was passed over unasked"
    yield 0, first
    done, together, stride = 0, 1, 2
    together_max = max(1, min(TOGETHER_MAX, HELD_MAX // market.groups))
    while True:
        found = bought_at(quick, range(done + 1, done + together + 1), stop)
        for step, bought in sorted(found.items()):
            if bought is not None:
                yield step, bought
        done += together
        outcomes = {bought for bought in found.values() if bought is not None}
        if together == together_max and len(outcomes) <= 1:
            stride, done = _leap(quick, done, max(stride, together), stop)
        together = min(together * 2, together_max)


def _leap(quick: QuickMarket, done: int, stride: int, stop: str) -> tuple[int, int]:
    """Skip steps that certainly continue; return the next stride and the last step skipped."""
    bought = bought_at(quick, [done])[done]
    assert bought is not None, "a step was passed over unasked"
    leader = leader_at(quick, done, bought)
    least = stride
    while all_go_on(quick, leader, done + stride, stop):
        done += stride
        stride *= 2
    return max(2, min(least, stride // 2)), done
