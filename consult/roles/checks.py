"""The checks that every command makes of its actor, against the table in `consult/access.py`."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar
from uuid import UUID

from consult import security_log
from consult.roles.placing import partnership_of, placed
from events.errors import Refused

if TYPE_CHECKING:
    from consult.access import Capability

P = ParamSpec("P")
R = TypeVar("R")


class Acting(Protocol):
    """An actor in a role."""

    @property
    def role(self) -> str:
        """One of `ROLES`."""

    @property
    def reference(self) -> str:
        """The opaque id of an account; "" for whoever has none."""

    @property
    def partnership_id(self) -> UUID | None:
        """The partnership in which the role is held; None for roles that no account holds."""

    @property
    def is_confirmed(self) -> bool:
        """False for a person at a page who has not confirmed this very act."""


class NotConfirmed(Exception):  # noqa: N818  no error: the page then asks for it
    """The actor must confirm this act first. Nothing was done."""

    def __init__(self, capability: "Capability") -> None:
        super().__init__(capability.does)
        self.capability = capability


class NotYours(Refused):
    """The actor's role does not have the capability."""

    says = "Your role does not allow this, so nothing was changed. Ask an administrator."


def require(capability: "Capability", actor: Acting) -> None:
    """Check that the actor's role has a capability, and that they confirmed what needs it.

    Raises NotYours, NotConfirmed.
    """
    if actor.role not in capability.roles:
        raise NotYours
    if capability.needs_passkey and not actor.is_confirmed:
        raise NotConfirmed(capability)


def needs(capability: "Capability") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a command to check its `actor` first. It then raises NotYours, NotConfirmed.

    Whoever has the role in one partnership does nothing about another.
    """

    def guard(command: Callable[P, R]) -> Callable[P, R]:
        subject_of = placed(command)

        @wraps(command)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            actor: Any = kwargs["actor"]
            services: Any = args[0] if args else None
            about = subject_of(args, kwargs)
            try:
                require(capability, actor)
                _require_place(services, actor, about)
            except NotYours:
                _note(services, security_log.ACT_REFUSED, capability, actor, about)
                raise
            done = command(*args, **kwargs)
            if capability.is_noted:
                _note(services, security_log.ACTED, capability, actor, about)
            return done

        guarded.capability = capability  # type: ignore[attr-defined]  # read by the generated test
        return guarded

    return guard


def _require_place(services: Any, actor: Acting, about: Any) -> None:
    if actor.partnership_id is None or about is None:
        return
    if partnership_of(services.record, about) != actor.partnership_id:
        raise NotYours


def _note(services: Any, what: str, capability: "Capability", actor: Acting, about: object) -> None:
    """Write a line of the security log about people's acts; not what the system does by itself."""
    if services is not None and actor.reference:
        who = {"who": actor.reference, "role": actor.role, "partnership": actor.partnership_id}
        security_log.tell(services, what, act=capability.does, about=about, **who)
