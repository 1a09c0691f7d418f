"""What the proof of a receipt discloses, depending on who sees single ballots."""

from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import states


def proof_words(asked: ShownConsultation) -> str:
    """Return what whoever has the proof can find out about the answers."""
    is_public = asked.page.published_at is not None or not asked.is_stopped
    if not asked.page.are_ballots_public or not is_public:
        return _("It does not show what they are, and single ballots are not published.")
    if asked.page.state in {states.CLOSED, states.WITHDRAWN}:
        return _(
            "Single ballots are published without a name, and whoever has this proof can find "
            "yours among them. Give it only to people who may know what you answered."
        )
    return _(
        "Until we close it does not show what they are. Then single ballots are published without "
        "a name, and whoever has this proof can find yours among them. Give it only to people who "
        "may know what you answered."
    )
