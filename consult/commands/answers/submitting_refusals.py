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

    says = "We do not know this receipt code. Check each letter and number, and try again."
