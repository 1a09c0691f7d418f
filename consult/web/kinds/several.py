"""Several choices: checkboxes."""

from consult.web.forms.reader import Reader
from consult.web.kinds.choosing import Picking, draft_picks, typed_picks
from consult.web.kinds.form import form
from consult.web.kinds.tables import Tally, View
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question


@form("several")
class Several(Picking):
    """A choice of several options."""

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        return super().draft(form, draft_picks(form, question), languages)

    def typed(self, question: Question) -> dict[str, str]:
        return super().typed(question) | typed_picks(question)

    def views(
        self, asked: ShownConsultation, question: Question, tally: Tally, least: int
    ) -> list[View]:
        note = _("People could choose several, so these add up to more than everybody.")
        return [each | {"note": note} for each in super().views(asked, question, tally, least)]
