"""One person's answers in one consultation that asks more than votes."""

from uuid import UUID

from typing_extensions import override

from events.base import Fact, fact
from events.question import Text
from events.submission import WITHDRAWN, AnswersGiven, Submission


class Response(Submission):
    """A response: closed answers, votes, and commitments to free text."""

    TOPIC = "consult.response"

    @fact("consult.response.submitted.v1", starts=True)
    class Submitted(AnswersGiven, frozen=True):
        """The first answers."""

    @fact("consult.response.replaced.v1")
    class Replaced(AnswersGiven, frozen=True):
        """Later answers replace all earlier ones."""

    @fact("consult.response.withdrawn.v1")
    class Withdrawn(Fact, frozen=True):
        """The person withdrew the answers."""

        consultation_id: UUID
        consultation_version: int
        vouched: str = ""

        @override
        def apply(self, response: "Response") -> None:
            response.state = WITHDRAWN

    @fact("consult.response.campaign_grouped.v1")
    class CampaignGrouped(Fact, frozen=True):
        """The answers belong to a campaign: results are shown with and without, nothing is removed.

        `campaign`: its name; `names`: the name in each language, if it has several.
        """

        consultation_id: UUID
        campaign: str
        names: Text = {}

        @override
        def apply(self, response: "Response") -> None:
            response.campaign = self.campaign

    First = Submitted
