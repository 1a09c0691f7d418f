"""Staff accounts: name and address.

What an account may do is in the record (`events/staff/roles.py`); here is who that is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from consult.people import tables
from consult.people.accounts import passkeys, recovery_codes, staff_identities, staff_sessions
from consult.people.mailboxes import addresses
from consult.people.vault import Vault
from events.errors import Refused

NAME_LENGTH_MAX = 200


class OtherName(Refused):
    """The account has another name than the one given."""

    says = (
        "{email} has an account under the name {name}. Nothing was changed. Use that name, or "
        "change it first."
    )


@dataclass(frozen=True)
class Account:
    """Who somebody on the staff is."""

    id: UUID
    name: str
    email: str


def make_account(vault: Vault, email: str, name: str) -> UUID:
    """Create the account of an address, if it is missing; return its id. Raises BadEmail."""
    address = addresses.account(email)
    with vault.transaction() as connection:
        find = select(tables.staff.c.id).where(
            tables.staff.c.email.in_(addresses.spellings(address))
        )
        if connection.execute(find).first() is None:
            connection.execute(
                vault.insert(tables.staff)
                .values(id=uuid4(), email=address, name=_called(name) or address)
                .on_conflict_do_nothing()
            )
        id: UUID | None = connection.execute(find).scalars().first()
    assert id is not None  # created just now, by this process or a concurrent one
    return id


def find_by_email(vault: Vault, email: str) -> UUID | None:
    """Return the id of the account with an address, or None."""
    known = addresses.spellings(email)
    query = select(tables.staff.c.id).where(tables.staff.c.email.in_(known))
    with vault.transaction() as connection:
        return connection.execute(query).scalars().first()


def find_account(vault: Vault, id: UUID) -> Account | None:
    """Return an account, or None."""
    return accounts(vault, [id]).get(id)


def accounts(vault: Vault, ids: Collection[UUID]) -> dict[UUID, Account]:
    """Return those of these accounts that there are, by id, in the order of their names."""
    person = tables.staff.c
    query = select(person.id, person.name, person.email).where(person.id.in_(ids))
    with vault.transaction() as connection:
        rows = connection.execute(query.order_by(person.name, person.email))
        return {row.id: Account(row.id, row.name, row.email) for row in rows}


def must_be_called(vault: Vault, email: str, name: str) -> None:
    """Check that the account of an address, if any, has this name. Raises OtherName."""
    id = find_by_email(vault, email)
    known = find_account(vault, id) if id else None
    if known is not None and name.strip() and known.name != _called(name):
        raise OtherName(email=known.email, name=known.name)


def rename(vault: Vault, id: UUID, name: str) -> None:
    """Set the name of an account; an empty one leaves it as it is."""
    if _called(name):
        mine = update(tables.staff).where(tables.staff.c.id == id)
        with vault.transaction() as connection:
            connection.execute(mine.values(name=_called(name)))


def delete_account(vault: Vault, id: UUID) -> None:
    """Delete an account with its passkeys, sessions and links; what it did stays recorded."""
    passkeys.remove_all(vault, id)
    recovery_codes.remove(vault, id)
    staff_identities.unlink(vault, id)
    with vault.transaction() as connection:
        connection.execute(delete(tables.staff).where(tables.staff.c.id == id))
    staff_sessions.end_all(vault, id)


def _called(name: str) -> str:
    return name.strip()[:NAME_LENGTH_MAX]
