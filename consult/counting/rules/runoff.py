"""Instant run-off: exclude the option with the fewest votes until one is left."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from consult.counting import examples, units
from consult.counting.ordering import Reasons, elected_of, more_than, ordered
from consult.counting.outcome import Outcome, exact
from consult.counting.profile import Profile, Ranking
from consult.counting.specification import Specification, rule
from consult.counting.ties import Ties
from consult.marking import N_

Tally = dict[str, int | Fraction]


@rule(
    "irv",
    "Instant run-off",
    (
        "The option with the fewest first choices drops out and its ballots go to their next "
        "choice, until one option has more than half."
    ),
    accepts=("ranking", "single"),
    how=N_(
        "Everybody's first choice counts. In each round the option with the fewest votes drops "
        "out, and each of its votes moves to that person's next choice, until one has more than "
        "half of the votes still in."
    ),
    unit=units.LAST_VOTES,
    example=examples.Example(examples.ROUNDS),
    drawn="rounds",
    asks_places=False,  # more places are the business of the transferable vote
    work=4,
    place=6,
)
def instant_runoff(profile: Profile, specification: Specification) -> Outcome:
    """Count each ballot for its best remaining option; the last one excluded comes second.

    The rounds continue after a majority, which cannot be lost any more, so that every place is
    decided.
    """
    return _Runoff(profile, specification).outcome()


class _Runoff:
    """The state of one count; `standing` loses one option per round.

    alone: papers that count for one option only; shared: papers now on a shared rank.
    """

    def __init__(self, profile: Profile, specification: Specification) -> None:
        self.profile = profile
        self.specification = specification
        self.standing = set(profile.ids)
        self.held: list[Tally] = []
        figures = {"earlier-rounds": self._earlier}
        self.ties = Ties(profile, specification, figures)
        self.voters = sum(profile.rankings.values())
        self.alone: dict[str, list[tuple[Ranking, int]]] = {item: [] for item in profile.ids}
        self.shared: list[tuple[Ranking, int]] = []
        self._place(profile.rankings.items())
        self.rounds: list[dict[str, Any]] = []
        self.out: list[str] = []
        self.reasons: Reasons = {}

    def outcome(self) -> Outcome:
        while len(self.standing) > 1:
            self._round()
        if not self.rounds:
            self.held.append(self._tally())
            self._record([], sorted(self.standing))
        order = [(item,) for item in (*self.standing, *reversed(self.out))]
        elected = elected_of(order, self.specification.seats)
        return replace(
            ordered(self.ties, order),
            scores={item: exact(self._last_votes(item)) for item in self.profile.ids},
            reasons={item: self.reasons[item] for item in self.out if item not in elected},
            rounds=self.rounds,
        )

    def _last_votes(self, item: str) -> int | Fraction:
        return next(tally[item] for tally in reversed(self.held) if item in tally)

    def _round(self) -> None:
        tally = self._tally()
        self.held.append(tally)
        fewest = min(tally.values())
        last = [item for item in tally if tally[item] == fewest]
        at = {"round": len(self.held), "choice": "elimination"}
        loser = self.ties.sequence(last, at)[-1]
        nearest = min(votes for item, votes in tally.items() if item != loser)
        self.reasons[loser] = {
            "code": "eliminated",
            "round": len(self.held),
            "votes": exact(fewest),
            "needed": more_than(nearest - fewest),
        }
        self.standing.discard(loser)
        self.out.append(loser)
        moving, self.shared = [*self.alone.pop(loser), *self.shared], []
        self._place(moving)
        self._record([loser], sorted(self.standing) if len(self.standing) == 1 else [])

    def _place(self, papers: Iterable[tuple[Ranking, int]]) -> None:
        for ranking, number in papers:
            holders = holders_of(ranking, self.standing)
            if len(holders) == 1:
                self.alone[holders[0]].append((ranking, number))
            elif holders:
                self.shared.append((ranking, number))

    def _tally(self) -> Tally:
        tally: Tally = {
            item: sum(number for _, number in self.alone[item]) for item in sorted(self.standing)
        }
        for ranking, number in self.shared:
            holders = holders_of(ranking, self.standing)
            for item in holders:
                tally[item] += Fraction(number, len(holders))
        return tally

    def _record(self, eliminated: list[str], elected: list[str]) -> None:
        tally = self.held[-1]
        inside = sum(tally.values())
        self.rounds.append(
            {
                "round": len(self.held),
                "votes": {item: exact(votes) for item, votes in tally.items()},
                "exhausted": exact(self.voters - inside),
                "majority": [item for item in tally if 2 * tally[item] > inside],
                "eliminated": eliminated,
                "elected": elected,
            }
        )

    def _earlier(self, item: str) -> tuple[int | Fraction, ...]:
        return tuple(tally[item] for tally in reversed(self.held[:-1]))


def holders_of(ranking: Ranking, standing: set[str]) -> list[str]:
    """Return the remaining options of the best rank that has any; they share the ballot equally."""
    for rank in ranking:
        holders = [item for item in rank if item in standing]
        if holders:
            return holders
    return []
