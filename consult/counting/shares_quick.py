"""Equal shares in floating point: finds quickly what is bought, and asks exactly when unsure.

Floating point here only ever says "clearly dearer" or "clearly cheaper". Prices closer than the
margin, and sums that close to a cost, are settled in whole numbers, so no result depends on how
a machine rounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush
from itertools import repeat
from math import inf
from operator import itemgetter

from consult.counting.shares_exact import ExactRun
from consult.counting.shares_market import Market

# Rounding errors stay below 1e-13 of an amount; closer than this counts as perhaps equal.
MARGIN = 1e-11
GRAIN = 1e-300


@dataclass(frozen=True, slots=True)
class Quote:
    """An option's price as an interval. `plain`: nobody gives part of the payment."""

    option: int
    payment: float
    low: float
    high: float
    plain: bool


@dataclass
class Trace:
    """What one share buys, in order, with the upper end of each price.

    `plain`: the price exactly where it is plain (see QuickRun._plain_price), else None.
    """

    options: list[int] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    plain: list[Fraction | None] = field(default_factory=list)


class Supply:
    """One option's supporters in floating point. `points` is None where each gives one."""

    def __init__(self, market: Market, option: int) -> None:
        who = market.supporters[option]
        self.cost = float(market.costs[option])
        self.groups = who.groups
        self.points = None if set(who.points) == {1} else tuple(map(float, who.points))
        self.weights = tuple(
            float(size * points) for size, points in zip(who.sizes, who.points, strict=True)
        )
        self.weight = float(who.weight)
        # A getter is the fastest way to look up many places; for one it gives no tuple.
        self._several = itemgetter(*self.groups, self.groups[0])

    def purses(self, purses: Sequence[float]) -> Sequence[float]:
        """What each supporter has for each point (with one more value that is to be ignored)."""
        found: Sequence[float] = self._several(purses)
        if self.points is None:
            return found
        return [purse / points for purse, points in zip(found, self.points, strict=False)]


