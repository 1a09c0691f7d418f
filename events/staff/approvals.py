"""An act that needs two people: one asks with the exact content, another agrees, and it is done.

The content is what the command will be given, without personal data. Whoever agrees, agrees to its
digest; what is carried out later is compared with it.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from typing_extensions import override

from events.base import By, Fact, Subject, derived_id, fact
from events.errors import DoneAlready, Refused

WAITING, GIVEN, ALONE, DECLINED, EXPIRED, DONE = (
    "asked",
    "given",
    "alone",
    "declined",
    "expired",
    "carried out",
)
STATES = (WAITING, GIVEN, ALONE, DECLINED, EXPIRED, DONE)
"""Of an approval. `ALONE`: nobody else could agree, and whoever asked said why it is done."""

REASON_LENGTH_MAX = 500


class SamePerson(Refused):
    """Whoever asked would agree with themselves, in whatever role."""

    says = (
        "You asked for this yourself, so somebody else has to agree, whatever role you act in. "
        "Nothing was done."
    )


class SameRole(Refused):
    """Somebody in the role of whoever asked would agree."""

    says = (
        "This was asked for in the role “{role}”, so somebody in another role has to agree. "
        "Nothing was done."
    )


class OtherContent(Refused):
    """What somebody agrees to is not what was asked for."""

    says = "What was asked for is not what you saw, so nothing was done. Look at it again."


class ApprovalOver(DoneAlready):
    """It was agreed to, refused or done before, or its time is up."""

    says = "This does not wait for anybody any more. Nothing was done now."


class ReasonMissing(Refused):
    """No reason is given, or one that is too long."""

    says = "Give the reason, in at most {most} characters. Nothing was done."


def as_content(content: Mapping[str, Any]) -> str:
    """Return what is asked for as JSON, always the same for the same content."""
    return msgspec.json.encode(content, order="sorted").decode()


def digest_of(act: str, content: str) -> str:
    """Return the digest of an act with its content, "sha256:" and hex."""
    return "sha256:" + hashlib.sha256(f"{act}\0{content}".encode()).hexdigest()


class Asking:
    """The state that facts of an approval change, shared by the subject and its page.

    `first`: who asked; `second`: who agreed or refused, if somebody has.
    """

    partnership_id: UUID
    act: str
    content: str
    digest: str
    expires_at: datetime
    consultation_id: UUID | None
    first: By
    second: By | None
    state: str
    reason: str


class Approval(Asking, Subject):
    """What one person asks for, until another one agrees or refuses, or its time is up."""

    TOPIC = "consult.approval"

    @override
    def start(self) -> None:
        self.state = WAITING
        self.reason = ""
        self.second: By | None = None

    @fact("consult.approval.asked.v1", starts=True)
    class Asked(Fact, frozen=True):
        """Somebody asked for an act. `content`: what it will be done with, as JSON.

        `expires_at`: until when somebody can agree, and it can be done.
        """

        partnership_id: UUID
        act: str
        content: str
        digest: str
        expires_at: datetime
        consultation_id: UUID | None = None

        @override
        def apply(self, approval: Asking) -> None:
            approval.partnership_id = self.partnership_id
            approval.act, approval.content, approval.digest = self.act, self.content, self.digest
            approval.expires_at = self.expires_at
            approval.consultation_id = self.consultation_id
            approval.first = self.by

    @fact("consult.approval.given.v1")
    class Given(Fact, frozen=True):
        """Somebody else, in another role, agreed to exactly this."""

        act: str
        digest: str
        consultation_id: UUID | None = None

        @override
        def apply(self, approval: Asking) -> None:
            approval.state, approval.second = GIVEN, self.by

    @fact("consult.approval.taken_alone.v1")
    class TakenAlone(Fact, frozen=True):
        """Nobody else could agree: whoever asked does it alone, for this reason."""

        act: str
        digest: str
        reason: str
        consultation_id: UUID | None = None

        @override
        def apply(self, approval: Asking) -> None:
            approval.state, approval.reason = ALONE, self.reason

    @fact("consult.approval.declined.v1")
    class Declined(Fact, frozen=True):
        """Somebody else refused, for this reason; or whoever asked took it back."""

        act: str
        reason: str
        consultation_id: UUID | None = None

        @override
        def apply(self, approval: Asking) -> None:
            approval.state, approval.reason, approval.second = DECLINED, self.reason, self.by

    @fact("consult.approval.expired.v1")
    class Expired(Fact, frozen=True):
        """The time was up before it was done."""

        act: str
        consultation_id: UUID | None = None

        @override
        def apply(self, approval: Asking) -> None:
            approval.state = EXPIRED

    @fact("consult.approval.carried_out.v1")
    class CarriedOut(Fact, frozen=True):
        """It was done; what was done says so too, and names this as its cause."""

        act: str
        digest: str
        consultation_id: UUID | None = None

        @override
        def apply(self, approval: Asking) -> None:
            approval.state = DONE

    @staticmethod
    def id_for(partnership_id: UUID, command_id: str) -> UUID:
        """Return the id of what a command asks for, which makes the command idempotent."""
        return derived_id("act of two", str(partnership_id), command_id)

    def give(self, digest: str, *, at: datetime, by: By) -> None:
        """Agree. `digest`: of what the person saw.

        Raises SamePerson, SameRole, OtherContent, ApprovalOver.
        """
        self._check_waits(at)
        if by.actor == self.first.actor:
            raise SamePerson
        if by.role == self.first.role:
            raise SameRole(role=by.role)
        if digest != self.digest:
            raise OtherContent
        self.record(Approval.Given(at=at, by=by, digest=digest, **self._about()))

    def take_alone(self, reason: str, *, at: datetime, by: By) -> None:
        """Do without a second person, because there is none. Raises ReasonMissing, ApprovalOver."""
        assert by.actor == self.first.actor, "only whoever asked is alone"
        self._check_waits(at)
        alone = Approval.TakenAlone(
            at=at, by=by, digest=self.digest, reason=_reason(reason), **self._about()
        )
        self.record(alone)

    def decline(self, reason: str, *, at: datetime, by: By) -> None:
        """Refuse, or take back what one asked for. Raises ReasonMissing, ApprovalOver."""
        self._check_waits(at)
        self.record(Approval.Declined(at=at, by=by, reason=_reason(reason), **self._about()))

    def expire(self, *, at: datetime, by: By) -> None:
        """Record that the time is up, once it is, for what has not been done."""
        if self.state in (WAITING, GIVEN, ALONE) and at > self.expires_at:
            self.record(Approval.Expired(at=at, by=by, **self._about()))

    def note_done(self, *, at: datetime, by: By) -> None:
        """Record that it was done."""
        if self.state in (GIVEN, ALONE):
            self.record(Approval.CarriedOut(at=at, by=by, digest=self.digest, **self._about()))

    def may_be_done(self, at: datetime) -> bool:
        """Return whether it is agreed to and its time is not up."""
        return self.state in (GIVEN, ALONE, DONE) and at <= self.expires_at

    def _check_waits(self, at: datetime) -> None:
        if self.state != WAITING or at > self.expires_at:
            raise ApprovalOver

    def _about(self) -> dict[str, Any]:
        return {"act": self.act, "consultation_id": self.consultation_id}


def _reason(reason: str) -> str:
    written = reason.strip()
    if not 0 < len(written) <= REASON_LENGTH_MAX:
        raise ReasonMissing(most=REASON_LENGTH_MAX)
    return written
