"""Cases about data that not everybody sees: what was erased, has run out, is held, read or taken.

None of these facts holds personal data. They are acted upon after they are recorded, and
again wherever an old copy of the vault is put back (consult/people/erasing/forgetting.py).
"""

import re
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid4

from typing_extensions import override

from events.base import By, Fact, Subject, derived_id, fact
from events.errors import Refused

Category = Literal["contacts", "texts", "equality"]
"""What is kept for a while and then removed by itself."""

CATEGORIES: tuple[Category, ...] = ("contacts", "texts", "equality")
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._-]{0,39}")
REASON_LENGTH_MAX = 500

Taken = Literal["openings", "answers", "ballots"]
"""What a file holds: what opens single ballots, every answer without words, or the ballots of a
counted question."""

LISTED_MAX = 200
"""So many of those who were looked up are named; of more there is the number."""


class BadReference(Refused):
    """A reference that could hold somebody's name has no place in the record."""

    says = (
        "“{reference}” is not a case reference. Use up to 40 letters, digits and / . _ -, "
        "and nobody's name."
    )


class HoldReasonMissing(Refused):
    """A hold without a reason could last for ever."""

    says = "Say why the hold is set or lifted, in 1 to 500 characters and without anybody's name."


class NoHold(Refused):
    """There is no hold to lift."""

    says = "This hold was lifted already."


