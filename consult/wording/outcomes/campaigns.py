"""The result with and without campaigns: a sentence where they decide it, and a table."""

from typing import Any

from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.outcomes import verdicts
from consult.wording.outcomes.counted import Counted, figure

View = dict[str, Any]
COMPARED = "without_campaigns"


def statement(one: Counted) -> str:
    """Say what came out of one question, and whether campaigns decide it."""
    return " ".join(filter(None, (verdicts.outcome(one), sentence(one))))


def sentence(one: Counted) -> str:
    """Say what would have come out without campaigns; empty where it is the same.

    Part of every statement of the outcome: whoever reads that A won must read that without a
    campaign B would have.
    """
    rest = _rest(one)
    if rest is None or _is_same(one, rest):
        return ""
    sent = {
        "number": figure(one.outcome["ballots"] - rest.outcome["ballots"]),
        "ballots": figure(one.outcome["ballots"]),
    }
    if one.is_budget:
        return _budget_sentence(one, rest, sent)
    first = rest.chosen or (rest.outcome["order"] and rest.outcome["order"][0])
    if len(rest.chosen) == 1:
        return _(
            "Campaigns sent %(number)s of the %(ballots)s answers; without them, %(names)s would "
            "have come first.",
            names=rest.names(first),
            **sent,
        )
    if rest.chosen:
        return _(
            "Campaigns sent %(number)s of the %(ballots)s answers; without them, these would have "
            "come first: %(names)s.",
            names=rest.names(first),
            **sent,
        )
    return _(
        "Campaigns sent %(number)s of the %(ballots)s answers; without them, nothing would have "
        "come first.",
        **sent,
    )


def _campaigns(compared: View) -> list[tuple[str, int]]:
    """Return each campaign by its name in the language of the page, with its answers."""
    names = compared.get("names", {})
    return [(said(names.get(id, id)), number) for id, number in compared["campaigns"].items()]


def view(one: Counted) -> View | None:
    """The result with and without campaigns, side by side; None when there was no campaign."""
    rest = _rest(one)
    if rest is None:
        return None
    scores = (one.outcome["scores"], rest.outcome["scores"])
    return {
        "finding": _("Campaigns decide the outcome")
        if sentence(one)
        else _("The outcome is the same with and without campaigns"),
        "says": sentence(one),
        "campaigns": _campaigns(one.comparison[COMPARED]),
        "caption": _("With and without campaigns: %(measure)s", measure=_(one.unit.title)),
        "head": [
            _("Option"),
            _("All: %(ballots)s", ballots=figure(one.outcome["ballots"])),
            _("Without: %(ballots)s", ballots=figure(rest.outcome["ballots"])),
        ],
        "rows": [
            [one.name(id), *(figure(each.get(id, "0")) for each in scores)] for id in one.ranked
        ],
    }


def _rest(one: Counted) -> Counted | None:
    """Return the same count of the answers that no campaign sent."""
    other = one.comparison.get(COMPARED)
    return Counted(one.asked, one.question, {**one.outcome, **other}) if other else None


def _is_same(one: Counted, rest: Counted) -> bool:
    """Whether the same is funded, or the same comes first; not whether all places are."""
    if one.is_budget:
        return set(one.chosen) == set(rest.chosen)
    return (list(one.chosen), one.outcome["order"][:1]) == (
        list(rest.chosen),
        rest.outcome["order"][:1],
    )


def _budget_sentence(one: Counted, rest: Counted, sent: View) -> str:
    ours, theirs = set(one.chosen), set(rest.chosen)
    added = one.names([id for id in one.ranked if id in theirs - ours])
    dropped = one.names([id for id in one.ranked if id in ours - theirs])
    if not dropped:
        return _(
            "Campaigns sent %(number)s of the %(ballots)s answers; without them, this would be "
            "funded too: %(added)s.",
            added=added,
            **sent,
        )
    if not added:
        return _(
            "Campaigns sent %(number)s of the %(ballots)s answers; without them, this would not "
            "be funded: %(dropped)s.",
            dropped=dropped,
            **sent,
        )
    return _(
        "Campaigns sent %(number)s of the %(ballots)s answers; without them, this would be "
        "funded: %(added)s; and this not: %(dropped)s.",
        added=added,
        dropped=dropped,
        **sent,
    )
