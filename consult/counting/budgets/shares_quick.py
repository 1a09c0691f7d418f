"""Equal shares in floating point for many steps at once, with exact fallback when unsure.

Floating point only decides "clearly dearer" or "clearly cheaper". Prices within the margin, and
sums that close to a cost, are decided in integer arithmetic, so no result depends on how a machine
rounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.counting.budgets.shares_exact import ExactRun
from consult.counting.budgets.shares_market import Market

# Rounding errors stay below 1e-13 of an amount; amounts closer than this may be equal.
MARGIN = 1e-11
# Left in a purse that may or may not be empty, so that it does not count as empty.
GRAIN = 1e-300
NOBODY = -1
# Replaces a weight of zero in a division; the resulting prices exceed UNPAYABLE.
NEXT_TO_NOBODY = 1e-200
UNPAYABLE = 1e150

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Supply:
    """Supporters of one option as arrays. `points`: None if each gives one."""

    def __init__(self, market: Market, option: int) -> None:
        who = market.supporters[option]
        self.cost = float(market.costs[option])
        self.unit = self.cost if market.by_cost else 1.0
        self.groups = np.array(who.groups, dtype=np.intp)
        sizes, points = (np.array(part, dtype=np.float64) for part in (who.sizes, who.points))
        self.points = None if bool((points == 1.0).all()) else points[:, None]
        self.weights: Floats = sizes * points
        self.weight = float(who.weight)


@dataclass(frozen=True, slots=True)
class Quote:
    """An option's payment and price interval at each step; infinite if it is not affordable.

    Where the price is above the limit of another quote, only `low` is meaningful.
    """

    option: int
    payment: Floats
    low: Floats
    high: Floats


class QuickMarket:
    """The market as arrays, shared by all runs."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.supplies = [Supply(market, option) for option in range(len(market.ids))]
        self.floors = sorted(
            (supply.cost / supply.weight / supply.unit * (1 - MARGIN), option)
            for option, supply in enumerate(self.supplies)
        )
        self.costs = np.array(market.costs, dtype=np.int64)
        self.alone = np.array([not rivals for rivals in market.rivals])
        self._groups = np.concatenate([supply.groups for supply in self.supplies])
        self._sizes = np.concatenate([who.sizes for who in market.supporters]).astype(np.float64)
        lengths = [len(who.groups) for who in market.supporters]
        self._starts = np.cumsum([0, *lengths[:-1]])

    def payable(self, purses: Floats) -> Flags:
        """Return which options' supporters together may have the cost."""
        held = np.add.reduceat(purses[self._groups] * self._sizes, self._starts)
        return np.asarray(held >= self.costs * (1 - MARGIN))


