"""Points to share out: a field for each option, and how many points are left."""

from typing import Any

from msgspec.structs import replace

from consult.web.forms.reader import Reader, typed_number
from consult.web.kinds import amounts
from consult.web.kinds.amounts import Amounts
from consult.web.kinds.form import Problem, Row, form
from consult.wording.language import gettext as _
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
        too_small = _("The least that you can give is 0 points.")
        too_large = _("This is more than there are points to give.")
        return amounts.unread(question, typed, pasted.number, too_small, too_large)

    def lines(self, asked: ShownConsultation, question: Question, typed: Any) -> Row:
        return amounts.lines(question, typed, {})

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        points = form.number("points", _("The number of points"), least=1, most=POINTS_MAX)
        if not form.raw("points"):
            form.wrong("points", _("Say how many points there are to share out."))
        return replace(question, points=points)

    def typed(self, question: Question) -> dict[str, str]:
        return {"points": typed_number(question.points)}
