"""Equal shares step by step: raises every share until the next step would overspend."""

from collections.abc import Iterator
from dataclasses import dataclass

from consult.counting.shares_market import Market
from consult.counting.shares_quick import QuickMarket, QuickRun, Trace

# Why the increases ended.
NO_COMPLETION, OVERSPEND, EXHAUSTIVE, NOTHING_LEFT = (
    "no-completion",
    "overspend",
    "exhaustive",
    "nothing-left",
)


@dataclass(frozen=True)
class Ending:
    """After how many increases the count ended, what is bought then, and why it ended."""

    steps: int
    bought: tuple[int, ...]
    because: str


def last_step(market: Market, stop: str) -> Ending:
    """The step the result is taken from. `stop`: "overspend" or "exhaustive"."""
    quick = QuickMarket(market)
    before: Trace | None = None
    for steps, trace in _changing_steps(quick):
        spent = market.spent(trace.options)
        if spent > market.pot:
            assert before is not None, "the pot shared out once was overspent"
            return Ending(steps - 1, tuple(before.options), OVERSPEND)
        ending = _ending(market, trace, spent, stop)
        if ending is not None:
            return Ending(steps, tuple(trace.options), ending)
        before = trace
    raise AssertionError("the steps ended by themselves")


def _ending(market: Market, trace: Trace, spent: int, stop: str) -> str | None:
    if market.step == 0:
        return NO_COMPLETION
    if market.nothing_left(trace.options):
        return NOTHING_LEFT
    if stop == EXHAUSTIVE and not market.still_fits(trace.options, market.pot - spent):
        return EXHAUSTIVE
    return None


def _changing_steps(quick: QuickMarket) -> Iterator[tuple[int, Trace]]:
    """Steps in order with what they buy; a step left out buys what the one before it does."""
    trace = QuickRun(quick, 0).trace(Trace(), 0)
    yield 0, trace
    done, stride = 0, 1
    while True:
        calm = True
        for steps, found in _between(quick, done, done + stride, trace, 0):
            calm = calm and found.options == trace.options
            trace = found
            yield steps, found
        done += stride
        stride = stride * 2 if calm else max(1, stride // 2)


def _between(
    quick: QuickMarket, low: int, high: int, leader: Trace, settled: int
) -> Iterator[tuple[int, Trace]]:
    """The steps after `low` up to `high` that may differ; `leader` is what `low` buys.

    Its first `settled` purchases are known to be the same at all of them.
    """
    if high - low == 1:
        yield high, QuickRun(quick, high).trace(leader, settled)
        return
    agreed = QuickRun(quick, high).agreement(leader, settled)
    if agreed > len(leader.options):
        return
    middle = (low + high) // 2
    for steps, trace in _between(quick, low, middle, leader, agreed):
        yield steps, trace
        leader = trace
    yield from _between(quick, middle, high, leader, agreed)
