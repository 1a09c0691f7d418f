"""Points to share out: a field for each option, and how many points are left."""

from typing import Any

from msgspec.structs import replace

from consult.web.forms.reader import Reader, typed_number
from consult.web.kinds import amounts
from consult.web.kinds.amounts import Amounts
from consult.web.kinds.form import Problem, Row, field_name, form
from consult.wording import pasted_words
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused
from events.kinds import pasted
from events.kinds.answer_refusals import NotAnAnswer
from events.question import Question

POINTS_MAX = 1_000


@form("points")
class Points(Amounts):
    """A vote that gives options points."""

    is_first_bare = True
    defaults = {"points": 10}  # noqa: RUF012  never changed

    def shown(self, asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
        return {
            "values": amounts.values(typed),
            "used": amounts.used(typed),
            "total": question.points,
        }

    def limits(self, asked: ShownConsultation, question: Question) -> str:
        if not question.points:
            return ""
        return _(
            "You have %(points)s points. You do not have to use them all.", points=question.points
        )

    def where(self, question: Question, typed: Any, refused: Refused) -> list[Problem]:
        """Return which points are not whole numbers, and why, each at its own field."""
        if not isinstance(refused, NotAnAnswer):
            return []
        name, given = field_name(question.id), amounts.values(typed)
        return [
            (f"{name}-{option.id}", f"“{said(option.title)}”: {_why_no_points(text)}")
            for option in question.options
            if isinstance(text := given.get(option.id), str)
        ]

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        return amounts.lines(question, typed, {})

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        points = form.number("points", _("The number of points"), least=1, most=POINTS_MAX)
        if not form.raw("points"):
            form.wrong("points", _("Say how many points there are to share out."))
        return replace(question, points=points)

    def typed(self, question: Question) -> dict[str, str]:
        return {"points": typed_number(question.points)}


def _why_no_points(text: str) -> str:
    try:
        value = pasted.number(text)
    except pasted.Unread as unread:
        return pasted_words.says(unread)
    if value < 0:
        return _("The least that you can give is 0 points.")
    return _("This is more than there are points to give.")
