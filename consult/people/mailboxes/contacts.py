"""Contacts: the addresses of people who asked for news of a consultation.

An address is not linked to answers: `owner` is a keyed hash as in `equality`, so that a receipt
can erase it, but the table alone leads to nobody's answers.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, delete, insert, select, update

from consult.people import tables
from consult.people.mailboxes import addresses
from consult.people.vault import Vault
from events import derived_id

PURPOSE = "contact"
MAILBOX_PURPOSE = "mailbox"
_TABLE = tables.contact


@dataclass(frozen=True)
class Contact:
    """A recipient of news. `id`: random; it authorises stopping the messages."""

    id: UUID
    email: str
    language: str


def keep(
    vault: Vault,
    consultation_id: UUID,
    subject_id: UUID,
    version: int,
    email: str,
    language: str,
    waiting_since: datetime | None = None,
) -> UUID:
    """Store one person's address, replacing an earlier one; return its id.

    `subject_id`, `version`: of the receipt. `waiting_since`: set while the address is not
    confirmed; it then gets no news. Raises BadEmail, KeyGone.
    """
    address = addresses.account(email)
    id = uuid4()
    row = {
        "id": id,
        "consultation_id": consultation_id,
        "email": address,
        "language": language[:8],
        "owner": vault.owner(consultation_id, subject_id, version, PURPOSE),
        "mailbox": mailbox_hashes(vault, consultation_id, address)[-1],
        "waiting_since": waiting_since,
    }
    with vault.transaction() as connection:
        forget(vault, connection, consultation_id, subject_id, version)
        connection.execute(insert(_TABLE).values(row))
    return id


def confirm(vault: Vault, id: UUID) -> Contact | None:
    """Confirm an address; return None if it no longer exists."""
    mine = _TABLE.c.id == id
    with vault.transaction() as connection:
        connection.execute(update(_TABLE).where(mine).values(waiting_since=None))
        row = connection.execute(select(_TABLE).where(mine)).one_or_none()
        return Contact(row.id, row.email, row.language) if row else None


def is_confirmed(vault: Vault, consultation_id: UUID, email: str) -> bool:
    """Return whether a mailbox already gets news of a consultation. Raises KeyGone."""
    same = _TABLE.c.mailbox.in_(mailbox_hashes(vault, consultation_id, email))
    query = select(_TABLE.c.id).where(
        _TABLE.c.consultation_id == consultation_id, same, _TABLE.c.waiting_since.is_(None)
    )
    with vault.transaction() as connection:
        return connection.execute(query.limit(1)).one_or_none() is not None


def sweep(vault: Vault, older_than: datetime) -> int:
    """Delete addresses not confirmed since `older_than`; return how many."""
    waited = _TABLE.c.waiting_since <= older_than
    with vault.transaction() as connection:
        return connection.execute(delete(_TABLE).where(waited)).rowcount


def about(vault: Vault, id: UUID) -> UUID | None:
    """Return the consultation of an address; None if the address is deleted."""
    query = select(_TABLE.c.consultation_id).where(_TABLE.c.id == id)
    with vault.transaction() as connection:
        return connection.execute(query).scalar()


def of_consultation(vault: Vault, consultation_id: UUID) -> list[Contact]:
    """Return the confirmed contacts of a consultation, each address once."""
    query = select(_TABLE).where(
        _TABLE.c.consultation_id == consultation_id, _TABLE.c.waiting_since.is_(None)
    )
    found: dict[str, Contact] = {}
    with vault.transaction() as connection:
        for row in connection.execute(query.order_by(_TABLE.c.email, _TABLE.c.id)):
            found.setdefault(row.email, Contact(row.id, row.email, row.language))
    return list(found.values())


def of_person(vault: Vault, consultation_id: UUID, subject_id: UUID, version: int) -> list[Contact]:
    """Return the addresses one person gave, for their own request. Raises KeyGone."""
    mine = _TABLE.c.owner.in_(owners(vault, consultation_id, subject_id, version))
    query = select(_TABLE).where(mine)
    with vault.transaction() as connection:
        return [Contact(row.id, row.email, row.language) for row in connection.execute(query)]


def owners_of(vault: Vault, consultation_id: UUID, email: str) -> set[str]:
    """Return the owners (keyed hashes) of an address, for an erasure by case."""
    query = select(_TABLE.c.owner).where(
        _TABLE.c.consultation_id == consultation_id,
        _TABLE.c.email.in_(addresses.spellings(email)),
    )
    with vault.transaction() as connection:
        return set(connection.execute(query).scalars())


def stop(vault: Vault, id: UUID) -> bool:
    """Delete the address that a message was sent to; return False if it is deleted already.

    All rows of the same address in the same consultation are deleted.
    """
    with vault.transaction() as connection:
        row = connection.execute(select(_TABLE).where(_TABLE.c.id == id)).one_or_none()
        if row is None:
            return False
        same = (_TABLE.c.consultation_id == row.consultation_id) & (_TABLE.c.email == row.email)
        connection.execute(delete(_TABLE).where(same))
        return True


def emails(
    vault: Vault, connection: Connection, consultation_id: UUID, subject_id: UUID, version: int
) -> set[str]:
    """Return the addresses that one person gave, up to a version. Raises KeyGone."""
    mine = _TABLE.c.owner.in_(owners(vault, consultation_id, subject_id, version))
    return set(connection.execute(select(_TABLE.c.email).where(mine)).scalars())


def forget(
    vault: Vault, connection: Connection, consultation_id: UUID, subject_id: UUID, version: int
) -> int:
    """Delete one person's addresses up to a version; return how many. Raises KeyGone."""
    mine = _TABLE.c.owner.in_(owners(vault, consultation_id, subject_id, version))
    return connection.execute(delete(_TABLE).where(mine)).rowcount


def mailbox_hashes(vault: Vault, consultation_id: UUID, email: str) -> list[str]:
    """Return the keyed hashes of a mailbox in one consultation, by each rule, the latest last.

    With them, rows stored under an earlier rule are still found. Raises KeyGone.
    """
    named = [derived_id("mailbox", each) for each in addresses.mailboxes(email)]
    return [vault.owner(consultation_id, each, 1, MAILBOX_PURPOSE) for each in named]


def owners(vault: Vault, consultation_id: UUID, subject_id: UUID, version: int) -> list[str]:
    """Return the keyed hashes that one person's rows can have. Raises KeyGone."""
    return [
        vault.owner(consultation_id, subject_id, each, PURPOSE) for each in range(1, version + 1)
    ]
