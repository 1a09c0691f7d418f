"""The outbox: a durable queue of mails until a mail server has accepted them.

A mail is here for minutes. After a crash it is sent later, at least once, until it expires; then
it is deleted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from consult.people import tables
from consult.people.mailboxes import addresses
from consult.people.vault import Vault

KEPT_TIME = timedelta(days=3)
"""A mail that no server accepts for so long expires."""

LEASE_TIME = timedelta(minutes=5)
"""How long one process has exclusive use of a mail; later another one may take it."""

PAUSE_TIME_MAX = timedelta(hours=1)
NOBODY = "nobody@example.org"
"""The recipient of a dummy mail, which makes both cases take the same time."""

SUBJECT_LENGTH_MAX = 200
TEXT_LENGTH_MAX = 50_000
HEADERS_OF_OURS = frozenset(
    {"from", "to", "cc", "bcc", "sender", "subject", "date", "message-id", "mime-version"}
)
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_TABLE = tables.outbox


@dataclass(frozen=True)
class Mail:
    """One mail. `tries`: the number of delivery attempts."""

    id: UUID
    to: str
    subject: str
    text: str
    headers: Mapping[str, str]
    put_at: datetime
    tries: int


def put(
    vault: Vault,
    *,
    to: str,
    subject: str,
    text: str,
    headers: Mapping[str, str] = {},
    consultation_id: UUID | None = None,
    now: datetime,
    until: datetime | None = None,
    connection: Connection | None = None,
) -> None:
    """Queue a mail; durable when it returns.

    `connection`: of a surrounding transaction of the vault; durable when that commits.

    `headers`: further ones, such as List-Unsubscribe. `consultation_id`: the mail is deleted
    with its addresses. `until`: expiry (default KEPT_TIME from now). Raises BadEmail.
    """
    for name, value in headers.items():
        assert _HEADER_NAME.fullmatch(name), name
        assert name.lower() not in HEADERS_OF_OURS, name
        assert value.isprintable(), name
    assert len(text) <= TEXT_LENGTH_MAX
    row = {
        "id": uuid4(),
        "consultation_id": consultation_id,
        "recipient": addresses.written(to),
        "subject": " ".join(subject.split())[:SUBJECT_LENGTH_MAX],
        "text": text,
        "headers": msgspec.json.encode(dict(headers)).decode(),
        "put_at": now,
        "until": until or now + KEPT_TIME,
        "next_at": now,
        "tries": 0,
    }
    if connection is not None:
        connection.execute(insert(_TABLE).values(row))
        return
    with vault.transaction() as own:
        own.execute(insert(_TABLE).values(row))


def take(vault: Vault, now: datetime) -> Mail | None:
    """Lease the next mail for LEASE_TIME and return it; None if none is due.

    The earliest expiry comes first, so that codes do not wait behind newsletters. The mail
    stays until `sent`; call `put_off` if no server accepts it.
    """
    is_due = and_(_TABLE.c.next_at <= now, _TABLE.c.until > now)
    first = (
        select(_TABLE)
        .where(is_due)
        .order_by(_TABLE.c.until, _TABLE.c.next_at, _TABLE.c.id)
        .limit(1)
    )
    while True:
        with vault.transaction() as connection:
            row = connection.execute(first).one_or_none()
            if row is None:
                return None
            mine = and_(_TABLE.c.id == row.id, _TABLE.c.next_at == row.next_at)
            taken = connection.execute(
                update(_TABLE).where(mine).values(next_at=now + LEASE_TIME, tries=row.tries + 1)
            )
        if taken.rowcount:
            return _mail(row, row.tries + 1)


def sent(vault: Vault, id: UUID) -> None:
    """Delete a mail that a server has accepted, or refused for good."""
    with vault.transaction() as connection:
        connection.execute(delete(_TABLE).where(_TABLE.c.id == id))


def put_off(vault: Vault, mail: Mail, now: datetime) -> None:
    """Retry later: after 1 minute, then 2, 4, and so on up to PAUSE_TIME_MAX."""
    pause = min(timedelta(minutes=2 ** min(mail.tries - 1, 10)), PAUSE_TIME_MAX)
    with vault.transaction() as connection:
        connection.execute(update(_TABLE).where(_TABLE.c.id == mail.id).values(next_at=now + pause))


def sweep(vault: Vault, now: datetime) -> int:
    """Delete expired mails; return how many."""
    with vault.transaction() as connection:
        return connection.execute(delete(_TABLE).where(_TABLE.c.until <= now)).rowcount


def waiting(vault: Vault, limit: int = 100) -> list[Mail]:
    """Return queued mails, newest first, for a demo that sends nothing."""
    real = select(_TABLE).where(_TABLE.c.until > _TABLE.c.put_at)
    query = real.order_by(_TABLE.c.put_at.desc(), _TABLE.c.id).limit(limit)
    with vault.transaction() as connection:
        return [_mail(row, row.tries) for row in connection.execute(query)]


def forget(connection: Connection, consultation_id: UUID, emails: set[str]) -> int:
    """Delete queued mails to these addresses about a consultation; return how many."""
    mailboxes = {addresses.mailbox(email) for email in emails}
    if not mailboxes:
        return 0
    of_it = select(_TABLE.c.id, _TABLE.c.recipient).where(
        or_(_TABLE.c.consultation_id == consultation_id, _TABLE.c.consultation_id.is_(None))
    )
    theirs = [
        row.id for row in connection.execute(of_it) if addresses.mailbox(row.recipient) in mailboxes
    ]
    for id in theirs:
        connection.execute(delete(_TABLE).where(_TABLE.c.id == id))
    return len(theirs)


def _mail(row: object, tries: int) -> Mail:
    id, to, subject, text, headers, put_at = (
        getattr(row, name) for name in ("id", "recipient", "subject", "text", "headers", "put_at")
    )
    at = put_at if put_at.tzinfo else put_at.replace(tzinfo=UTC)
    return Mail(id, to, subject, text, msgspec.json.decode(headers, type=dict[str, str]), at, tries)
