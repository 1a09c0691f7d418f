"""Rules that add up what each option was given: approvals, points and grades."""

from fractions import Fraction

from consult.counting.ordering import LOWER_MEAN, by_score
from consult.counting.outcome import Outcome, exact
from consult.counting.profile import Profile
from consult.counting.specification import Specification, rule


@rule(
    "approval",
    "Most approvals",
    "The option that most people support wins.",
    accepts=("approval", "basket", "several", "single"),
)
def approval(profile: Profile, specification: Specification) -> Outcome:
    """One vote for every option a ballot chooses."""
    return by_score(profile, specification, profile.votes, lacking="fewer_votes")


@rule(
    "points-sum",
    "Most points",
    "All the points that people gave an option are added up.",
    accepts=("points", "rating"),
)
def points_sum(profile: Profile, specification: Specification) -> Outcome:
    """The points each option was given, added up."""
    scores: dict[str, int] = dict.fromkeys(profile.ids, 0)
    for scoring, number in profile.scorings.items():
        for item, points in scoring:
            scores[item] += number * points
    return by_score(profile, specification, scores, lacking="fewer_points")


@rule(
    "rating",
    "Highest average grade",
    "The grades of each statement are averaged over the people who graded it.",
    accepts=("rating",),
)
def rating(profile: Profile, specification: Specification) -> Outcome:
    """The exact mean of the grades given to each option; an option nobody graded has 0.

    tables: `distribution`, how many gave each option each grade.
    """
    given: dict[str, dict[int, int]] = {item: {} for item in profile.ids}
    for scoring, number in profile.scorings.items():
        for item, grade in scoring:
            given[item][grade] = given[item].get(grade, 0) + number
    means = {item: _mean(grades) for item, grades in given.items()}
    distribution = {
        item: {exact(grade): grades[grade] for grade in sorted(grades)}
        for item, grades in given.items()
    }
    return by_score(
        profile,
        specification,
        means,
        lacking=LOWER_MEAN,
        tables={"distribution": distribution},
    )


def _mean(grades: dict[int, int]) -> Fraction:
    total = sum(grade * number for grade, number in grades.items())
    return Fraction(total, max(sum(grades.values()), 1))
