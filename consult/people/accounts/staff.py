"""Staff accounts and their roles."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import select

from consult.access import STAFF
from consult.people import tables
from consult.people.mailboxes import addresses
from consult.people.vault import Vault
from events.errors import Refused

NAME_LENGTH_MAX = 200


class UnknownRole(Refused):
    """The role is not one of STAFF."""

    says = "There is no role “{role}”. Roles are: {roles}."


@dataclass(frozen=True)
class Member:
    """A staff account. `roles`: by partnership id."""

    id: UUID
    name: str
    email: str
    roles: dict[UUID, tuple[str, ...]]


def add_member(vault: Vault, *, email: str, name: str, partnership_id: UUID, role: str) -> UUID:
    """Create an account, if it is missing, and add a role; idempotent. Return the account's id.

    Raises BadEmail, UnknownRole.
    """
    address = addresses.account(email)
    if role not in STAFF:
        raise UnknownRole(role=role, roles=", ".join(STAFF))
    with vault.transaction() as connection:
        find = select(tables.staff.c.id).where(
            tables.staff.c.email.in_(addresses.spellings(address))
        )
        if connection.execute(find).first() is None:
            connection.execute(
                vault.insert(tables.staff)
                .values(id=uuid4(), email=address, name=name.strip()[:NAME_LENGTH_MAX] or address)
                .on_conflict_do_nothing()
            )
        id: UUID | None = connection.execute(find).scalars().first()
        assert id is not None  # created just now, by this process or a concurrent one
        connection.execute(
            vault.insert(tables.role)
            .values(staff_id=id, partnership_id=partnership_id, role=role)
            .on_conflict_do_nothing()
        )
    return id


def find_by_email(vault: Vault, email: str) -> UUID | None:
    """Return the id of the account with an address, or None."""
    known = addresses.spellings(email)
    query = select(tables.staff.c.id).where(tables.staff.c.email.in_(known))
    with vault.transaction() as connection:
        return connection.execute(query).scalars().first()


def find_member(vault: Vault, id: UUID) -> Member | None:
    """Return an account with its roles, or None."""
    with vault.transaction() as connection:
        row = connection.execute(select(tables.staff).where(tables.staff.c.id == id)).first()
        if row is None:
            return None
        roles: dict[UUID, tuple[str, ...]] = {}
        held = select(tables.role.c.partnership_id, tables.role.c.role)
        for partnership_id, role in connection.execute(held.where(tables.role.c.staff_id == id)):
            roles[partnership_id] = (*roles.get(partnership_id, ()), role)
    return Member(row.id, row.name, row.email, roles)


def everybody_with(vault: Vault, roles: Collection[str]) -> list[tuple[UUID, str]]:
    """Return id and name of every account with one of these roles in any partnership."""
    held = select(tables.role.c.staff_id).where(tables.role.c.role.in_(roles))
    staff = tables.staff.c
    query = select(staff.id, staff.name).where(staff.id.in_(held)).order_by(staff.name)
    with vault.transaction() as connection:
        return [(row.id, row.name) for row in connection.execute(query)]
