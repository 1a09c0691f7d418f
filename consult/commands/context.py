"""The actor of a command, and how a command stores a subject once: a new one, or its change."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from consult import access
from consult.services import Services
from events import By, Conflict, Subject
from events.channels import ONLINE

ATTEMPTS_MAX = 20

S = TypeVar("S", bound=Subject)


@dataclass(frozen=True)
class Actor:
    """Who acts, and in which role. `reference`: opaque, from the vault; never a name.

    `partnership_id`: where somebody on the staff has the role, and can use it; None for roles that
    no account holds. `approval_id`: what somebody else agreed to, if this act needs two people.
    `is_confirmed`: False at a page, until a person confirms this very act.
    """

    role: str
    reference: str = ""
    channel: str = ONLINE
    partnership_id: UUID | None = None
    is_confirmed: bool = True
    approval_id: UUID | None = None

    def by(self, command_id: str = "", causation_id: str = "") -> By:
        """Return the envelope of one command, with a fresh idempotency key if none is given."""
        return By(
            role=self.role,
            actor=self.reference,
            channel=self.channel,
            command_id=command_id or fresh_command_id(),
            causation_id=causation_id or (str(self.approval_id) if self.approval_id else ""),
        )


SYSTEM = Actor(access.SYSTEM)
"""Actor of what happens without a person, such as closing at the deadline."""


@dataclass(frozen=True)
class Gate:
    """Conditions that the store checks, by its own clock, when it appends a change.

    `depends_on`: versions that other subjects must still have. `not_before`, `not_after`: first
    and last moment at which the change may be recorded.
    """

    depends_on: Mapping[UUID, int] = field(default_factory=dict)
    not_before: datetime | None = None
    not_after: datetime | None = None


def fresh_command_id() -> str:
    """Return a new idempotency key of 96 random bits."""
    return secrets.token_urlsafe(12)


def begin(services: Services, kind: type[S], id: UUID, make: Callable[[], S]) -> S:
    """Return the subject with this id; store the one that `make` returns if there is none yet.

    Idempotent if the id is derived from the command: `make`, which checks what is asked for, is not
    called again, and of two at the same moment one is stored and both return it.
    """
    known = services.record.find(kind, id)
    if known is not None:
        return known
    begun = make()
    try:
        services.record.save(begun)
    except Conflict:
        return services.record.get(kind, id)
    return begun


def change(
    services: Services,
    kind: type[S],
    id: UUID,
    by: By,
    decide: Callable[[S], Gate | None],
) -> S:
    """Load a subject, apply `decide` and save it; retry on a version conflict.

    Idempotent: a subject that knows the command id is returned unchanged. `decide` returns what
    else the store must check, if anything. Raises TooEarly, TooLate, Conflict.
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
