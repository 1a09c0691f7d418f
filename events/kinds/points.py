"""Points to share out: people share a number of points among options."""

from math import comb
from typing import Any

from events.kinds import possible
from events.kinds.answer_refusals import TooManyPicks, TooManyPoints
from events.kinds.checks import amounts
from events.kinds.kind import QuestionKind, Shape, kind
from events.question import Question


@kind("points")
class Points(QuestionKind):
    """A vote that gives options points, no more than there are."""

    shape = Shape.AMOUNTS
    is_vote = True
    has_points = True

    def stored(self, question: Question, answer: Any) -> dict[str, int] | None:
        points = {option: given for option, given in amounts(question, answer).items() if given}
        given = sum(points.values())
        if question.points and given > question.points:
            raise TooManyPoints(given=given, points=question.points, over=given - question.points)
        if question.picks_max and len(points) > question.picks_max:
            raise TooManyPicks(picked=len(points), most=question.picks_max)
        return points or None

    def possible(self, question: Question) -> int:
        options = possible.many(question)
        return possible.capped([comb(min(question.points, possible.MANY) + options, options)])
