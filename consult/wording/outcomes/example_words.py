"""The example of a counting rule in words: who answers what in it, and what comes of it.

Every number in the words is read from a count of the example, so they cannot say another.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from consult.counting.examples import example_of
from consult.counting.profile import Answer
from consult.wording.language import gettext as _
from consult.wording.outcomes import example_budget_words as budgets
from consult.wording.outcomes.counted import Counted, figure, listed
from consult.wording.outcomes.worked_example import NAMES, Worked, name


class Shown(NamedTuple):
    """An example on a page: what leads to the answers, the answers, and what comes of them."""

    lead: str
    answers: tuple[str, ...]
    outcome: str


def shown(counted: Counted) -> Shown:
    """Return the example of the rule of a question, under the settings that its terms fix."""
    example = example_of(counted.rule, counted.question.kind)
    settings = counted.outcome["specification"]["parameters"]
    outcome = example.counted(counted.rule, settings).as_json()
    worked = Worked(counted, example, outcome)
    answers = tuple(
        _given(people, _answer(example.profile.kind, answer))
        for answer, people in example.profile.groups
    )
    say = OUTCOMES.get(counted.rule, OUTCOMES["points-N"])
    return Shown(_lead(worked), answers, say(worked))


def _lead(worked: Worked) -> str:
    profile = worked.example.profile
    if profile.pot is not None:
        projects = [f"{name(id)} ({worked.cost(id)})" for id in NAMES]
        return _(
            "Suppose there is %(pot)s for these projects: %(projects)s. These are all the answers:",
            pot=worked.money(profile.pot),
            projects=listed(projects),
        )
    if profile.kind == "ranking":
        return _("Suppose these are all the answers, the best first:")
    return _("Suppose these are all the answers:")


def _given(people: int, answer: str) -> str:
    if people == 1:
        return _("1 person: %(answer)s", answer=answer)
    return _("%(people)s people: %(answer)s", people=people, answer=answer)


def _answer(kind: str, answer: Answer) -> str:
    if kind == "single":
        return name(answer)
    if kind == "ranking":
        return ", ".join(map(name, answer))
    if isinstance(answer, dict):
        return ", ".join(f"{name(id)} {number}" for id, number in answer.items())
    return listed([name(id) for id in answer])


def _points(worked: Worked) -> str:
    return _(
        "Points: %(scores)s. %(winner)s comes first.", scores=worked.scores, winner=worked.winner
    )


def _votes(worked: Worked) -> str:
    return _(
        "Votes: %(scores)s. %(winner)s comes first.", scores=worked.scores, winner=worked.winner
    )


def _firsts(worked: Worked) -> str:
    return _(
        "First choices: %(scores)s. %(winner)s comes first.",
        scores=worked.scores,
        winner=worked.winner,
    )


def _grades(worked: Worked) -> str:
    return _(
        "Average grades: %(scores)s. %(winner)s comes first.",
        scores=worked.scores,
        winner=worked.winner,
    )


def _run_off(worked: Worked) -> str:
    before, after = worked.outcome["rounds"]
    return _(
        "First choices: %(before)s. Nobody has more than half of the %(people)s votes, so "
        "%(out)s, with the fewest, drops out, and each of its votes moves to the next choice. "
        "Now: %(after)s. %(winner)s wins.",
        before=worked.votes(before),
        people=worked.outcome["ballots"],
        out=name(before["eliminated"][0]),
        after=worked.votes(after),
        winner=worked.winner,
    )


def _transfer(worked: Worked) -> str:
    before, after = worked.outcome["rounds"][:2]
    first, second = worked.outcome["elected"]
    quota = Fraction(before["quota"])
    return _(
        "With %(seats)s places the quota is %(quota)s votes. First choices: %(before)s. %(first)s "
        "is elected. Its %(surplus)s votes beyond the quota move on to next choices: %(second)s "
        "has %(moved)s now, and is elected too.",
        seats=worked.outcome["specification"]["seats"],
        quota=figure(quota),
        before=worked.votes(before),
        first=name(first),
        surplus=figure(Fraction(before["votes"][first]) - quota),
        second=name(second),
        moved=figure(after["votes"][second]),
    )


def _compared(worked: Worked) -> str:
    """Say who wins each comparison, the clearest win first."""
    pairs = worked.outcome["tables"]["pairwise"]
    wins = [(one, other) for one in pairs for other in pairs[one] if _beats(pairs, one, other)]
    wins.sort(key=lambda win: -pairs[win[0]][win[1]])
    return listed(
        [
            _(
                "%(one)s beats %(other)s by %(more)s to %(fewer)s",
                one=name(one),
                other=name(other),
                more=pairs[one][other],
                fewer=pairs[other][one],
            )
            for one, other in wins
        ]
    )


def _beats(pairs: Mapping[str, Mapping[str, int]], one: str, other: str) -> bool:
    return pairs[one][other] > pairs[other][one]


def _chains(worked: Worked) -> str:
    (winner,) = worked.outcome["elected"]
    pairs = worked.outcome["tables"]["pairwise"]
    (rival,) = (id for id in pairs[winner] if _beats(pairs, id, winner))
    (between,) = pairs.keys() - {winner, rival}
    reason = worked.outcome["reasons"][rival]
    return _(
        "Two at a time: %(wins)s. That goes in a circle. The chain from %(winner)s through "
        "%(between)s to %(rival)s is as strong as the weaker of its two wins: %(there)s. The win "
        "of %(rival)s over %(winner)s has a strength of %(back)s. %(winner)s wins.",
        wins=_compared(worked),
        winner=name(winner),
        between=name(between),
        rival=name(rival),
        there=reason["path"],
        back=reason["path_back"],
    )


def _fixed(worked: Worked) -> str:
    *fixed, last = worked.outcome["rounds"]
    one, other = last["dropped"][0]
    kept = [
        _(
            "%(one)s over %(other)s",
            one=name(round["kept"][0][0]),
            other=name(round["kept"][0][1]),
        )
        for round in fixed
    ]
    return _(
        "Two at a time: %(wins)s. That goes in a circle. Fixed are first %(first)s, then "
        "%(second)s. %(one)s over %(other)s would contradict them and is left out. "
        "%(winner)s wins.",
        wins=_compared(worked),
        first=kept[0],
        second=kept[1],
        one=name(one),
        other=name(other),
        winner=worked.winner,
    )


def _wins(worked: Worked) -> str:
    return _(
        "Two at a time: %(wins)s. Wins: %(scores)s. %(winner)s comes first.",
        wins=_compared(worked),
        scores=worked.scores,
        winner=worked.winner,
    )


OUTCOMES: Mapping[str, Callable[[Worked], str]] = {
    "points-N": _points,
    "borda": _points,
    "borda-zero": _points,
    "borda-modified": _points,
    "points-sum": _points,
    "plurality": _firsts,
    "approval": _votes,
    "rating": _grades,
    "irv": _run_off,
    "stv": _transfer,
    "schulze": _chains,
    "ranked-pairs": _fixed,
    "copeland": _wins,
    "greedy-skip": budgets.greedy,
    "greedy-stop": budgets.greedy,
    "greedy-per-cost": budgets.per_cost,
    "equal-shares": budgets.shares,
    "phragmen": budgets.loads,
}
"""By rule: what comes of its example."""
