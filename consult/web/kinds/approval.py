"""Support: checkboxes, each a vote."""

from consult.web.forms.reader import Reader
from consult.web.kinds.choosing import Picking, draft_picks, typed_picks
from consult.web.kinds.form import form
from events.question import Question


@form("approval")
class Approval(Picking):
    """A vote for every option that somebody supports."""

    is_kept = True

    def draft(self, form: Reader, question: Question, languages: tuple[str, ...]) -> Question:
        return draft_picks(form, question)

    def typed(self, question: Question) -> dict[str, str]:
        return typed_picks(question)
