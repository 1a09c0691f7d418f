"""What a consultation says no to, in words that say what to do next."""

from events.errors import Refused


class FrozenAtOpening(Refused):
    """Terms, questions, options and costs cannot change once people answer (I2)."""

    says = (
        "This consultation has opened, so its questions, options, costs and terms cannot "
        "change. Nothing was changed. Extend it, or withdraw it with a reason."
    )


class NotReady(Refused):
    """Something is missing before it can open (I1)."""

    says = "It cannot open yet. Still to do: {missing}."


class PeriodTooShort(Refused):
    """Less time than the framework profile asks for (I3)."""

    says = "People need at least {days} days. Choose a later closing time."


class NeverShorter(Refused):
    """A period is only ever extended."""

    says = "A consultation can be extended and never shortened. Choose a later closing time."


class ReasonMissing(Refused):
    """A reason is needed in every language of the consultation."""

    says = "Give the reason in every language of the consultation."


class NotOpen(Refused):
    """It is not open (any more)."""

    says = "This consultation is not open, so nothing was recorded."


class ResultsStand(Refused):
    """Results that were published cannot be made unsaid by withdrawing what they came from."""

    says = (
        "The results of this consultation are published, so it cannot be withdrawn. Nothing was "
        "changed. Say in “We asked, you said, we did” what is wrong with them."
    )


class NotYetOver(Refused):
    """People were promised time until the closing time, and nobody takes it from them (I3)."""

    says = (
        "People were promised time until the closing time, so this consultation closes then, by "
        "itself. Nothing was changed. Pause it, or withdraw it with a reason that is published."
    )


class AlreadyPaused(Refused):
    """Nobody can answer already."""

    says = "This consultation is paused already, so nothing was changed."


class NotPaused(Refused):
    """People can answer already."""

    says = "This consultation is not paused, so nothing was changed."


class AlreadyThere(Refused):
    """The reference is taken."""

    says = "There is already a {what} with the reference {id}. Choose another reference."


class NotThere(Refused):
    """There is no such question or option."""

    says = "There is no {what} with the reference {id}. Look at the list again."


class NotCounted(Refused):
    """A counting rule was given for a question that is read, not counted."""

    says = "Question {question} is read by people, not counted. Take its counting rule out."


class PotMissing(Refused):
    """A budget question needs money to spend."""

    says = "Say how much money question {question} may spend."


class CodesNotAccepted(Refused):
    """Codes were asked for where nobody could use them."""

    says = "This consultation does not accept codes by letter. Say so in its terms before it opens."


class BadNumberOfCodes(Refused):
    """None, or more than anybody could post."""

    says = "Ask for 1 to {most} codes at a time."


class NoSuchBatch(Refused):
    """There is no such batch of codes."""

    says = "There is no batch of codes {batch}. Look at the list again."


class BatchAlreadyVoid(Refused):
    """Nothing is left to stop."""

    says = "The codes of this batch were stopped already."


class VoidReasonMissing(Refused):
    """Codes that stop working are somebody's vote."""

    says = "Say in 1 to 500 characters why these codes stop working, without anybody's name."


class BadLimits(Refused):
    """The least is more than the most, or neither can be read."""

    says = "The limits of question {question} leave no answer. Put them the other way round."


class NotClosed(Refused):
    """Results are of everybody who answered in time."""

    says = (
        "This consultation has not closed, so there is no result to publish yet. It closes by "
        "itself at its hour."
    )


class ResultsAlreadyPublished(Refused):
    """Results are published once."""

    says = "The results of this consultation are published already."
