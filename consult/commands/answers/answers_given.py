"""Build the recorded fact of a person's answers, and store its words in the vault beforehand."""

from typing import Any, NamedTuple, cast
from uuid import UUID

from consult.access import DESK
from consult.commands.answers.sheets import Sheet, check_sheet
from consult.counting.outcome import canonical_bytes
from consult.people.answers import attachments, texts
from consult.people.holders import REPLACED, changing_code, commitment, vouched
from consult.people.proving.identities import desk_of
from consult.people.vault import Vault, read_receipt_code
from consult.services import Services
from events import Ballot, By, Consultation, Response, Submission
from events.kinds.kind import Answer
from events.log.commitment import commit
from events.submission import NAME, AnswersGiven


class Sender(NamedTuple):
    """Who sends answers: the envelope, and what they know that nobody else does.

    `browser`: the secret of their browser; "" where there is none. `code`: the changing code of
    the answers that are replaced, as typed.
    """

    by: By
    browser: str = ""
    code: str = ""

    def changing_code(self, vault: Vault, subject_id: UUID) -> str:
        """Return the changing code of what is sent; "" at a desk, which must not see any."""
        if self.by.role == DESK:
            return ""
        return changing_code(vault, subject_id, self.browser, self.by.command_id)

    def vouches(self, vault: Vault, before: Submission) -> str:
        """Return what shows that whoever held the answers before replaces them; "" without.

        That is whoever has their changing code, or the browser that got it.
        """
        code = read_receipt_code(self.code)
        if not code and self.browser and before.sent_by:
            code = changing_code(vault, before.id, self.browser, before.sent_by)
        return vouched(vault, code, before.holder, REPLACED)


class Answered(NamedTuple):
    """Answers ready to be appended. `commitments`: to their words, already stored in the vault."""

    submission: Submission
    version: int
    code: str
    changing_code: str
    commitments: list[str]


def answered(
    services: Services,
    consultation: Consultation,
    existing: Submission | None,
    pseudonym: str,
    sheet: Sheet,
    sender: Sender,
    taken: list[attachments.Bound],
) -> Answered:
    """Store words and files in the vault and build the submission to append.

    The vault is written before the record: words without a commitment are swept up later, but a
    commitment without its words could never be opened.

    Raises what `check_sheet` raises, FileGone, KeyGone.
    """
    subject_id = Submission.id_for(consultation.id, pseudonym)
    checked = check_sheet(consultation, sheet)
    version = existing.version + 1 if existing else 1
    code = services.vault.receipt_code(consultation.id, subject_id, version)
    salt = services.vault.ballot_salt(consultation.id, subject_id, version)
    receipt = services.vault.receipt_hash(code)
    given = answers_given(
        consultation, pseudonym, checked.answers, sheet, receipt=receipt, salt=salt
    )
    by, changing = sender.by, sender.changing_code(services.vault, subject_id)
    given["holder"] = commitment(services.vault, changing) if changing else ""
    given["desk"] = desk_of(services.vault, consultation.id, by)
    whose, now = (services.vault, consultation.id, subject_id), services.clock()
    # Bind files first: a missing file must refuse the command before any words are stored.
    taken.extend(attachments.bind(*whose, checked.files, questions=consultation.questions, now=now))
    words = checked.texts | ({NAME: sheet.organisation} if sheet.organisation else {})
    kept = texts.keep(*whose, words, now=now)
    commitments = [*kept.values()]
    given |= {"organisation": kept.pop(NAME, ""), "texts": kept | checked.files}
    if existing is not None:
        given["vouched"] = sender.vouches(services.vault, existing)
        existing.replace(at=services.clock(), by=by, **given)
        return Answered(existing, version, code, changing, commitments)
    kind: type[Submission] = Ballot if consultation.takes_ballots else Response
    submission = kind.begin(subject_id, kind.First(at=services.clock(), by=by, **given))
    return Answered(submission, version, code, changing, commitments)


def answers_given(
    consultation: Consultation,
    pseudonym: str,
    answers: dict[str, Answer],
    sheet: Sheet,
    *,
    receipt: str,
    salt: bytes,
) -> dict[str, Any]:
    """Return the fact's fields. `receipt`: hash of the code; `salt` blinds the commitment."""
    return {
        "consultation_id": consultation.id,
        "consultation_version": consultation.version,
        "pseudonym": pseudonym,
        "answers": answers,
        "commitment": commit(salt, "B", canonical_bytes(answers)),
        "receipt": receipt,
        "area": sheet.area,
        "respondent": sheet.respondent,
        "members": sheet.members,
        "assurance": sheet.assurance,
        "is_declared": sheet.is_declared,
    }


def versions_given(services: Services, subject_id: UUID) -> dict[int, AnswersGiven]:
    """Return the answers of each submission version, oldest first."""
    events = services.record.events.get(subject_id)
    facts = {event.originator_version: cast("Any", event).fact for event in events}
    return {version: fact for version, fact in facts.items() if isinstance(fact, AnswersGiven)}
