"""An order: people put options in order, their favourite first."""

from math import perm
from typing import Any

from events.kinds import possible
from events.kinds.answer_refusals import (
    DuplicateRank,
    NotAnAnswer,
    TooManyPicks,
    option_title,
    title,
)
from events.kinds.checks import known
from events.kinds.kind import QuestionKind, Shape, kind
from events.question import Question


@kind("ranking")
class Ranking(QuestionKind):
    """A vote that orders options, as many as somebody wants within the limit."""

    shape = Shape.ORDER
    is_vote = True

    def stored(self, question: Question, answer: Any) -> list[Any]:
        if not isinstance(answer, list | tuple) or len(answer) > len(question.options):
            raise NotAnAnswer(question=title(question))
        ranking: list[Any] = []
        seen: set[str] = set()
        for place in answer:
            shared = isinstance(place, list | tuple)
            if shared and not question.equal_ranks:
                raise NotAnAnswer(question=title(question))
            members = [known(question, option) for option in (place if shared else [place])]
            for option in members:
                if option in seen:
                    raise DuplicateRank(option=option_title(question, option))
                seen.add(option)
            ranking.append(members[0] if len(members) == 1 else sorted(members))
        if question.ranks_max and len(ranking) > question.ranks_max:
            raise TooManyPicks(picked=len(ranking), most=question.ranks_max)
        return ranking

    def possible(self, question: Question) -> int:
        options = possible.many(question)
        depths = possible.up_to(question.ranks_max, options)
        if question.equal_ranks:
            return possible.power(depths, options)
        return possible.capped(perm(options, depth) for depth in range(depths))
