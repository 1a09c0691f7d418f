"""Positional rules: an option gets points for its rank on each ballot."""

from collections.abc import Sequence
from fractions import Fraction

from consult.counting import examples, units
from consult.counting.ordering import by_score
from consult.counting.outcome import Outcome
from consult.counting.profile import Profile, Ranking
from consult.counting.specification import Specification, rule
from consult.marking import N_

LACKING = "fewer_points"
Scores = dict[str, int | Fraction]


@rule(
    "borda",
    "Points by place",
    "Each place is worth points, the first the most. Options left out share what is left.",
    accepts=("ranking",),
    unit=units.POINTS,
    example=examples.SHORT_BALLOTS,
    place=2,
)
def borda(profile: Profile, specification: Specification) -> Outcome:
    """Borda count: m-1 points for the first of m, then one less; unranked: mean of the rest."""
    # In half points, so that all are whole: every option gets the mean due to the unranked, and
    # ranked ones get the difference to their own points.
    halves: Scores = dict.fromkeys(profile.ids, 0)
    size = len(profile.ids)
    for_everyone = 0
    for ranking, number in profile.rankings.items():
        mean = max(size - sum(map(len, ranking)) - 1, 0)
        for_everyone += number * mean
        _award(halves, ranking, range(2 * size - 2 - mean, -2 * size, -2), number)
    scores = {item: Fraction(half + for_everyone, 2) for item, half in halves.items()}
    return by_score(profile, specification, scores, lacking=LACKING)


@rule(
    "borda-zero",
    "Points by place, none for options left out",
    "Each place is worth points, the first the most. Options left out get nothing.",
    accepts=("ranking",),
    unit=units.POINTS,
    example=examples.SHORT_BALLOTS,
    place=3,
)
def borda_zero(profile: Profile, specification: Specification) -> Outcome:
    """Borda count: m-1 points for the first of m, then one less; unranked: none."""
    scores: Scores = dict.fromkeys(profile.ids, 0)
    points = range(len(profile.ids) - 1, -1, -1)
    for ranking, number in profile.rankings.items():
        _award(scores, ranking, points, number)
    return by_score(profile, specification, scores, lacking=LACKING)


@rule(
    "borda-modified",
    "Points by place, fewer on short ballots",
    "The first choice gets one point for each option ranked, each next choice one fewer.",
    accepts=("ranking",),
    unit=units.POINTS,
    example=examples.SHORT_BALLOTS,
    place=4,
)
def borda_modified(profile: Profile, specification: Specification) -> Outcome:
    """Modified Borda count: L points for the first of L ranked options, one for the last."""
    scores: Scores = dict.fromkeys(profile.ids, 0)
    for ranking, number in profile.rankings.items():
        _award(scores, ranking, range(sum(map(len, ranking)), 0, -1), number)
    return by_score(profile, specification, scores, lacking=LACKING)


@rule(
    "points-N",
    "Points for the first few choices",
    "The first choice gets as many points as you say, and each next choice one fewer.",
    accepts=("ranking",),
    unit=units.POINTS,
    example=examples.POINTS,
    place=1,
)
def points_for_ranks(profile: Profile, specification: Specification) -> Outcome:
    """Give N points to the first rank, N-1 to the second, ... down to one; none to later ranks."""
    top = int(specification.rule.rpartition("-")[2])
    scores: Scores = dict.fromkeys(profile.ids, 0)
    points = [max(top - position, 0) for position in range(len(profile.ids))]
    for ranking, number in profile.rankings.items():
        _award(scores, ranking, points, number)
    return by_score(profile, specification, scores, lacking=LACKING)


@rule(
    "plurality",
    "Most first choices",
    "The option that most people put first wins. Later choices are not used.",
    accepts=("ranking", "single"),
    how=N_("Everybody's first choice counts once. The most first choices win."),
    unit=units.FIRST_CHOICES,
    example=examples.Example(examples.ROUNDS),
    place=5,
)
def plurality(profile: Profile, specification: Specification) -> Outcome:
    """Count one vote for the option alone on the first rank; none if that rank is shared."""
    return by_score(profile, specification, profile.first_choices, lacking="fewer_votes")


def _award(scores: Scores, ranking: Ranking, points: Sequence[int], number: int) -> None:
    """Add the points of one ranking; options on a shared rank get the mean of its points."""
    position = 0
    for rank in ranking:
        size = len(rank)
        if size == 1:
            scores[rank[0]] += number * points[position]
        else:
            mean = Fraction(sum(points[position : position + size]), size)
            for item in rank:
                scores[item] += number * mean
        position += size
