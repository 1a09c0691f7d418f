"""Determine what would have been enough for a losing option, by recounting.

A number here is a number of further ballots that name the option alone, or an amount by which its
cost is lower. With it the option wins and with one less it does not; both were counted. There is
no number where recounting is too expensive or nothing would be enough.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from consult.counting import count
from consult.counting.budgets.greedy import funded_by
from consult.counting.outcome import Outcome
from consult.counting.profile import Answer, Profile
from consult.counting.specification import Specification, find_rule, settled
from events.kinds.kind import Shape

Enough = dict[str, dict[str, int]]

WORK_MAX = 400_000
"""Limit of recounting per result, in ballot groups processed."""
BY_SCORE = frozenset({"greedy-skip", "greedy-stop", "greedy-per-cost", "approval", "points-sum"})
"""Rules that depend only on each option's total."""
GRADE_MIN = 1
GREEDY = frozenset({"greedy-skip", "greedy-stop", "greedy-per-cost"})
NUMBERS = frozenset({Shape.AMOUNTS, Shape.ORDER})
"""Forms of ballots that can give an option more than one vote, by points or ranks."""
NEVER = frozenset({"no_votes", "dearer-than-the-pot"})
"""Reasons that no further ballot could change."""


def enough(profile: Profile, specification: Specification, outcome: Outcome) -> Enough:
    """Return for each losing option `more` ballots for it alone, or `less` of its cost.

    Where ballots give numbers, `points` is what each of the further ballots gives it. The options
    that came closest are examined first, as far as WORK_MAX allows.
    """
    return _Search(profile, specification, outcome).run()


def reasons_with(
    reasons: Mapping[str, Mapping[str, Any]], found: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, Any]]:
    """Return the reasons of a result with what would have been enough in place of `needed`.

    `needed` in a result document is the difference between two figures. Where further ballots
    change both figures, it is not the number that would have been enough.
    """
    return {
        option: {name: it for name, it in reason.items() if _is_told(reason, name)}
        | {"option": option}
        | dict(found.get(option, {}))
        for option, reason in reasons.items()
    }


def _is_told(reason: Mapping[str, Any], name: str) -> bool:
    return name != "needed" or reason["code"] == "supporters-short"


def supported(profile: Profile, option: str, ballots: int, points: int = 0) -> Profile:
    """Return the profile with `ballots` further ballots that name this option alone.

    A ballot of grades gives every other option the lowest one, as many questions ask for all.
    """
    answer: Answer = [option]
    if profile.has_scale:
        answer = dict.fromkeys(profile.ids, GRADE_MIN) | {option: points}
    elif profile.shape is Shape.AMOUNTS:
        answer = {option: points}
    elif profile.shape is Shape.ONE:
        answer = option
    return replace(profile, groups=(*profile.groups, (answer, ballots)))


def cheaper(profile: Profile, option: str, by: int) -> Profile:
    """Return the profile with the option's cost lowered by `by`."""
    options = tuple(
        replace(each, cost=(each.cost or 0) - by) if each.id == option else each
        for each in profile.options
    )
    return replace(profile, options=options)


def points_most(profile: Profile) -> int:
    """Return the most points that any ballot gives one option; 0 for other kinds of ballot."""
    if profile.shape is not Shape.AMOUNTS:
        return 0
    return max((value for scoring in profile.scorings for _, value in scoring), default=0)


def least(suffices: Callable[[int], bool], guess: int, most: int) -> int | None:
    """Return a number that suffices while one less does not; None if `most` does not suffice.

    0 must not suffice. `guess`: where to start. Exponential search upwards, then bisection.
    """
    low, high = 0, max(1, min(guess, most))
    step = 1
    while not suffices(high):
        if high >= most:
            return None
        low, high, step = high, min(high + step, most), 2 * step
    if high - low > 1 and low == 0 and not suffices(high - 1):
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if suffices(middle):
            high = middle
        else:
            low = middle
    return high


