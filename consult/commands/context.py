"""Who acts, and the loop that repeats a change when somebody else was first."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from consult.services import Services
from events import By, Conflict, Subject

ATTEMPTS_MAX = 20

S = TypeVar("S", bound=Subject)


@dataclass(frozen=True)
class Actor:
    """Somebody who acts in a role. `reference`: opaque, from the vault; never a name."""

    role: str
    reference: str = ""
    channel: str = "online"

    def by(self, command_id: str = "", causation_id: str = "") -> By:
        """Make the envelope of one command; a fresh key when the caller has none."""
        return By(
            role=self.role,
            actor=self.reference,
            channel=self.channel,
            command_id=command_id or fresh_command_id(),
            causation_id=causation_id,
        )


SYSTEM = Actor("system")
"""What happens without a person, such as closing at the deadline."""


def fresh_command_id() -> str:
    """Return a new idempotency key, 96 random bits."""
    return secrets.token_urlsafe(12)


def change(
    services: Services,
    kind: type[S],
    id: UUID,
    by: By,
    decide: Callable[[S], None],
) -> S:
    """Load a subject, let it decide, save it; again from the start when it has moved.

    The same command takes effect once: a subject that knows the key is returned as it is.
    """
    for attempt in range(ATTEMPTS_MAX):
        subject = services.record.get(kind, id)
        if by.command_id in subject.commands:
            return subject
        decide(subject)
        try:
            services.record.save(subject)
        except Conflict:
            if attempt == ATTEMPTS_MAX - 1:
                raise
            continue
        return subject
    raise AssertionError
