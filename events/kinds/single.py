"""One choice: people choose one option, or say something else."""

from typing import Any

from events.kinds.checks import known
from events.kinds.kind import QuestionKind, Shape, kind
from events.question import Question


@kind("single")
class Single(QuestionKind):
    """A choice of one option. A rule can count it, and need not."""

    shape = Shape.ONE
    is_route = True

    @property
    def is_countable(self) -> bool:
        return True

    def takes_other(self, question: Question) -> bool:
        return question.other

    def is_shuffled(self, question: Question) -> bool:
        return question.shuffled

    def stored(self, question: Question, answer: Any) -> str:
        return known(question, answer)

    def possible(self, question: Question) -> int:
        return len(question.options) + 1 + question.other
