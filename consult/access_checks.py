"""The checks that every command makes of its actor, against the table in `consult/access.py`."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

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
    """Decorate a command to check its `actor` first. It then raises NotYours, NotConfirmed."""

    def guard(command: Callable[P, R]) -> Callable[P, R]:
        @wraps(command)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            actor: Any = kwargs["actor"]
            require(capability, actor)
            return command(*args, **kwargs)

        guarded.capability = capability  # type: ignore[attr-defined]  # read by the generated test
        return guarded

    return guard
