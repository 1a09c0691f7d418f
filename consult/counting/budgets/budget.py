"""Common parts of the budget rules: support of each option, eligibility and reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from consult.counting.outcome import Outcome, exact
from consult.counting.profile import Profile
from consult.counting.specification import Parameter, Specification
from consult.counting.ties import Ties
from events.kinds.kind import Shape

ACCEPTS = ("approval", "basket", "ranking", "points", "single")
CHAIN = ("cost", "votes", "lot")

THRESHOLD = Parameter("threshold", 0)
# Points of a first choice on rankings; if absent, the number of options the ballot ranks.
FIRST_CHOICE = Parameter("first_choice", None, minimum=1)

# A ballot as the budget rules read it: (option id, points) sorted by id, points above 0.
Support = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Contest:
    """A pot, options with costs and ballots as points; money in the profile's unit."""

    profile: Profile
    specification: Specification

    @classmethod
    def of(cls, profile: Profile, specification: Specification) -> "Contest":
        """Return the contest; an empty tie chain is replaced by that of the budget rules."""
        if not specification.tie_chain:
            specification = replace(specification, tie_chain=CHAIN)
        return cls(profile, specification)

    @cached_property
    def pot(self) -> int:
        """Return the money to spend."""
        assert self.profile.pot is not None, "a budget rule was given no pot"
        return self.profile.pot

    @cached_property
    def costs(self) -> Mapping[str, int]:
        """Return the cost of each option."""
        return {option.id: option.cost or 0 for option in self.profile.options}

    @cached_property
    def supports(self) -> Mapping[Support, int]:
        """Return distinct non-empty ballots as points, with the number of people who gave each."""
        if self.profile.shape is Shape.AMOUNTS:
            return self.profile.scorings
        if self.profile.shape is Shape.ORDER:
            return self._rank_points()
        return {
            tuple((item, 1) for item in chosen): number
            for chosen, number in self.profile.approvals.items()
        }

    def _rank_points(self) -> Mapping[Support, int]:
        merged: dict[Support, int] = {}
        for ranking, number in self.profile.rankings.items():
            points = self.specification.parameters.get("first_choice")
            left = int(points) if points is not None else sum(map(len, ranking))
            given: list[tuple[str, int]] = []
            for rank in ranking:
                given += [(item, left) for item in rank if left > 0]
                left -= len(rank)
            support = tuple(sorted(given))
            merged[support] = merged.get(support, 0) + number
        return merged

    @cached_property
    def voters(self) -> int:
        """Return how many ballots get a share: all, or those that support something."""
        if self.specification.parameters.get("empty") == "ignored":
            return sum(self.supports.values())
        return self.profile.ballots

    @cached_property
    def votes(self) -> Mapping[str, int]:
        """Return how many ballots give each option points."""
        tally = dict.fromkeys(self.profile.ids, 0)
        for support, number in self.supports.items():
            for item, _ in support:
                tally[item] += number
        return tally

    @cached_property
    def scores(self) -> Mapping[str, int]:
        """Return the points of each option; its votes where ballots give one point at most."""
        tally = dict.fromkeys(self.profile.ids, 0)
        for support, number in self.supports.items():
            for item, points in support:
                tally[item] += number * points
        return tally

    @cached_property
    def threshold(self) -> int:
        """Return the lowest score that can be funded, at least 1."""
        return max(1, int(self.specification.parameters["threshold"]))

    @cached_property
    def eligible(self) -> tuple[str, ...]:
        """Return the ids that reach the threshold, in code point order."""
        return tuple(item for item in self.profile.ids if self.scores[item] >= self.threshold)

    def ties(self) -> Ties:
        """Return a tie-breaker that collects the ties it meets."""
        figures = {"votes": self.votes.__getitem__, "score": self.scores.__getitem__}
        return Ties(self.profile, self.specification, figures)

    def rival(self, item: str, funded: Iterable[str]) -> str | None:
        """Return the funded option of the same exclusive group, or None."""
        group = self.profile.by_id[item].group
        if group is None:
            return None
        return next((won for won in funded if self.profile.by_id[won].group == group), None)

    def why_not_admitted(self, item: str) -> dict[str, Any]:
        """Return the reason of an option below the threshold."""
        score = self.scores[item]
        if score == 0:
            return {"code": "no-support"}
        short = self.threshold - score
        return {
            "code": "below-threshold",
            "score": score,
            "threshold": self.threshold,
            "short": short,
        }

    def why_excluded(self, item: str, rival: str) -> dict[str, Any]:
        """Return the reason of an option whose exclusive group already has a funded option."""
        return {"code": "group-taken", "by": rival, "group": self.profile.by_id[item].group}

    def why_no_room(self, item: str, left: int) -> dict[str, Any]:
        """Return the reason of an option that cost more than was left at its turn."""
        cost = self.costs[item]
        return {"code": "does-not-fit", "cost": cost, "left": left, "over": cost - left}

    def outcome(
        self,
        funded: Sequence[str],
        *,
        rounds: Sequence[Mapping[str, Any]],
        ties: Ties,
        reasons: Mapping[str, Mapping[str, Any]],
        tables: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Return the outcome, adding what is common to all budget rules."""
        spent = sum(self.costs[item] for item in funded)
        assert 0 <= spent <= self.pot, "more was spent than there is"
        refused = {i: self.why_not_admitted(i) for i in self.profile.ids if i not in self.eligible}
        reasons = {**refused, **reasons}
        assert set(reasons) == set(self.profile.ids) - set(funded), "a loser without a reason"
        return Outcome(
            rule=self.specification.rule,
            rule_version="1",
            specification=self.specification.as_json(),
            ballots=self.profile.ballots,
            funded=tuple(funded),
            spent=spent,
            left=self.pot - spent,
            scores={item: str(score) for item, score in self.scores.items()},
            rounds=rounds,
            ties=ties.met,
            reasons=reasons,
            tables={**(tables or {}), **self._tables(set(funded))},
        )

    def _tables(self, funded: set[str]) -> dict[str, Any]:
        served = sum(
            number
            for support, number in self.supports.items()
            if any(item in funded for item, _ in support)
        )
        return {
            "options": {item: self._line(item) for item in self.profile.ids},
            "ballots_with_a_funded_choice": served,
        }

    def _line(self, item: str) -> dict[str, Any]:
        votes, cost = self.votes[item], self.costs[item]
        return {
            "votes": votes,
            "score": self.scores[item],
            "cost": cost,
            "cost_per_vote": exact(Fraction(cost, votes)) if votes else None,
        }


def decimals(number: Fraction) -> str:
    """Return the number with six decimals, rounded down, where the exact fraction is too long."""
    millionths = number.numerator * 1_000_000 // number.denominator
    return f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}"
