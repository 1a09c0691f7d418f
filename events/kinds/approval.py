"""Support: people tick every option that they support."""

from typing import Any

from events.kinds import possible
from events.kinds.checks import picked
from events.kinds.kind import QuestionKind, Shape, kind
from events.question import Question


@kind("approval")
class Approval(QuestionKind):
    """A vote for every option that somebody supports."""

    shape = Shape.SEVERAL
    is_vote = True
    is_route = True

    def stored(self, question: Question, answer: Any) -> list[str]:
        return picked(question, answer)

    def possible(self, question: Question) -> int:
        return possible.picked(question)
