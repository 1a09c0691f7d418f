"""People being helped from this browser, each kept until the next one is called.

A visit is stored in the signed session under a random name that its address contains. It holds
keyed hashes and a receipt, never the code or number that was typed. Two people helped side by
side, each in a window of its own, are two visits.
"""

import secrets
from dataclasses import dataclass, replace
from uuid import UUID

from flask import session

from consult.commands.answers.drafts import delete_draft, save_draft
from consult.people.answers import drafts
from consult.people.proving.identities import Proven
from consult.services import Services
from consult.web.accounts.staff_session import VISITS
from consult.web.answering.forms.draft import Draft
from events.submission import INDIVIDUAL

VISITS_MAX = 4
"""Number of windows that a desk may have open; a further visit removes the oldest."""
NAME_BYTES = 12


@dataclass(frozen=True)
class Visit:
    """One person being helped. `receipt`: set when their answers are sent."""

    name: str
    consultation_id: UUID
    proof: Proven
    channel: str
    has_answered: bool = False
    receipt: str = ""
    sent_at: int = 0
    respondent: str = INDIVIDUAL
    members: int = 0

    @property
    def is_person(self) -> bool:
        """Return whether a person answers for themselves."""
        return self.respondent == INDIVIDUAL


def begin(
    consultation_id: UUID,
    proof: Proven,
    channel: str,
    *,
    has_answered: bool,
    respondent: str = INDIVIDUAL,
    members: int = 0,
) -> Visit:
    """Begin a visit of a person, or of an organisation or meeting that speaks for `members`."""
    name = secrets.token_urlsafe(NAME_BYTES)
    visit = Visit(
        name,
        consultation_id,
        proof,
        channel,
        has_answered,
        respondent=respondent,
        members=members,
    )
    _put(visit)
    return visit


def find(name: str, consultation_id: UUID) -> Visit | None:
    """Return a visit of this browser to a consultation."""
    held = session.get(VISITS, {}).get(name)
    if held is None or held[0] != consultation_id.hex:
        return None
    _, level, voter, channel, has_answered, receipt, sent_at, *whom = held
    proof = Proven(level, voter)
    return Visit(name, consultation_id, proof, channel, bool(has_answered), receipt, sent_at, *whom)


def note_sent(visit: Visit, receipt: str, sent_at: int) -> None:
    """Store the receipt until it is handed over."""
    _put(replace(visit, receipt=receipt, sent_at=sent_at))


def end(services: Services, visit: Visit) -> None:
    """Remove everything about a person from this browser, whether sent or not."""
    delete_draft(services, visit.name, visit.consultation_id)
    session[VISITS] = {k: v for k, v in session.get(VISITS, {}).items() if k != visit.name}


def load(services: Services, visit: Visit) -> Draft:
    """Return what was typed for this person so far."""
    return Draft.stored(drafts.load(services.vault, visit.name, visit.consultation_id))


def save(services: Services, visit: Visit, draft: Draft) -> None:
    """Store what was typed for this person, for the next page."""
    save_draft(services, visit.name, visit.consultation_id, draft.content())


def _put(visit: Visit) -> None:
    kept = dict(session.get(VISITS, {}))
    kept[visit.name] = [
        visit.consultation_id.hex,
        visit.proof.level,
        visit.proof.voter,
        visit.channel,
        int(visit.has_answered),
        visit.receipt,
        visit.sent_at,
        visit.respondent,
        visit.members,
    ]
    session[VISITS] = dict(list(kept.items())[-VISITS_MAX:])
