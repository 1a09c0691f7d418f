"""Refusals of commands on a consultation, each with a sentence on what to do next."""

from events.errors import DoneAlready, Refused


class FrozenAtOpening(Refused):
    """Terms, questions, options and costs cannot change after the opening (I2)."""

    says = (
        "This consultation has opened, so its questions, options, costs and terms cannot "
        "change. Nothing was changed. Extend it, or withdraw it with a reason."
    )


class NotReady(Refused):
    """Something required for the opening is missing (I1)."""

    says = "It cannot open yet. Still to do: {missing}."


class PeriodTooShort(Refused):
    """The period is shorter than the framework profile requires (I3)."""

    says = "People need at least {days} days. Choose a later closing time."


class NeverShorter(Refused):
    """The new closing time is not later than the present one."""

    says = "A consultation can be extended and never shortened. Choose a later closing time."


class ReasonMissing(Refused):
    """The reason is missing in a language of the consultation."""

    says = "Give the reason in every language of the consultation."


class NotOpen(Refused):
    """The consultation is not open, or no longer."""

    says = "This consultation is not open, so nothing was recorded."


class ResultsStand(Refused):
    """A consultation with published results cannot be withdrawn."""

    says = (
        "The results of this consultation are published, so it cannot be withdrawn. Nothing was "
        "changed. Say in “We asked, you said, we did” what is wrong with them."
    )


class AnswersAreIn(Refused):
    """A consultation that has closed cannot be withdrawn: its answers are owed a result."""

    says = (
        "It has closed, so the answers that came in are owed their result, and it cannot be "
        "withdrawn. Nothing was changed. Publish the results, and say in “We asked, you said, we "
        "did” what is wrong with them."
    )


class NotYetOver(Refused):
    """The closing time has not come, and it cannot close earlier (I3)."""

    says = (
        "People were promised time until the closing time, so this consultation closes then, by "
        "itself. Nothing was changed. Pause it, or withdraw it with a reason that is published."
    )


class AlreadyPaused(DoneAlready):
    """The consultation is paused already."""

    says = "This consultation is paused already, so nothing was changed."


class NotPaused(DoneAlready):
    """The consultation is not paused."""

    says = "This consultation is not paused, so nothing was changed."


class AlreadyThere(Refused):
    """A question or option with this id exists already."""

    says = "There is already a {what} with the reference {id}. Choose another reference."


class NotThere(Refused):
    """There is no such question or option."""

    says = "There is no {what} with the reference {id}. Look at the list again."


class NotCounted(Refused):
    """The terms have a counting rule for a question that cannot be counted."""

    says = "Question {question} is read by people, not counted. Take its counting rule out."


class PotMissing(Refused):
    """A budget question has no budget."""

    says = "Say how much money question {question} may spend."


class CodesNotAccepted(Refused):
    """The terms do not accept codes by letter."""

    says = "This consultation does not accept codes by letter. Say so in its terms before it opens."


class BadNumberOfCodes(Refused):
    """The number of codes is not from 1 to NUMBER_MAX."""

    says = "Ask for 1 to {most} codes at a time."


class NoSuchBatch(Refused):
    """There is no such batch of codes."""

    says = "There is no batch of codes {batch}. Look at the list again."


class BatchAlreadyVoid(DoneAlready):
    """The batch is void already."""

    says = "The codes of this batch were stopped already."


class VoidReasonMissing(Refused):
    """The reason for voiding codes is missing or too long."""

    says = "Say in 1 to 500 characters why these codes stop working, without anybody's name."


class BadLimits(Refused):
    """The minimum is above the maximum, or a limit cannot be parsed."""

    says = "The limits of question {question} leave no answer. Put them the other way round."


class NotClosed(Refused):
    """The consultation has not closed, so it has no results."""

    says = (
        "This consultation has not closed, so there is no result to publish yet. It closes by "
        "itself at its hour."
    )


class ResultsAlreadyPublished(DoneAlready):
    """The results are published already."""

    says = "The results of this consultation are published already."
