"""The check before an act that needs two people: somebody else agreed to exactly this."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import msgspec

from consult.commands.context import Actor
from consult.services import Services
from events import Approval, NotFound, Refused
from events.staff.approvals import as_content, digest_of

P = ParamSpec("P")
R = TypeVar("R")

NO_CONTENT = {"services", "actor", "command_id", "report"}
"""Parameters of commands that are no part of what is agreed to."""


class SecondNeeded(Refused):
    """Nobody else agreed to this, or not to exactly this, or the time for it is up."""

    says = (
        "This needs a second person, who has to agree to exactly this first. Nothing was done. "
        "Ask for it, and somebody in another role finds it on their page."
    )


def needs_second(act: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a command that somebody on the staff does only with a second person's approval.

    Its other arguments are what is agreed to; none may be personal data. The site's operator, who
    could change the record itself, is not asked. The command then raises SecondNeeded.
    """

    def guard(command: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(command)

        @wraps(command)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            given = signature.bind(*args, **kwargs)
            actor: Actor = given.arguments["actor"]
            if actor.partnership_id is not None:
                given.apply_defaults()
                _require(given.arguments["services"], act, content_of(given.arguments), actor)
            return command(*args, **kwargs)

        guarded.act = act  # type: ignore[attr-defined]  # read by the registry of acts
        return guarded

    return guard


def content_of(arguments: Mapping[str, Any]) -> str:
    """Return what is agreed to, of the arguments of a command."""
    content = {name: value for name, value in arguments.items() if name not in NO_CONTENT}
    return as_content(msgspec.to_builtins(content))


def _require(services: Services, act: str, content: str, actor: Actor) -> None:
    if actor.approval_id is None:
        raise SecondNeeded
    try:
        approval = services.record.get(Approval, actor.approval_id)
    except NotFound:
        raise SecondNeeded from None
    is_theirs = (approval.first.actor, approval.first.role) == (actor.reference, actor.role)
    is_this = approval.digest == digest_of(act, content)
    is_here = approval.partnership_id == actor.partnership_id
    if not (is_theirs and is_this and is_here and approval.may_be_done(services.clock())):
        raise SecondNeeded
