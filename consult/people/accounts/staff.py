"""Staff accounts: roles and one-time sign-in links."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from consult.access import STAFF
from consult.people import tables
from consult.people.mailboxes import addresses
from consult.people.vault import Vault
from events.errors import Refused

LINK_DAYS = 1
NAME_LENGTH_MAX = 200


class UnknownRole(Refused):
    """The role is not one of STAFF."""

    says = "There is no role “{role}”. Roles are: {roles}."


class LinkUsedOrOld(Refused):
    """The sign-in link is used, expired or unknown."""

    says = "This sign-in link has been used or is too old. Ask for a new one."


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


def make_sign_in_token(vault: Vault, staff_id: UUID | None, now: datetime) -> str:
    """Return the secret of a new link, which works once, for LINK_DAYS. Only its hash is stored.

    `staff_id` None: the link never works, but takes as long to create.
    """
    token = secrets.token_urlsafe(24)
    with vault.transaction() as connection:
        expired = tables.sign_in_link.c.expires_at < now
        connection.execute(delete(tables.sign_in_link).where(expired))
        connection.execute(
            vault.insert(tables.sign_in_link).values(
                token_hash=_hash(token),
                staff_id=staff_id or uuid4(),
                expires_at=now + timedelta(days=LINK_DAYS) if staff_id else now,
                used=0 if staff_id else 1,
            )
        )
    return token


def use_sign_in_token(vault: Vault, token: str, now: datetime) -> UUID:
    """Mark a link as used and return its account's id. Raises LinkUsedOrOld."""
    link = tables.sign_in_link
    unused = (link.c.token_hash == _hash(token)) & (link.c.used == 0) & (link.c.expires_at >= now)
    with vault.transaction() as connection:
        used = connection.execute(
            update(link).where(unused).values(used=1).returning(link.c.staff_id)
        ).scalar()
    if used is None:
        raise LinkUsedOrOld
    found: UUID = used
    return found


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
