"""A grid: people give one of the same answers to each statement."""

from collections.abc import Iterator
from typing import Any

from events.consultations.readiness_gaps import Gap, IdTooLong, StatementUnwritten, TooFewStatements
from events.kinds import possible
from events.kinds.answer_refusals import AnswerMissing, NotAnAnswer, UnknownOption, title
from events.kinds.checks import known
from events.kinds.kind import QuestionKind, Shape, kind
from events.question import Question, words_missing

ID_MAX = 31
"""The row and column of an answer are stored together, in at most 64 characters."""


@kind("matrix")
class Matrix(QuestionKind):
    """The same choice of one option for each statement of a question."""

    shape = Shape.ROWS

    def stored(self, question: Question, answer: Any) -> dict[str, str]:
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
        return {row: known(question, answer[row]) for row in sorted(answer)}

    def possible(self, question: Question) -> int:
        return possible.power(len(question.options) + 1, len(question.statements))

    def missing(self, question: Question, languages: tuple[str, ...]) -> Iterator[Gap]:
        if not question.statements:
            yield TooFewStatements(question.id)
        for statement in question.statements:
            for language in words_missing(statement.title, languages):
                yield StatementUnwritten(question.id, statement=statement.id, language=language)
        if any(len(each.id) > ID_MAX for each in (*question.statements, *question.options)):
            yield IdTooLong(question.id)
