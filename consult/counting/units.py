"""The unit of each counting rule's scores, for all pages and files."""

from typing import NamedTuple

from consult.marking import N_


class Unit(NamedTuple):
    """The unit of a rule's scores, in words to be translated.

    `title`: column heading. `measure`: what the bars of a chart show. `finding`: what holds for
    the option with the most. `is_of_ballots`: whether a score is a share of all responses.
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
TOTALS = Unit(
    N_("Total of grades"),
    N_("Bars show the total of the grades, before the run-off."),
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
