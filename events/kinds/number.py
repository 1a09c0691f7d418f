"""A number: people write it, whole or with decimals, within limits."""

from decimal import Decimal
from typing import Any

from events.consultations.consultation_refusals import BadLimits
from events.kinds import answer_values, possible
from events.kinds.kind import QuestionKind, Shape, kind
from events.question import Question


@kind("number")
class Number(QuestionKind):
    """A number with the decimals of its question, from `least` to `most`."""

    shape = Shape.VALUE
    has_options = False
    options_least = 0

    def stored(self, question: Question, answer: Any) -> str:
        return answer_values.number(question, answer)

    def check_limits(self, question: Question) -> None:
        given = [each for each in (question.least, question.most) if each]
        limits = [answer_values.scaled(each, question.decimals) for each in given]
        known = [limit for limit in limits if limit is not None]
        if len(given) > len(known) or known != sorted(known):
            raise BadLimits(question=question.id)

    def possible(self, question: Question) -> int:
        if not question.least or not question.most:
            return possible.BALLOTS_COUNTED_MAX
        steps = (Decimal(question.most) - Decimal(question.least)).scaleb(question.decimals)
        return min(int(steps) + 2, possible.BALLOTS_COUNTED_MAX)

    def parsed(self, answer: str) -> Decimal:
        return Decimal(answer)
