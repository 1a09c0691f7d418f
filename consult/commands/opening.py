"""Opening and closing: from when, and up to which position, answers count."""

from datetime import timedelta
from uuid import UUID

from consult.commands.context import Actor, Gate, change
from consult.services import Services
from events import Consultation, Partnership
from events.consultation_refusals import PeriodTooShort
from events.particulars import partnership_gaps
from events.question import Text
from events.record import TooLate
from events.terms import PROFILES


def open_consultation(
    services: Services,
    id: UUID,
    *,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Let people answer, and freeze what they answer to.

    The clock of the store says when it opened and whether people have time enough. Raises
    NotReady with what is missing, of the consultation or of its partnership; PeriodTooShort.
    """
    by, at = actor.by(command_id), services.record.moment()
    days_min = 0

    def decide(ready: Consultation) -> Gate:
        nonlocal days_min
        partnership = services.record.get(Partnership, ready.partnership_id)
        profile = PROFILES[partnership.profile]
        days_min = profile.days_min
        unstated = [str(gap) for gap in partnership_gaps(partnership, ready)]
        ready.open(profile, unstated=unstated, at=at, by=by)
        assert ready.terms is not None
        return Gate(
            depends_on={partnership.id: partnership.version},
            not_after=ready.terms.closes_at - timedelta(days=days_min),
        )

    try:
        return change(services, Consultation, id, by, decide)
    except TooLate:
        raise PeriodTooShort(days=days_min) from None


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
