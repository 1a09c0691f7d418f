"""Reasons to refuse an answer, each with a sentence that says what to change."""

from typing import Any

from events.errors import Refused
from events.kinds.pasted import Unread
from events.question import Question, Text


class AnswerMissing(Refused):
    """A required question was left without an answer."""

    says = "Answer the question “{question}”."


class UnknownOption(Refused):
    """An answer names an unknown option."""

    says = "“{option}” is not on this ballot, so nothing was recorded. Choose from the list."


class TooManyPicks(Refused):
    """More options were chosen than the question allows."""

    says = "You chose {picked}. Choose up to {most}."


class TooFewPicks(Refused):
    """Fewer options were chosen than the question requires."""

    says = "You chose {picked}. Choose at least {least}."


class DuplicateRank(Refused):
    """The same option, or the same rank, was used twice."""

    says = "“{option}” is in your order more than once. Give each place to one option."


class OverBudget(Refused):
    """The chosen projects cost more than the budget."""

    says = "Your projects cost {over} more than the budget. Remove one or more projects."


class TooManyPoints(Refused):
    """More points were given than the question allows."""

    says = "You gave {given} points, and there are {points}. Take away {over}."


class NotAnAnswer(Refused):
    """The answer has a shape that no form sends."""

    says = "We could not read the answer to “{question}”. Answer it again."


class OtherUnwritten(Refused):
    """The option "other" was chosen without any words."""

    says = "You chose “Other” for “{question}”. Say what you mean."


class Unreadable(Refused):
    """An answer cannot be parsed. `fault`: the reason, with a sentence of its own."""

    says = "“{question}”: {why}"

    def __init__(self, fault: Unread, **values: Any) -> None:
        self.fault = fault
        super().__init__(why=str(fault), **values)


class NotANumber(Unreadable):
    """A number cannot be parsed, or has too many decimals."""


class NumberTooSmall(Refused):
    """A number is below the minimum."""

    says = "Your answer to “{question}” must be {least} or more."


class NumberTooLarge(Refused):
    """A number is above the maximum."""

    says = "Your answer to “{question}” must be {most} or less."


class NotADate(Unreadable):
    """A part of a date cannot be parsed, or there is no such day."""


class DateTooEarly(Refused):
    """A date is before the earliest allowed."""

    says = "Your answer to “{question}” must be {least} or later."


class DateTooLate(Refused):
    """A date is after the latest allowed."""

    says = "Your answer to “{question}” must be {most} or earlier."


def title(question: Question) -> str:
    """Return the question's words in the first language that has any."""
    return _first(question.title, question.id)


def option_title(question: Question, option_id: str) -> str:
    """Return the words of one of the question's options in the first language that has any."""
    option = question.option(option_id)
    assert option is not None
    return _first(option.title, option_id)


def _first(words: Text, id: str) -> str:
    return next((said for said in words.values() if said), id)
