"""Rules that add up what each option is given: approvals, points and grades."""

from fractions import Fraction

from consult.counting import examples, units
from consult.counting.ordering import LOWER_MEAN, by_score
from consult.counting.outcome import Outcome, exact
from consult.counting.profile import Profile
from consult.counting.specification import Specification, rule
from consult.marking import N_


@rule(
    "approval",
    "Most approvals",
    "The option that most people support wins.",
    accepts=("approval", "basket", "several", "single"),
    how=N_("Every option that somebody chose gets one vote. The most votes win."),
    unit=units.VOTES,
    example=examples.Example(
        examples.profile(
            "approval", (3, ["park", "library"]), (2, ["library", "market"]), (1, ["park"])
        )
    ),
    place=11,
)
def approval(profile: Profile, specification: Specification) -> Outcome:
    """Count one vote for every option on a ballot."""
    return by_score(profile, specification, profile.votes, lacking="fewer_votes")


@rule(
    "points-sum",
    "Most points",
    "All the points that people gave an option are added up.",
    accepts=("points", "rating"),
    how=N_("The points that people gave are added up. The most points win."),
    unit=units.POINTS,
    example=examples.Example(
        examples.profile("points", (2, {"park": 3, "library": 2}), (1, {"library": 4, "market": 1}))
    ),
    place=12,
)
def points_sum(profile: Profile, specification: Specification) -> Outcome:
    """Add up the points of each option."""
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
    how=N_("The grades of each option are averaged. The highest average wins."),
    unit=units.GRADES,
    example=examples.Example(
        examples.profile(
            "rating", (2, {"park": 3, "library": 2}), (2, {"park": 1, "library": 3, "market": 1})
        )
    ),
    place=13,
)
def rating(profile: Profile, specification: Specification) -> Outcome:
    """Return the exact mean of each option's grades; 0 for an option without grades.

    tables: `distribution`, the number of people who gave each option each grade.
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
