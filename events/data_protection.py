"""Cases of data protection: erasure, retention, legal holds, reading and downloading.

None of these facts contains personal data. Data are removed after the fact is recorded, and
again when an old backup of the vault is restored (consult/people/erasing/forgetting.py).
"""

import re
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid4

from typing_extensions import override

from events.base import By, Fact, Subject, derived_id, fact
from events.errors import DoneAlready, Refused

Category = Literal["contacts", "texts", "equality"]
"""Data with a retention period, removed automatically when it ends."""

CATEGORIES: tuple[Category, ...] = ("contacts", "texts", "equality")
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._-]{0,39}")
REASON_LENGTH_MAX = 500

Taken = Literal["openings", "answers", "ballots"]
"""The content of a downloaded file: openings of single ballots, all answers without free text, or
the ballots of a counted question."""

LISTED_MAX = 200
"""The most subjects that a look-up lists; of more it has only the number."""


class BadReference(Refused):
    """A case reference is malformed, so it might contain somebody's name."""

    says = (
        "“{reference}” is not a case reference. Use up to 40 letters, digits and / . _ -, "
        "and nobody's name."
    )


class HoldReasonMissing(Refused):
    """The reason of a hold is missing or longer than REASON_LENGTH_MAX characters."""

    says = "Say why the hold is set or lifted, in 1 to 500 characters and without anybody's name."


class NoHold(DoneAlready):
    """The hold is lifted already."""

    says = "This hold was lifted already."


