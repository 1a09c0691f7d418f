"""What an answer may contain: the shape and the limits of each kind of question.

`check` returns the answer in its stored form: sorted where order has no meaning, unchanged
where it has, never padded. An invalid answer is refused with a sentence that says what to change.
"""

from collections.abc import Callable
from typing import Any

from events.kinds import answer_values
from events.kinds.answer_refusals import (
    AnswerMissing,
    DuplicateRank,
    NotAnAnswer,
    OverBudget,
    TooFewPicks,
    TooManyPicks,
    TooManyPoints,
    UnknownOption,
    title,
)
from events.question import OTHER, WRITTEN, Question

Answer = Any
"""JSON-native, by kind: `"a"`, `["a","b"]`, `{"a": 3}`; a shared rank is a nested list.

A number is text with the question's number of decimals, `"12.50"`; a date `"2026-11-22"`; a
matrix a column for each row, `{"row": "column"}`; an area the code of a ward, or `"other"`.
"""


def check(question: Question, answer: Answer) -> Answer:
    """Return the answer in its stored form; None for an empty one, which means "not answered".

    Raises a class of events.kinds.answer_refusals. Free text and files are checked in the
    vault, where they are stored, because they never enter an event.
    """
    assert question.kind not in WRITTEN
    if answer in (None, "", [], {}):
        if question.required:
            raise AnswerMissing(question=title(question))
        return None
    return CHECKS[question.kind](question, answer)


def _known(question: Question, option: object) -> str:
    if not isinstance(option, str):
        raise NotAnAnswer(question=title(question))
    if question.option(option) is None and not (option == OTHER and question.takes_other):
        raise UnknownOption(option=option[:64])
    return option


def _single(question: Question, answer: Answer) -> Answer:
    return _known(question, answer)


def _picked(question: Question, answer: Answer) -> list[str]:
    if not isinstance(answer, list | tuple) or len(answer) > len(question.options) + 1:
        raise NotAnAnswer(question=title(question))
    picked = sorted({_known(question, option) for option in answer})
    if question.picks_max and len(picked) > question.picks_max:
        raise TooManyPicks(picked=len(picked), most=question.picks_max)
    if len(picked) < question.picks_min:
        raise TooFewPicks(picked=len(picked), least=question.picks_min)
    return picked


def _basket(question: Question, answer: Answer) -> Answer:
    picked = _picked(question, answer)
    assert question.pot is not None
    costs = {option.id: option.cost or 0 for option in question.options}
    over = sum(costs[option] for option in picked) - question.pot
    if over > 0:
        raise OverBudget(over=over)
    return picked


def _ranking(question: Question, answer: Answer) -> Answer:
    if not isinstance(answer, list | tuple) or len(answer) > len(question.options):
        raise NotAnAnswer(question=title(question))
    ranking: list[Any] = []
    seen: set[str] = set()
    for place in answer:
        shared = isinstance(place, list | tuple)
        if shared and not question.equal_ranks:
            raise NotAnAnswer(question=title(question))
        members = [_known(question, option) for option in (place if shared else [place])]
        for option in members:
            if option in seen:
                raise DuplicateRank(option=_option_title(question, option))
            seen.add(option)
        ranking.append(members[0] if len(members) == 1 else sorted(members))
    if question.ranks_max and len(ranking) > question.ranks_max:
        raise TooManyPicks(picked=len(ranking), most=question.ranks_max)
    return ranking


def _numbers(question: Question, answer: Answer) -> dict[str, int]:
    if not isinstance(answer, dict) or len(answer) > len(question.options):
        raise NotAnAnswer(question=title(question))
    for number in answer.values():
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise NotAnAnswer(question=title(question))
    return {_known(question, option): answer[option] for option in sorted(answer, key=str)}


def _points(question: Question, answer: Answer) -> Answer:
    points = {option: given for option, given in _numbers(question, answer).items() if given}
    given = sum(points.values())
    if question.points and given > question.points:
        raise TooManyPoints(given=given, points=question.points, over=given - question.points)
    if question.picks_max and len(points) > question.picks_max:
        raise TooManyPicks(picked=len(points), most=question.picks_max)
    return points or None


def _rating(question: Question, answer: Answer) -> Answer:
    grades = _numbers(question, answer)
    if any(not 1 <= grade <= question.scale for grade in grades.values()):
        raise NotAnAnswer(question=title(question))
    if question.required and len(grades) < len(question.options):
        raise AnswerMissing(question=title(question))
    return grades


def _matrix(question: Question, answer: Answer) -> dict[str, str]:
    if not isinstance(answer, dict) or len(answer) > len(question.statements):
        raise NotAnAnswer(question=title(question))
    if any(not isinstance(option, str) for option in (*answer, *answer.values())):
        raise NotAnAnswer(question=title(question))
    rows = {statement.id for statement in question.statements}
    for row in answer:
        if row not in rows:
            raise UnknownOption(option=row[:64])
    if question.required and len(answer) < len(rows):
        raise AnswerMissing(question=title(question))
    return {row: _known(question, answer[row]) for row in sorted(answer)}


def _option_title(question: Question, option_id: str) -> str:
    option = question.option(option_id)
    assert option is not None
    return next((words for words in option.title.values() if words), option_id)


CHECKS: dict[str, Callable[[Question, Answer], Answer]] = {
    "single": _single,
    "several": _picked,
    "approval": _picked,
    "basket": _basket,
    "ranking": _ranking,
    "points": _points,
    "rating": _rating,
    "area": _single,
    "matrix": _matrix,
    "number": answer_values.number,
    "date": answer_values.date,
}
