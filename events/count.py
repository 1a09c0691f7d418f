"""A count: which rule was applied to which ballots, and its outcome.

The whole outcome is part of the fact, so a published result never depends on a projection.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from typing_extensions import override

from events.base import By, Fact, Subject, derived_id, fact
from events.errors import DoneAlready


class AlreadyPublished(DoneAlready):
    """The result is published already; a correction needs a new count."""

    says = "This result is published already. A correction is a new count with a reason."


class Count(Subject):
    """One count of one question."""

    TOPIC = "consult.count"

    consultation_id: UUID
    question_id: str
    result_digest: str
    outcome: dict[str, Any]

    @override
    def start(self) -> None:
        self.is_published = False

    @fact("consult.count.counted.v1", starts=True)
    class Counted(Fact, frozen=True):
        """One question was counted.

        `cutoff`: the position of the closing; ballots before it count. `input_digest`: of the
        grouped ballots; `result_digest`: of `outcome`, the counting outcome as JSON.
        `comparison`: the outcome of the other main rule, as information beside the result.
        """

        consultation_id: UUID
        question_id: str
        rule: str
        rule_version: str
        specification: dict[str, Any]
        cutoff: int
        ballots: int
        input_digest: str
        result_digest: str
        outcome: dict[str, Any]
        comparison: dict[str, Any] = {}

        @override
        def apply(self, count: "Count") -> None:
            """Store the result."""
            count.consultation_id = self.consultation_id
            count.question_id = self.question_id
            count.result_digest = self.result_digest
            count.outcome = self.outcome

    @fact("consult.count.published.v1")
    class Published(Fact, frozen=True):
        """The result was made public."""

        consultation_id: UUID
        question_id: str

        @override
        def apply(self, count: "Count") -> None:
            count.is_published = True

    @fact("consult.count.superseded.v1")
    class Superseded(Fact, frozen=True):
        """A later count replaces this one, with a reason and a second person's approval."""

        consultation_id: UUID
        question_id: str
        reason: str
        approved_by: str

    @staticmethod
    def id_for(consultation_id: UUID, question_id: str, cutoff: int) -> UUID:
        """Return the id of a question's count at a cut-off, which makes counting idempotent."""
        return derived_id("count", str(consultation_id), question_id, str(cutoff))

    def publish(self, *, at: datetime, by: By) -> None:
        """Publish the result. Raises AlreadyPublished."""
        if self.is_published:
            raise AlreadyPublished
        self.record(
            Count.Published(
                at=at,
                by=by,
                consultation_id=self.consultation_id,
                question_id=self.question_id,
            )
        )
