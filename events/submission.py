"""The base of responses and ballots: one per person and consultation, the latest version counts."""

from typing import Any, ClassVar
from uuid import UUID

from typing_extensions import override

from events.base import By, Fact, Subject, derived_id
from events.consultations.levels import OPEN
from events.errors import Refused

NONE, GIVEN, WITHDRAWN, VOIDED = "none", "given", "withdrawn", "voided"
STATES = (NONE, GIVEN, WITHDRAWN, VOIDED)
"""The states of somebody's answers."""
INDIVIDUAL, ORGANISATION, GROUP = "individual", "organisation", "group"
FOR_OTHERS = (ORGANISATION, GROUP)
"""Respondents that speak for more than one person; a group is one that met."""
RESPONDENTS = (INDIVIDUAL, *FOR_OTHERS)
"""Whom somebody answers for, by the names that are stored and public."""
NAME = ""
"""The key of an organisation's name among texts by question id; no question can have this id."""


class AlreadyWithdrawn(Refused):
    """The answers are withdrawn already."""

    says = "These answers were withdrawn already. You can send new ones until it closes."


class AnswersGiven(Fact, frozen=True):
    """Answers were given: the fields of every submission.

    `answers`: by question id, in the shapes of `events.kinds.kind`. `pseudonym`: a keyed
    hash made with the vault's key of this consultation. `commitment`: binds the answers
    without revealing them (TRUST, section 2). `texts`: a commitment per free-text question;
    the text itself is in the vault. `receipt`: keyed hash of the checking code. `holder`:
    commitment to the secrets of the changing code; empty where nobody was given one. `vouched`:
    what shows that whoever held the answers before replaced them; empty without. `desk`:
    keyed hash of the staff account that answered for the person; empty when they answered
    themselves.
    `area`: the ward the person named. `respondent`: one of RESPONDENTS. `members`:
    members of the organisation or people at the meeting; 0: not stated.
    `organisation`: commitment to the name of the organisation or meeting, which is in the
    vault. `is_declared`: whether the person declared that the conditions of the terms are met.
    `consultation_version`: the version, prices included, that the answers were checked
    against. `people`: how many gave these answers; more than one only in an import, whose file
    groups equal ballots on one line.
    """

    consultation_id: UUID
    consultation_version: int
    pseudonym: str
    answers: dict[str, Any]
    commitment: str = ""
    texts: dict[str, str] = {}
    receipt: str = ""
    holder: str = ""
    vouched: str = ""
    area: str = ""
    respondent: str = INDIVIDUAL
    assurance: str = OPEN
    privacy_notice: int = 1
    desk: str = ""
    is_declared: bool = False
    people: int = 1
    members: int = 0
    organisation: str = ""

    @override
    def apply(self, submission: "Submission") -> None:
        submission.state = GIVEN
        submission.consultation_id = self.consultation_id
        submission.pseudonym = self.pseudonym
        submission.answers = self.answers
        submission.assurance = self.assurance
        submission.receipt, submission.holder = self.receipt, self.holder
        submission.sent_by = self.by.command_id


class Submission(Subject):
    """The answers of one person in one consultation.

    Its id derives from the consultation and the pseudonym, so a second first submission by
    the same person raises a version conflict instead of being counted twice (I4).

    `receipt`, `holder`: of the latest answers. `sent_by`: their command.
    """

    TOPIC = "consult.submission"

    First: ClassVar[type[AnswersGiven]]
    Replaced: ClassVar[type[AnswersGiven]]
    Withdrawn: ClassVar[type[Any]]

    consultation_id: UUID
    pseudonym: str
    answers: dict[str, Any]
    assurance: str
    receipt: str
    holder: str
    sent_by: str

    @override
    def start(self) -> None:
        self.state = NONE
        self.campaign = ""

    @staticmethod
    def id_for(consultation_id: UUID, pseudonym: str) -> UUID:
        """Return the id of a person's submission in a consultation."""
        return derived_id("submission", str(consultation_id), pseudonym)

    def replace(self, **facts: Any) -> None:
        """Record later answers, also after a withdrawal."""
        self.record(type(self).Replaced(**facts))

    def withdraw(self, *, at: Any, by: By, consultation_version: int, vouched: str = "") -> None:
        """Withdraw the answers; the history stays. Raises AlreadyWithdrawn."""
        if self.state == WITHDRAWN:
            raise AlreadyWithdrawn
        self.record(
            type(self).Withdrawn(
                at=at,
                by=by,
                consultation_id=self.consultation_id,
                consultation_version=consultation_version,
                vouched=vouched,
            )
        )
