"""Break ties by the published chain of criteria, for all rules, and report each tie."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from consult.counting.outcome import exact
from consult.counting.profile import RANKED, Profile
from consult.counting.specification import Specification, lot_order

# A figure to compare by: larger is better, except for the criteria in SMALLER_FIRST.
Figure = int | Fraction | tuple[int | Fraction, ...]
SMALLER_FIRST = ("cost", "lot")
UNDECIDED = "nothing"
LAST_RESORT = "last-resort"


class Ties:
    """The tie-breaker of one count; `met` collects the ties it met.

    `figures`: the rule's own criteria by name (`score`, `earlier-rounds`), each a function from
    option id to figure, larger first.
    """

    def __init__(
        self,
        profile: Profile,
        specification: Specification,
        figures: Mapping[str, Callable[[str], Figure]] | None = None,
    ) -> None:
        self.profile = profile
        self.specification = specification
        self.figures = {**_common_figures(profile, specification), **(figures or {})}
        self.met: list[dict[str, Any]] = []

    def places(
        self, items: Iterable[str], at: Mapping[str, Any], *, before: tuple[str, ...] = ()
    ) -> list[tuple[str, ...]]:
        """Return the items in places, best first; items that the chain leaves tied share one.

        `before`: criteria that the rule puts in front of the chain.
        """
        return self._split(sorted(items), dict(at), self._chain(before), final=False)

    def by_figure(
        self, figures: Mapping[str, int | Fraction], *, first_place: int = 1
    ) -> list[tuple[str, ...]]:
        """Return all options in places, largest figure first, equal ones split by the chain."""
        order: list[tuple[str, ...]] = []
        for group in _apart(sorted(figures), figures, larger_first=True):
            order += self.places(group, {"place": first_place + sum(map(len, order))})
        return order

    def sequence(
        self, items: Iterable[str], at: Mapping[str, Any], *, before: tuple[str, ...] = ()
    ) -> list[str]:
        """Return the items in a complete order, best first; a hash decides where the chain ends."""
        places = self._split(sorted(items), dict(at), self._chain(before), final=True)
        return [item for place in places for item in place]

    def _chain(self, before: tuple[str, ...]) -> tuple[str, ...]:
        chain = self.specification.tie_chain
        return (*before, *(criterion for criterion in chain if criterion not in before))

    def _split(
        self, items: list[str], at: dict[str, Any], chain: tuple[str, ...], *, final: bool
    ) -> list[tuple[str, ...]]:
        if len(items) <= 1:
            return [tuple(items)] if items else []
        steps = []
        for position, criterion in enumerate(chain):
            figure = self.figures.get(criterion)
            if figure is None:
                continue
            values = {item: figure(item) for item in items}
            steps.append({"by": criterion, "values": {i: _shown(values[i]) for i in items}})
            apart = _apart(items, values, larger_first=criterion not in SMALLER_FIRST)
            if len(apart) > 1:
                self._report(items, at, criterion, apart, steps)
                rest = chain[position + 1 :]
                return [p for group in apart for p in self._split(group, at, rest, final=final)]
        if final:
            drawn = [[item] for item in lot_order("", items)]
            self._report(items, at, LAST_RESORT, drawn, steps)
            return [tuple(group) for group in drawn]
        self._report(items, at, UNDECIDED, [items], steps)
        return [tuple(items)]

    def _report(
        self,
        items: list[str],
        at: dict[str, Any],
        decided_by: str,
        apart: list[list[str]],
        steps: list[dict[str, Any]],
    ) -> None:
        order = [item for group in apart for item in group]
        self.met.append(
            {"items": items, "at": at, "decided_by": decided_by, "order": order, "steps": steps}
        )


def _common_figures(
    profile: Profile, specification: Specification
) -> dict[str, Callable[[str], Figure]]:
    figures: dict[str, Callable[[str], Figure]] = {"votes": profile.votes.__getitem__}
    if profile.shape in RANKED:
        figures["first-choices"] = profile.first_choices.__getitem__
    if any(option.cost is not None for option in profile.options):
        # Cheaper first; an option without a cost ranks as the dearest.
        dearest = 1 + max(option.cost or 0 for option in profile.options)
        costs = {option.id: option.cost for option in profile.options}
        figures["cost"] = lambda item: dearest if (cost := costs[item]) is None else cost
    if specification.lot:
        drawn = {item: place for place, item in reversed([*enumerate(specification.lot, 1)])}
        after = len(specification.lot) + 1
        figures["lot"] = lambda item: drawn.get(item, after)
    return figures


def _apart(items: list[str], values: Mapping[str, Any], *, larger_first: bool) -> list[list[str]]:
    groups: dict[Any, list[str]] = {}
    for item in items:
        groups.setdefault(values[item], []).append(item)
    return [groups[value] for value in sorted(groups, reverse=larger_first)]


def _shown(value: Figure) -> str:
    if isinstance(value, tuple):
        return " ".join(exact(part) for part in value)
    return exact(value)
