"""The total of grades with a run-off (STAR), in words."""

from typing import Any

from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import Counted, amount, figure
from consult.wording.outcomes.worked_example import Worked
from consult.wording.rules.words import WORDS, Numbers, RuleWords


def _verdict(counted: Counted, winner: str) -> str:
    """Say what the run-off came to, and by what where it was level."""
    rounds = counted.outcome["rounds"]
    if not rounds:
        return _("%(winner)s came first.", winner=winner)
    votes = {id: int(amount(number)) for id, number in rounds[0]["votes"].items()}
    (other,) = votes.keys() - {counted.chosen[0]}
    said: dict[str, Any] = {
        "winner": winner,
        "other": counted.name(other),
        "more": figure(votes[counted.chosen[0]]),
        "fewer": figure(votes[other]),
    }
    if votes[counted.chosen[0]] > votes[other]:
        return _(
            "%(winner)s won the run-off. Responses that graded it higher than %(other)s: %(more)s; "
            "lower: %(fewer)s.",
            **said,
        )
    return _(
        "%(winner)s came first. In the run-off it was level with %(other)s: as many responses "
        "graded it higher as lower.",
        **said,
    )


def _example(worked: Worked) -> str:
    (round_,) = worked.outcome["rounds"]
    return _(
        "Totals: %(scores)s. The two highest meet in the run-off: %(votes)s. %(winner)s wins.",
        scores=worked.scores,
        votes=worked.votes(round_),
        winner=worked.winner,
    )


def _lost_runoff(counted: Counted, numbers: Numbers) -> str:
    said = _(
        "In the run-off, responses that graded it higher than %(winner)s: %(votes)s; lower: "
        "%(line)s.",
        winner=counted.name(numbers["by"]),
        votes=figure(numbers["votes"]),
        line=figure(numbers["line"]),
    )
    if amount(numbers["votes"]) < amount(numbers["line"]):
        return said
    return said + " " + _("Its total was the lower of the two.")


def _not_in_runoff(_counted: Counted, numbers: Numbers) -> str:
    return _(
        "Its total was %(score)s, and the lower of the two in the run-off had %(line)s.",
        score=figure(numbers["score"]),
        line=figure(numbers["line"]),
    )


def _lost_tie(_counted: Counted, _numbers: Numbers) -> str:
    return _(
        "It was level for a place in the run-off, or in the run-off itself, and the published tie "
        "rule put it behind."
    )


WORDS["star"] = RuleWords(
    _example,
    _verdict,
    reasons={"lost_runoff": _lost_runoff, "not_in_runoff": _not_in_runoff, "tie_lost": _lost_tie},
)
