"""Equal shares in exact integer arithmetic: one purchase after another, at one share."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush

from consult.counting.budgets.shares_market import Market


@dataclass(frozen=True)
class Offer:
    """Current offer of an option: the highest payment per point, and its price."""

    option: int
    payment: Fraction
    price: Fraction


@dataclass(frozen=True)
class Purchase:
    """One award. `tied`: every option at that price; `short`: ballots that paid less."""

    offer: Offer
    tied: tuple[int, ...]
    short: int


class ExactRun:
    """Purses of all ballots at one share, and the purchases made from them.

    Purses are integers over a common denominator, so that nothing is rounded and no fraction has
    to be reduced.
    """

    def __init__(self, market: Market, steps: int) -> None:
        self.market = market
        self.denominator = market.voters
        self.purses = [market.money(steps)] * market.groups
        self.bought: list[int] = []

    def follow(self, bought: Sequence[int]) -> None:
        """Replay purchases decided elsewhere."""
        assert self.bought == list(bought[: len(self.bought)]), "another order of purchases"
        for option in bought[len(self.bought) :]:
            offer = self.offer(option)
            assert offer is not None, "an option was bought that its supporters cannot pay for"
            self.buy(offer)

    def held(self, option: int) -> Fraction:
        """Return what the supporters of the option have left together."""
        who = self.market.supporters[option]
        total = sum(n * self.purses[g] for g, n in zip(who.groups, who.sizes, strict=True))
        return Fraction(total, self.denominator)

    def offer(self, option: int) -> Offer | None:
        """Return the payment per point that raises the cost, capped by what each supporter has.

        None if the supporters together have less than the cost.
        """
        who = self.market.supporters[option]
        purses = [self.purses[group] for group in who.groups]
        rows = list(zip(purses, who.sizes, who.points, strict=True))
        missing = self.market.costs[option] * self.denominator
        weight = who.weight
        while weight:
            able = [row for row in rows if row[0] * weight >= missing * row[2]]
            if len(able) == len(rows):
                payment = Fraction(missing, weight * self.denominator)
                return Offer(option, payment, self.market.price(option, payment))
            # Supporters who cannot pay that much give all they have; the others then pay more.
            unable = [row for row in rows if row[0] * weight < missing * row[2]]
            missing -= sum(purse * size for purse, size, _ in unable)
            weight -= sum(size * points for _, size, points in unable)
            rows = able
        return None

    def buy(self, offer: Offer) -> int:
        """Take the payments; return how many ballots paid less than the full payment."""
        who = self.market.supporters[offer.option]
        payment = offer.payment * self.denominator
        scale = payment.denominator
        if scale > 1:
            self.denominator *= scale
            self.purses = [purse * scale for purse in self.purses]
        short = 0
        for group, size, points in zip(who.groups, who.sizes, who.points, strict=True):
            left = self.purses[group] - payment.numerator * points
            short += size if left < 0 else 0
            self.purses[group] = max(0, left)
        self.bought.append(offer.option)
        return short

    def purchases(self) -> list[Purchase]:
        """Return all purchases in order: always the lowest price, ties by index.

        Prices only rise, because purses only shrink. So an option's earlier price is a lower
        bound, and only options whose bound is low enough need a new offer.
        """
        floors = [(Fraction(0), option) for option in range(len(self.market.ids))]
        heapify(floors)
        done: list[Purchase] = []
        excluded: set[int] = set()
        while True:
            offers: list[Offer] = []
            best: Fraction | None = None
            while floors and (best is None or floors[0][0] <= best):
                _, option = heappop(floors)
                offer = self.offer(option) if option not in excluded else None
                if offer is not None:
                    offers.append(offer)
                    best = offer.price if best is None else min(best, offer.price)
            if not offers:
                return done
            tied = sorted(offer.option for offer in offers if offer.price == best)
            chosen = next(offer for offer in offers if offer.option == tied[0])
            for offer in offers:
                if offer is not chosen:
                    heappush(floors, (offer.price, offer.option))
            done.append(Purchase(chosen, tuple(tied), self.buy(chosen)))
            excluded.update(self.market.rivals[chosen.option])
