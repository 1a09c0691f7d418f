"""Who asks about answers: by their changing code, or from the browser that sent them.

A form holds the code as it was typed, or the short name of the consultation whose answers this
browser's person has sent or has just proven to be theirs.
"""

from contextlib import suppress
from dataclasses import dataclass

from flask import request

from consult.commands.answers.holding import Holder, find_held
from consult.commands.answers.submitting_refusals import UnknownReceipt
from consult.people.proving.identities import Proven
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.consultation_lookup import find
from consult.wording.shown_consultation import ShownConsultation
from events import Submission
from events.consultations import levels

CODE = "code"
OF = "of"
CODE_LENGTH_MAX = 60
SLUG_LENGTH_MAX = 100


@dataclass(frozen=True)
class Claim:
    """What a form says of who asks: the code as typed, or the consultation."""

    typed: str = ""
    slug: str = ""

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was said."""
        return not (self.typed.strip() or self.slug)

    @property
    def field(self) -> tuple[str, str]:
        """Return the name and value of the hidden field that says the same again."""
        return (CODE, self.typed) if self.typed.strip() else (OF, self.slug)

    def held(self) -> tuple[Submission, Holder]:
        """Return the answers, and who asks. Raises what `find_held` raises.

        What was sent from here comes first: a page about it says “these answers”. Whoever proves
        who they are has nothing of another here (`identity.proceed`).
        """
        services = find_services()
        if self.typed.strip():
            holder = Holder(self.typed)
            return find_held(services, holder), holder
        if not self.slug:
            raise UnknownReceipt
        asked = find(self.slug)
        sent = resident_session.sent(asked.id) if resident_session.is_known() else None
        if sent and sent.changing_code:
            holder = Holder(sent.changing_code)
            # Replaced from elsewhere, they are those of whoever proves who they are, as below.
            with suppress(UnknownReceipt):
                return find_held(services, holder), holder
        holder = _own_voter(asked)
        return find_held(services, holder), holder


def asked_here() -> Claim:
    """Return the claim in the form that was posted."""
    form = request.form
    return Claim(form.get(CODE, "")[:CODE_LENGTH_MAX], form.get(OF, "")[:SLUG_LENGTH_MAX])


def _own_voter(asked: ShownConsultation) -> Holder:
    """Return the person of this browser. Raises UnknownReceipt of a browser without one."""
    if not resident_session.is_known():
        raise UnknownReceipt
    now = find_services().clock()
    proof = resident_session.proven(asked.id, now) or Proven(levels.OPEN, resident_session.voter())
    return Holder(consultation_id=asked.id, voter=proof.voter)