class Purses:
    """Remaining money of every ballot at steps that have made the same purchases so far."""

    def __init__(self, quick: QuickMarket, steps: Sequence[int]) -> None:
        self.quick = quick
        self.market = quick.market
        self.steps = tuple(steps)
        shares = [self.market.money(step) / self.market.voters for step in steps]
        self.purses: Floats = np.tile(np.array(shares), (self.market.groups, 1))
        # Prices only rise as purses empty, so an earlier price is a lower bound.
        self.floors = list(quick.floors)
        self.gone: set[int] = set()
        self.bought: list[int] = []
        self.exact: dict[int, ExactRun] = {}

    def part(self, columns: Sequence[int]) -> "Purses":
        """Split some of the steps off, because their purchases differ from here on."""
        other = object.__new__(Purses)
        other.quick, other.market = self.quick, self.market
        other.steps = tuple(self.steps[column] for column in columns)
        other.purses = np.ascontiguousarray(self.purses[:, list(columns)])
        other.floors, other.gone, other.bought = [*self.floors], {*self.gone}, [*self.bought]
        other.exact = {step: self.exact[step] for step in other.steps if step in self.exact}
        return other

    def goes_on(self, column: int, stop: str) -> bool:
        """Return whether this step certainly neither overspends nor ends the count.

        What is not affordable now never becomes affordable later in the run. So if everything that
        is affordable fits into the pot, nothing is overspent; and an option without rivals that is
        not affordable stays open (and, where that matters, fits into what is left).
        """
        payable = self.quick.payable(self.purses[:, column])
        open_ = np.ones(len(payable), dtype=np.bool_)
        open_[list(self.gone)] = False
        costs = self.quick.costs
        room = self.market.pot - self.market.spent(self.bought) - int(costs[payable & open_].sum())
        if room < 0:
            return False
        stays = open_ & ~payable & self.quick.alone
        return bool((stays & (costs <= room)).any() if stop == "exhaustive" else stays.any())

    def for_each_point(self, supply: Supply) -> Floats:
        """Return what each supporter has per point given: one row each, one column per step."""
        found = self.purses.take(supply.groups, axis=0)
        if supply.points is not None:
            found /= supply.points
        return found

    def quote(self, option: int, limit: Floats, floor: float = 0.0) -> Quote:
        """Return the option's quote, computed only as long as it stays below the limit.

        Supporters who cannot pay in full give all they have, so the others pay more: the payment
        rises until nobody else drops out.
        """
        supply = self.quick.supplies[option]
        purses = self.for_each_point(supply)
        weights, cost = supply.weights, supply.cost
        ceiling = limit * supply.unit
        payment: Any = max(floor * supply.unit, cost / supply.weight * (1 - MARGIN))
        before: Any = None
        while True:
            able = supply.weight - weights.dot(purses < payment)
            if before is not None and (able == before).all():
                return self._finished(option, purses, payment, able)
            before = able
            if able.min() <= 0.0:
                able = np.maximum(able, NEXT_TO_NOBODY)
            # Never decrease, or rounding could make one purse alternate without end.
            missing = np.maximum(cost - weights.dot(np.minimum(purses, payment)), 0.0)
            payment = payment + missing / able
            low = payment - MARGIN * cost / able
            if (low > ceiling).all():
                return Quote(option, payment, low / supply.unit, low)

    def _finished(self, option: int, purses: Floats, payment: Floats, able: Floats) -> Quote:
        """Return the quote with margins; exact where supporters have about the cost together."""
        supply = self.quick.supplies[option]
        broke = able <= 0.0
        slack = MARGIN * supply.cost / np.maximum(able, 1.0)
        unsure = purses.max(axis=0) < payment + 2 * slack
        if broke.any():
            unsure = np.where(
                broke, supply.weights.dot(purses) >= supply.cost * (1 - MARGIN), unsure
            )
            payment = np.where(broke, np.inf, payment)
        low, high = (payment - slack) / supply.unit, (payment + slack) / supply.unit
        if unsure.any():
            for column in np.flatnonzero(unsure).tolist():
                self._settle(option, column, payment, low, high)
        return Quote(option, payment, low, high)

    def _settle(self, option: int, column: int, payment: Floats, *ends: Floats) -> None:
        """Decide exactly whether supporters who have about the cost together can pay it."""
        offer = self.exactly(column).offer(option)
        price = np.inf if offer is None else float(offer.price)
        payment[column] = np.inf if offer is None else float(offer.payment)
        for end, side in zip(ends, (1 - MARGIN, 1 + MARGIN), strict=True):
            end[column] = price * side

    def exactly(self, column: int) -> ExactRun:
        """Return the exact run with the same purchases at one step."""
        step = self.steps[column]
        run = self.exact.setdefault(step, ExactRun(self.market, step))
        run.follow(self.bought)
        return run

    def plain(self, quote: Quote) -> tuple[Flags, Floats]:
        """Return where each supporter has nothing or surely enough, and the points of all holders.

        There the price follows exactly from the points of those who have something; elsewhere it
        is higher.
        """
        supply = self.quick.supplies[quote.option]
        purses = self.for_each_point(supply)
        holding = purses > 0.0
        enough: Flags = np.all(~holding | (purses > quote.payment * (1 + MARGIN)), axis=0)
        return enough, supply.weights.dot(holding)

    def least_price(self, option: int, holding: float) -> Fraction:
        """Return the price if all who hold something pay in full; `holding`: their points."""
        return self.market.price(option, Fraction(self.market.costs[option], int(holding)))

    def buy(self, quote: Quote) -> None:
        """Take the payments at every step."""
        supply = self.quick.supplies[quote.option]
        full: Any = quote.payment if supply.points is None else quote.payment * supply.points
        left = self.purses.take(supply.groups, axis=0) - full
        unsure = np.abs(left) <= full * MARGIN
        np.maximum(left, 0.0, out=left)
        left[unsure] = GRAIN
        self.purses[supply.groups] = left
        self.bought.append(quote.option)
        self.gone.add(quote.option)
        self.gone.update(self.market.rivals[quote.option])
