"""Turn an order of options into an outcome: who is elected, and what the others lacked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor
from typing import Any

from consult.counting.outcome import Outcome, exact
from consult.counting.profile import Profile
from consult.counting.specification import Specification, find_rule
from consult.counting.ties import Ties

Order = Sequence[tuple[str, ...]]
# A difference of means does not tell how many more points would have been enough.
LOWER_MEAN = "lower_mean"
Reasons = dict[str, dict[str, Any]]


def elected_of(order: Order, seats: int) -> tuple[str, ...]:
    """Return the options in the places that fit completely; a tie at the last seat elects none."""
    elected: tuple[str, ...] = ()
    for place in order:
        if len(elected) + len(place) > seats:
            break
        elected += place
    return elected


def edge_of(order: Order, seats: int) -> tuple[str, ...]:
    """Return the place that contains the last seat."""
    reached = 0
    for place in order:
        reached += len(place)
        if reached >= seats:
            return place
    return order[-1]


def more_than(difference: int | Fraction) -> int:
    """Return the smallest whole number greater than the difference."""
    return floor(difference) + 1


def by_score(
    profile: Profile,
    specification: Specification,
    scores: Mapping[str, int | Fraction],
    *,
    lacking: str,
    tables: Mapping[str, Any] | None = None,
) -> Outcome:
    """Return the outcome of a rule that scores every option, largest score first.

    `lacking`: the reason code of an option whose score was too small.
    """
    ties = Ties(profile, specification)
    order = ties.by_figure(scores)
    return replace(
        ordered(ties, order),
        scores={item: exact(scores[item]) for item in profile.ids},
        reasons=score_reasons(order, specification.seats, scores, lacking),
        tables=tables or {},
    )


def score_reasons(
    order: Order, seats: int, scores: Mapping[str, int | Fraction], lacking: str
) -> Reasons:
    """Return for every option not elected how far it was behind the last filled place."""
    elected, edge = elected_of(order, seats), edge_of(order, seats)
    line = scores[edge[0]]
    reasons: Reasons = {}
    for item in scores:
        behind = line - scores[item]
        if item in elected:
            continue
        if behind == 0:
            reasons[item] = tie_reason(item, edge)
        else:
            reasons[item] = {
                "code": lacking,
                "score": exact(scores[item]),
                "line": exact(line),
            }
            if lacking != LOWER_MEAN:
                reasons[item]["needed"] = more_than(behind)
    return reasons


def tie_reason(item: str, edge: tuple[str, ...]) -> dict[str, Any]:
    """Return why an option level with the last elected one is not elected itself."""
    return {"code": "tie_undecided"} if item in edge else {"code": "tie_lost"}


def ordered(ties: Ties, order: Order) -> Outcome:
    """Return the outcome of an order; the caller adds scores, rounds and reasons."""
    specification = ties.specification
    return Outcome(
        rule=specification.rule,
        rule_version=find_rule(specification.rule).version,
        specification=specification.as_json(),
        ballots=ties.profile.ballots,
        order=tuple(order),
        elected=elected_of(order, specification.seats),
        ties=ties.met,
    )


def nobody(profile: Profile, specification: Specification, rule_version: str) -> Outcome:
    """Return the outcome if no ballot supports any option: all level, nobody elected."""
    return Outcome(
        rule=specification.rule,
        rule_version=rule_version,
        specification=specification.as_json(),
        ballots=profile.ballots,
        order=(profile.ids,) if profile.ids else (),
        reasons={item: {"code": "no_votes"} for item in profile.ids},
    )
