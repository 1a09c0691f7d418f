"""Ask for an act that needs two people, agree to it or refuse it; agreed to, it is done once."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from consult import access
from consult.commands.accounts.staff import Colleague, of_partnership, roles_of
from consult.commands.approvals.acts import ACTS, Act
from consult.commands.approvals.seconds import content_of
from consult.commands.context import SYSTEM, Actor, Gate, begin, change
from consult.roles.placing import consultation_of, partnership_of
from consult.services import Services
from events import Approval
from events.errors import Refused
from events.staff.approvals import ApprovalOver, digest_of
from events.store.record import TooLate
from projections.approvals import Approvals

WAITS = timedelta(hours=72)
"""How long somebody can agree, and the act can be done."""


class NotAlone(Refused):
    """There is somebody who could agree."""

    says = "Somebody else can agree to this, so it is not done alone. Nothing was done."


class AskerLeft(Refused):
    """Whoever asked has the role no longer, in which they asked."""

    says = (
        "Whoever asked for this may not do it any more, so nothing was done. Somebody else has to "
        "ask for it."
    )


@access.needs(access.ASK_FOR_SECOND)
def ask_for(
    services: Services, act: str, *, actor: Actor, command_id: str = "", **arguments: Any
) -> Approval:
    """Ask for an act. `arguments`: those of its command, but for the actor. Idempotent.

    Raises NotYours.
    """
    wanted = ACTS[act]
    access.require(wanted.asking, actor)
    here = actor.partnership_id
    assert here is not None, "whoever has a role has it somewhere"
    about = next((arguments[name] for name in ("case_id", "id") if name in arguments), here)
    if partnership_of(services.record, about) != here:
        raise access.NotYours
    by, at, content = actor.by(command_id), services.clock(), content_of(arguments)
    asked = Approval.Asked(
        at=at,
        by=by,
        partnership_id=here,
        act=act,
        content=content,
        digest=digest_of(act, content),
        expires_at=at + WAITS,
        consultation_id=consultation_of(services.record, about),
    )
    id = Approval.id_for(here, by.command_id)
    return begin(services, Approval, id, lambda: Approval.begin(id, asked))


@access.needs(access.SEE_APPROVALS)
def agree(
    services: Services, id: UUID, digest: str, *, actor: Actor, command_id: str = ""
) -> Approval:
    """Agree to what somebody else asked for, and do it. `digest`: of what the person saw.

    Raises NotYours, SamePerson, SameRole, OtherContent, ApprovalOver, AskerLeft, and what the
    command of the act raises; it is then agreed to, and can be done by `finish`.
    """
    by, at = actor.by(command_id), services.clock()
    access.require(_act(services, id).agreeing, actor)

    def give(approval: Approval) -> Gate:
        approval.give(digest, at=at, by=by)
        return Gate(not_after=approval.expires_at)

    try:
        change(services, Approval, id, by, give)
    except TooLate:
        raise ApprovalOver from None
    return _carry_out(services, id)


@access.needs(access.SEE_APPROVALS)
def do_alone(
    services: Services, id: UUID, reason: str, *, actor: Actor, command_id: str = ""
) -> Approval:
    """Do what one asked for, because nobody else could agree; the reason is recorded.

    Raises NotAlone, ReasonMissing, ApprovalOver, and what the command raises.
    """
    approval = services.record.get(Approval, id)
    if approval.first.actor != actor.reference or others(services, approval):
        raise NotAlone
    access.require(ACTS[approval.act].asking, actor)
    by, at = actor.by(command_id), services.clock()
    change(services, Approval, id, by, lambda one: one.take_alone(reason, at=at, by=by))
    return _carry_out(services, id)


@access.needs(access.SEE_APPROVALS)
def decline(
    services: Services, id: UUID, reason: str, *, actor: Actor, command_id: str = ""
) -> Approval:
    """Refuse what somebody asked for, or take back what one asked for oneself.

    Raises NotYours, ReasonMissing, ApprovalOver.
    """
    is_own = services.record.get(Approval, id).first.actor == actor.reference
    if not is_own and actor.role not in _act(services, id).agreeing.roles:
        raise access.NotYours
    by, at = actor.by(command_id), services.clock()
    return change(services, Approval, id, by, lambda one: one.decline(reason, at=at, by=by))


@access.needs(access.SEE_APPROVALS)
def finish(services: Services, id: UUID, *, actor: Actor) -> Approval:  # noqa: ARG001  asked for their right
    """Do what was agreed to, where a process died in between; idempotent."""
    return _carry_out(services, id)


def others(services: Services, approval: Approval) -> list[Colleague]:
    """Return everybody but whoever asked who could agree."""
    wanted = set(ACTS[approval.act].agreeing.roles) - {approval.first.role}
    return [
        one
        for one in of_partnership(services, approval.partnership_id)
        if one.id.hex != approval.first.actor and wanted & set(one.roles)
    ]


def expire(services: Services) -> None:
    """Record of every approval whose time is up that it is; concurrent hosts record it once."""
    at = services.clock()
    with services.views.connect() as db:
        waiting = services.views.reader(Approvals).open_ones(db)
    for page in waiting:
        if at > page.expires_at:
            by = SYSTEM.by(f"expired/{page.id}")
            change(services, Approval, page.id, by, partial(Approval.expire, at=at, by=by))


def _act(services: Services, id: UUID) -> Act:
    return ACTS[services.record.get(Approval, id).act]


def _carry_out(services: Services, id: UUID) -> Approval:
    """Do what is agreed to, in the name of whoever asked. The id makes that happen once.

    Raises ApprovalOver, AskerLeft.
    """
    approval = services.record.get(Approval, id)
    at = services.clock()
    if not approval.may_be_done(at):
        raise ApprovalOver
    first, here = approval.first, approval.partnership_id
    if first.role not in roles_of(services, UUID(first.actor)).get(here, ()):
        raise AskerLeft
    actor = Actor(first.role, first.actor, first.channel, here, approval_id=id)
    act = ACTS[approval.act]
    act.command(
        services, **act.arguments(approval.content), actor=actor, command_id=f"approval/{id}"
    )
    by = SYSTEM.by(f"done/{id}")
    return change(services, Approval, id, by, lambda one: one.note_done(at=at, by=by))
