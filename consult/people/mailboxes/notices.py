"""Telling people news once each: what a mailbox was told is noted together with the mail itself.

Both are in one transaction of the vault. Whatever stops a process, either the mail is on its way
and noted, or it is neither, and then the next round does both. The outbox hands a mail over until
the mail server takes it; only a server that took one and could not say so gets it again.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, select

from consult.people import tables
from consult.people.mailboxes import contacts, outbox
from consult.people.mailboxes.contacts import Contact
from consult.people.vault import Vault

_CONTACT, _TOLD = tables.contact, tables.told


@dataclass(frozen=True)
class Letter:
    """What one person is told. `headers`: more of them, such as how to stop it."""

    subject: str
    text: str
    headers: Mapping[str, str]


Write = Callable[[Contact, Sequence[str]], Letter]
"""Words a mail to somebody about some events."""


def consultations(vault: Vault) -> list[UUID]:
    """Return the consultations that somebody wants to hear about."""
    query = select(_CONTACT.c.consultation_id).where(_CONTACT.c.waiting_since.is_(None)).distinct()
    with vault.transaction() as connection:
        return list(connection.execute(query).scalars())


def tell(
    vault: Vault, consultation_id: UUID, events: Sequence[str], write: Write, now: datetime
) -> int:
    """Put a mail on its way to everybody who has not heard of some of the events; how many."""
    number = 0
    for contact, mailbox in _waiting(vault, consultation_id, events):
        with vault.transaction() as connection:
            news = _note(vault, connection, consultation_id, mailbox, events)
            if not news or not _is_there(connection, contact.id):
                continue  # another process was first, or the person has just stopped it
            letter = write(contact, news)
            outbox.put(
                vault,
                to=contact.email,
                subject=letter.subject,
                text=letter.text,
                headers=letter.headers,
                consultation_id=consultation_id,
                now=now,
                connection=connection,
            )
            number += 1
    return number


def forget(
    vault: Vault, connection: Connection, consultation_id: UUID, emails: Collection[str]
) -> None:
    """Forget what somebody was told. Raises KeyGone."""
    hashes = [contacts.mailbox_hashes(vault, consultation_id, email) for email in emails]
    of_person = _TOLD.c.mailbox.in_([each for known in hashes for each in known])
    connection.execute(delete(_TOLD).where(_TOLD.c.consultation_id == consultation_id, of_person))


def _waiting(
    vault: Vault, consultation_id: UUID, events: Sequence[str]
) -> list[tuple[Contact, str]]:
    """Return those who have not heard of every event, each mailbox once."""
    heard = select(_TOLD.c.mailbox).where(
        _TOLD.c.consultation_id == consultation_id, _TOLD.c.event.in_(events)
    )
    query = select(_CONTACT).where(
        _CONTACT.c.consultation_id == consultation_id,
        _CONTACT.c.waiting_since.is_(None),
        _CONTACT.c.mailbox.is_not(None),
    )
    with vault.transaction() as connection:
        known = list(connection.execute(heard).scalars())
        rows = list(connection.execute(query.order_by(_CONTACT.c.id)))
    complete = {mailbox for mailbox, number in Counter(known).items() if number == len(events)}
    found = {
        row.mailbox: Contact(row.id, row.email, row.language)
        for row in rows
        if row.mailbox not in complete
    }
    return [(contact, mailbox) for mailbox, contact in found.items()]


def _note(
    vault: Vault,
    connection: Connection,
    consultation_id: UUID,
    mailbox: str,
    events: Sequence[str],
) -> list[str]:
    """Note events as told; returns those that were not noted before."""
    news = []
    for event in events:
        row = {"consultation_id": consultation_id, "mailbox": mailbox, "event": event}
        put = vault.insert(_TOLD).values(row).on_conflict_do_nothing()
        # Not by the number of rows, which is not told of an insert on PostgreSQL.
        if connection.execute(put.returning(_TOLD.c.event)).first() is not None:
            news.append(event)
    return news


def _is_there(connection: Connection, id: UUID) -> bool:
    return connection.execute(select(_CONTACT.c.id).where(_CONTACT.c.id == id)).first() is not None
