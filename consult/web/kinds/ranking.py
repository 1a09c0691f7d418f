"""An order: a list with buttons that move its rows."""

from typing import Any

from msgspec.structs import replace

from consult.web.forms.reader import Reader, typed_number
from consult.web.kinds.choosing import NUMBER_MAX, Choosing, known
from consult.web.kinds.form import Row, form
from consult.wording.language import gettext as _
from consult.wording.option_words import option_title
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question


@form("ranking")
class Ranking(Choosing):
    """A vote that orders options."""

    is_kept = True
    has_buttons = True

    def shown(self, asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
        return {"values": known(question, typed), "most": question.ranks_max or None}

    def limits(self, asked: ShownConsultation, question: Question) -> str:
        if question.ranks_max and question.ranks_max < len(question.options):
            return _(
                "Add up to %(most)s, your favourite first. You do not have to use them all.",
                most=question.ranks_max,
            )
        return _("Add your favourite first. You do not have to use them all.")

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        places = typed if isinstance(typed, list) else []
        return {"value": [_place(question, place) for place in places], "ordered": True}

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        most = form.number("ranks_max", _("The number of places"), least=1, most=NUMBER_MAX)
        return replace(question, ranks_max=most)

    def typed(self, question: Question) -> dict[str, str]:
        return {"ranks_max": typed_number(question.ranks_max)}


def _place(question: Question, place: Any) -> str:
    """Return the options at one place of an order; a shared place has several."""
    members = place if isinstance(place, list) else [place]
    return ", ".join(option_title(question, str(member)) for member in members)
