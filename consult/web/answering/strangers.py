"""Store nothing from people who have not proven their identity where the terms ask for it.

If somebody's proof has merely expired, their words are kept meanwhile; a file is not.
"""

from flask import request
from werkzeug.wrappers import Response

from consult.web import services as find_services
from consult.web.answering import drafts
from consult.web.answering.forms.draft import Draft
from consult.web.answering.forms.filled import RECEIPT
from consult.web.consultation_lookup import find
from consult.web.identity import identity
from consult.wording.shown_consultation import ShownConsultation

THEN = {
    "answers.send_everything": "all",
    "answers.say_place": "check",
    "whom.say": "check",
    "answers.send": "check",
}
"""By endpoint: where somebody continues who must prove their identity first."""


def lead_to_proof() -> Response | None:
    """Redirect every form of a stranger, before anything in it is read.

    A form that changes answers contains their receipt, which is checked by its view.
    """
    if request.method != "POST" or request.endpoint == "answers.someone_else":
        return None
    asked = find(_value("slug"))
    if not identity.is_stranger(asked) or request.form.get(RECEIPT):
        return None
    return first(asked) if asked.keeps_drafts(find_services().clock()) else None


def first(asked: ShownConsultation, draft: Draft | None = None) -> Response:
    """Redirect to the proof of identity and then back here; save `draft` unless a stranger's."""
    if draft is not None and not identity.is_stranger(asked):
        drafts.save(asked, draft)
    return identity.first(asked, THEN.get(str(request.endpoint)) or _value("question_id"))


def _value(name: str) -> str:
    return str((request.view_args or {})[name])
