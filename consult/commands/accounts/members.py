"""The staff of a partnership: give somebody roles, change them, take them away."""

from uuid import UUID

from consult import access
from consult.commands.context import Actor
from consult.people.accounts import members, staff
from consult.services import Services
from events import Refused


class NotYourself(Refused):
    """An administrator would remove their own access."""

    says = (
        "You cannot remove yourself or give up your own role as administrator, so nothing was "
        "changed. Ask another administrator."
    )


@access.needs(access.MANAGE_STAFF)
def add_member(
    services: Services,
    partnership_id: UUID,
    *,
    email: str,
    name: str,
    roles: tuple[str, ...],
    actor: Actor,  # noqa: ARG001  whoever it is was asked for their right
) -> None:
    """Give somebody an account and roles in a partnership; idempotent.

    Raises OtherName, UnknownRole, BadEmail.
    """
    members.must_be_called(services.vault, email, name)
    for role in roles:
        staff.add_member(
            services.vault, email=email, name=name, partnership_id=partnership_id, role=role
        )


@access.needs(access.MANAGE_STAFF)
def change_member(
    services: Services,
    partnership_id: UUID,
    staff_id: UUID,
    *,
    name: str,
    roles: tuple[str, ...],
    actor: Actor,
) -> None:
    """Set somebody's name, unless empty, and exactly these roles in a partnership.

    Raises NotYourself, UnknownRole, NoRoleLeft.
    """
    if _is_own(actor, staff_id) and access.ADMINISTRATOR not in roles:
        raise NotYourself
    members.change(services.vault, partnership_id, staff_id, name=name, roles=roles)


@access.needs(access.MANAGE_STAFF)
def remove_member(
    services: Services, partnership_id: UUID, staff_id: UUID, *, actor: Actor
) -> None:
    """Take every role in a partnership from somebody, and sign them out. Raises NotYourself."""
    if _is_own(actor, staff_id):
        raise NotYourself
    members.remove(services.vault, partnership_id, staff_id)


def _is_own(actor: Actor, staff_id: UUID) -> bool:
    return actor.reference == staff_id.hex
