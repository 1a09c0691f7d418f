"""What to say to answers that arrive while nobody can answer."""

from consult.web import services as find_services
from consult.web.answering import drafts
from consult.web.answering.forms.draft import Draft
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation

TOO_LATE = N_(
    "This consultation has closed, so your answers were not recorded. "
    "They are still shown here, so that you can copy them."
)
STOPPED = N_(
    "This consultation was stopped, so your answers were not recorded. "
    "They are still shown here, so that you can copy them."
)
PAUSED = N_(
    "This consultation is paused, so your answers were not recorded. They are kept on this "
    "device: send them when it goes on."
)


def too_late(asked: ShownConsultation, draft: Draft | None = None) -> str:
    """Say why nothing is recorded: it is paused, and `draft` is kept, or it has ended."""
    if draft is not None:
        drafts.keep_during_pause(asked, draft)
    if asked.is_stopped:
        return _(STOPPED)
    return _(PAUSED) if asked.is_paused(find_services().clock()) else _(TOO_LATE)
