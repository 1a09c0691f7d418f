"""What a browser carries for its person: a secret, receipts just earned, a change begun, a proof.

All of it is in the signed session cookie. The secret is what makes one person one person
where no proof of identity is asked for; nothing else is known about them.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from flask import session

from consult.commands.answers.submitting import Receipt
from consult.people.proving.identities import Proven
from consult.web.accounts.staff_session import OF_STAFF

SECRET_BYTES = 16
SENT_MAX = 5
"""Receipts a cookie remembers; the oldest goes, people keep theirs themselves."""

BEGUN_MAX = 20
"""Drafts, ways back to them, and changes: browsers drop a cookie of more than 4 KB."""

PROVEN_MAX = 5
PROVEN_TIME = timedelta(hours=12)
"""How long a proof holds here: the next person at a shared device is somebody else."""


class Sent(NamedTuple):
    """Answers sent from this browser. `position`: None when it was a repetition."""

    code: str
    position: int | None
    at: datetime
    is_change: bool


def secret() -> str:
    """Return this browser's secret, 128 random bits, made when first asked for."""
    found = session.get("device")
    if not isinstance(found, str):
        found = session["device"] = secrets.token_hex(SECRET_BYTES)
        session.permanent = True  # people come back after closing the browser
    return found


def is_known() -> bool:
    """Say whether this browser has been here before."""
    return "device" in session


def voter() -> str:
    """Return what makes this browser's person one person."""
    return f"device/{secret()}"


def forget() -> None:
    """Begin anew for somebody else at the same device, who gets a secret of their own.

    Forms that are still open belong to the person before and are not taken any more.
    """
    for name in session.keys() - OF_STAFF:
        del session[name]


def has_draft(consultation_id: UUID) -> bool:
    """Say whether a draft was saved from here; spares a look into the vault."""
    return _key(consultation_id) in session.get("drafts", ())


def note_draft(consultation_id: UUID) -> None:
    """Remember that there is a draft."""
    if not has_draft(consultation_id):
        session["drafts"] = [*session.get("drafts", ()), _key(consultation_id)][-BEGUN_MAX:]


def sent(consultation_id: UUID) -> Sent | None:
    """Return what was sent from here last."""
    found = session.get("sent", {}).get(_key(consultation_id))
    if found is None:
        return None
    code, position, at, is_change = found
    return Sent(code, position, datetime.fromtimestamp(at, UTC), bool(is_change))


def note_sent(receipt: Receipt, now: datetime) -> None:
    """Remember a receipt; draft and change are done with."""
    key = _key(receipt.consultation_id)
    sent = [receipt.code, receipt.position, int(now.timestamp()), int(receipt.is_change)]
    _keep("sent", receipt.consultation_id, sent, SENT_MAX)
    if has_draft(receipt.consultation_id):
        session["drafts"] = [each for each in session["drafts"] if each != key]
    if changing(receipt.consultation_id):
        session["changing"] = {k: v for k, v in session["changing"].items() if k != key}


def forget_sent(code: str) -> None:
    """Forget a receipt whose answers were taken back."""
    session["sent"] = {k: v for k, v in session.get("sent", {}).items() if v[0] != code}


def changing(consultation_id: UUID) -> str:
    """Return the receipt code whose answers are being changed from here, or nothing."""
    return str(session.get("changing", {}).get(_key(consultation_id), ""))


def begin_change(consultation_id: UUID, code: str) -> None:
    """Remember that what is sent next replaces the answers of this receipt."""
    _keep("changing", consultation_id, code, BEGUN_MAX)


def return_code(consultation_id: UUID) -> str:
    """Return the code that leads back to this browser's draft, or nothing."""
    return str(session.get("return", {}).get(_key(consultation_id), ""))


def note_return_code(consultation_id: UUID, code: str) -> None:
    """Remember the code that leads back to a draft."""
    _keep("return", consultation_id, code, BEGUN_MAX)


def proven(consultation_id: UUID, now: datetime) -> Proven | None:
    """Return what this browser's person has proven for a consultation, if that still holds."""
    found = session.get("proven", {}).get(_key(consultation_id))
    if found is None:
        return None
    level, voter, at = found
    is_fresh = datetime.fromtimestamp(at, UTC) + PROVEN_TIME > now
    return Proven(level, voter) if is_fresh else None


def has_proven(consultation_id: UUID) -> bool:
    """Say whether something was ever proven here for a consultation, be it too long ago."""
    return _key(consultation_id) in session.get("proven", {})


def note_proven(consultation_id: UUID, proof: Proven, now: datetime) -> None:
    """Remember a proof; of somebody, and not of whom."""
    secret()
    proven = [proof.level, proof.voter, int(now.timestamp())]
    _keep("proven", consultation_id, proven, PROVEN_MAX)


def _keep(name: str, consultation_id: UUID, value: Any, most: int) -> None:
    """Remember something of a consultation; what was remembered longest ago goes."""
    kept = dict(session.get(name, {}))
    kept.pop(_key(consultation_id), None)
    kept[_key(consultation_id)] = value
    session[name] = dict(list(kept.items())[-most:])


def _key(consultation_id: UUID) -> str:
    return consultation_id.hex[:12]
