"""One person's ballot in one priority or budget vote."""

from uuid import UUID

from typing_extensions import override

from events.base import Fact, fact
from events.submission import VOIDED, WITHDRAWN, AnswersGiven, Submission


class Ballot(Submission):
    """A ballot: votes only, each counted by a published rule."""

    TOPIC = "consult.ballot"

    @fact("consult.ballot.cast.v1", starts=True)
    class Cast(AnswersGiven, frozen=True):
        """The first ballot."""

    @fact("consult.ballot.replaced.v1")
    class Replaced(AnswersGiven, frozen=True):
        """A later ballot replaces the earlier one."""

    @fact("consult.ballot.withdrawn.v1")
    class Withdrawn(Fact, frozen=True):
        """The person withdrew the ballot."""

        consultation_id: UUID
        consultation_version: int
        vouched: str = ""

        @override
        def apply(self, ballot: "Ballot") -> None:
            ballot.state = WITHDRAWN

    @fact("consult.ballot.voided.v1")
    class Voided(Fact, frozen=True):
        """A ballot was voided, with a reason; results are shown with and without it."""

        consultation_id: UUID
        reason: str

        @override
        def apply(self, ballot: "Ballot") -> None:
            ballot.state = VOIDED

    First = Cast
