"""Single transferable vote as in Scottish local elections, with fractional surplus transfers."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from consult.counting import examples, units
from consult.counting.ordering import Reasons, ordered
from consult.counting.outcome import Outcome
from consult.counting.profile import Profile, Ranking
from consult.counting.rules.runoff import holders_of
from consult.counting.specification import Specification, rule
from consult.counting.ties import Ties
from consult.marking import N_

# One vote, in the smallest counted unit: five decimals.
ONE = 100_000


@rule(
    "stv",
    "Single transferable vote",
    (
        "For several places: votes beyond what a winner needs, and votes for options that "
        "drop out, go to the next choices."
    ),
    accepts=("ranking", "single"),
    how=N_(
        "An option is elected when it reaches the quota. Votes it has beyond the quota move on to "
        "next choices at a reduced value. When nobody reaches the quota, the option with the "
        "fewest votes drops out and its votes move on."
    ),
    unit=units.LAST_VOTES,
    example=examples.Example(
        examples.profile("ranking", (8, ["park", "library"]), (3, ["market"])), seats=2
    ),
    drawn="rounds",
    work=8,
    place=7,
)
def transferable_vote(profile: Profile, specification: Specification) -> Outcome:
    """STV: weighted inclusive Gregory transfers, five decimals truncated, whole Droop quota."""
    count = _Count(profile, specification)
    count.run()
    return count.outcome()


def decimals(parts: int) -> str:
    """Return parts of a vote as text with five decimals."""
    return f"{parts // ONE}.{parts % ONE:05}"


class _Count:
    """The state of one count. All votes are whole numbers of hundred-thousandths.

    piles: for each option the papers it holds: (ranking, value of one paper) -> papers.
    surpluses: options elected above the quota whose surplus is still to be transferred.
    """

    def __init__(self, profile: Profile, specification: Specification) -> None:
        self.profile = profile
        self.specification = specification
        self.continuing = set(profile.ids)
        self.elected: list[str] = []
        self.excluded: list[str] = []
        self.surpluses: set[str] = set()
        self.piles: dict[str, dict[tuple[Ranking, int], int]] = {item: {} for item in profile.ids}
        self.votes = dict.fromkeys(profile.ids, 0)
        self.non_transferable = 0
        self.valid = sum(profile.rankings.values())
        self.quota = (self.valid // (specification.seats + 1) + 1) * ONE
        self.held: list[dict[str, int]] = []
        self.rounds: list[dict[str, Any]] = []
        self.reasons: Reasons = {}
        self.ties = Ties(profile, specification, {"earlier-rounds": self._earlier})

    @property
    def vacancies(self) -> int:
        return self.specification.seats - len(self.elected)

    def run(self) -> None:
        """Count first preferences; transfer surpluses and exclude until all seats are filled."""
        for ranking, papers in self.profile.rankings.items():
            self._pass_on(ranking, ONE, papers)
        self._close("first-preferences", None)
        while self.vacancies and self.continuing:
            if self.surpluses:
                self._transfer_surplus()
            else:
                self._exclude()

    def outcome(self) -> Outcome:
        """Return the outcome: elected in order, continuing by votes, excluded in reverse."""
        left = {item: self.votes[item] for item in sorted(self.continuing)}
        order: list[tuple[str, ...]] = [(item,) for item in self.elected]
        order += self.ties.by_figure(left, first_place=1 + len(order))
        order += [(item,) for item in reversed(self.excluded)]
        for item, votes in left.items():
            self.reasons[item] = {
                "code": "places_filled",
                "votes": decimals(votes),
                "needed": -((votes - self.quota) // ONE),
            }
        last_votes = {item: votes for held in self.held for item, votes in held.items()}
        return replace(
            ordered(self.ties, order),
            scores={item: decimals(votes) for item, votes in last_votes.items()},
            reasons=self.reasons,
            rounds=self.rounds,
        )

    def _transfer_surplus(self) -> None:
        """Transfer the largest surplus: every paper of the option, at a fraction of its value."""
        most = max(self.votes[item] for item in self.surpluses)
        largest = [item for item in self.surpluses if self.votes[item] == most]
        giver = self._sequence(largest, "surplus")[0]
        self.surpluses.discard(giver)
        papers_held, self.piles[giver] = self.piles[giver], {}
        self.votes[giver] = self.quota
        for (ranking, value), papers in papers_held.items():
            self._pass_on(ranking, (most - self.quota) * value // most, papers)
        self._close("surplus", giver)

    def _exclude(self) -> None:
        """Exclude the option with the fewest votes; transfer its papers at their present value."""
        fewest = min(self.votes[item] for item in self.continuing)
        lowest = [item for item in self.continuing if self.votes[item] == fewest]
        loser = self._sequence(lowest, "elimination")[-1]
        self.continuing.discard(loser)
        self.excluded.append(loser)
        nearest = min(self.votes[item] for item in self.continuing)
        self.rounds[-1]["eliminated"] = [loser]
        self.reasons[loser] = {
            "code": "eliminated",
            "round": len(self.rounds),
            "votes": decimals(fewest),
            "needed": (nearest - fewest) // ONE + 1,
        }
        papers_held, self.piles[loser] = self.piles[loser], {}
        self.votes[loser] = 0
        # Transfer even if the remaining options fill all seats: it changes nobody's election, and
        # shows the votes with which the last seats are filled.
        for (ranking, value), papers in papers_held.items():
            self._pass_on(ranking, value, papers)
        self._close("exclusion", loser)

    def _pass_on(self, ranking: Ranking, value: int, papers: int) -> None:
        """Give papers to the best continuing option; a shared rank splits each paper equally."""
        holders = holders_of(ranking, self.continuing)
        if not holders:
            self.non_transferable += value * papers
            return
        share = value // len(holders)
        for item in holders:
            pile = self.piles[item]
            pile[ranking, share] = pile.get((ranking, share), 0) + papers
            self.votes[item] += share * papers

    def _close(self, action: str, of: str | None) -> None:
        """End a stage: record its votes, and elect the options that reach the quota."""
        shown = {item: v for item, v in self.votes.items() if item not in self.excluded}
        self.held.append(shown)
        reached = [item for item in self.continuing if shown[item] >= self.quota]
        elected = self._by_votes(reached)
        self.elected += elected
        self.continuing.difference_update(elected)
        self.surpluses.update(item for item in elected if shown[item] > self.quota)
        lost = self.valid * ONE - sum(shown.values()) - self.non_transferable
        self.rounds.append(
            {
                "round": len(self.held),
                "action": action,
                "of": of,
                "quota": decimals(self.quota),
                "votes": {item: decimals(votes) for item, votes in shown.items()},
                "non_transferable": decimals(self.non_transferable),
                "lost_to_rounding": decimals(lost),
                "elected": elected,
                "filled": [],
                "eliminated": [],
            }
        )
        if 0 < len(self.continuing) <= self.vacancies:
            self.rounds[-1]["filled"] = self._fill()

    def _fill(self) -> list[str]:
        filled = self._by_votes(sorted(self.continuing))
        self.elected += filled
        self.continuing.clear()
        return filled

    def _by_votes(self, items: list[str]) -> list[str]:
        groups: dict[int, list[str]] = {}
        for item in items:
            groups.setdefault(self.votes[item], []).append(item)
        sequences = (self._sequence(groups[v], "election") for v in sorted(groups, reverse=True))
        return [item for sequence in sequences for item in sequence]

    def _sequence(self, items: list[str], choice: str) -> list[str]:
        at = {"round": len(self.held), "choice": choice}
        return self.ties.sequence(items, at, before=("earlier-rounds",))

    def _earlier(self, item: str) -> tuple[Fraction, ...]:
        return tuple(Fraction(held[item], ONE) for held in reversed(self.held[:-1]))
