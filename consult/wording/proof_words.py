"""Who can learn from the proof of a receipt what was answered."""

from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation


def proof_words(asked: ShownConsultation) -> str:
    """Return who can find out what was answered, of those who are given the proof."""
    is_public = asked.page.published_at is not None or not asked.is_stopped
    if not asked.page.are_ballots_public or not is_public:
        return _(
            "It does not show what they are, and single ballots are not published. Those who run "
            "the consultation, and an auditor, can see which ballot belongs to it."
        )
    return _(
        "It does not show what they are, and the list of ballots that is published after we close "
        "does not say whose line is whose. Those who run the consultation, and an auditor, can see "
        "which line belongs to it."
    )
