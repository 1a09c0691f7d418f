"""Rules that add up points, votes or grades, in words."""

from consult.counting.units import FIRST_CHOICES
from consult.wording import figures
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import Counted, amount, figure, listed
from consult.wording.outcomes.worked_example import Worked
from consult.wording.rules.words import WORDS, RuleWords


def _points_by_place(counted: Counted) -> str:
    points = int(counted.rule.removeprefix("points-"))
    shown = listed([str(points - place) for place in range(min(points, 10))])
    return _(
        "A first place earns %(points)s points, and each place after it one less: %(shown)s. "
        "The points of everybody's answers are added up, and the most points win.",
        points=points,
        shown=shown,
    )


def _borda(counted: Counted) -> str:
    if counted.rule == "borda-modified":
        return _(
            "The last option that somebody ranked earns 1 point, and each place before it one "
            "more, so whoever ranks fewer options gives fewer points. Options left out get none. "
            "The most points win."
        )
    rest = {
        "borda": N_("Options that somebody left out share the points that remain."),
        "borda-zero": N_("Options that somebody left out get no points from that answer."),
    }
    return (
        _(
            "Each option earns a point for every one of the %(options)s options that somebody "
            "placed it above. The most points win.",
            options=len(counted.titles),
        )
        + " "
        + _(rest[counted.rule])
    )


def _votes(counted: Counted, winner: str) -> str:
    votes = int(amount(counted.outcome["scores"][counted.chosen[0]]))
    ballots = counted.outcome["ballots"]
    is_ranked = counted.unit is FIRST_CHOICES
    if ballots == 1:
        only = N_("%(winner)s came first, chosen in the only response.")
        first = N_("%(winner)s came first: the only response put it first.")
        return _(first if is_ranked else only, winner=winner)
    chosen = N_("%(winner)s came first, chosen in %(votes)s of %(ballots)s responses (%(share)s).")
    put = N_("%(winner)s came first: %(votes)s of %(ballots)s responses (%(share)s) put it first.")
    return _(
        put if is_ranked else chosen,
        winner=winner,
        votes=figures.number(votes),
        ballots=figures.number(ballots),
        share=figures.percent(votes, ballots),
    )


def _most_points(counted: Counted, winner: str) -> str:
    points = figure(counted.outcome["scores"][counted.chosen[0]])
    return _("%(winner)s came first, with %(points)s points.", winner=winner, points=points)


def _mean(counted: Counted, winner: str) -> str:
    return _(
        "%(winner)s came first, with an average grade of %(mean)s out of %(top)s.",
        winner=winner,
        mean=figure(counted.outcome["scores"][counted.chosen[0]]),
        top=counted.question.scale,
    )


def _example_of_points(worked: Worked) -> str:
    return _(
        "Points: %(scores)s. %(winner)s comes first.", scores=worked.scores, winner=worked.winner
    )


def _example_of_votes(worked: Worked) -> str:
    return _(
        "Votes: %(scores)s. %(winner)s comes first.", scores=worked.scores, winner=worked.winner
    )


def _example_of_firsts(worked: Worked) -> str:
    return _(
        "First choices: %(scores)s. %(winner)s comes first.",
        scores=worked.scores,
        winner=worked.winner,
    )


def _example_of_grades(worked: Worked) -> str:
    return _(
        "Average grades: %(scores)s. %(winner)s comes first.",
        scores=worked.scores,
        winner=worked.winner,
    )


WORDS["points-N"] = RuleWords(_example_of_points, _most_points, how=_points_by_place)
for _rule in ("borda", "borda-zero", "borda-modified"):
    WORDS[_rule] = RuleWords(_example_of_points, _most_points, how=_borda)
WORDS["points-sum"] = RuleWords(_example_of_points, _most_points)
WORDS["plurality"] = RuleWords(_example_of_firsts, _votes)
WORDS["approval"] = RuleWords(_example_of_votes, _votes)
WORDS["rating"] = RuleWords(_example_of_grades, _mean)
