"""A place: people choose one of the wards that take part, or somewhere else."""

from typing import Any

from events.kinds.checks import known
from events.kinds.kind import QuestionKind, Shape, kind
from events.question import Question

AREAS = 100
"""The assumed number of wards, which the question does not list: more than any partnership has."""


@kind("area")
class Area(QuestionKind):
    """A choice of one ward; the wards become its options when it is shown."""

    shape = Shape.ONE
    is_route = True
    is_place = True
    has_options = False
    options_least = 1

    def takes_other(self, question: Question) -> bool:
        return question.elsewhere != "nobody"

    def stored(self, question: Question, answer: Any) -> str:
        return known(question, answer)

    def possible(self, question: Question) -> int:
        return AREAS
