"""Why something is not counted, in words."""

from events import Refused


class CannotCount(Refused):
    """The rule, or a parameter of it, does not fit these ballots."""

    says = "{reason}"


class StillOpen(Refused):
    """A result needs a cut-off."""

    says = (
        "This consultation has not closed, so there is no result to count yet. It closes by itself "
        "at its hour."
    )


class LotNotDrawn(Refused):
    """The order that decides the last ties is not known yet."""

    says = (
        "The public draw that decides ties is on {day} and has not been entered, so nothing was "
        "counted. Enter what was drawn first."
    )


class InterimHidden(Refused):
    """The terms promise that nobody sees how it stands while people can still answer (I18)."""

    says = (
        "{slug} is open, and its terms keep hidden how it stands until it closes, so nothing was "
        "counted. It closes by itself at {hour} UTC; count after that."
    )


class NeverOpened(Refused):
    """Nobody could answer yet."""

    says = "{slug} has not opened, so there is nothing to count yet."


class WithdrawnUncounted(Refused):
    """Nothing of what was stopped for good is counted."""

    says = "{slug} was withdrawn: nothing of it is counted. Its page says why it was stopped."


class NoRule(Refused):
    """The terms leave this question without a counting rule."""

    says = "The terms name no rule for question {question}. Count it by one: --rule"


class NotRecordedYet(Refused):
    """Nothing stands at a position that the record has not reached."""

    says = "The record has {head} facts, so nothing stands at position {position}. Name an earlier."


class NothingCounted(Refused):
    """People were asked nothing of which ballots are made."""

    says = (
        "No question of this consultation is counted by a rule, so there are no ballots to count "
        "or export. Every answer can be exported as csv, json or xlsx."
    )


class NothingToCount(Refused):
    """No question of this consultation is counted."""

    says = (
        "No question of this consultation is counted by a rule. Nothing has to be counted before "
        "the results are published."
    )
