"""Their own words: a large field."""

from typing import Any

from msgspec.structs import replace

from consult.people.answers import texts
from consult.web.forms.reader import Reader
from consult.web.kinds.choosing import plain_text
from consult.web.kinds.form import Form, QuestionForm, Row, field_name, form
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question

LENGTH_MAX = 20_000


@form("text")
class Text(QuestionForm):
    """Free text."""

    is_kept = True
    few_words = (
        N_("Nobody wrote anything."),
        N_("Written answers: %(number)s. The words themselves are not published."),
        N_("Written answers"),
    )

    def read(self, question: Question, form: Form) -> Any:
        return form.get(field_name(question.id), "").replace("\r\n", "\n")

    def check(self, question: Question, typed: Any) -> None:
        texts.check(question, typed if typed is not None else "")

    def shown(self, asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
        return {"value": plain_text(typed), "most": question.length_max}

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        return {"value": typed.strip() if isinstance(typed, str) else ""}

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        most = form.number(
            "length_max", _("The number of characters"), least=100, most=LENGTH_MAX, empty=2_000
        )
        return replace(question, length_max=most)

    def typed(self, question: Question) -> dict[str, str]:
        return {"length_max": str(question.length_max)}
