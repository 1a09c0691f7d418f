"""Staff of a partnership: list, change and remove them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select, update

from consult.access import STAFF
from consult.people import tables
from consult.people.accounts import staff_sessions
from consult.people.accounts.staff import NAME_LENGTH_MAX, UnknownRole, find_by_email, find_member
from consult.people.vault import Vault
from events.errors import Refused


class NotAMember(Refused):
    """No account with this address has a role in the partnership."""

    says = "Nobody with the address {email} works for this partnership. Nothing was changed."


class OtherName(Refused):
    """The account has another name than the one given."""

    says = (
        "{email} has an account under the name {name}. Nothing was changed. Use that name, or "
        "change it first."
    )


class NoRoleLeft(Refused):
    """The account would have no role left."""

    says = "Leave at least one role, or remove the person. Nothing was changed."


@dataclass(frozen=True)
class Colleague:
    """A staff account with its roles in one partnership."""

    id: UUID
    name: str
    email: str
    roles: tuple[str, ...]


def of_partnership(vault: Vault, partnership_id: UUID) -> list[Colleague]:
    """List the staff of a partnership, by name."""
    person, role = tables.staff.c, tables.role.c
    query = (
        select(person.id, person.name, person.email, role.role)
        .join_from(tables.staff, tables.role, person.id == role.staff_id)
        .where(role.partnership_id == partnership_id)
        .order_by(person.name, person.email, role.role)
    )
    found: dict[UUID, Colleague] = {}
    with vault.transaction() as connection:
        for row in connection.execute(query):
            held = found[row.id].roles if row.id in found else ()
            found[row.id] = Colleague(row.id, row.name, row.email, (*held, row.role))
    return list(found.values())


def find_colleague(vault: Vault, partnership_id: UUID, email: str) -> Colleague:
    """Return the account with this address in a partnership. Raises NotAMember."""
    id = find_by_email(vault, email)
    for one in of_partnership(vault, partnership_id):
        if one.id == id:
            return one
    raise NotAMember(email=email[:254])


def must_be_called(vault: Vault, email: str, name: str) -> None:
    """Check that the account of an address, if any, has this name. Raises OtherName."""
    id = find_by_email(vault, email)
    known = find_member(vault, id) if id else None
    if known is not None and name.strip() and known.name != name.strip()[:NAME_LENGTH_MAX]:
        raise OtherName(email=known.email, name=known.name)


def change(
    vault: Vault, partnership_id: UUID, staff_id: UUID, *, name: str, roles: tuple[str, ...]
) -> None:
    """Set the name of an account, and exactly these roles in a partnership.

    An empty `name` leaves the name unchanged. Changes take effect at the next request. Raises
    UnknownRole, NoRoleLeft.
    """
    for role in roles:
        if role not in STAFF:
            raise UnknownRole(role=role, roles=", ".join(STAFF))
    if not roles:
        raise NoRoleLeft
    held = tables.role.c
    with vault.transaction() as connection:
        if name.strip():
            called = name.strip()[:NAME_LENGTH_MAX]
            mine = tables.staff.c.id == staff_id
            connection.execute(update(tables.staff).where(mine).values(name=called))
        here = (held.staff_id == staff_id) & (held.partnership_id == partnership_id)
        connection.execute(delete(tables.role).where(here, held.role.not_in(roles)))
        for role in roles:
            connection.execute(
                vault.insert(tables.role)
                .values(staff_id=staff_id, partnership_id=partnership_id, role=role)
                .on_conflict_do_nothing()
            )


def remove(vault: Vault, partnership_id: UUID, staff_id: UUID) -> None:
    """Remove an account's roles in a partnership, and end its sessions and sign-in links.

    The next request is refused. The account is deleted with its last role; its actions stay
    recorded under its id.
    """
    held = tables.role.c
    with vault.transaction() as connection:
        here = (held.staff_id == staff_id) & (held.partnership_id == partnership_id)
        connection.execute(delete(tables.role).where(here))
        left = connection.execute(select(held.role).where(held.staff_id == staff_id)).first()
        if left is None:
            connection.execute(delete(tables.staff).where(tables.staff.c.id == staff_id))
    staff_sessions.end_all(vault, staff_id)