class QuickMarket:
    """The market as arrays, shared by the runs at all shares."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.supplies = [Supply(market, option) for option in range(len(market.ids))]
        self.unit = [supply.cost if market.by_cost else 1.0 for supply in self.supplies]
        floors = [supply.cost / supply.weight for supply in self.supplies]
        self.floors = sorted(
            (floor / self.unit[n] * (1 - MARGIN), n) for n, floor in enumerate(floors)
        )


class QuickRun:
    """The purses at one share, and what may still be bought from them."""

    def __init__(self, quick: QuickMarket, steps: int) -> None:
        self.quick = quick
        self.market = quick.market
        self.steps = steps
        self.purses = [self.market.money(steps) / self.market.voters] * self.market.groups
        # Prices only rise during a run, so an old price is a floor under the present one.
        self.floors = list(quick.floors)
        self.gone: set[int] = set()
        self.bought: list[int] = []
        self._exact: ExactRun | None = None

    def trace(self, leader: Trace, settled: int) -> Trace:
        """Everything bought; the first `settled` purchases are known to be the leader's."""
        trace = Trace()
        for place in range(len(self.market.ids)):
            hint = leader.options[place] if place < len(leader.options) else None
            known = place < settled and hint is not None
            quote = self._known_quote(hint) if known else self._cheapest(hint)
            if quote is None:
                break
            trace.options.append(quote.option)
            trace.highs.append(quote.high)
            trace.plain.append(self._plain_price(quote) if quote.plain else None)
            self._buy(quote)
        return trace

    def agreement(self, leader: Trace, settled: int) -> int:
        """How many purchases are the leader's at every share from the leader's to this one.

        One more than the leader's purchases if, beyond that, nothing else is bought either.
        See "Steps that change nothing" in the specification for why this is enough.
        """
        for place, option in enumerate(leader.options):
            if place >= settled and self._contested(leader, place):
                return place
            self._buy(self._known_quote(option))
        while self.floors:
            _, option = heappop(self.floors)
            if option not in self.gone and self._quote(option, inf) is not None:
                return len(leader.options)
        return len(leader.options) + 1

    def _contested(self, leader: Trace, place: int) -> bool:
        """Whether another option might undercut the leader's at some share in between."""
        winner, limit, plain = leader.options[place], leader.highs[place], leader.plain[place]
        put_back: list[tuple[float, int]] = []
        contested = False
        while self.floors and self.floors[0][0] <= limit and not contested:
            floor, option = heappop(self.floors)
            if option in self.gone or option == winner:
                continue
            quote = self._quote(option, limit, floor)
            if quote is None:
                continue
            put_back.append((quote.low, option))
            contested = quote.low <= limit and not (
                plain is not None and (plain, winner) < (self._least_price(option), option)
            )
        for entry in put_back:
            heappush(self.floors, entry)
        return contested

    def _cheapest(self, hint: int | None) -> Quote | None:
        """The quote of the option to buy next; `hint` only says whose to ask for first."""
        quotes: list[Quote] = []
        limit = inf
        if hint is not None and hint not in self.gone:
            quote = self._quote(hint, limit)
            if quote is not None:
                quotes.append(quote)
                limit = quote.high
        while self.floors and self.floors[0][0] <= limit:
            floor, option = heappop(self.floors)
            if option in self.gone or (quotes and option == quotes[0].option):
                continue
            quote = self._quote(option, limit, floor)
            if quote is None:
                continue
            if quote.low > limit:
                heappush(self.floors, (quote.low, option))
                continue
            quotes.append(quote)
            limit = min(limit, quote.high)
        if not quotes:
            return None
        chosen = self._decide([quote for quote in quotes if quote.low <= limit])
        for quote in quotes:
            if quote is not chosen:
                heappush(self.floors, (quote.low, quote.option))
        return chosen

    def _decide(self, near: Sequence[Quote]) -> Quote:
        """The cheapest of quotes too close to tell apart."""
        if len(near) == 1:
            return near[0]
        prices = [self._plain_price(quote) for quote in near]
        for place, quote in enumerate(near):
            if prices[place] is None:
                offer = self._exactly().offer(quote.option)
                prices[place] = offer.price if offer is not None else None
        _, best = min((p, q.option) for p, q in zip(prices, near, strict=True) if p is not None)
        return next(quote for quote in near if quote.option == best)

    def _plain_price(self, quote: Quote) -> Fraction | None:
        """The price exactly, when every supporter has nothing at all or enough to pay in full."""
        enough = quote.payment * (1 + MARGIN)
        purses = self.quick.supplies[quote.option].purses(self.purses)
        if quote.plain and all(purse == 0.0 or purse > enough for purse in purses):
            return self._least_price(quote.option)
        return None

    def _least_price(self, option: int) -> Fraction:
        """The price if every supporter who has anything left could pay in full: never more."""
        supply = self.quick.supplies[option]
        pairs = zip(supply.purses(self.purses), supply.weights, strict=False)
        holding = int(sum(weight for purse, weight in pairs if purse > 0.0))
        return self.market.price(option, Fraction(self.market.costs[option], holding))

    def _exactly(self) -> ExactRun:
        if self._exact is None:
            self._exact = ExactRun(self.market, self.steps)
        self._exact.follow(self.bought)
        return self._exact

    def _known_quote(self, option: int) -> Quote:
        quote = self._quote(option, inf)
        assert quote is not None, "more money made an option unaffordable"
        return quote

    def _quote(self, option: int, limit: float, floor: float = 0.0) -> Quote | None:
        """The option's quote, None if its supporters cannot pay; above the limit only a floor.

        Whoever cannot pay the payment gives all they have, so the others pay more: the payment
        rises from below until nobody more falls out.
        """
        supply, unit = self.quick.supplies[option], self.quick.unit[option]
        purses = supply.purses(self.purses)
        cost = supply.cost
        payment = max(floor * unit, cost / supply.weight * (1 - MARGIN))
        able, width = -1.0, MARGIN
        while True:
            given = out = 0.0
            for purse, weight in zip(purses, supply.weights, strict=False):
                if purse < payment:
                    given += purse * weight
                    out += weight
            if supply.weight - out == able:
                break
            able = supply.weight - out
            if able <= 0.0:
                return self._borderline(option, given)
            payment = (cost - given) / able
            width = MARGIN * cost / (able * payment)
            if payment * (1 - width) > limit * unit:
                return Quote(option, payment, payment / unit * (1 - width), inf, plain=False)
        if max(purses) < payment * (1 + 2 * width):
            return self._borderline(option, cost)
        price = payment / unit
        return Quote(option, payment, price * (1 - width), price * (1 + width), given == 0.0)

    def _borderline(self, option: int, held: float) -> Quote | None:
        """The quote of an option whose supporters have about its cost together, or less."""
        if held < self.quick.supplies[option].cost * (1 - MARGIN):
            return None
        offer = self._exactly().offer(option)
        if offer is None:
            return None
        price = float(offer.price)
        low, high = price * (1 - MARGIN), price * (1 + MARGIN)
        return Quote(option, float(offer.payment), low, high, plain=False)

    def _buy(self, quote: Quote) -> None:
        supply, purses, payment = self.quick.supplies[quote.option], self.purses, quote.payment
        points = supply.points or repeat(1.0)
        # A purse that may just have been emptied keeps a grain: it is not surely empty.
        for group, number in zip(supply.groups, points, strict=False):
            left = purses[group] - payment * number
            grain = payment * number * MARGIN
            purses[group] = left if left > grain else 0.0 if left < -grain else GRAIN
        self.bought.append(quote.option)
        self.gone.add(quote.option)
        self.gone.update(self.market.rivals[quote.option])
