"""Which answers are in a count: of a question that some left out, those that there are to it."""

from collections.abc import Mapping
from typing import Any

from consult.wording import figures
from consult.wording.language import gettext as _
from projections.results import Result


def sentences(results: Mapping[str, Result], tallies: Mapping[str, Any]) -> dict[str, str]:
    """Say of each counted question how many responses have no answer to it, where some have none.

    `tallies`: as docs/tallies.md says.
    """
    found = {}
    for id, result in results.items():
        number = tallies["responses"] - result.ballots
        if number > 0:
            found[id] = _(
                "%(number)s responses have no answer to it.", number=figures.number(number)
            )
    return found


def in_count(results: Mapping[str, Result], tallies: Mapping[str, Any]) -> str:
    """Say which answers are in the count: all, or of a question all that there are to it."""
    if sentences(results, tallies):
        return _(
            "Every answer to a question that a rule counts is in its count. Some responses have "
            "none: below it says how many."
        )
    number = figures.number(tallies["responses"])
    return _("Every answer is in the count: %(ballots)s.", ballots=number)
