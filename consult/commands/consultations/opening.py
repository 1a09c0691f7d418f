"""Open, pause, extend and close: when, and up to which position, answers count."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from consult import access
from consult.commands.answers.places import offer_places
from consult.commands.context import Actor, Gate, change
from consult.services import Services
from events import By, Consultation, Partnership
from events.consultations import states
from events.consultations.consultation_refusals import (
    AnswersAreIn,
    NotOpen,
    NotYetOver,
    PeriodTooShort,
)
from events.frameworks import framework_of
from events.particulars import partnership_gaps
from events.question import Text
from events.store.record import TooEarly, TooLate


@access.needs(access.OPEN_CONSULTATION)
def open_consultation(
    services: Services,
    id: UUID,
    *,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Open a consultation for answers and freeze its content.

    The store's clock determines when it opened and whether the period is long enough. Raises
    UnknownProfile, NotReady with what the consultation or its partnership lacks, PeriodTooShort.
    """
    by, at = actor.by(command_id), services.record.moment()
    days_min = 0

    def decide(ready: Consultation) -> Gate:
        nonlocal days_min
        partnership = services.record.get(Partnership, ready.partnership_id)
        framework = framework_of(partnership.profile)
        days_min = framework.days_min
        # Drafts follow changed wards; a draft appended concurrently catches up here.
        offer_places(ready, partnership.wards, at=at, by=by)
        unstated = [str(gap) for gap in partnership_gaps(partnership, ready)]
        ready.open(framework, unstated=unstated, at=at, by=by)
        assert ready.terms is not None
        return Gate(
            depends_on={partnership.id: partnership.version},
            not_after=ready.terms.closes_at - timedelta(days=days_min),
        )

    try:
        return change(services, Consultation, id, by, decide)
    except TooLate:
        raise PeriodTooShort(days=days_min) from None


@access.needs(access.CLOSE)
def close_consultation(
    services: Services,
    id: UUID,
    *,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Close a consultation. Everything stored before this fact counts, nothing after it.

    The store's clock determines whether the closing time has come. Raises NotYetOver, NotOpen.
    """
    by, at = actor.by(command_id), services.record.moment()

    def decide(open_one: Consultation) -> Gate:
        gate = Gate(not_before=open_one.closes_not_before)
        open_one.close(at=at, by=by)
        return gate

    try:
        return change(services, Consultation, id, by, decide)
    except TooEarly:
        raise NotYetOver from None


@access.needs(access.PAUSE)
def pause_consultation(
    services: Services,
    id: UUID,
    *,
    reason: Text,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Suspend answering, with a published reason.

    The closing time stays; it can be extended, and when it comes the consultation closes even
    while paused. Raises AlreadyPaused, ReasonMissing, NotOpen.
    """
    by, at = actor.by(command_id), services.record.moment()

    def decide(open_one: Consultation) -> Gate:
        open_one.pause(reason, at=at, by=by)
        return _before_the_end(open_one)

    return _in_time(services, id, by, decide)


@access.needs(access.RESUME)
def resume_consultation(
    services: Services,
    id: UUID,
    *,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Allow answers again, until the closing time. Raises NotPaused, NotOpen."""
    by, at = actor.by(command_id), services.record.moment()

    def decide(paused: Consultation) -> Gate:
        paused.resume(at=at, by=by)
        return _before_the_end(paused)

    return _in_time(services, id, by, decide)


@access.needs(access.EXTEND)
def extend_consultation(
    services: Services,
    id: UUID,
    *,
    closes_at: datetime,
    reason: Text,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Move the closing time later, with a reason in every language; also during a pause.

    Raises NeverShorter, ReasonMissing, NotOpen (also when the old closing time has passed).
    """
    by, at = actor.by(command_id), services.record.moment()

    def decide(open_one: Consultation) -> Gate:
        gate = _before_the_end(open_one)
        open_one.extend(closes_at, reason, at=at, by=by)
        return gate

    return _in_time(services, id, by, decide)


@access.needs(access.WITHDRAW)
def withdraw_consultation(
    services: Services,
    id: UUID,
    *,
    reason: Text,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Withdraw a consultation permanently, with a reason.

    The store's clock determines whether it still can be: from the closing time on, whoever
    answered is owed the result. Raises AnswersAreIn, ResultsStand, ReasonMissing, NotOpen.
    """
    by, at = actor.by(command_id), services.record.moment()

    def decide(running: Consultation) -> Gate:
        gate = Gate(not_after=running.closes_not_before if running.state == states.OPEN else None)
        running.withdraw(reason, at=at, by=by)
        return gate

    try:
        return change(services, Consultation, id, by, decide)
    except TooLate:
        raise AnswersAreIn from None


def _before_the_end(consultation: Consultation) -> Gate:
    """Return a gate that holds until the current closing time."""
    return Gate(not_after=consultation.terms.closes_at if consultation.terms else None)


def _in_time(
    services: Services, id: UUID, by: By, decide: Callable[[Consultation], Gate]
) -> Consultation:
    try:
        return change(services, Consultation, id, by, decide)
    except TooLate:
        raise NotOpen from None
