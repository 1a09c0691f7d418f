"""Grades: people say how much they agree with each statement."""

from typing import Any

from events.kinds import possible
from events.kinds.answer_refusals import AnswerMissing, NotAnAnswer, title
from events.kinds.checks import amounts
from events.kinds.kind import QuestionKind, Shape, kind
from events.question import Question


@kind("rating")
class Rating(QuestionKind):
    """A vote that gives each option a grade from 1 to the scale of the question."""

    shape = Shape.AMOUNTS
    is_vote = True
    has_scale = True
    options_least = 1

    def stored(self, question: Question, answer: Any) -> dict[str, int]:
        grades = amounts(question, answer)
        if any(not 1 <= grade <= question.scale for grade in grades.values()):
            raise NotAnAnswer(question=title(question))
        if question.required and len(grades) < len(question.options):
            raise AnswerMissing(question=title(question))
        return grades

    def possible(self, question: Question) -> int:
        return possible.power(question.scale + 1, len(question.options))
