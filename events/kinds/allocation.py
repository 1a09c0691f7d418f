"""A budget to share out: people say how much each area of spending gets, in steps."""

from math import comb
from typing import Any

from events.consultations.consultation_refusals import PotMissing
from events.errors import Refused
from events.kinds import possible
from events.kinds.answer_refusals import option_title
from events.kinds.checks import amounts
from events.kinds.kind import QuestionKind, Shape, kind
from events.question import Question

STEPS_MAX = 1_000
"""Into how many steps the money may be divided, which bounds the tally."""


class StepMissing(Refused):
    """The money of a question cannot be shared out in steps of this size."""

    says = (
        "Question {question} needs a step that divides its money, at most {most} times. Change "
        "the money or the step."
    )


class NotInSteps(Refused):
    """An amount is no multiple of the step."""

    says = "You gave “{option}” {given}. Give it a whole number of steps of {step}."


class TooLittleShared(Refused):
    """The amounts are less than the money."""

    says = "You shared out {given} of {pot}. Share out the {left} that is left."


class TooMuchShared(Refused):
    """The amounts are more than the money."""

    says = "You shared out {given}, and there is {pot}. Take away {over}."


@kind("allocation")
class Allocation(QuestionKind):
    """Amounts of money for options, in steps, that make up the pot together."""

    shape = Shape.AMOUNTS
    shares_money = True

    def stored(self, question: Question, answer: Any) -> dict[str, int] | None:
        shared = {option: given for option, given in amounts(question, answer).items() if given}
        if not shared and not question.required:
            return None
        assert question.pot is not None
        for id, given in shared.items():
            if given % question.step:
                option = option_title(question, id)
                raise NotInSteps(option=option, given=given, step=question.step)
        given = sum(shared.values())
        if given < question.pot:
            raise TooLittleShared(given=given, pot=question.pot, left=question.pot - given)
        if given > question.pot:
            raise TooMuchShared(given=given, pot=question.pot, over=given - question.pot)
        return shared

    def check_limits(self, question: Question) -> None:
        if question.pot is None or question.pot <= 0:
            raise PotMissing(question=question.id)
        if not divides(question.step, question.pot):
            raise StepMissing(question=question.id, most=STEPS_MAX)

    def possible(self, question: Question) -> int:
        options = possible.many(question)
        if not options or question.pot is None:
            return 1
        steps = min(question.pot // max(question.step, 1), STEPS_MAX)
        return possible.capped([1, comb(steps + options - 1, options - 1)])


def divides(step: int, pot: int) -> bool:
    """Return whether the money can be shared out in steps of this size."""
    return step > 0 and pot % step == 0 and pot // step <= STEPS_MAX
