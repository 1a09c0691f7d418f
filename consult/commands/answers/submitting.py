"""Submit, replace and withdraw one person's answers."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from consult import access
from consult.commands.answers.answers_given import (
    Sender,
    answered,
    answers_given,
    versions_given,
)
from consult.commands.answers.files_taken import given_back
from consult.commands.answers.holding import (
    Holder,
    Receipt,
    find_by_changing_code,
    find_held,
    require_current,
)
from consult.commands.answers.letter_codes import CodeStopped, batch_of
from consult.commands.answers.sheets import Sheet, check_sheet
from consult.commands.answers.submitting_refusals import (
    ConsultationClosed,
    ConsultationPaused,
    LevelNotAccepted,
    UnknownChangingCode,
)
from consult.commands.context import ATTEMPTS_MAX, Actor
from consult.people.answers import attachments, texts
from consult.people.holders import WITHDRAWN, commitment
from consult.people.proving.identities import desk_of
from consult.services import Services
from events import Ballot, By, Conflict, Consultation, Response, Submission
from events.consultations.levels import IMPORTED, LETTER
from events.question import asked_of
from events.store.record import TooEarly, TooLate


@access.needs(access.ANSWER)
def submit_answers(
    services: Services,
    *,
    consultation_id: UUID,
    voter: str,
    sheet: Sheet,
    actor: Actor,
    command_id: str,
    browser: str = "",
) -> Receipt:
    """Record a person's answers; later ones replace earlier ones. Durable on return.

    `voter`: identifies this person within the consultation (TRUST, section 3); only a keyed hash
    of it is recorded. `browser`: the secret of the browser that sends, which gets the same codes
    when it sends the same command again.

    Raises ConsultationClosed, ConsultationPaused, LevelNotAccepted, what `check_sheet` raises,
    FileGone, KeyGone, OutcomeUnknown, Overloaded; and CodeUnknown, CodeStopped when the assurance
    is that of a letter code.
    """
    batch_id = batch_of(services, consultation_id, voter) if sheet.assurance == LETTER else ""
    pseudonym = services.vault.pseudonym(consultation_id, voter)
    sender = Sender(actor.by(command_id), browser)
    return _submit(services, consultation_id, pseudonym, sheet, sender, batch_id)


@access.needs(access.CHANGE_ANSWER)
def replace_answers(
    services: Services,
    *,
    code: str,
    sheet: Sheet,
    actor: Actor,
    command_id: str,
    consultation_id: UUID | None = None,
    browser: str = "",
) -> Receipt:
    """Replace the answers that a changing code belongs to, from any device.

    `consultation_id`: whose form was sent; the code of another one is unknown there. Raises what
    `find_held` and `submit_answers` raise.
    """
    submission = find_by_changing_code(services, code)
    if consultation_id not in {None, submission.consultation_id}:
        raise UnknownChangingCode
    return _submit(
        services,
        submission.consultation_id,
        submission.pseudonym,
        replace(sheet, assurance=submission.assurance),
        Sender(actor.by(command_id), browser, code),
    )


@access.needs(access.CHANGE_ANSWER)
def withdraw_answers(
    services: Services, *, holder: Holder, actor: Actor, command_id: str
) -> Submission:
    """Withdraw answers while the consultation is open; earlier versions stay in the record.

    Raises what `find_held` raises, ConsultationClosed, ConsultationPaused, AlreadyWithdrawn,
    Conflict.
    """
    by = actor.by(command_id)
    for _ in range(ATTEMPTS_MAX):
        submission = find_held(services, holder)
        if by.command_id in submission.commands:
            return submission
        consultation = services.record.refresh(Consultation, submission.consultation_id)
        opened_at, closes_at = _must_be_open(consultation)
        submission.withdraw(
            at=services.clock(),
            by=by,
            consultation_version=consultation.version,
            vouched=holder.vouches(services, submission, WITHDRAWN),
        )
        try:
            services.record.save(
                submission,
                depends_on={consultation.id: consultation.version},
                not_before=opened_at,
                not_after=closes_at,
            )
        except (TooEarly, TooLate):
            raise ConsultationClosed from None
        except Conflict:
            continue
        return submission
    raise Conflict


def ballot_of(
    services: Services,
    consultation: Consultation,
    *,
    voter: str,
    sheet: Sheet,
    by: By,
    people: int = 1,
    browser: str = "",
) -> Submission:
    """Build a first submission without storing it, for callers that append many at once.

    `people`: how many gave these answers, where a file counts equal ballots on one line. An empty
    answer stays as cast: it counts as a ballot that chooses nothing. `browser`: as in
    `submit_answers`; what a file brings has no holder.
    """
    pseudonym = services.vault.pseudonym(consultation.id, voter)
    subject_id = Submission.id_for(consultation.id, pseudonym)
    answers = check_sheet(consultation, sheet).answers
    asked = asked_of(consultation.questions, answers)
    empty = {id: sheet.answers[id] for id in asked if id in sheet.answers and id not in answers}
    code = services.vault.receipt_code(consultation.id, subject_id, 1)
    salt = services.vault.ballot_salt(consultation.id, subject_id, 1)
    receipt = services.vault.receipt_hash(code)
    given = answers_given(
        consultation, pseudonym, answers | empty, sheet, receipt=receipt, salt=salt
    )
    if sheet.assurance != IMPORTED:
        changing = Sender(by, browser).changing_code(services.vault, subject_id)
        given["holder"] = commitment(services.vault, changing) if changing else ""
    given["people"] = people
    given["desk"] = desk_of(services.vault, consultation.id, by)
    kind = Ballot if consultation.takes_ballots else Response
    return kind.begin(subject_id, kind.First(at=services.clock(), by=by, **given))


def _submit(
    services: Services,
    consultation_id: UUID,
    pseudonym: str,
    sheet: Sheet,
    sender: Sender,
    batch_id: str = "",
) -> Receipt:
    """Record answers. `batch_id`: of the letter code that a first submission needs."""
    subject_id = Submission.id_for(consultation_id, pseudonym)
    with given_back(services, subject_id, ConsultationClosed) as taken:
        return _send(services, consultation_id, pseudonym, sheet, sender, batch_id, taken)


def _send(
    services: Services,
    consultation_id: UUID,
    pseudonym: str,
    sheet: Sheet,
    sender: Sender,
    batch_id: str,
    taken: list[attachments.Bound],
) -> Receipt:
    """Record answers. `taken`: filled with the files taken from a draft for them."""
    subject_id, by = Submission.id_for(consultation_id, pseudonym), sender.by
    consultation = _as_known(services, consultation_id)
    kind: type[Submission] = Ballot if consultation.takes_ballots else Response
    existing: Submission | None = None
    if not consultation.is_open:
        # This may repeat a command that was recorded in time but whose response was lost.
        existing = services.record.find(kind, subject_id)
    for _ in range(ATTEMPTS_MAX):
        if batch_id and existing is None and not consultation.honours(batch_id):
            consultation = services.record.refresh(Consultation, consultation_id)
            existing = services.record.find(kind, subject_id)
            if existing is None and not consultation.honours(batch_id):
                raise CodeStopped
        if existing is not None and by.command_id in existing.commands:
            return _repeated(services, existing, sender)
        if existing is not None and sender.code:
            require_current(services, existing, sender.code)
        opened_at, closes_at = _must_accept(consultation, sheet.assurance)
        ready = answered(services, consultation, existing, pseudonym, sheet, sender, taken)
        try:
            recorded = services.record.save(
                ready.submission,
                depends_on={consultation.id: consultation.version},
                not_before=opened_at,
                not_after=closes_at,
            )
        except (TooEarly, TooLate):
            texts.forget(services.vault, ready.commitments)
            raise ConsultationClosed from None
        except Conflict:
            texts.forget(services.vault, ready.commitments)
            consultation = services.record.refresh(Consultation, consultation_id)
            existing = services.record.find(kind, subject_id)
            continue
        at = recorded[-1].notification.id
        whose = (consultation_id, subject_id, ready.version)
        return Receipt(ready.code, *whose, at, ready.changing_code)
    raise Conflict


def _as_known(services: Services, id: UUID) -> Consultation:
    """Return the cached consultation; refresh it if the cache predates the opening."""
    consultation = services.record.cached(Consultation, id)
    return consultation if consultation.is_open else services.record.refresh(Consultation, id)


def _repeated(services: Services, existing: Submission, sender: Sender) -> Receipt:
    """Return the receipt of a command that was recorded before, to whoever sent it."""
    version = existing.commands[sender.by.command_id]
    whose = (existing.consultation_id, existing.id)
    changing = sender.changing_code(services.vault, existing.id)
    given = versions_given(services, existing.id).get(version)
    if given is None or not changing or commitment(services.vault, changing) != given.holder:
        changing = ""
    position = services.record.position_of(existing.id, version)
    code = services.vault.receipt_code(*whose, version)
    return Receipt(code, *whose, version, position, changing)


def _must_be_open(consultation: Consultation) -> tuple[datetime | None, datetime]:
    """Return the first and last moment for answers; the store checks them by its own clock.

    Raises ConsultationPaused, ConsultationClosed.
    """
    if consultation.is_paused:
        raise ConsultationPaused
    if consultation.is_import or not consultation.is_open:
        raise ConsultationClosed
    assert consultation.terms is not None
    return consultation.opened_at, consultation.terms.closes_at - datetime.resolution


def _must_accept(consultation: Consultation, level: str) -> tuple[datetime | None, datetime]:
    period = _must_be_open(consultation)
    assert consultation.terms is not None
    if level not in consultation.terms.identity:
        raise LevelNotAccepted
    return period
