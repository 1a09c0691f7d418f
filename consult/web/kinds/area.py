"""A place: radio buttons, or a list where there are many places."""

from typing import Any

from consult.web.forms.reader import Reader
from consult.web.kinds.choosing import Choosing, one_line, plain_text
from consult.web.kinds.form import Row, form
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question

AS_RADIOS_MAX = 12
"""More places than this become a select list."""


@form("area")
class Area(Choosing):
    """A choice of one ward."""

    def shown(self, asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
        return {"value": plain_text(typed), "is_list": len(question.options) > AS_RADIOS_MAX}

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        return one_line(question, typed)

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        return question

    def typed(self, question: Question) -> dict[str, str]:
        return {}
