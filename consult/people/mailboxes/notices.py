"""Send each piece of news once to each mailbox: the note of it is stored with the mail itself.

Both are in one transaction of the vault. If a process stops, either the mail is in the outbox
and noted, or neither, and then the next round does both. The outbox retries until the mail server
accepts a mail; only a server that accepted one without confirming it gets it twice.
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
    """The mail to one person. `headers`: further ones, such as List-Unsubscribe."""

    subject: str
    text: str
    headers: Mapping[str, str]


Write = Callable[[Contact, Sequence[str]], Letter]
"""Callback that writes the mail to a contact about some events."""


def consultations(vault: Vault) -> list[UUID]:
    """Return the consultations with confirmed contacts."""
    query = select(_CONTACT.c.consultation_id).where(_CONTACT.c.waiting_since.is_(None)).distinct()
    with vault.transaction() as connection:
        return list(connection.execute(query).scalars())


def tell(
    vault: Vault, consultation_id: UUID, events: Sequence[str], write: Write, now: datetime
) -> int:
    """Queue a mail to every mailbox with unreported events; return how many."""
    number = 0
    for contact, mailbox in _waiting(vault, consultation_id, events):
        with vault.transaction() as connection:
            news = _note(vault, connection, consultation_id, mailbox, events)
            if not news or not _is_there(connection, contact.id):
                continue  # another process queued it first, or the person has just unsubscribed
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
    """Delete the notes of what mailboxes were told. Raises KeyGone."""
    hashes = [contacts.mailbox_hashes(vault, consultation_id, email) for email in emails]
    of_person = _TOLD.c.mailbox.in_([each for known in hashes for each in known])
    connection.execute(delete(_TOLD).where(_TOLD.c.consultation_id == consultation_id, of_person))


def _waiting(
    vault: Vault, consultation_id: UUID, events: Sequence[str]
) -> list[tuple[Contact, str]]:
    """Return the contacts that were not told of every event, each mailbox once."""
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
    """Note events as told; return those that were not noted before."""
    news = []
    for event in events:
        row = {"consultation_id": consultation_id, "mailbox": mailbox, "event": event}
        put = vault.insert(_TOLD).values(row).on_conflict_do_nothing()
        # Not by the row count, which is not available for an insert on PostgreSQL.
        if connection.execute(put.returning(_TOLD.c.event)).first() is not None:
            news.append(event)
    return news


def _is_there(connection: Connection, id: UUID) -> bool:
    return connection.execute(select(_CONTACT.c.id).where(_CONTACT.c.id == id)).first() is not None
