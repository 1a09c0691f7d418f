"""Rules by pairwise comparison: Schulze, ranked pairs and Copeland."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from consult.counting import examples, units
from consult.counting.ordering import (
    Order,
    Reasons,
    edge_of,
    elected_of,
    ordered,
    score_reasons,
    tie_reason,
)
from consult.counting.outcome import Outcome, exact
from consult.counting.profile import Profile
from consult.counting.rules.pairwise import Pairs, exact_ties, head_to_head, strengths
from consult.counting.specification import Parameter, Specification, rule
from consult.counting.ties import Ties
from consult.marking import N_

STRENGTH = Parameter("strength", "winning-votes", ("winning-votes", "margins"))
Beats = Callable[[str, str], bool]


@rule(
    "schulze",
    "Head-to-head, strongest chains (Schulze)",
    "Every pair of options is compared. Chains of wins decide when no option beats all.",
    accepts=("ranking",),
    parameters=(STRENGTH,),
    how=N_(
        "Options are compared two at a time: who do more people put higher? An option wins when "
        "it beats every other directly, or through a stronger chain of wins than the other has "
        "back."
    ),
    unit=units.BETTER_THAN,
    example=examples.CIRCLE,
    drawn="pairs",
    work=6,
    place=8,
)
def schulze(profile: Profile, specification: Specification) -> Outcome:
    """Rank a above b if the strongest path from a to b is stronger than the one back (Schulze).

    tables: `pairwise`, `pairwise_ties`, `paths` (strength of the strongest path).
    """
    pairs = head_to_head(profile)
    paths = _strongest_paths(strengths(pairs, margins=_margins(specification)))
    ties = Ties(profile, specification)
    outcome = _compared(ties, pairs, lambda a, b: paths[a][b] > paths[b][a])
    reasons = {
        loser: {**reason, "path": paths[by][loser], "path_back": paths[loser][by]}
        if (by := reason.get("by"))
        else reason
        for loser, reason in outcome.reasons.items()
    }
    return replace(outcome, reasons=reasons, tables={**outcome.tables, "paths": paths})


@rule(
    "ranked-pairs",
    "Head-to-head, strongest wins first (ranked pairs)",
    (
        "Every pair of options is compared. The clearest wins are kept, and those that would "
        "contradict them are not."
    ),
    accepts=("ranking",),
    parameters=(STRENGTH,),
    how=N_(
        "Options are compared two at a time: who do more people put higher? The strongest wins "
        "are fixed first, and a win that would contradict stronger ones is left out."
    ),
    unit=units.BETTER_THAN,
    example=examples.CIRCLE,
    drawn="pairs",
    work=6,
    place=9,
)
def ranked_pairs(profile: Profile, specification: Specification) -> Outcome:
    """Lock wins in, strongest first, unless locked wins already imply the opposite (Tideman).

    tables: `pairwise`, `pairwise_ties`. rounds: each strength with the wins kept and dropped.
    """
    pairs = head_to_head(profile)
    ties = Ties(profile, specification)
    above: dict[str, set[str]] = {item: {item} for item in profile.ids}
    rounds = []
    for strength, wins in _by_strength(pairs, margins=_margins(specification)):
        kept, dropped = _lock(above, wins, ties, at={"strength": list(strength)})
        rounds.append({"strength": list(strength), "kept": kept, "dropped": dropped})
    return replace(_compared(ties, pairs, lambda a, b: b in above[a]), rounds=rounds)


@rule(
    "copeland",
    "Head-to-head, most wins (Copeland)",
    "Every pair of options is compared. The option that wins most comparisons is first.",
    accepts=("ranking",),
    how=N_(
        "Options are compared two at a time. A win counts 1 and a draw counts a half. The most "
        "wins come first."
    ),
    unit=units.WINS,
    example=examples.Example(examples.ROUNDS),
    drawn="pairs",
    work=6,
    place=10,
)
def copeland(profile: Profile, specification: Specification) -> Outcome:
    """Give one point for each option beaten pairwise, half a point for each exact tie.

    tables: `pairwise`, `pairwise_ties`.
    """
    pairs = head_to_head(profile)
    scores = {
        a: sum(_half_points(votes, pairs[b][a]) for b, votes in row.items()) / Fraction(2)
        for a, row in pairs.items()
    }
    ties = Ties(profile, specification)
    order = ties.by_figure(scores)
    return replace(
        ordered(ties, order),
        scores={item: exact(score) for item, score in scores.items()},
        reasons=score_reasons(order, specification.seats, scores, "fewer_wins"),
        tables=_tables(pairs),
    )


def _half_points(votes: int, against: int) -> int:
    return 2 if votes > against else int(votes == against)


def _margins(specification: Specification) -> bool:
    return specification.parameters["strength"] == "margins"


def _tables(pairs: Pairs) -> dict[str, Any]:
    return {"pairwise": pairs, "pairwise_ties": exact_ties(pairs)}


def _strongest_paths(strength: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Return the strongest path for each pair; a path is as strong as its weakest win."""
    paths = {item: dict(row) for item, row in strength.items()}
    for middle, onward in paths.items():
        for start, row in paths.items():
            if start == middle:
                continue
            reach = row[middle]
            for end, rest in onward.items():
                chain = min(reach, rest)
                if end != start and chain > row[end]:
                    row[end] = chain
    return paths


