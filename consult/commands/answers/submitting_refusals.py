"""What may be refused about answers, whoever sends them."""

from events import Refused


class ConsultationClosed(Refused):
    """Answers came after the closing, or before the opening."""

    says = (
        "This consultation is not open, so your answers were not recorded. "
        "Nobody's answers are counted after it closes."
    )


class ConsultationPaused(ConsultationClosed):
    """Answers came while nobody can answer."""

    says = (
        "This consultation is paused, so nothing was recorded. What was sent before counts. "
        "Try again when it goes on."
    )


class LevelNotAccepted(Refused):
    """Somebody has shown less, or something else, than the terms ask for."""

    says = (
        "This consultation asks you to show who you are in one of the ways it names, so your "
        "answers were not recorded. Go to its first page and choose one."
    )


class UnknownReceipt(Refused):
    """No answers belong to this receipt code."""

    says = "We do not know this receipt code. Check each letter and number, and try again."
