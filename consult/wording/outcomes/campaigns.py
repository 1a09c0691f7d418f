"""The result with and without campaigns: a sentence if they change it, and a table."""

from collections.abc import Sequence
from typing import Any

from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.outcomes import verdicts
from consult.wording.outcomes.counted import Counted, figure
from events.log.commitment import CROWD_MIN

View = dict[str, Any]
COMPARED = "without_campaigns"
FEW = "few_in_campaigns"


def without_few(comparison: View, ballots: int) -> View:
    """Return what was counted beside a result of so many ballots, unless it tells of few people.

    Who is in a campaign stands in the log. Where they, or all others, are fewer than CROWD_MIN, the
    two counts differ by what these few chose; then only their number is kept, as FEW.
    """
    other = comparison.get(COMPARED)
    if other is None:
        return comparison
    marked = ballots - other["ballots"]
    if min(marked, other["ballots"]) >= CROWD_MIN:
        return comparison
    return {name: it for name, it in comparison.items() if name != COMPARED} | {FEW: marked}


def few(one: Counted) -> str:
    """Return why the result without campaigns is not shown; "" where it is, or without any."""
    if FEW not in one.comparison:
        return ""
    return _(
        "Answers marked as part of a campaign: %(number)s. The result without them is not shown, "
        "because it would show what few people chose. An auditor can count it.",
        number=figure(one.comparison[FEW]),
    )


def statement(one: Counted) -> str:
    """Return the outcome of one question, and whether campaigns change it."""
    return " ".join(filter(None, (verdicts.outcome(one), sentence(one))))


def statements(questions: Sequence[Counted]) -> list[str]:
    """Return the outcome of each question; of several, each with the question it answers."""
    if len(questions) == 1:
        return [statement(questions[0])]
    return [
        _(
            "“%(question)s” %(outcome)s",
            question=said(one.question.title),
            outcome=statement(one),
        )
        for one in questions
    ]


def sentence(one: Counted) -> str:
    """Return what the outcome would be without campaigns; "" if it is the same.

    Part of every statement of the outcome, so that nobody reads that A won without reading that B
    would have won without a campaign.
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
    """Return each campaign's name in the language of the page, with its number of answers."""
    names = compared.get("names", {})
    return [(said(names.get(id, id)), number) for id, number in compared["campaigns"].items()]


def view(one: Counted) -> View | None:
    """Return the result with and without campaigns as a table; None without a campaign."""
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
    """Return the count of the answers that no campaign sent."""
    other = one.comparison.get(COMPARED)
    return Counted(one.asked, one.question, {**one.outcome, **other}) if other else None


def _is_same(one: Counted, rest: Counted) -> bool:
    """Return whether the same options are funded or come first; other places are ignored."""
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
