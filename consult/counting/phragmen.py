"""Sequential Phragmen for budgets: every award is a load that its supporters share evenly."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Any

from consult.counting.budget import ACCEPTS, FIRST_CHOICE, THRESHOLD, Contest, decimals
from consult.counting.outcome import Outcome
from consult.counting.profile import Profile
from consult.counting.specification import Parameter, Specification, rule
from consult.counting.ties import Ties


@rule(
    "phragmen",
    "Sequential Phragmen: costs shared evenly among supporters",
    accepts=ACCEPTS,
    parameters=(
        # What happens when the next award does not fit: the count ends, or it is passed over.
        Parameter("misfit", "stop", ("stop", "skip")),
        THRESHOLD,
        FIRST_CHOICE,
    ),
    budget=True,
)
def phragmen(profile: Profile, specification: Specification) -> Outcome:
    """Fund the option that leaves its supporters with the least load each, again and again."""
    contest = Contest.of(profile, specification)
    return _Count(contest).outcome()


class Loads:
    """What each ballot carries, kept as "the load of the last award it supported".

    A ballot's load is one of the loads awarded so far, so only the number of an option's
    supporters at each of those levels is needed. Loads are whole numbers over one denominator.
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
        """The load of each supporter if the option were awarded, as (p, q) over denominator."""
        counts = self.counts[item]
        carried = sum(number * self.levels[level] for level, number in counts.items())
        return carried + cost * self.denominator, sum(counts.values())

    def award(self, item: str, cost: int) -> Fraction:
        """Give the supporters of the option their new common load and return it."""
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


@dataclass
class _Count:
    contest: Contest

    def outcome(self) -> Outcome:
        contest, ties = self.contest, self.contest.ties()
        skip = contest.specification.parameters["misfit"] == "skip"
        open_ = [item for item in contest.eligible if contest.costs[item] <= contest.pot]
        reasons = {
            item: {**contest.why_no_room(item, contest.pot), "code": "dearer-than-the-pot"}
            for item in contest.eligible
            if contest.costs[item] > contest.pot
        }
        loads = Loads(contest, open_)
        funded: list[str] = []
        rounds: list[dict[str, Any]] = []
        left = contest.pot
        while open_:
            item, number = _lightest(contest, loads, open_, ties, len(rounds) + 1)
            open_.remove(item)
            cost = contest.costs[item]
            if cost > left:
                reasons[item] = contest.why_no_room(item, left)
                rounds.append(_round(contest, number, item, left, None))
                if not skip:
                    reasons.update({other: {"code": "stopped", "at": item} for other in open_})
                    break
                continue
            left -= cost
            funded.append(item)
            rounds.append(_round(contest, number, item, left, loads.award(item, cost)))
            for other in [other for other in open_ if contest.rival(other, [item])]:
                reasons[other] = contest.why_excluded(other, item)
                open_.remove(other)
        return contest.outcome(funded, rounds=rounds, ties=ties, reasons=reasons)


def _lightest(
    contest: Contest, loads: Loads, items: Sequence[str], ties: Ties, number: int
) -> tuple[str, int]:
    best: list[str] = []
    least = (1, 0)
    for item in items:
        load = loads.after(item, contest.costs[item])
        difference = load[0] * least[1] - least[0] * load[1]
        if difference < 0:
            best, least = [item], load
        elif difference == 0:
            best.append(item)
    at = {"load": decimals(Fraction(least[0], least[1] * loads.denominator))}
    return ties.sequence(best, {"round": number, **at})[0], number


def _round(
    contest: Contest, number: int, item: str, left: int, load: Fraction | None
) -> dict[str, Any]:
    return {
        "round": number,
        "option": item,
        "score": contest.scores[item],
        "cost": contest.costs[item],
        "decision": "does-not-fit" if load is None else "funded",
        **({} if load is None else {"load": decimals(load)}),
        "spent": contest.pot - left,
        "left": left,
    }
