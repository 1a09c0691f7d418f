"""Greedy budget rules: fund options in order of score, or of score per cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from consult.counting import examples, units
from consult.counting.budgets.budget import ACCEPTS, FIRST_CHOICE, THRESHOLD, Contest
from consult.counting.outcome import Outcome, exact
from consult.counting.profile import Profile
from consult.counting.specification import Specification, rule
from consult.counting.ties import Ties
from consult.marking import N_

# Sort key of options, larger first. A free option precedes all others.
Merit = tuple[int, Fraction]
SETTINGS = (THRESHOLD, FIRST_CHOICE)


@rule(
    "greedy-skip",
    "Most support first, pass over what does not fit",
    (
        "Projects are funded from the most supported down. One that costs more than is left "
        "is passed over, and the next is tried."
    ),
    accepts=ACCEPTS,
    parameters=SETTINGS,
    budget=True,
    how=N_(
        "The project with the most support is funded first, then the next, as long as the whole "
        "cost fits into the money left. A project that does not fit is passed over."
    ),
    unit=units.POINTS,
    example=examples.PROJECTS,
    place=15,
)
def greedy_skip(profile: Profile, specification: Specification) -> Outcome:
    """Fund options by descending score, skipping those that do not fit."""
    contest = Contest.of(profile, specification)
    return _count(contest, by_score(contest), stop=False)


@rule(
    "greedy-stop",
    "Most support first, stop at what does not fit",
    (
        "Projects are funded from the most supported down. The first that costs more than is "
        "left ends the count."
    ),
    accepts=ACCEPTS,
    parameters=SETTINGS,
    budget=True,
    how=N_(
        "The project with the most support is funded first, then the next. The count ends at the "
        "first project that does not fit into the money left."
    ),
    unit=units.POINTS,
    example=examples.PROJECTS,
    place=16,
)
def greedy_stop(profile: Profile, specification: Specification) -> Outcome:
    """Fund options by descending score until one does not fit."""
    contest = Contest.of(profile, specification)
    return _count(contest, by_score(contest), stop=True)


@rule(
    "greedy-per-cost",
    "Most support for the money first",
    (
        "Projects are funded by votes for each pound. One that costs more than is left is "
        "passed over."
    ),
    accepts=ACCEPTS,
    parameters=SETTINGS,
    budget=True,
    how=N_(
        "The project with the most support for each pound is funded first, then the next, as "
        "long as the whole cost fits into the money left."
    ),
    unit=units.POINTS,
    example=examples.PROJECTS,
    place=17,
)
def greedy_per_cost(profile: Profile, specification: Specification) -> Outcome:
    """Fund options by descending score per cost, skipping those that do not fit."""
    contest = Contest.of(profile, specification)
    return _count(contest, per_cost(contest), stop=False)


def per_cost(contest: Contest) -> Callable[[str], Merit]:
    """Return the merit function for score per cost."""

    def merit(item: str) -> Merit:
        score, cost = contest.scores[item], contest.costs[item]
        return (0, Fraction(score, cost)) if cost else (1, Fraction(score))

    return merit


def funded_by(profile: Profile, specification: Specification) -> list[str]:
    """Return what a greedy rule funds, without the working, for repeated counting."""
    contest = Contest.of(profile, specification)
    merit = per_cost(contest) if specification.rule == "greedy-per-cost" else by_score(contest)
    queue = _flat(by_merit(contest.eligible, merit, contest.ties()))
    turns = walk(contest, queue, stop=specification.rule == "greedy-stop")
    return [turn.item for turn in turns if turn.refusal is None]


@dataclass(frozen=True)
class Turn:
    """The turn of one option. `refusal`: None if it was funded; `spent`: minor units so far."""

    item: str
    refusal: dict[str, Any] | None
    spent: int


def walk(
    contest: Contest,
    queue: Sequence[str],
    *,
    stop: bool = False,
    funded: Sequence[str] = (),
) -> list[Turn]:
    """Give each option of the queue its turn, after `funded` have been paid for."""
    chosen = list(funded)
    spent = sum(contest.costs[item] for item in chosen)
    stopped_at: str | None = None
    turns = []
    for item in queue:
        rival = contest.rival(item, chosen)
        refusal: dict[str, Any] | None = None
        if stopped_at is not None:
            refusal = {"code": "stopped", "at": stopped_at}
        elif rival is not None:
            refusal = contest.why_excluded(item, rival)
        elif spent + contest.costs[item] > contest.pot:
            refusal = contest.why_no_room(item, contest.pot - spent)
            stopped_at = item if stop else None
        else:
            chosen.append(item)
            spent += contest.costs[item]
        turns.append(Turn(item, refusal, spent))
    return turns


def by_score(contest: Contest) -> Callable[[str], Merit]:
    """Return the merit function for score."""
    return lambda item: (0, Fraction(contest.scores[item]))


def by_merit(items: Sequence[str], merit: Callable[[str], Merit], ties: Ties) -> list[list[str]]:
    """Return the items in places of equal merit, best first, each place sorted by the tie chain."""
    places: dict[Merit, list[str]] = {}
    for item in items:
        places.setdefault(merit(item), []).append(item)
    best_first = sorted(places, reverse=True)
    return [ties.sequence(places[value], {"merit": exact(value[1])}) for value in best_first]


def _count(contest: Contest, merit: Callable[[str], Merit], *, stop: bool) -> Outcome:
    ties = contest.ties()
    places = by_merit(contest.eligible, merit, ties)
    turns = walk(contest, _flat(places), stop=stop)
    funded = [turn.item for turn in turns if turn.refusal is None]
    for tie in ties.met:
        tie["changes_result"] = _changes(contest, places, tie["order"], funded, stop=stop)
    return contest.outcome(
        funded,
        rounds=[_round(contest, number, turn) for number, turn in enumerate(turns, 1)],
        ties=ties,
        reasons={turn.item: turn.refusal for turn in turns if turn.refusal is not None},
    )


def _changes(
    contest: Contest, places: list[list[str]], tied: list[str], funded: list[str], *, stop: bool
) -> bool:
    """Return whether putting another of the tied options first would change what is funded."""
    queue = _flat(places)
    start = min(queue.index(item) for item in tied)
    for item in tied[1:]:
        rest = [other for other in queue[start:] if other != item]
        turns = walk(contest, [*queue[:start], item, *rest], stop=stop)
        if {turn.item for turn in turns if turn.refusal is None} != set(funded):
            return True
    return False


def _round(contest: Contest, number: int, turn: Turn) -> dict[str, Any]:
    return {
        "round": number,
        "option": turn.item,
        "score": contest.scores[turn.item],
        "cost": contest.costs[turn.item],
        "decision": "funded" if turn.refusal is None else turn.refusal["code"],
        "spent": turn.spent,
        "left": contest.pot - turn.spent,
    }


def _flat(places: Sequence[Sequence[str]]) -> list[str]:
    return [item for place in places for item in place]
