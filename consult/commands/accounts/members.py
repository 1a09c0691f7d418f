"""The staff of a partnership: give somebody roles, change them, take them away."""

from uuid import UUID

import msgspec

from consult import access
from consult.access import STAFF
from consult.commands.accounts.staff import roles_of
from consult.commands.context import Actor, begin, change
from consult.people.accounts import staff, staff_sessions
from consult.roles.rules import beside
from consult.services import Services
from events import Refused, StaffMember


class NotYourself(Refused):
    """An administrator would remove their own access."""

    says = (
        "You cannot remove yourself or give up your own role as administrator, so nothing was "
        "changed. Ask another administrator."
    )


class UnknownRole(Refused):
    """The role is not one of STAFF."""

    says = "There is no role “{role}”. Roles are: {roles}."


class NoRoleLeft(Refused):
    """The account would have no role left."""

    says = "Leave at least one role, or remove the person. Nothing was changed."


@access.needs(access.MANAGE_STAFF)
def add_member(
    services: Services,
    partnership_id: UUID,
    *,
    email: str,
    name: str,
    roles: tuple[str, ...],
    actor: Actor,
    command_id: str = "",
) -> UUID:
    """Give somebody an account and roles in a partnership; idempotent. Return the account's id.

    Raises OtherName, UnknownRole, BadEmail, RolesConflict.
    """
    staff.must_be_called(services.vault, email, name)
    _check_known(roles)
    id = staff.make_account(services.vault, email, name)
    by, at = actor.by(command_id), services.clock()

    def give(person: StaffMember) -> None:
        for role in roles:
            person.grant(partnership_id, role, beside(role), at=at, by=by)

    unnamed = msgspec.structs.replace(by, command_id="")  # the command is what follows
    made = StaffMember.AccountMade(at=at, by=unnamed)
    begin(services, StaffMember, id, lambda: StaffMember.begin(id, made))
    change(services, StaffMember, id, by, give)
    return id


@access.needs(access.MANAGE_STAFF)
def change_member(
    services: Services,
    partnership_id: UUID,
    staff_id: UUID,
    *,
    name: str,
    roles: tuple[str, ...],
    actor: Actor,
    command_id: str = "",
) -> None:
    """Set somebody's name, unless empty, and exactly these roles in a partnership.

    It holds from the next request on. Raises NotYourself, UnknownRole, NoRoleLeft, RolesConflict,
    NotFound.
    """
    _check_known(roles)
    if not roles:
        raise NoRoleLeft
    if _is_own(actor, staff_id) and access.ADMINISTRATOR not in roles:
        raise NotYourself
    by, at = actor.by(command_id), services.clock()

    def set_to(person: StaffMember) -> None:
        for role in person.roles.get(partnership_id, ()):
            if role not in roles:
                person.end(partnership_id, role, at=at, by=by)
        for role in roles:
            person.grant(partnership_id, role, beside(role), at=at, by=by)

    change(services, StaffMember, staff_id, by, set_to)
    staff.rename(services.vault, staff_id, name)


@access.needs(access.MANAGE_STAFF)
def remove_member(
    services: Services, partnership_id: UUID, staff_id: UUID, *, actor: Actor, command_id: str = ""
) -> None:
    """End every role that somebody has in a partnership, and sign them out.

    The account is deleted with its last role; what it did stays recorded under its id.
    Raises NotYourself, NotFound.
    """
    if _is_own(actor, staff_id):
        raise NotYourself
    by, at = actor.by(command_id), services.clock()

    def take(person: StaffMember) -> None:
        for role in person.roles.get(partnership_id, ()):
            person.end(partnership_id, role, at=at, by=by)

    change(services, StaffMember, staff_id, by, take)
    if roles_of(services, staff_id):
        staff_sessions.end_all(services.vault, staff_id)
    else:
        staff.delete_account(services.vault, staff_id)


def _check_known(roles: tuple[str, ...]) -> None:
    for role in roles:
        if role not in STAFF:
            raise UnknownRole(role=role, roles=", ".join(STAFF))


def _is_own(actor: Actor, staff_id: UUID) -> bool:
    return actor.reference == staff_id.hex
