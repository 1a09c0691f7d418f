"""What is recorded of somebody's answers, in the words of `events.submission.AnswersGiven`."""

from typing import Any, cast
from uuid import UUID

from consult.commands.answers.sheets import Sheet
from consult.counting.outcome import canonical_bytes
from consult.people.vault import receipt_hash
from consult.services import Services
from events import Consultation
from events.kinds.ballot_kinds import Answer
from events.log.commitment import commit
from events.submission import AnswersGiven


def answers_given(
    consultation: Consultation,
    pseudonym: str,
    answers: dict[str, Answer],
    sheet: Sheet,
    *,
    code: str,
    salt: bytes,
) -> dict[str, Any]:
    """Return the members of the fact. `code`, `salt`: of the receipt, and of the commitment."""
    return {
        "consultation_id": consultation.id,
        "consultation_version": consultation.version,
        "pseudonym": pseudonym,
        "answers": answers,
        "commitment": commit(salt, "B", canonical_bytes(answers)),
        "receipt": receipt_hash(code),
        "area": sheet.area,
        "respondent": sheet.respondent,
        "members": sheet.members,
        "assurance": sheet.assurance,
        "is_declared": sheet.is_declared,
    }


def versions_given(services: Services, subject_id: UUID) -> dict[int, AnswersGiven]:
    """Return what somebody gave, by the version of the submission, the first one first."""
    events = services.record.events.get(subject_id)
    facts = {event.originator_version: cast("Any", event).fact for event in events}
    return {version: fact for version, fact in facts.items() if isinstance(fact, AnswersGiven)}
