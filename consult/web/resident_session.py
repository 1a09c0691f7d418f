"""The resident's session: a secret, recent receipts, changes begun, proofs of identity.

All of it is in the signed session cookie. The secret identifies a person where no proof of
identity is required; nothing else is known about them.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from flask import session

from consult.commands.answers.holding import Receipt
from consult.people.proving.identities import Proven
from consult.web.accounts.staff_session import OF_STAFF

SECRET_BYTES = 16
SENT_MAX = 5
"""Receipts kept in the cookie; the oldest is dropped, because people keep their own copies."""

BEGUN_MAX = 20
"""Limit of drafts, return codes and changes: browsers drop a cookie of more than 4 KB."""

PROVEN_MAX = 5
PROVEN_TIME = timedelta(hours=12)
"""How long a proof is valid here: a shared device is used by other people afterwards."""


class Sent(NamedTuple):
    """Answers sent from this browser. `position`: of them in the record.

    `changing_code`: "" where this browser did not get it.
    """

    code: str
    position: int
    at: datetime
    is_change: bool
    changing_code: str = ""


def secret() -> str:
    """Return this browser's secret of 128 random bits, created on first use."""
    found = session.get("device")
    if not isinstance(found, str):
        found = session["device"] = secrets.token_hex(SECRET_BYTES)
        session.permanent = True  # people come back after closing the browser
    return found


def is_known() -> bool:
    """Return whether this browser has a secret."""
    return "device" in session


def voter() -> str:
    """Return the voter id of this browser's person, where no proof is required."""
    return f"device/{secret()}"


def forget() -> None:
    """Clear the session for another person at this device, who then gets a new secret.

    Open forms of the previous person are no longer accepted.
    """
    for name in session.keys() - OF_STAFF:
        del session[name]


def has_draft(consultation_id: UUID) -> bool:
    """Return whether a draft was saved from here, without querying the vault."""
    return _key(consultation_id) in session.get("drafts", ())


def note_draft(consultation_id: UUID) -> None:
    """Record that there is a draft."""
    if not has_draft(consultation_id):
        session["drafts"] = [*session.get("drafts", ()), _key(consultation_id)][-BEGUN_MAX:]


def sent(consultation_id: UUID) -> Sent | None:
    """Return what was last sent from here, or None."""
    found = session.get("sent", {}).get(_key(consultation_id))
    if found is None:
        return None
    code, position, at, is_change, changing_code = found
    at = datetime.fromtimestamp(at, UTC)
    return Sent(code, position, at, bool(is_change), changing_code)


def note_sent(receipt: Receipt, now: datetime) -> None:
    """Store a receipt, and remove draft and change."""
    key = _key(receipt.consultation_id)
    at, is_change = int(now.timestamp()), int(receipt.is_change)
    sent = [receipt.code, receipt.position, at, is_change, receipt.changing_code]
    _keep("sent", receipt.consultation_id, sent, SENT_MAX)
    if has_draft(receipt.consultation_id):
        session["drafts"] = [each for each in session["drafts"] if each != key]
    end_change(receipt.consultation_id)


def forget_sent(consultation_id: UUID) -> None:
    """Remove the receipt of withdrawn answers."""
    key = _key(consultation_id)
    session["sent"] = {k: v for k, v in session.get("sent", {}).items() if k != key}


def changing(consultation_id: UUID) -> str:
    """Return the changing code whose answers are being changed here, or ""."""
    return str(session.get("changing", {}).get(_key(consultation_id), ""))


def begin_change(consultation_id: UUID, code: str) -> None:
    """Record that the next submission replaces the answers of this changing code."""
    _keep("changing", consultation_id, code, BEGUN_MAX)


def end_change(consultation_id: UUID) -> None:
    """Record that nothing is being changed here any more."""
    if changing(consultation_id):
        key = _key(consultation_id)
        session["changing"] = {k: v for k, v in session["changing"].items() if k != key}


def return_code(consultation_id: UUID) -> str:
    """Return the return code of this browser's draft, or ""."""
    return str(session.get("return", {}).get(_key(consultation_id), ""))


def note_return_code(consultation_id: UUID, code: str) -> None:
    """Store the return code of a draft."""
    _keep("return", consultation_id, code, BEGUN_MAX)


def proven(consultation_id: UUID, now: datetime) -> Proven | None:
    """Return the valid proof of this browser's person for a consultation, or None."""
    found = session.get("proven", {}).get(_key(consultation_id))
    if found is None:
        return None
    level, voter, at = found
    is_fresh = datetime.fromtimestamp(at, UTC) + PROVEN_TIME > now
    return Proven(level, voter) if is_fresh else None


def has_proven(consultation_id: UUID) -> bool:
    """Return whether there was ever a proof for a consultation here, valid or expired."""
    return _key(consultation_id) in session.get("proven", {})


def note_proven(consultation_id: UUID, proof: Proven, now: datetime) -> None:
    """Store a proof; it holds keyed hashes and no name."""
    secret()
    proven = [proof.level, proof.voter, int(now.timestamp())]
    _keep("proven", consultation_id, proven, PROVEN_MAX)


def _keep(name: str, consultation_id: UUID, value: Any, most: int) -> None:
    """Store a value per consultation, dropping the oldest beyond `most`."""
    kept = dict(session.get(name, {}))
    kept.pop(_key(consultation_id), None)
    kept[_key(consultation_id)] = value
    session[name] = dict(list(kept.items())[-most:])


def _key(consultation_id: UUID) -> str:
    return consultation_id.hex[:12]
