"""What is kept of somebody who has yet to show who they are, where the terms ask for it: nothing.

For somebody whose proof has become too old meanwhile, the words wait; a file does not.
"""

from flask import request
from werkzeug.wrappers import Response

from consult.web import services as find_services
from consult.web.answering import journey
from consult.web.answering.forms.answer_forms import RECEIPT
from consult.web.answering.journey import Draft
from consult.web.consultation_lookup import find
from consult.web.identity import identity
from consult.wording.shown_consultation import ShownConsultation

THEN = {
    "answers.send_everything": "all",
    "answers.say_place": "check",
    "whom.say": "check",
    "answers.send": "check",
}
"""Where somebody goes on who has to show who they are first, by what they sent."""


def lead_to_proof() -> Response | None:
    """Refuse every form of a stranger, before anything in it is looked at.

    A form that changes answers names their receipt, which whoever reads it checks.
    """
    if request.method != "POST" or request.endpoint == "answers.someone_else":
        return None
    asked = find(_value("slug"))
    if not identity.is_stranger(asked) or request.form.get(RECEIPT):
        return None
    return first(asked) if asked.keeps_drafts(find_services().clock()) else None


def first(asked: ShownConsultation, draft: Draft | None = None) -> Response:
    """Lead to showing who they are, and then back to here; `draft` waits, unless a stranger's."""
    if draft is not None and not identity.is_stranger(asked):
        journey.save(find_services(), asked, draft)
    return identity.first(asked, THEN.get(str(request.endpoint)) or _value("question_id"))


def _value(name: str) -> str:
    return str((request.view_args or {})[name])
