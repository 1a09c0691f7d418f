"""Staff sessions, stored on the server, so that ending one ends it everywhere.

The browser has a random token; the vault has only its hash. A copied cookie is useless on every
host once its session has ended here.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select, update

from consult.people import tables
from consult.people.vault import Vault

IDLE_MAX = timedelta(hours=8)
"""A session ends after this time without a request."""
LASTS_MAX = timedelta(hours=12)
"""A session ends after this time, even if it is in use."""
NOTED_EVERY = timedelta(minutes=1)
"""The shortest interval between updates of `seen_at`."""
TOKEN_LENGTH_MAX = 100

LINK, PASSKEY, OPENID = "link", "passkey", "openid"
"""How a session is begun."""
DEVICE_LENGTH_MAX = 60
HANDLE_LENGTH = 16

_TABLE = tables.staff_session.c


@dataclass(frozen=True)
class Session:
    """A session that lasts, for the person whose it is.

    `handle`: tells it from their others, and is of no use to sign in. `way`: LINK, PASSKEY or
    OPENID; "" and no `device` for those of an earlier version. `confirmed_at`: when a passkey last
    showed who it is.
    """

    handle: str
    begun_at: datetime
    seen_at: datetime
    way: str
    device: str
    confirmed_at: datetime | None


def begin(vault: Vault, staff_id: UUID, now: datetime, *, way: str = LINK, device: str = "") -> str:
    """Begin a session and return its token, which is not stored; delete expired sessions.

    `device`: browser and system in words.
    """
    token = secrets.token_urlsafe(32)
    with vault.transaction() as connection:
        over = or_(_TABLE.seen_at < now - IDLE_MAX, _TABLE.begun_at < now - LASTS_MAX)
        connection.execute(delete(tables.staff_session).where(over))
        connection.execute(
            vault.insert(tables.staff_session).values(
                token_hash=_hash(token),
                staff_id=staff_id,
                begun_at=now,
                seen_at=now,
                way=way,
                device=device[:DEVICE_LENGTH_MAX],
                confirmed_at=now if way == PASSKEY else None,
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


def of_person(vault: Vault, staff_id: UUID, now: datetime) -> list[Session]:
    """Return the sessions of an account that last, the one that was last in use first."""
    lasts = and_(_TABLE.seen_at >= now - IDLE_MAX, _TABLE.begun_at >= now - LASTS_MAX)
    query = select(tables.staff_session).where(_TABLE.staff_id == staff_id, lasts)
    with vault.transaction() as connection:
        rows = connection.execute(query.order_by(_TABLE.seen_at.desc(), _TABLE.token_hash)).all()
    return [
        Session(
            handle=row.token_hash[:HANDLE_LENGTH],
            begun_at=_utc(row.begun_at),
            seen_at=_utc(row.seen_at),
            way=row.way or "",
            device=row.device or "",
            confirmed_at=_utc(row.confirmed_at) if row.confirmed_at else None,
        )
        for row in rows
    ]


def handle_of(token: str) -> str:
    """Return the handle of the session with a token."""
    return _hash(token)[:HANDLE_LENGTH]


def confirm(vault: Vault, token: str, now: datetime) -> None:
    """Note that a passkey has shown again who it is."""
    mine = _TABLE.token_hash == _hash(token)
    with vault.transaction() as connection:
        connection.execute(update(tables.staff_session).where(mine).values(confirmed_at=now))


def end_one(vault: Vault, staff_id: UUID, handle: str) -> None:
    """End the session of an account with this handle; idempotent."""
    mine = and_(
        _TABLE.staff_id == staff_id, func.substr(_TABLE.token_hash, 1, HANDLE_LENGTH) == handle
    )
    with vault.transaction() as connection:
        connection.execute(delete(tables.staff_session).where(mine))


def end(vault: Vault, token: str) -> None:
    """End one session; idempotent."""
    with vault.transaction() as connection:
        connection.execute(delete(tables.staff_session).where(_TABLE.token_hash == _hash(token)))


def end_others(vault: Vault, staff_id: UUID, token: str) -> None:
    """End every session of an account but the one with this token, and delete its links."""
    link = tables.sign_in_link
    others = and_(_TABLE.staff_id == staff_id, _TABLE.token_hash != _hash(token))
    with vault.transaction() as connection:
        connection.execute(delete(tables.staff_session).where(others))
        connection.execute(delete(link).where(link.c.staff_id == staff_id))


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
