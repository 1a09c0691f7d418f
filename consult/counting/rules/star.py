"""Score then automatic run-off (STAR): the two options with the highest totals meet once more."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from consult.counting import examples, units
from consult.counting.ordering import (
    Order,
    Reasons,
    edge_of,
    elected_of,
    more_than,
    ordered,
    tie_reason,
)
from consult.counting.outcome import Outcome, exact
from consult.counting.profile import Profile
from consult.counting.specification import Specification, rule
from consult.counting.ties import Ties
from consult.marking import N_

FINALISTS = 2


@rule(
    "star",
    "Highest total, then a run-off (STAR)",
    (
        "The grades are added up. Of the two options with the highest totals the one that more "
        "people graded higher wins."
    ),
    accepts=("rating",),
    how=N_(
        "The grades of each option are added up. The two options with the highest totals meet in a "
        "run-off: every answer counts for the one of them that it graded higher. The most of these "
        "votes win. If both have as many, the larger total wins."
    ),
    unit=units.TOTALS,
    example=examples.Example(
        examples.profile(
            "rating", (4, {"park": 4, "library": 3}), (3, {"library": 4, "park": 1, "market": 2})
        )
    ),
    one_place=True,
    work=4,
    place=14,
)
def star(profile: Profile, specification: Specification) -> Outcome:
    """Order by total, then let the first two change places if more ballots grade them so.

    A run-off that is level goes to the larger total, then to the tie chain. rounds: the run-off,
    with its votes and the ballots without a preference. Source: the Equal Vote Coalition's
    definition of STAR voting; ties are broken by the published chain instead.
    """
    totals: dict[str, int] = dict.fromkeys(profile.ids, 0)
    for scoring, number in profile.scorings.items():
        for item, grade in scoring:
            totals[item] += number * grade
    ties = Ties(profile, specification)
    by_total = ties.by_figure(totals)
    finalists = _finalists(ties, by_total)
    votes = _preferences(profile, finalists)
    order = _order(ties, by_total, finalists, votes, totals)
    return replace(
        ordered(ties, order),
        scores={item: exact(total) for item, total in totals.items()},
        rounds=_rounds(profile, votes),
        reasons=_reasons(order, totals, votes),
    )


def _finalists(ties: Ties, by_total: Order) -> tuple[str, ...]:
    """Return the first two; options level there are put in a sequence, however the chain ends."""
    found: tuple[str, ...] = ()
    for place in by_total:
        free = FINALISTS - len(found)
        if len(place) <= free:
            found += tuple(place)
        elif free:
            found += tuple(ties.sequence(place, {"finalist": len(found) + 1})[:free])
    return found


def _preferences(profile: Profile, finalists: tuple[str, ...]) -> dict[str, int]:
    """Return how many ballots grade each of two finalists higher; empty without two."""
    if len(finalists) < FINALISTS:
        return {}
    one, other = finalists
    votes = {one: 0, other: 0}
    for scoring, number in profile.scorings.items():
        grades = dict(scoring)
        first, second = grades.get(one, 0), grades.get(other, 0)
        if first != second:
            votes[one if first > second else other] += number
    return votes


def _order(
    ties: Ties,
    by_total: Order,
    finalists: tuple[str, ...],
    votes: Mapping[str, int],
    totals: Mapping[str, int],
) -> Order:
    rest = [tuple(item for item in place if item not in finalists) for place in by_total]
    behind = [place for place in rest if place]
    if not votes:
        return [*((item,) for item in finalists), *behind]
    one, other = finalists
    ahead = (votes[one], totals[one]), (votes[other], totals[other])
    if ahead[0] == ahead[1]:
        return [*ties.places(finalists, {"runoff": 1}), *behind]
    first, second = (one, other) if ahead[0] > ahead[1] else (other, one)
    return [(first,), (second,), *behind]


def _rounds(profile: Profile, votes: Mapping[str, int]) -> list[dict[str, object]]:
    if not votes:
        return []
    voters = sum(profile.scorings.values())
    shown = {item: exact(number) for item, number in votes.items()}
    return [{"round": 1, "votes": shown, "no_preference": voters - sum(votes.values())}]


def _reasons(order: Order, totals: Mapping[str, int], votes: Mapping[str, int]) -> Reasons:
    """Return why each was not elected: it lost the run-off, or was not in it."""
    elected, edge = elected_of(order, 1), edge_of(order, 1)
    line = min((totals[item] for item in votes), default=0)
    reasons: Reasons = {}
    for item in totals:
        if item in elected:
            continue
        if item in edge or (item not in votes and totals[item] == line):
            reasons[item] = tie_reason(item, edge)
        elif item not in votes:
            reasons[item] = {
                "code": "not_in_runoff",
                "score": exact(totals[item]),
                "line": exact(line),
                "needed": more_than(line - totals[item]),
            }
        else:
            reasons[item] = _lost(item, totals, votes)
    return reasons


def _lost(item: str, totals: Mapping[str, int], votes: Mapping[str, int]) -> dict[str, Any]:
    """Return why the other finalist won: votes, else the total, else the tie chain."""
    winner = next(other for other in votes if other != item)
    if votes[winner] == votes[item] and totals[winner] == totals[item]:
        return {"code": "tie_lost"}
    return {
        "code": "lost_runoff",
        "by": winner,
        "votes": exact(votes[item]),
        "line": exact(votes[winner]),
        "needed": more_than(votes[winner] - votes[item]),
    }
