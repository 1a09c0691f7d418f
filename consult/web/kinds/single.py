"""One choice: radio buttons."""

from typing import Any

from consult.web.kinds.choosing import Choosing, one_line, other_words, plain_text
from consult.web.kinds.form import Row, answer, form
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question


@form("single")
class Single(Choosing):
    """A choice of one option."""

    def shown(self, asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
        chosen = plain_text(answer(question, typed))
        return {"value": chosen, "other": other_words(question, typed)}

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        return one_line(question, typed)