class Disclosure(Subject):
    """One case: an erasure, the end of a period, a legal hold, a key destroyed, data read."""

    TOPIC = "consult.disclosure"

    consultation_id: UUID

    @override
    def start(self) -> None:
        self.is_held = False

    @fact("consult.disclosure.personal_data_erased.v1", starts=True)
    class PersonalDataErased(Fact, frozen=True):
        """Texts, contact and equality answers of one person are to be gone from here on.

        `submission_id`, `version`: whose, and up to which version of their answers; what they
        give later is theirs again. `reference`: of an officer's case, empty when the person
        asked with a receipt. `approved_by`: the second person, as an opaque reference.
        """

        consultation_id: UUID
        submission_id: UUID
        version: int
        pseudonym: str
        reference: str = ""
        approved_by: str = ""

        @override
        def apply(self, case: "Disclosure") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.retention_run.v1", starts=True)
    class RetentionRun(Fact, frozen=True):
        """The period of a category is over; `number`: rows there were."""

        consultation_id: UUID
        category: Category
        number: int

        @override
        def apply(self, case: "Disclosure") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.key_destroyed.v1", starts=True)
    class KeyDestroyed(Fact, frozen=True):
        """Nobody can link a pseudonym of this consultation to a person any longer."""

        consultation_id: UUID

        @override
        def apply(self, case: "Disclosure") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.legal_hold_set.v1", starts=True)
    class LegalHoldSet(Fact, frozen=True):
        """Nothing of this consultation is removed until the hold is lifted."""

        consultation_id: UUID
        reason: str

        @override
        def apply(self, case: "Disclosure") -> None:
            case.consultation_id = self.consultation_id
            case.is_held = True

    @fact("consult.disclosure.legal_hold_lifted.v1")
    class LegalHoldLifted(Fact, frozen=True):
        """The hold has ended, and the periods apply again."""

        consultation_id: UUID
        reason: str

        @override
        def apply(self, case: "Disclosure") -> None:
            case.is_held = False

    @fact("consult.disclosure.words_read.v1", starts=True)
    class WordsRead(Fact, frozen=True):
        """Somebody who may read it opened what people wrote to a question.

        Recorded once a day for each reader and question, before anything is shown.
        """

        consultation_id: UUID
        question_id: str

        @override
        def apply(self, case: "Disclosure") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.words_exported.v1", starts=True)
    class WordsExported(Fact, frozen=True):
        """A file with what people wrote was made.

        `format`: csv, json or xlsx; `responses`: how many it holds, as the record stood at
        `position`.
        """

        consultation_id: UUID
        format: str
        responses: int
        position: int

        @override
        def apply(self, case: "Disclosure") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.file_taken.v1", starts=True)
    class FileTaken(Fact, frozen=True):
        """Somebody of the staff took a file that the public does not get.

        `number`: ballots or responses in it, as the record stood at `position`.
        """

        consultation_id: UUID
        what: Taken
        format: str
        number: int
        position: int

        @override
        def apply(self, case: "Disclosure") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.copy_given.v1", starts=True)
    class CopyGiven(Fact, frozen=True):
        """Somebody of the staff took a copy of everything that is held about one person.

        `submission_id`, `version`: whose, and how many versions of their answers are in it.
        """

        consultation_id: UUID
        submission_id: UUID
        version: int

        @override
        def apply(self, case: "Disclosure") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.references_looked_up.v1", starts=True)
    class ReferencesLookedUp(Fact, frozen=True):
        """Somebody compared numbers of a desk's list with the answers that staff sent.

        `desk`: the code of the account whose answers were drawn; empty: of all. `references`: how
        many numbers were given, `found`: how many of them have answers. `drawn`: how many answers
        were drawn at random; 0: all were compared. `subjects`: whose answers these were, as
        long as they are at most `LISTED_MAX`; never the numbers.
        """

        consultation_id: UUID
        references: int
        found: int
        desk: str = ""
        drawn: int = 0
        subjects: tuple[UUID, ...] = ()

        @override
        def apply(self, case: "Disclosure") -> None:
            case.consultation_id = self.consultation_id

    @fact("consult.disclosure.count_read.v1", starts=True)
    class CountRead(Fact, frozen=True):
        """Somebody of the staff counted what the public could not count by itself, and saw it.

        `rule`: that of the terms or another; `ballots`: how many counted, as they stood at
        `cutoff`.
        """

        consultation_id: UUID
        question_id: str
        rule: str
        ballots: int
        cutoff: int

        @override
        def apply(self, case: "Disclosure") -> None:
            case.consultation_id = self.consultation_id

    @staticmethod
    def taking_id(consultation_id: UUID, command_id: str) -> UUID:
        """Return the id of the case in which something was taken or looked up once."""
        return derived_id("disclosure", "taking", str(consultation_id), command_id)

    @staticmethod
    def reading_id(consultation_id: UUID, question_id: str, reader: str, day: date) -> UUID:
        """Return the id of the case in which somebody read a question on one day."""
        names = (str(consultation_id), question_id, reader, day.isoformat())
        return derived_id("disclosure", "reading", *names)

    @staticmethod
    def export_id(consultation_id: UUID, command_id: str) -> UUID:
        """Return the id of the case in which words were exported by one command."""
        return derived_id("disclosure", "export", str(consultation_id), command_id)

    @staticmethod
    def erasure_id(submission_id: UUID, version: int) -> UUID:
        """Return the id of the case: erasing the same answers twice is one case."""
        return derived_id("disclosure", "erasure", str(submission_id), str(version))

    @staticmethod
    def retention_id(consultation_id: UUID, category: Category) -> UUID:
        """Return the id of the case in which a category of a consultation runs out."""
        return derived_id("disclosure", "retention", str(consultation_id), category)

    @staticmethod
    def key_id(consultation_id: UUID) -> UUID:
        """Return the id of the case in which the key of a consultation is destroyed."""
        return derived_id("disclosure", "key", str(consultation_id))

    @classmethod
    def set_hold(cls, consultation_id: UUID, reason: str, *, at: datetime, by: By) -> "Disclosure":
        """Begin a legal hold. The id derives from the command, so a repetition is one hold."""
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
            Disclosure.LegalHoldLifted(
                at=at, by=by, consultation_id=self.consultation_id, reason=_reason(reason)
            )
        )


def check_reference(reference: str) -> str:
    """Return the reference of an officer's case. Raises BadReference."""
    if not REFERENCE.fullmatch(reference):
        raise BadReference(reference=reference[:40])
    return reference


def _reason(reason: str) -> str:
    text = reason.strip()
    if not 0 < len(text) <= REASON_LENGTH_MAX:
        raise HoldReasonMissing
    return text
