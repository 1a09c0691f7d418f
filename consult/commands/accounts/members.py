"""The staff of a partnership: give somebody roles, change them, take them away."""

from uuid import UUID

import msgspec

from consult import access
from consult.access import STAFF
from consult.commands.accounts.staff import roles_of
from consult.commands.approvals.seconds import needs_second
from consult.commands.context import Actor, begin, change
from consult.people.accounts import staff, staff_sessions
from consult.roles.rules import beside
from consult.services import Services
from events import Refused, StaffMember

GRANT_ADMINISTRATOR = "grant administrator"
"""The name in facts of an act that needs two people."""


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


class AdministratorByTwo(Refused):
    """Somebody would make somebody an administrator alone."""

    says = (
        "Somebody becomes administrator only if two people agree, so nothing was changed. Give "
        "the other roles, and ask for this one."
    )


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

    Without roles the account may do nothing yet. Raises OtherName, UnknownRole, BadEmail,
    RolesConflict, AdministratorByTwo.
    """
    staff.must_be_called(services.vault, email, name)
    _check_known(roles)
    id = staff.make_account(services.vault, email, name)
    by, at = actor.by(command_id), services.clock()

    def give(person: StaffMember) -> None:
        _check_alone(person, partnership_id, roles, actor)
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
    AdministratorByTwo, NotFound.
    """
    _check_known(roles)
    if not roles:
        raise NoRoleLeft
    if _is_own(actor, staff_id) and access.ADMINISTRATOR not in roles:
        raise NotYourself
    by, at = actor.by(command_id), services.clock()

    def set_to(person: StaffMember) -> None:
        _check_alone(person, partnership_id, roles, actor)
        for role in person.roles.get(partnership_id, ()):
            if role not in roles:
                person.end(partnership_id, role, at=at, by=by)
        for role in roles:
            person.grant(partnership_id, role, beside(role), at=at, by=by)

    change(services, StaffMember, staff_id, by, set_to)
    staff.rename(services.vault, staff_id, name)


@access.needs(access.MANAGE_STAFF)
@needs_second(GRANT_ADMINISTRATOR)
def grant_administrator(
    services: Services, partnership_id: UUID, staff_id: UUID, *, actor: Actor, command_id: str = ""
) -> None:
    """Make somebody with an account an administrator; idempotent.

    Raises SecondNeeded, RolesConflict, NotFound.
    """
    by, at, role = actor.by(command_id), services.clock(), access.ADMINISTRATOR

    def give(person: StaffMember) -> None:
        person.grant(partnership_id, role, beside(role), at=at, by=by)

    change(services, StaffMember, staff_id, by, give)


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


def _check_alone(
    person: StaffMember, partnership_id: UUID, roles: tuple[str, ...], actor: Actor
) -> None:
    """Let only the operator give the first administrators their role alone."""
    is_new = access.ADMINISTRATOR in roles and not person.holds(
        partnership_id, access.ADMINISTRATOR
    )
    if is_new and actor.partnership_id is not None:
        raise AdministratorByTwo


def _is_own(actor: Actor, staff_id: UUID) -> bool:
    return actor.reference == staff_id.hex
