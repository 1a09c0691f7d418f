"""A budget to spend: people choose projects until the money is spent."""

from typing import Any

from events.consultations.consultation_refusals import PotMissing
from events.kinds import possible
from events.kinds.answer_refusals import OverBudget
from events.kinds.checks import picked
from events.kinds.kind import QuestionKind, Shape, kind
from events.question import Question


@kind("basket")
class Basket(QuestionKind):
    """A vote for projects that together cost no more than the pot."""

    shape = Shape.SEVERAL
    is_vote = True
    has_costs = True

    def stored(self, question: Question, answer: Any) -> list[str]:
        chosen = picked(question, answer)
        assert question.pot is not None
        costs = {option.id: option.cost or 0 for option in question.options}
        over = sum(costs[option] for option in chosen) - question.pot
        if over > 0:
            raise OverBudget(over=over)
        return chosen

    def check_limits(self, question: Question) -> None:
        if question.pot is None or question.pot <= 0:
            raise PotMissing(question=question.id)

    def possible(self, question: Question) -> int:
        return possible.picked(question)
