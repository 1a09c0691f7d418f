"""An example of a counting rule that was counted: its numbers as pages write them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from consult.counting.examples import Example
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import Counted, figure, listed

NAMES = {"park": N_("Park"), "library": N_("Library"), "market": N_("Market")}
"""What can be chosen in the examples."""


def name(id: str) -> str:
    """The name of what can be chosen."""
    return _(NAMES[id])


@dataclass(frozen=True)
class Worked:
    """An example that was counted under the rule of `counted`, whose money is in its currency."""

    counted: Counted
    example: Example
    outcome: Mapping[str, Any]

    @property
    def scores(self) -> str:
        """What each option came to, the first first: "Park 4, Library 3 and Market 2"."""
        found = self.outcome["scores"]
        best = [id for place in self.outcome["order"] for id in place]
        return listed([f"{name(id)} {figure(found[id])}" for id in best])

    @property
    def winner(self) -> str:
        """The name of the option that comes first."""
        return name(self.outcome["elected"][0])

    def votes(self, round: Mapping[str, Any]) -> str:
        """How many votes each option has in a round, the most first."""
        votes = {id: Fraction(number) for id, number in round["votes"].items()}
        best = sorted(votes, key=lambda one: -votes[one])
        return listed([f"{name(id)} {figure(votes[id])}" for id in best])

    def money(self, pence: str | int | Fraction) -> str:
        """An amount; a share that a count writes with a point is in whole pence here."""
        return self.counted.money(int(Fraction(pence)))

    def cost(self, id: str) -> str:
        """The cost of a project."""
        return self.money(self.example.profile.by_id[id].cost or 0)

    def people(self, id: str) -> int:
        """How many people chose a project."""
        return self.example.profile.votes[id]
