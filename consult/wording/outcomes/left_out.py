"""State which answers a count includes, where some responses skipped a question."""

from collections.abc import Mapping
from typing import Any

from consult.wording import figures
from consult.wording.language import gettext as _
from projections.results import Result


def sentences(results: Mapping[str, Result], tallies: Mapping[str, Any]) -> dict[str, str]:
    """Return, per counted question, how many responses have no answer to it, if any.

    `tallies`: as in docs/tallies.md.
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
    """Return which answers are counted: all, or all those given to each question."""
    if sentences(results, tallies):
        return _(
            "Every answer to a question that a rule counts is in its count. Some responses have "
            "none: below it says how many."
        )
    number = figures.number(tallies["responses"])
    return _("Every answer is in the count: %(ballots)s.", ballots=number)