class DataProtectionCase(Subject):
    """One case: an erasure, the end of a period, a legal hold, a key destroyed, data read."""

    TOPIC = "consult.disclosure"

    consultation_id: UUID

    @override
    def start(self) -> None:
        self.is_held = False

    @fact("consult.disclosure.personal_data_erased.v1", starts=True)
    class PersonalDataErased(Fact, frozen=True):
        """The texts, contact details and equality answers of one person are erased.

        `submission_id`, `version`: the submission, and the last version erased; later versions
        are kept. `reference`: of an officer's case, empty when the person asked with a
        receipt. `approved_by`: the second person, as an opaque reference. `vouched`: what shows
        that whoever holds the receipt asked; empty without.
        """

        consultation_id: UUID
        submission_id: UUID
        version: int
        pseudonym: str
        reference: str = ""
        approved_by: str = ""
        vouched: str = ""

        @override
        def apply(self, case: "DataProtectionCase") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.retention_run.v1", starts=True)
    class RetentionRun(Fact, frozen=True):
        """The retention period of a category has ended; `number`: rows it had."""

        consultation_id: UUID
        category: Category
        number: int

        @override
        def apply(self, case: "DataProtectionCase") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.key_destroyed.v1", starts=True)
    class KeyDestroyed(Fact, frozen=True):
        """The pseudonym key of a consultation is destroyed: its pseudonyms cannot be linked."""

        consultation_id: UUID

        @override
        def apply(self, case: "DataProtectionCase") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.legal_hold_set.v1", starts=True)
    class LegalHoldSet(Fact, frozen=True):
        """Nothing of this consultation is removed until the hold is lifted."""

        consultation_id: UUID
        reason: str

        @override
        def apply(self, case: "DataProtectionCase") -> None:
            case.consultation_id = self.consultation_id
            case.is_held = True

    @fact("consult.disclosure.legal_hold_lifted.v1")
    class LegalHoldLifted(Fact, frozen=True):
        """The hold has ended, and the retention periods apply again."""

        consultation_id: UUID
        reason: str

        @override
        def apply(self, case: "DataProtectionCase") -> None:
            case.is_held = False

    @fact("consult.disclosure.words_read.v1", starts=True)
    class WordsRead(Fact, frozen=True):
        """A permitted reader opened the free text of a question.

        Recorded once a day for each reader and question, before any text is shown.
        """

        consultation_id: UUID
        question_id: str

        @override
        def apply(self, case: "DataProtectionCase") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.words_exported.v1", starts=True)
    class WordsExported(Fact, frozen=True):
        """A file with free text was exported.

        `format`: csv, json or xlsx; `responses`: how many it holds, as the record stood at
        `position`.
        """

        consultation_id: UUID
        format: str
        responses: int
        position: int

        @override
        def apply(self, case: "DataProtectionCase") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.file_taken.v1", starts=True)
    class FileTaken(Fact, frozen=True):
        """A member of staff downloaded a file that is not public.

        `number`: ballots or responses in it, as the record stood at `position`.
        """

        consultation_id: UUID
        what: Taken
        format: str
        number: int
        position: int

        @override
        def apply(self, case: "DataProtectionCase") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.copy_given.v1", starts=True)
    class CopyGiven(Fact, frozen=True):
        """A member of staff downloaded a copy of all data about one person.

        `submission_id`, `version`: the submission, and the number of its versions in the copy.
        """

        consultation_id: UUID
        submission_id: UUID
        version: int

        @override
        def apply(self, case: "DataProtectionCase") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.references_looked_up.v1", starts=True)
    class ReferencesLookedUp(Fact, frozen=True):
        """Reference numbers of a desk's list were compared with the answers that staff sent.

        `desk`: the code of the account whose answers were drawn; empty: all accounts.
        `references`: how many numbers were given; `found`: how many of them have answers.
        `drawn`: the size of the random sample of answers; 0: all were compared. `subjects`: the
        submissions compared, if at most `LISTED_MAX`; never the numbers.
        """

        consultation_id: UUID
        references: int
        found: int
        desk: str = ""
        drawn: int = 0
        subjects: tuple[UUID, ...] = ()

        @override
        def apply(self, case: "DataProtectionCase") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.count_read.v1", starts=True)
    class CountRead(Fact, frozen=True):
        """A member of staff saw a count of ballots that are not public.

        `rule`: that of the terms or another; `ballots`: how many were counted, as at the
        position `cutoff`.
        """

        consultation_id: UUID
        question_id: str
        rule: str
        ballots: int
        cutoff: int

        @override
        def apply(self, case: "DataProtectionCase") -> None:
            case.consultation_id = self.consultation_id

    @staticmethod
    def taking_id(consultation_id: UUID, command_id: str) -> UUID:
        """Return the id of the case of one download or look-up."""
        return derived_id("disclosure", "taking", str(consultation_id), command_id)

    @staticmethod
    def reading_id(consultation_id: UUID, question_id: str, reader: str, day: date) -> UUID:
        """Return the id of the case of one reader reading the texts of a question on one day."""
        names = (str(consultation_id), question_id, reader, day.isoformat())
        return derived_id("disclosure", "reading", *names)

    @staticmethod
    def export_id(consultation_id: UUID, command_id: str) -> UUID:
        """Return the id of the case of one export of free text."""
        return derived_id("disclosure", "export", str(consultation_id), command_id)

    @staticmethod
    def erasure_id(submission_id: UUID, version: int) -> UUID:
        """Return the id of the case, which makes erasing the same answers idempotent."""
        return derived_id("disclosure", "erasure", str(submission_id), str(version))

    @staticmethod
    def retention_id(consultation_id: UUID, category: Category) -> UUID:
        """Return the id of the case that ends the retention of a category in a consultation."""
        return derived_id("disclosure", "retention", str(consultation_id), category)

    @staticmethod
    def key_id(consultation_id: UUID) -> UUID:
        """Return the id of the case that destroys the key of a consultation."""
        return derived_id("disclosure", "key", str(consultation_id))

    @classmethod
    def set_hold(
        cls, consultation_id: UUID, reason: str, *, at: datetime, by: By
    ) -> "DataProtectionCase":
        """Start a legal hold, idempotent for one command id. Raises HoldReasonMissing."""
        name = by.command_id or str(uuid4())
        id = derived_id("disclosure", "hold", str(consultation_id), name)
        text = _reason(reason)
        held = cls.LegalHoldSet(at=at, by=by, consultation_id=consultation_id, reason=text)
        return cls.begin(id, held)

    def lift_hold(self, reason: str, *, at: datetime, by: By) -> None:
        """End the hold. Raises NoHold, HoldReasonMissing."""
        if not self.is_held:
            raise NoHold
        self.record(
            DataProtectionCase.LegalHoldLifted(
                at=at, by=by, consultation_id=self.consultation_id, reason=_reason(reason)
            )
        )


def check_reference(reference: str) -> str:
    """Return the reference of an officer's case unchanged. Raises BadReference."""
    if not REFERENCE.fullmatch(reference):
        raise BadReference(reference=reference[:40])
    return reference


def _reason(reason: str) -> str:
    text = reason.strip()
    if not 0 < len(text) <= REASON_LENGTH_MAX:
        raise HoldReasonMissing
    return text
