"""Grades: radio buttons for each statement."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from consult.web.forms.reader import Reader
from consult.web.kinds import amounts
from consult.web.kinds.amounts import Amounts
from consult.web.kinds.form import Problem, Row, field_name, form
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.option_words import grade_words
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused
from events.kinds.answer_refusals import AnswerMissing
from events.question import Option, Question

GRADES = (2, 10)
USUAL_GRADES = 4


@form("rating")
class Rating(Amounts):
    """A vote that grades options."""

    def shown(self, asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
        return {"values": amounts.values(typed), "words": grade_words(question)}

    def option(self, asked: ShownConsultation, question: Question, option: Option) -> Any:
        return (option.id, said(option.title))

    def first_control(self, question: Question, shown: Sequence[Option]) -> str:
        name = field_name(question.id)
        return f"{name}-{shown[0].id}" if shown else name

    def where(self, question: Question, typed: Any, refused: Refused) -> list[Problem]:
        if not isinstance(refused, AnswerMissing):
            return []
        return amounts.missing(question, typed, _("Choose a grade for “{option}”."))

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        return amounts.lines(question, typed, dict(grade_words(question)))

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        least, most = GRADES
        scale = form.number(
            "scale", _("The number of grades"), least=least, most=most, empty=USUAL_GRADES
        )
        return replace(question, scale=scale)

    def typed(self, question: Question) -> dict[str, str]:
        return {"scale": str(question.scale)}