def _by_strength(
    pairs: Pairs, *, margins: bool
) -> list[tuple[tuple[int, int], list[tuple[str, str]]]]:
    """Return the wins grouped by strength, strongest first, each group sorted by the two ids.

    By winning votes: more votes for, then fewer against. By margins: larger margin, then more
    votes for.
    """
    groups: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for winner, row in pairs.items():
        for loser, votes in row.items():
            against = pairs[loser][winner]
            if votes > against:
                strength = (votes - against, votes) if margins else (votes, -against)
                groups.setdefault(strength, []).append((winner, loser))
    return [
        ((abs(strength[0]), abs(strength[1])), sorted(groups[strength]))
        for strength in sorted(groups, reverse=True)
    ]


def _lock(
    above: dict[str, set[str]],
    wins: list[tuple[str, str]],
    ties: Ties,
    at: dict[str, Any],
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Lock equally strong wins that contradict no locked win; return those kept and dropped.

    `above[a]`: a itself and every option below it by locked wins. The order of equally strong wins
    matters only if they cannot all be locked; then the tie chain decides.
    """
    possible = [(winner, loser) for winner, loser in wins if winner not in above[loser]]
    trial = {item: set(below) for item, below in above.items()}
    if not all(_keep(trial, winner, loser) for winner, loser in possible):
        items = {item for pair in possible for item in pair}
        place = {item: index for index, item in enumerate(ties.sequence(items, at))}
        possible.sort(key=lambda pair: (place[pair[0]], -place[pair[1]]))
    kept = sorted(pair for pair in possible if _keep(above, *pair))
    return kept, [pair for pair in wins if pair not in kept]


def _keep(above: dict[str, set[str]], winner: str, loser: str) -> bool:
    """Lock the win unless locked wins already put the loser above the winner."""
    if winner in above[loser]:
        return False
    for below in above.values():
        if winner in below:
            below.update(above[loser])
    return True


def _compared(ties: Ties, pairs: Pairs, beats: Beats) -> Outcome:
    """Return the unbeaten options first, then the others by score: beaten less beaten by.

    `beats` is transitive, so an option that beats another also has the higher score. Several
    unbeaten options are tied for the first place; that tie is broken by the score first.
    """
    net = {a: sum(int(beats(a, b)) - int(beats(b, a)) for b in pairs if a != b) for a in pairs}
    ties.figures["score"] = net.__getitem__
    unbeaten = [a for a in pairs if not any(beats(b, a) for b in pairs if b != a)]
    order = ties.places(unbeaten, {"place": 1}, before=("score",))
    others = {item: score for item, score in net.items() if item not in unbeaten}
    order += ties.by_figure(others, first_place=1 + len(unbeaten))
    return replace(
        ordered(ties, order),
        scores={item: exact(score) for item, score in net.items()},
        reasons=_reasons(order, ties.specification.seats, pairs, beats),
        tables=_tables(pairs),
    )


def _reasons(order: Order, seats: int, pairs: Pairs, beats: Beats) -> Reasons:
    """Return why each option is not elected: the first option up to the last seat that beats it."""
    elected, edge = elected_of(order, seats), edge_of(order, seats)
    front = [*elected, *(item for item in edge if item not in elected)]
    reasons: Reasons = {}
    for loser in pairs:
        if loser in elected:
            continue
        winner = next((item for item in front if item != loser and beats(item, loser)), None)
        if winner is None or loser in edge:
            reasons[loser] = tie_reason(loser, edge)
        else:
            votes, against = pairs[winner][loser], pairs[loser][winner]
            reasons[loser] = {"code": "beaten", "by": winner, "for": votes, "against": against}
    return reasons
