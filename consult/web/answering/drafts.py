"""The draft of the person at this browser, stored until it is sent."""

from consult.commands.answers.drafts import save_draft
from consult.people.answers import attachments
from consult.people.answers import drafts as kept_drafts
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.answering import earlier
from consult.web.answering.forms.draft import Draft
from consult.web.kinds.file import typed_file
from consult.wording.shown_consultation import ShownConsultation


def load(asked: ShownConsultation) -> Draft:
    """Return this browser's draft merged over the answers it changes; empty without either."""
    if not resident_session.is_known():
        return Draft.stored(earlier.filled(asked, {}))
    secret = resident_session.secret()
    kept = kept_drafts.load(find_services().vault, secret, asked.id)
    return attach(asked, Draft.stored(earlier.filled(asked, kept)), secret)


def attach(asked: ShownConsultation, draft: Draft, secret: str) -> Draft:
    """Return a draft with the files that are stored for it. `secret`: whose draft it is."""
    wanted = [id for id, question in asked.page.questions.items() if question.of_kind.is_file]
    if not wanted:
        return draft
    draft_id = kept_drafts.draft_id(secret)
    found = attachments.of_draft(find_services().vault, draft_id, asked.id)
    return draft.answered({id: typed_file(found[id]) if id in found else None for id in wanted})


def save(asked: ShownConsultation, draft: Draft) -> None:
    """Store the draft until it is sent; of a change only the differences."""
    content = earlier.differing(asked, draft.content())
    if save_draft(find_services(), resident_session.secret(), asked.id, content):
        resident_session.note_draft(asked.id)
