"""The draft of the person at this browser, stored until it is sent."""

from consult.commands.answers.drafts import save_draft
from consult.people.answers import attachments
from consult.people.answers import drafts as kept_drafts
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.answering import earlier
from consult.web.answering.forms.draft import Draft, Typed
from consult.web.answering.forms.filled import Filled
from consult.web.kinds.file import typed_file
from consult.wording.shown_consultation import ShownConsultation


def load(asked: ShownConsultation) -> Draft:
    """Return this browser's draft merged over the answers it changes; empty without either."""
    files, kept = {}, {}
    if resident_session.is_known():
        secret = resident_session.secret()
        files = attached(asked, secret)
        kept = kept_drafts.load(find_services().vault, secret, asked.id)
    content = earlier.find(asked).under(kept)
    return Draft.stored(content).answered(files)


def filled(asked: ShownConsultation) -> Filled:
    """Return the form as it is kept for this browser: what was typed, and what it changes."""
    return Filled(load(asked), receipt=resident_session.changing(asked.id))


def attached(asked: ShownConsultation, secret: str) -> Typed:
    """Return the input for each question that takes a file. `secret`: whose draft it is."""
    wanted = [id for id, question in asked.page.questions.items() if question.of_kind.is_file]
    if not wanted:
        return {}
    draft_id = kept_drafts.draft_id(secret)
    found = attachments.of_draft(find_services().vault, draft_id, asked.id)
    return {id: typed_file(found[id]) if id in found else None for id in wanted}


def save(asked: ShownConsultation, draft: Draft) -> None:
    """Store the draft until it is sent; of a change only the differences."""
    content = earlier.find(asked).differing(draft.content())
    if save_draft(find_services(), resident_session.secret(), asked.id, content):
        resident_session.note_draft(asked.id)


def keep_during_pause(asked: ShownConsultation, draft: Draft) -> None:
    """Store the draft if it cannot be sent because of a pause."""
    if asked.is_paused(find_services().clock()) and not draft.is_empty:
        save(asked, draft)
