"""Refusals of answers, for all channels."""

from events import Refused


class ConsultationClosed(Refused):
    """Answers arrived before the opening or after the closing."""

    says = (
        "This consultation is not open, so your answers were not recorded. "
        "Nobody's answers are counted after it closes."
    )


class ConsultationPaused(ConsultationClosed):
    """Answers arrived during a pause."""

    says = (
        "This consultation is paused, so nothing was recorded. What was sent before counts. "
        "Try again when it goes on."
    )


class LevelNotAccepted(Refused):
    """The person's level of identity is not one that the terms accept."""

    says = (
        "This consultation asks you to show who you are in one of the ways it names, so your "
        "answers were not recorded. Go to its first page and choose one."
    )


class UnknownReceipt(Refused):
    """No answers belong to this receipt code."""

    says = "We do not know this checking code. Check each letter and number, and try again."


class UnknownChangingCode(UnknownReceipt):
    """No answers belong to this changing code."""

    says = "We do not know this changing code. Check each letter and number, and try again."


class CheckingCode(UnknownReceipt):
    """The checking code was given where the changing code is needed."""

    says = (
        "This is your checking code, which changes nothing. Enter your changing code: it is the "
        "other code of your receipt, the one to keep secret."
    )


class CodeReplaced(UnknownReceipt):
    """Later answers have a changing code of their own."""

    says = (
        "You sent other answers after these, with a changing code of their own. Enter that one: "
        "the earlier code changes nothing any more."
    )
