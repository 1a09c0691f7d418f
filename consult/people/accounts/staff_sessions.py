"""Staff sessions, stored on the server, so that ending one ends it everywhere.

The browser has a random token; the vault has only its hash. A copied cookie is useless on every
host once its session has ended here.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from consult.people import tables
from consult.people.vault import Vault

IDLE_MAX = timedelta(hours=8)
"""A session ends after this time without a request."""
LASTS_MAX = timedelta(hours=12)
"""A session ends after this time, even if it is in use."""
NOTED_EVERY = timedelta(minutes=1)
"""The shortest interval between updates of `seen_at`."""
TOKEN_LENGTH_MAX = 100

_TABLE = tables.staff_session.c


def begin(vault: Vault, staff_id: UUID, now: datetime) -> str:
    """Begin a session and return its token, which is not stored; delete expired sessions."""
    token = secrets.token_urlsafe(32)
    with vault.transaction() as connection:
        over = or_(_TABLE.seen_at < now - IDLE_MAX, _TABLE.begun_at < now - LASTS_MAX)
        connection.execute(delete(tables.staff_session).where(over))
        connection.execute(
            vault.insert(tables.staff_session).values(
                token_hash=_hash(token), staff_id=staff_id, begun_at=now, seen_at=now
            )
        )
    return token


def find(vault: Vault, token: str, now: datetime) -> UUID | None:
    """Return the account of a session; None if it has ended or never existed."""
    mine = _TABLE.token_hash == _hash(token)
    query = select(_TABLE.staff_id, _TABLE.begun_at, _TABLE.seen_at).where(mine)
    with vault.transaction() as connection:
        row = connection.execute(query).first()
        if row is None:
            return None
        seen_at = _utc(row.seen_at)
        if now - seen_at > IDLE_MAX or now - _utc(row.begun_at) > LASTS_MAX:
            connection.execute(delete(tables.staff_session).where(mine))
            return None
        if now - seen_at >= NOTED_EVERY:
            connection.execute(update(tables.staff_session).where(mine).values(seen_at=now))
    staff_id: UUID = row.staff_id
    return staff_id


def end(vault: Vault, token: str) -> None:
    """End one session; idempotent."""
    with vault.transaction() as connection:
        connection.execute(delete(tables.staff_session).where(_TABLE.token_hash == _hash(token)))


def end_all(vault: Vault, staff_id: UUID) -> None:
    """End every session of an account, and delete its sign-in links."""
    link = tables.sign_in_link
    with vault.transaction() as connection:
        connection.execute(delete(tables.staff_session).where(_TABLE.staff_id == staff_id))
        connection.execute(delete(link).where(link.c.staff_id == staff_id))


def _hash(token: str) -> str:
    return hashlib.sha256(token[:TOKEN_LENGTH_MAX].encode()).hexdigest()


def _utc(at: datetime) -> datetime:
    """Return a time in UTC; SQLite returns it without its zone."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
