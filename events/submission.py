"""What responses and ballots share: one person, one consultation, the last one counts."""

from typing import Any, ClassVar
from uuid import UUID

from typing_extensions import override

from events.base import By, Fact, Subject, derived_id
from events.errors import Refused

NAME = ""
"""Among texts by question id: what an organisation is called. No question can have this id."""


class AlreadyWithdrawn(Refused):
    """There is nothing to withdraw."""

    says = "These answers were withdrawn already. You can send new ones until it closes."


class AnswersGiven(Fact, frozen=True):
    """Answers were given; the shape of every submission.

    `answers`: by question id, in the shapes of `events.kinds.ballot_kinds`. `pseudonym`: a keyed
    hash that only the vault's key of this consultation can make. `commitment`: binds the
    answers without showing them (TRUST, section 2). `texts`: a commitment per free-text
    question; the words themselves are in the vault. `receipt`: hash of the receipt code.
    `desk`: the keyed hash of whoever of the staff answered for the person; empty when they did so
    themselves. `area`: the ward the person named. `respondent`: individual, organisation or
    group, a meeting. `members`: for how many an organisation speaks, or how many met; 0: not said.
    `organisation`: commitment to what the organisation or meeting is called; the name is in the
    vault. `is_declared`: whether the person said that the conditions of the terms hold for them.
    `consultation_version`: what the answers were checked against, prices included.
    `people`: how many gave these answers; more than one only in an import, whose file counts
    equal ballots on one line.
    """

    consultation_id: UUID
    consultation_version: int
    pseudonym: str
    answers: dict[str, Any]
    commitment: str = ""
    texts: dict[str, str] = {}
    receipt: str = ""
    area: str = ""
    respondent: str = "individual"
    assurance: str = "open"
    privacy_notice: int = 1
    desk: str = ""
    is_declared: bool = False
    people: int = 1
    members: int = 0
    organisation: str = ""

    @override
    def apply(self, submission: "Submission") -> None:
        submission.state = "given"
        submission.consultation_id = self.consultation_id
        submission.pseudonym = self.pseudonym
        submission.answers = self.answers
        submission.assurance = self.assurance


class Submission(Subject):
    """One person's say in one consultation.

    Its id derives from the consultation and the pseudonym, so a second first submission by
    the same person conflicts in the record instead of being counted twice (I4).
    """

    TOPIC = "consult.submission"
    First: ClassVar[type[AnswersGiven]]
    Replaced: ClassVar[type[AnswersGiven]]
    Withdrawn: ClassVar[type[Any]]

    consultation_id: UUID
    pseudonym: str
    answers: dict[str, Any]
    assurance: str

    @override
    def start(self) -> None:
        self.state = "none"
        self.campaign = ""

    @staticmethod
    def id_for(consultation_id: UUID, pseudonym: str) -> UUID:
        """Return the one id this person's say in this consultation can have."""
        return derived_id("submission", str(consultation_id), pseudonym)

    def replace(self, **facts: Any) -> None:
        """Give later answers; also after a withdrawal."""
        self.record(type(self).Replaced(**facts))

    def withdraw(self, *, at: Any, by: By, consultation_version: int) -> None:
        """Take the answers back; the history stays."""
        if self.state == "withdrawn":
            raise AlreadyWithdrawn
        self.record(
            type(self).Withdrawn(
                at=at,
                by=by,
                consultation_id=self.consultation_id,
                consultation_version=consultation_version,
            )
        )
