"""What the score of each counting rule is a number of: every page and file names it from here."""

from collections.abc import Mapping
from typing import NamedTuple

from consult.wording.language import N_


class Unit(NamedTuple):
    """What a rule gives each option, in words to be translated.

    `title`: the heading of a column of them. `measure`: what bars of them show. `finding`: what
    holds of the option with the most. `is_of_ballots`: whether each is a part of all responses.
    """

    title: str
    measure: str
    finding: str
    is_of_ballots: bool = False


POINTS = Unit(
    N_("Points"),
    N_("Bars show points. Responses: %(ballots)s."),
    N_("%(name)s has the most points"),
)
VOTES = Unit(
    N_("Votes"),
    N_("Bars show how many responses chose each option, of %(ballots)s."),
    N_("%(name)s has the most votes"),
    is_of_ballots=True,
)
FIRST_CHOICES = Unit(
    N_("First choices"),
    N_("Bars show how many responses put each option first, of %(ballots)s."),
    N_("%(name)s has the most first choices"),
    is_of_ballots=True,
)
LAST_VOTES = Unit(
    N_("Votes in its last round"),
    N_("Bars show the votes that each option had in the last round it was in."),
    N_("%(name)s comes out first"),
)
BETTER_THAN = Unit(
    N_("Options behind it, less those ahead"),
    N_(
        "Bars show how many options each one comes before when they are compared two at a time, "
        "less how many come before it."
    ),
    N_("%(name)s comes out first"),
)
WINS = Unit(
    N_("Wins"),
    N_("Bars show one-to-one wins; a draw counts a half."),
    N_("%(name)s has the most one-to-one wins"),
)
GRADES = Unit(
    N_("Average grade"),
    N_("Bars show the average grade."),
    N_("%(name)s has the highest average grade"),
)

_ONE_VOTE_EACH = frozenset({"single", "several", "approval", "basket"})
"""Kinds of question whose ballots give an option one vote or none."""

BY_RULE: Mapping[str, Unit] = {
    "points-N": POINTS,
    "borda": POINTS,
    "borda-zero": POINTS,
    "borda-modified": POINTS,
    "points-sum": POINTS,
    "plurality": FIRST_CHOICES,
    "irv": LAST_VOTES,
    "stv": LAST_VOTES,
    "schulze": BETTER_THAN,
    "ranked-pairs": BETTER_THAN,
    "copeland": WINS,
    "approval": VOTES,
    "rating": GRADES,
    "greedy-skip": POINTS,
    "greedy-stop": POINTS,
    "greedy-per-cost": POINTS,
    "equal-shares": POINTS,
    "phragmen": POINTS,
}
"""By rule, where the ballots rank, grade or give points."""


def unit_of(rule: str, kind: str) -> Unit:
    """Return what a rule gives the options of a question of a kind.

    A choice is one vote for each option chosen, whatever the rule does with it then.
    """
    found = BY_RULE["points-N" if rule.removeprefix("points-").isdigit() else rule]
    return VOTES if kind in _ONE_VOTE_EACH and found in (POINTS, FIRST_CHOICES) else found
