"""A counted example of a counting rule, with its numbers formatted for pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from consult.counting.examples import Example
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import Counted, figure, listed

NAMES = {"park": N_("Park"), "library": N_("Library"), "market": N_("Market")}
"""The options of the examples."""


def name(id: str) -> str:
    """Return the name of an option."""
    return _(NAMES[id])


@dataclass(frozen=True)
class Worked:
    """An example counted under the rule of `counted`, in that consultation's currency."""

    counted: Counted
    example: Example
    outcome: Mapping[str, Any]

    @property
    def scores(self) -> str:
        """Return the score of each option, best first: "Park 4, Library 3 and Market 2"."""
        found = self.outcome["scores"]
        best = [id for place in self.outcome["order"] for id in place]
        return listed([f"{name(id)} {figure(found[id])}" for id in best])

    @property
    def winner(self) -> str:
        """Return the name of the winning option."""
        return name(self.outcome["elected"][0])

    def votes(self, round: Mapping[str, Any]) -> str:
        """Return the votes of each option in a round, most votes first."""
        votes = {id: Fraction(number) for id, number in round["votes"].items()}
        best = sorted(votes, key=lambda one: -votes[one])
        return listed([f"{name(id)} {figure(votes[id])}" for id in best])

    def money(self, pence: str | int | Fraction) -> str:
        """Format an amount; fractional shares are whole minor units in the examples."""
        return self.counted.money(int(Fraction(pence)))

    def cost(self, id: str) -> str:
        """Return the cost of a project."""
        return self.money(self.example.profile.by_id[id].cost or 0)

    def people(self, id: str) -> int:
        """Return how many people chose a project."""
        return self.example.profile.votes[id]
