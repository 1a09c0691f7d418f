"""Input of equal shares: options as indices, ballots as groups, exact money."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from consult.counting.budgets.budget import Contest


@dataclass(frozen=True)
class Supporters:
    """Supporters of one option: indices of ballot groups, their sizes and points per ballot."""

    groups: tuple[int, ...]
    sizes: tuple[int, ...]
    points: tuple[int, ...]

    @cached_property
    def weight(self) -> int:
        """Return the total points of all supporters."""
        return sum(size * points for size, points in zip(self.sizes, self.points, strict=True))


@dataclass(frozen=True)
class Market:
    """Eligible options that cost something, in tie order: the lower index wins a tie.

    After `steps` increases every ballot holds (pot + step * steps * voters) / voters of virtual
    money, in the profile's unit. `by_cost`: an option's utility to a supporter is its cost times
    the points (otherwise the points alone).
    """

    ids: tuple[str, ...]
    costs: tuple[int, ...]
    supporters: tuple[Supporters, ...]
    rivals: tuple[tuple[int, ...], ...]
    groups: int
    voters: int
    pot: int
    step: int
    by_cost: bool

    @classmethod
    def of(cls, contest: Contest, ids: Sequence[str]) -> "Market":
        """Return the market of these options, best in a tie first."""
        position = {item: n for n, item in enumerate(ids)}
        merged: dict[tuple[tuple[int, int], ...], int] = {}
        for support, number in contest.supports.items():
            wanted = tuple(sorted((position[i], p) for i, p in support if i in position))
            if wanted:
                merged[wanted] = merged.get(wanted, 0) + number
        members: list[list[tuple[int, int, int]]] = [[] for _ in ids]
        for group, wanted in enumerate(sorted(merged)):
            for option, points in wanted:
                members[option].append((group, merged[wanted], points))
        names = [contest.profile.by_id[item].group for item in ids]
        return cls(
            ids=tuple(ids),
            costs=tuple(contest.costs[item] for item in ids),
            supporters=tuple(_supporters(rows) for rows in members),
            rivals=tuple(_rivals(names, n) for n in range(len(ids))),
            groups=len(merged),
            voters=contest.voters,
            pot=contest.pot,
            step=int(contest.specification.parameters["step"]),
            by_cost=contest.specification.parameters["utility"] == "cost",
        )

    def money(self, steps: int) -> int:
        """Return what all voters hold together after `steps` increases."""
        return self.pot + self.step * steps * self.voters

    def share(self, steps: int) -> Fraction:
        """Return what one voter holds after `steps` increases."""
        return Fraction(self.money(steps), self.voters)

    def price(self, option: int, payment: Fraction) -> Fraction:
        """Return the price per unit of utility of a payment per point; lowest first."""
        return payment / self.costs[option] if self.by_cost else payment

    def spent(self, options: Iterable[int]) -> int:
        """Return the total cost of these options."""
        return sum(self.costs[option] for option in options)

    def still_fits(self, funded: Sequence[int], room: int) -> bool:
        """Return whether an option neither funded nor excluded costs no more than `room`."""
        gone = {*funded, *(rival for option in funded for rival in self.rivals[option])}
        return any(cost <= room for n, cost in enumerate(self.costs) if n not in gone)

    def nothing_left(self, funded: Sequence[int]) -> bool:
        """Return whether every option is funded or excluded."""
        gone = {*funded, *(rival for option in funded for rival in self.rivals[option])}
        return len(gone) == len(self.costs)


def _supporters(rows: Sequence[tuple[int, int, int]]) -> Supporters:
    groups, sizes, points = zip(*rows, strict=True)
    return Supporters(groups, sizes, points)


def _rivals(names: Sequence[str | None], option: int) -> tuple[int, ...]:
    if names[option] is None:
        return ()
    return tuple(n for n, name in enumerate(names) if name == names[option] and n != option)