@dataclass
class _Search:
    """A search through the losers of a count. `work`: ballot groups processed so far."""

    profile: Profile
    specification: Specification
    outcome: Outcome
    work: int = 0

    def run(self) -> Enough:
        rule = find_rule(self.specification.rule)
        self.counted = self.profile
        by_score = rule.id in BY_SCORE and not self.profile.has_scale
        if by_score and "first-choices" not in self.specification.tie_chain:
            self.counted = _by_option(self.profile, self.outcome)
        # A greedy rule is recounted often; fill in the defaults once.
        self.complete = settled(self.profile, self.specification)[1]
        size = len(self.counted.groups) + len(self.counted.options)
        self.price = size * rule.work
        self.points = points_most(self.profile)
        found: Enough = {}
        for option in self._losers():
            numbers = self._of(option, self.outcome.reasons[option], budget=rule.budget)
            if numbers:
                found[option] = numbers
        return found

    def _losers(self) -> Sequence[str]:
        """Return the losers, closest first: by place, or by score where there is no order."""
        reasons = self.outcome.reasons
        if self.outcome.order:
            return [item for place in self.outcome.order for item in place if item in reasons]
        return sorted(reasons, key=lambda item: (-int(self.outcome.scores[item]), item))

    def _of(self, option: str, reason: Mapping[str, Any], *, budget: bool) -> dict[str, int]:
        numbers: dict[str, int] = {}
        if reason["code"] not in NEVER and not (self.points == 0 and self._gives_numbers):
            more = self._least(self._more(option), self._guess(option, reason), self._most())
            if more is not None:
                numbers["more"] = more
                if self._gives_numbers:
                    numbers["points"] = self.points
        cost = self.counted.by_id[option].cost
        if budget and cost:
            over = reason.get("over", reason.get("short", 1))
            less = self._least(self._less(option), over, cost - 1)
            if less is not None:
                numbers["less"] = less
        return numbers

    @property
    def _gives_numbers(self) -> bool:
        return self.profile.shape is Shape.AMOUNTS

    def _most(self) -> int:
        threshold = int(self.specification.parameters.get("threshold", 0))
        return 2 * self.profile.ballots + threshold + 10

    def _score_to_fit(self, option: str) -> int:
        """Return the score of the last option before whose turn this one would still fit."""
        mine = self.counted.by_id[option]
        score, left = 0, self.counted.pot or 0
        for turn in self.outcome.rounds:
            if left < (mine.cost or 0) or turn["decision"] == "stopped":
                break
            score, left = turn["score"], turn["left"]
            other = self.counted.by_id[turn["option"]]
            if self.specification.rule == "greedy-per-cost" and other.cost:
                score = -(-score * (mine.cost or 0) // other.cost)
            if turn["decision"] == "funded" and mine.group and mine.group == other.group:
                break
        return score

    def _guess(self, option: str, reason: Mapping[str, Any]) -> int:
        """Return the difference shown in the working; it is exact for the simplest rules."""
        guess = 1
        if self.outcome.rounds and self.specification.rule in GREEDY:
            guess = self._score_to_fit(option) - int(self.outcome.scores[option])
        elif "line" in reason or "votes" in reason:
            guess = int(reason.get("needed", 1))
        if reason["code"] == "below-threshold":
            guess = max(guess, int(reason["short"]))
        return max(1, -(-guess // self.points) if self.points else guess)

    def _least(self, wins: Callable[[int], bool], guess: int, most: int) -> int | None:
        if most < 1:
            return None
        try:
            return least(wins, guess, most)
        except _TooDear:
            return None

    def _more(self, option: str) -> Callable[[int], bool]:
        points = self.points
        if self.profile.shape is Shape.ORDER:
            # Where ranks are worth points, a ballot that ranks a single option gives it this many.
            points = int(self.specification.parameters.get("first_choice", 1))
        return lambda n: self._wins(supported(self.counted, option, n, points), option)

    def _less(self, option: str) -> Callable[[int], bool]:
        return lambda by: self._wins(cheaper(self.counted, option, by), option)

    def _wins(self, profile: Profile, option: str) -> bool:
        self.work += self.price
        if self.work > WORK_MAX:
            raise _TooDear
        if self.specification.rule in GREEDY:
            return option in funded_by(profile, self.complete)
        outcome = count(profile, self.specification)
        return option in outcome.elected or option in outcome.funded


class _TooDear(Exception):  # noqa: N818  not an error: the search ends
    """Recounting has reached WORK_MAX."""


def _by_option(profile: Profile, outcome: Outcome) -> Profile:
    """Return ballots that name one option each, with the same total for every option.

    For a rule by score the two profiles are equivalent, and this one is fast to count.
    """
    lines = outcome.tables.get("options")
    groups: list[tuple[Answer, int]] = []
    for item in profile.ids:
        votes = lines[item]["votes"] if lines else profile.votes[item]
        if profile.shape not in NUMBERS:
            groups.append(([item], votes))
        elif votes:
            score = int(outcome.scores.get(item, 0))
            groups += [({item: 1}, votes - 1), ({item: score - votes + 1}, 1)]
    kind = "points" if profile.shape in NUMBERS else "approval"
    return replace(profile, kind=kind, groups=tuple(groups))
