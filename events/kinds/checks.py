"""The check of an answer, and the checks that several kinds of question share."""

from typing import Any

from events.kinds.answer_refusals import (
    AnswerMissing,
    NotAnAnswer,
    TooFewPicks,
    TooManyPicks,
    UnknownOption,
    title,
)
from events.kinds.kind import Answer
from events.question import OTHER, Question


def check(question: Question, answer: Answer) -> Answer:
    """Return the answer in its stored form; None for an empty one, which means "not answered".

    Raises a class of `events.kinds.answer_refusals`, or one that the module of the kind
    defines. Free text and files are checked in the vault, where they are stored, because they
    never enter an event.
    """
    assert not question.of_kind.is_written
    if answer in (None, "", [], {}):
        if question.required:
            raise AnswerMissing(question=title(question))
        return None
    return question.of_kind.stored(question, answer)


def known(question: Question, option: object) -> str:
    """Return the id of an option of the question. Raises NotAnAnswer, UnknownOption."""
    if not isinstance(option, str):
        raise NotAnAnswer(question=title(question))
    if question.option(option) is None and not (option == OTHER and question.takes_other):
        raise UnknownOption(option=option[:64])
    return option


def picked(question: Question, answer: Any) -> list[str]:
    """Return the ids chosen, within the limits. Raises TooManyPicks, TooFewPicks and of `known`."""
    if not isinstance(answer, list | tuple) or len(answer) > len(question.options) + 1:
        raise NotAnAnswer(question=title(question))
    found = sorted({known(question, option) for option in answer})
    if question.picks_max and len(found) > question.picks_max:
        raise TooManyPicks(picked=len(found), most=question.picks_max)
    if len(found) < question.picks_min:
        raise TooFewPicks(picked=len(found), least=question.picks_min)
    return found


def amounts(question: Question, answer: Any) -> dict[str, int]:
    """Return a whole number for each option that has one. Raises NotAnAnswer, UnknownOption."""
    if not isinstance(answer, dict) or len(answer) > len(question.options):
        raise NotAnAnswer(question=title(question))
    for number in answer.values():
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise NotAnAnswer(question=title(question))
    return {known(question, option): answer[option] for option in sorted(answer, key=str)}
