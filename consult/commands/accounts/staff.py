"""Who works for a partnership and in which roles: names from the vault, roles from the record."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from consult.access import STAFF
from consult.people.accounts.staff import accounts, find_account, find_by_email
from consult.services import Services
from events import NotFound, StaffMember
from events.errors import Refused
from projections.staff import Staff


class NotAMember(Refused):
    """No account with this address has a role in the partnership."""

    says = "Nobody with the address {email} works for this partnership. Nothing was changed."


@dataclass(frozen=True)
class Member:
    """A staff account. `held`: its roles by partnership id; `role`: the one to act in.

    `role` is "" as long as none is chosen of several; then the person may do nothing.
    """

    id: UUID
    name: str
    email: str
    held: dict[UUID, tuple[str, ...]]
    role: str = ""

    @property
    def all_roles(self) -> tuple[str, ...]:
        """Return every role that the person has in some partnership, in the order of STAFF."""
        held = {role for roles in self.held.values() for role in roles}
        return tuple(role for role in STAFF if role in held)

    @property
    def roles(self) -> dict[UUID, tuple[str, ...]]:
        """Return the role to act in, by the id of each partnership in which the person has it."""
        return {id: (self.role,) for id, held in self.held.items() if self.role in held}

    def acting_as(self, role: str) -> "Member":
        """Return the person in a role; in their only one, whatever `role` is."""
        mine = self.all_roles
        return replace(self, role=mine[0] if len(mine) == 1 else role if role in mine else "")


@dataclass(frozen=True)
class Colleague:
    """A staff account with its roles in one partnership, in the order of the alphabet."""

    id: UUID
    name: str
    email: str
    roles: tuple[str, ...]


def find_member(services: Services, id: UUID) -> Member | None:
    """Return an account with the roles that it has now, in its only one, or None.

    The roles are read from the record itself: on every host, one that has ended counts no more
    from the next request on.
    """
    account = find_account(services.vault, id)
    if account is None:
        return None
    found = Member(account.id, account.name, account.email, roles_of(services, id))
    return found.acting_as("")


def roles_of(services: Services, id: UUID) -> dict[UUID, tuple[str, ...]]:
    """Return the roles that somebody has now, by partnership id."""
    try:
        return dict(services.record.refresh(StaffMember, id).roles)
    except NotFound:
        return {}


def of_partnership(services: Services, partnership_id: UUID) -> list[Colleague]:
    """List the staff of a partnership, by name. Raises ReadModelsBehind."""
    with services.whole(Staff) as (db, staff):
        held = staff.of_partnership(db, partnership_id)
    known = accounts(services.vault, {each.person_id for each in held})
    return [
        Colleague(
            one.id,
            one.name,
            one.email,
            tuple(sorted(each.role for each in held if each.person_id == one.id)),
        )
        for one in known.values()
    ]


def find_colleague(services: Services, partnership_id: UUID, email: str) -> Colleague:
    """Return the account with this address in a partnership. Raises NotAMember."""
    id = find_by_email(services.vault, email)
    for one in of_partnership(services, partnership_id):
        if one.id == id:
            return one
    raise NotAMember(email=email[:254])


def everybody_with(services: Services, roles: Collection[str]) -> list[tuple[UUID, str]]:
    """Return id and name of every account with one of these roles in any partnership."""
    with services.whole(Staff) as (db, staff):
        held = staff.everybody_with(db, roles)
    return [(one.id, one.name) for one in accounts(services.vault, held).values()]
