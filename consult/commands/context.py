"""Who acts, and the loop that repeats a change when somebody else was first."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from consult import access
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


SYSTEM = Actor(access.SYSTEM)
"""What happens without a person, such as closing at the deadline."""


@dataclass(frozen=True)
class Gate:
    """What the store has to find when it stores a change, by its own clock.

    `depends_on`: versions that other subjects must still have. `not_before`, `not_after`:
    the first and the last moment at which the change may be recorded.
    """

    depends_on: Mapping[UUID, int] = field(default_factory=dict)
    not_before: datetime | None = None
    not_after: datetime | None = None


def fresh_command_id() -> str:
    """Return a new idempotency key, 96 random bits."""
    return secrets.token_urlsafe(12)


def change(
    services: Services,
    kind: type[S],
    id: UUID,
    by: By,
    decide: Callable[[S], Gate | None],
) -> S:
    """Load a subject, let it decide, save it; again from the start when it has moved.

    The same command takes effect once: a subject that knows the key is returned as it is.
    `decide` returns what else the store has to find, if anything. Raises TooEarly, TooLate.
    """
    for attempt in range(ATTEMPTS_MAX):
        subject = services.record.get(kind, id)
        if by.command_id in subject.commands:
            return subject
        gate = decide(subject) or Gate()
        try:
            services.record.save(
                subject,
                depends_on=gate.depends_on,
                not_before=gate.not_before,
                not_after=gate.not_after,
            )
        except Conflict:
            if attempt == ATTEMPTS_MAX - 1:
                raise
            continue
        return subject
    raise AssertionError
