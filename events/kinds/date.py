"""A date: people write a day, month and year, within limits."""

from datetime import date as calendar_day
from typing import Any

from events.consultations.consultation_refusals import BadLimits
from events.kinds import answer_values, possible
from events.kinds.kind import QuestionKind, Shape, kind
from events.question import Question


@kind("date")
class Date(QuestionKind):
    """A day from `least` to `most`."""

    shape = Shape.VALUE
    has_options = False
    options_least = 0

    def stored(self, question: Question, answer: Any) -> str:
        return answer_values.date(question, answer)

    def check_limits(self, question: Question) -> None:
        if question.most and question.most < question.least:
            raise BadLimits(question=question.id)

    def possible(self, question: Question) -> int:
        if not question.least or not question.most:
            return possible.BALLOTS_COUNTED_MAX
        days = self.parsed(question.most) - self.parsed(question.least)
        return days.days + 2

    def parsed(self, answer: str) -> calendar_day:
        return calendar_day.fromisoformat(answer)
