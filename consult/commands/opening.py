"""Opening and closing: from when, and up to which position, answers count."""

from uuid import UUID

from consult.commands.context import Actor, change
from consult.services import Services
from events import Consultation, Partnership
from events.question import Text
from events.terms import PROFILES


def open_consultation(
    services: Services,
    id: UUID,
    *,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Let people answer, and freeze what they answer to.

    Raises NotReady with what is missing, PeriodTooShort.
    """
    by, at = actor.by(command_id), services.clock()
    draft = services.record.get(Consultation, id)
    partnership = services.record.get(Partnership, draft.partnership_id)
    profile = PROFILES[partnership.profile]
    return change(services, Consultation, id, by, lambda ready: ready.open(profile, at=at, by=by))


def close_consultation(
    services: Services,
    id: UUID,
    *,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Accept nothing more. Everything stored before this fact counts, nothing after it."""
    by, at = actor.by(command_id), services.clock()
    return change(services, Consultation, id, by, lambda open_one: open_one.close(at=at, by=by))


def withdraw_consultation(
    services: Services,
    id: UUID,
    *,
    reason: Text,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Stop a consultation for good, with a reason."""
    by, at = actor.by(command_id), services.clock()
    return change(
        services,
        Consultation,
        id,
        by,
        lambda running: running.withdraw(reason, at=at, by=by),
    )
