"""Refusals to count."""

from events import Refused


class CannotCount(Refused):
    """The rule, or one of its parameters, does not fit these ballots."""

    says = "{reason}"


class StillOpen(Refused):
    """There is no result before the closing."""

    says = (
        "This consultation has not closed, so there is no result to count yet. It closes by itself "
        "at its hour."
    )


class LotNotDrawn(Refused):
    """The lot that breaks the last ties has not been entered."""

    says = (
        "The public draw that decides ties is on {day} and has not been entered, so nothing was "
        "counted. Enter what was drawn first."
    )


class InterimHidden(Refused):
    """The terms hide interim results while people can still answer (I18)."""

    says = (
        "{slug} is open, and its terms keep hidden how it stands until it closes, so nothing was "
        "counted. It closes by itself at {hour} UTC; count after that."
    )


class NeverOpened(Refused):
    """The consultation has not opened."""

    says = "{slug} has not opened, so there is nothing to count yet."


class WithdrawnUncounted(Refused):
    """A withdrawn consultation is not counted."""

    says = (
        "{slug} was withdrawn: nothing of it is counted or published any more. Its page says why "
        "it was stopped."
    )


class NoRule(Refused):
    """The terms have no counting rule for this question."""

    says = "The terms name no rule for question {question}. Count it by one: --rule"


class NotRecordedYet(Refused):
    """The record has not reached this position."""

    says = "The record has {head} facts, so nothing stands at position {position}. Name an earlier."


class NothingCounted(Refused):
    """The consultation has no question of which ballots are made."""

    says = (
        "No question of this consultation is counted by a rule, so there are no ballots to count "
        "or export. Every answer can be exported as csv, json or xlsx."
    )


class NothingToCount(Refused):
    """The terms have no counting rule for any question."""

    says = (
        "No question of this consultation is counted by a rule. Nothing has to be counted before "
        "the results are published."
    )
