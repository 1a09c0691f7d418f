"""Who acts in a job that somebody asked for: whoever asked, in the role that they have by then."""

from uuid import UUID

from consult.access import Capability
from consult.commands.accounts.staff import find_member
from consult.commands.context import Actor
from consult.services import Services
from consult.wording.language import N_
from events import Consultation
from events.errors import Refused


class RoleLost(Refused):
    """Who asked for the job may not do it any more."""

    says = N_(
        "Whoever asked for this has no longer a role that allows it, so nothing was done. "
        "Somebody who has one can ask for it again."
    )


def acting(
    services: Services, asked_by: str, consultation_id: UUID, capability: Capability
) -> Actor:
    """Return who asked for a job about a consultation, in a role with a capability.

    `asked_by`: the reference of a staff account. Raises RoleLost.
    """
    consultation = services.record.get(Consultation, consultation_id)
    member = find_member(services, UUID(asked_by))
    held = member.held.get(consultation.partnership_id, ()) if member else ()
    role = capability.role_of(held)
    if role is None:
        raise RoleLost
    return Actor(role, asked_by, partnership_id=consultation.partnership_id)
