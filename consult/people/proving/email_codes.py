"""Codes by e-mail: six digits, five tries, valid for 15 minutes, then deleted.

The address is stored no longer than its code, and the code only as a keyed hash. Nothing here
reveals who answered: a row exists before anybody does, and is deleted when the code is used.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select, update

from consult.people import tables
from consult.people.mailboxes import addresses
from consult.people.vault import Vault, url64
from events.errors import Refused
from events.kinds.pasted import plain

DIGITS = 6
TRIES_MAX = 5
LIFE = timedelta(minutes=15)
_TABLE = tables.email_code


class CodeWrong(Refused):
    """The digits are not those that were sent."""

    says = "This is not the code we sent. Check it, and type it again."


class CodeGone(Refused):
    """The code is expired, used or tried too often."""

    says = "This code does not work any more. Ask for a new one."


@dataclass(frozen=True)
class ShownConsultation:
    """A requested code. `id`: a secret of the browser that requested it."""

    id: str
    email: str
    code: str
    until: datetime


def make(vault: Vault, consultation_id: UUID, typed: str, now: datetime) -> ShownConsultation:
    """Create a code for an address. Raises BadEmail."""
    email = addresses.written(typed)
    id = secrets.token_urlsafe(16)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row: dict[str, Any] = {
        "id": id,
        "consultation_id": consultation_id,
        "email": email,
        "code": _hash(vault, id, code),
        "until": now + LIFE,
        "tries": 0,
    }
    with vault.transaction() as connection:
        connection.execute(insert(_TABLE).values(row))
    return ShownConsultation(id, email, code, row["until"])


def address(vault: Vault, consultation_id: UUID, id: str, now: datetime) -> str | None:
    """Return the address of a code that is still valid, or None."""
    query = select(_TABLE.c.email).where(*_usable(consultation_id, id, now))
    with vault.transaction() as connection:
        found: str | None = connection.execute(query).scalar()
    return found


def use(vault: Vault, consultation_id: UUID, id: str, typed: str, now: datetime) -> str:
    """Use a code and return the address it was sent to. Raises CodeWrong, CodeGone.

    A try is counted before it is checked, so that concurrent tries count too.
    """
    digits = "".join(letter for letter in plain(typed) if letter.isdigit())
    if len(digits) != DIGITS:
        raise CodeWrong  # an incomplete code cannot be a guess, so it costs no try
    counted = (
        update(_TABLE)
        .where(*_usable(consultation_id, id, now))
        .values(tries=_TABLE.c.tries + 1)
        .returning(_TABLE.c.email, _TABLE.c.code, _TABLE.c.tries)
    )
    with vault.transaction() as connection:
        row = connection.execute(counted).one_or_none()
        if row is None:
            raise CodeGone
        is_right = hmac.compare_digest(row.code, _hash(vault, id, digits))
        if is_right:
            connection.execute(delete(_TABLE).where(_TABLE.c.id == id))
    if not is_right:
        raise CodeGone if row.tries >= TRIES_MAX else CodeWrong
    email: str = row.email
    return email


def forget(vault: Vault, id: str) -> None:
    """Delete a code that is no longer needed."""
    with vault.transaction() as connection:
        connection.execute(delete(_TABLE).where(_TABLE.c.id == id))


def sweep(vault: Vault, now: datetime) -> int:
    """Delete expired codes; return how many."""
    with vault.transaction() as connection:
        return connection.execute(delete(_TABLE).where(_TABLE.c.until <= now)).rowcount


def _usable(consultation_id: UUID, id: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        _TABLE.c.id == id,
        _TABLE.c.consultation_id == consultation_id,
        _TABLE.c.until > now,
        _TABLE.c.tries < TRIES_MAX,
    )


def _hash(vault: Vault, id: str, code: str) -> str:
    key = vault.site_key("e-mail codes")
    return url64(hmac.digest(key, f"{id}\0{code}".encode(), hashlib.sha256))
