"""What is recorded of somebody's answers, and what goes into the vault before it is."""

from typing import Any, NamedTuple, cast
from uuid import UUID

from consult.commands.answers.sheets import Sheet, check_sheet
from consult.counting.outcome import canonical_bytes
from consult.people.answers import attachments, texts
from consult.people.proving.identities import desk_of
from consult.people.vault import receipt_hash
from consult.services import Services
from events import Ballot, By, Consultation, Response, Submission
from events.kinds.ballot_kinds import Answer
from events.log.commitment import commit
from events.submission import NAME, AnswersGiven


class Answered(NamedTuple):
    """Answers ready to be recorded. `commitments`: to their words, which the vault holds by now."""

    submission: Submission
    version: int
    code: str
    commitments: list[str]


def answered(
    services: Services,
    consultation: Consultation,
    existing: Submission | None,
    pseudonym: str,
    sheet: Sheet,
    by: By,
    taken: list[attachments.Bound],
) -> Answered:
    """Put words and files into the vault, and the answers into the subject. Raises Refused.

    Before the commitments are recorded: words without a commitment are swept up, but a
    commitment without its words could never be opened.
    """
    subject_id = Submission.id_for(consultation.id, pseudonym)
    checked = check_sheet(consultation, sheet)
    version = existing.version + 1 if existing else 1
    code = services.vault.receipt_code(consultation.id, subject_id, version)
    salt = services.vault.ballot_salt(consultation.id, subject_id, version)
    given = answers_given(consultation, pseudonym, checked.answers, sheet, code=code, salt=salt)
    given["desk"] = desk_of(services.vault, consultation.id, by)
    whose, now = (services.vault, consultation.id, subject_id), services.clock()
    # A file that is gone refuses before words are kept.
    taken.extend(attachments.bind(*whose, checked.files, questions=consultation.questions, now=now))
    words = checked.texts | ({NAME: sheet.organisation} if sheet.organisation else {})
    kept = texts.keep(*whose, words, now=now)
    commitments = [*kept.values()]
    given |= {"organisation": kept.pop(NAME, ""), "texts": kept | checked.files}
    if existing is not None:
        existing.replace(at=services.clock(), by=by, **given)
        return Answered(existing, version, code, commitments)
    kind: type[Submission] = Ballot if consultation.takes_ballots else Response
    submission = kind.begin(subject_id, kind.First(at=services.clock(), by=by, **given))
    return Answered(submission, version, code, commitments)


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
