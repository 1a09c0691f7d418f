"""Sequential Phragmén for budgets: each award is a load shared equally by its supporters."""

from collections.abc import Sequence
from fractions import Fraction
from math import gcd
from typing import Any

from consult.counting import examples, units
from consult.counting.budgets.budget import ACCEPTS, FIRST_CHOICE, THRESHOLD, Contest, decimals
from consult.counting.outcome import Outcome
from consult.counting.profile import Profile
from consult.counting.specification import Parameter, Specification, rule
from consult.marking import N_


@rule(
    "phragmen",
    "Shared costs (Phragmén)",
    (
        "The cost of each project is shared evenly by its supporters. The next project is "
        "always the one that burdens its supporters least."
    ),
    accepts=ACCEPTS,
    parameters=(
        # If the next award does not fit: end the count, or skip it.
        Parameter("misfit", "stop", ("stop", "skip")),
        THRESHOLD,
        FIRST_CHOICE,
    ),
    budget=True,
    how=N_(
        "The cost of each funded project is shared by the people who chose it. The next project "
        "is always the one that leaves its supporters with the least to carry."
    ),
    unit=units.POINTS,
    example=examples.Example(examples.SHARED, follows=("misfit",)),
    work=20,
    place=19,
)
def phragmen(profile: Profile, specification: Specification) -> Outcome:
    """Repeatedly fund the option that leaves its supporters with the lowest load each."""
    contest = Contest.of(profile, specification)
    return _Count(contest).outcome()


class Loads:
    """The load of each ballot, stored as the level of the last award it supported.

    Every load is one of the loads awarded so far, so it is enough to know how many of an option's
    supporters are at each level. Loads are integers over a common denominator.
    """

    def __init__(self, contest: Contest, admitted: Sequence[str]) -> None:
        self.denominator = 1
        self.levels = [0]
        wanted = set(admitted)
        self.ballots = [
            (tuple(item for item, _ in support if item in wanted), number)
            for support, number in contest.supports.items()
        ]
        self.last = [0] * len(self.ballots)
        self.supporters: dict[str, list[int]] = {item: [] for item in admitted}
        self.counts: dict[str, dict[int, int]] = {item: {} for item in admitted}
        for place, (chosen, number) in enumerate(self.ballots):
            for item in chosen:
                self.supporters[item].append(place)
                self.counts[item][0] = self.counts[item].get(0, 0) + number

    def after(self, item: str, cost: int) -> tuple[int, int]:
        """Return the supporters' load after an award as (p, q), meaning p / (q * denominator)."""
        counts = self.counts[item]
        carried = sum(number * self.levels[level] for level, number in counts.items())
        return carried + cost * self.denominator, sum(counts.values())

    def award(self, item: str, cost: int) -> Fraction:
        """Set the supporters of the option to their new common load and return it."""
        load, number = self.after(item, cost)
        common = gcd(load, number)
        scale = number // common
        self.denominator *= scale
        self.levels = [level * scale for level in self.levels]
        self.levels.append(load // common)
        new = len(self.levels) - 1
        for place in self.supporters[item]:
            chosen, size = self.ballots[place]
            old, self.last[place] = self.last[place], new
            for other in chosen:
                counts = self.counts[other]
                counts[new] = counts.get(new, 0) + size
                counts[old] -= size
                if not counts[old]:
                    del counts[old]
        return Fraction(self.levels[new], self.denominator)


class _Count:
    """The state of one count: open options, money left, and what was decided."""

    def __init__(self, contest: Contest) -> None:
        self.contest = contest
        self.ties = contest.ties()
        self.left = contest.pot
        self.funded: list[str] = []
        self.rounds: list[dict[str, Any]] = []
        self.open = [item for item in contest.eligible if contest.costs[item] <= contest.pot]
        self.reasons = {
            item: {**contest.why_no_room(item, contest.pot), "code": "dearer-than-the-pot"}
            for item in contest.eligible
            if contest.costs[item] > contest.pot
        }
        self.loads = Loads(contest, self.open)

    def outcome(self) -> Outcome:
        skip = self.contest.specification.parameters["misfit"] == "skip"
        while self.open:
            item = self._lightest()
            self.open.remove(item)
            if self.contest.costs[item] <= self.left:
                self._fund(item)
                continue
            self.reasons[item] = self.contest.why_no_room(item, self.left)
            self._note(item, None)
            if not skip:
                self.reasons |= {other: {"code": "stopped", "at": item} for other in self.open}
                break
        return self.contest.outcome(
            self.funded, rounds=self.rounds, ties=self.ties, reasons=self.reasons
        )

    def _lightest(self) -> str:
        """Return the open option that gives its supporters the lowest load; ties by the chain."""
        best: list[str] = []
        least = (1, 0)
        for item in self.open:
            load = self.loads.after(item, self.contest.costs[item])
            difference = load[0] * least[1] - least[0] * load[1]
            if difference < 0:
                best, least = [item], load
            elif difference == 0:
                best.append(item)
        load_now = decimals(Fraction(least[0], least[1] * self.loads.denominator))
        return self.ties.sequence(best, {"round": len(self.rounds) + 1, "load": load_now})[0]

    def _fund(self, item: str) -> None:
        cost = self.contest.costs[item]
        self.left -= cost
        self.funded.append(item)
        self._note(item, self.loads.award(item, cost))
        for other in [other for other in self.open if self.contest.rival(other, [item])]:
            self.reasons[other] = self.contest.why_excluded(other, item)
            self.open.remove(other)

    def _note(self, item: str, load: Fraction | None) -> None:
        self.rounds.append(
            {
                "round": len(self.rounds) + 1,
                "option": item,
                "score": self.contest.scores[item],
                "cost": self.contest.costs[item],
                "decision": "does-not-fit" if load is None else "funded",
                **({} if load is None else {"load": decimals(load)}),
                "spent": self.contest.pot - self.left,
                "left": self.left,
            }
        )
