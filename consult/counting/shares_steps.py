"""Equal shares step by step: raises every share until the next step would overspend."""

from collections.abc import Iterator
from dataclasses import dataclass

from consult.counting.shares_market import Market
from consult.counting.shares_quick import QuickMarket
from consult.counting.shares_race import all_alike, bought_at, leader_at

# How many steps are worked out together, and how much memory that may take (numbers held).
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
    """After how many increases the count ended, what is bought then, and why it ended."""

    steps: int
    bought: Bought
    because: str


def last_step(market: Market, stop: str) -> Ending:
    """The step the result is taken from. `stop`: "overspend" or "exhaustive"."""
    before: Bought = ()
    for step, bought in _steps(market):
        spent = market.spent(bought)
        if spent > market.pot:
            return Ending(step - 1, before, OVERSPEND)
        because = _ending(market, bought, spent, stop)
        if because is not None:
            return Ending(step, bought, because)
        before = bought
    raise AssertionError("the steps ended by themselves")


def _ending(market: Market, bought: Bought, spent: int, stop: str) -> str | None:
    if market.step == 0:
        return NO_COMPLETION
    if market.nothing_left(bought):
        return NOTHING_LEFT
    if stop == EXHAUSTIVE and not market.still_fits(bought, market.pot - spent):
        return EXHAUSTIVE
    return None


def _steps(market: Market) -> Iterator[tuple[int, Bought]]:
    """Steps in order with what each buys; a step left out buys what the one before it does."""
    quick = QuickMarket(market)
    bought = bought_at(quick, [0])[0]
    yield 0, bought
    done, together, stride = 0, 1, 2
    together_max = max(1, min(TOGETHER_MAX, HELD_MAX // market.groups))
    while True:
        found = bought_at(quick, range(done + 1, done + together + 1))
        calm = set(found.values()) == {bought}
        yield from sorted(found.items())
        done += together
        bought = found[done]
        if calm:
            stride, done = _leap(quick, done, bought, max(stride, together))
        together = min(together * 2, together_max)


def _leap(quick: QuickMarket, done: int, bought: Bought, stride: int) -> tuple[int, int]:
    """Pass over steps that are surely all alike: the stride to try next time, the last of them."""
    leader = leader_at(quick, done, bought)
    least = stride
    while all_alike(quick, leader, done + stride):
        done += stride
        stride *= 2
    return max(2, min(least, stride // 2)), done
