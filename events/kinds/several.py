"""Several choices: people tick what is true for them, or say something else."""

from typing import Any

from events.kinds import possible
from events.kinds.checks import picked
from events.kinds.kind import QuestionKind, Shape, kind
from events.question import Question


@kind("several")
class Several(QuestionKind):
    """A choice of several options, which is no vote."""

    shape = Shape.SEVERAL
    is_route = True

    def takes_other(self, question: Question) -> bool:
        return question.other

    def is_shuffled(self, question: Question) -> bool:
        return question.shuffled

    def stored(self, question: Question, answer: Any) -> list[str]:
        return picked(question, answer)

    def possible(self, question: Question) -> int:
        return possible.picked(question)
