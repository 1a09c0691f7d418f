"""Erase what one person wrote, their e-mail address and their equality answers, everywhere.

Answers stay under a pseudonym and still count; receipts and results stay valid.
"""

from dataclasses import dataclass
from uuid import UUID

from consult import access
from consult.commands.answers.holding import Holder, find_by_receipt, find_held
from consult.commands.context import ATTEMPTS_MAX, Actor
from consult.people.answers import drafts
from consult.people.erasing.forgetting import forget
from consult.people.holders import ERASED
from consult.people.mailboxes import contacts
from consult.people.vault import KeyGone
from consult.services import Services
from events import Ballot, Conflict, DataProtectionCase, NotFound, Refused, Response, Submission
from events.data_protection import check_reference
from events.store.appends import StaleSubject
from projections.ballot_box import BallotBox
from projections.data_protection import DataProtection


class UnderLegalHold(Refused):
    """A legal hold keeps these data for now."""

    says = (
        "A legal hold keeps the data of this consultation for now, so nothing was erased. "
        "Ask again when it has ended; the organiser can tell you why it was set."
    )


class NobodyHasAddress(Refused):
    """Nobody in the consultation gave this address."""

    says = "Nobody in this consultation gave the address {email}."


@dataclass(frozen=True)
class Erasure:
    """What was erased: whose data, and up to which version of their answers."""

    case_id: UUID
    consultation_id: UUID
    submission_id: UUID
    version: int


@access.needs(access.ERASE_OWN)
def erase_by_holder(
    services: Services,
    *,
    holder: Holder,
    actor: Actor,
    command_id: str = "",
    draft_secret: str = "",
) -> Erasure:
    """Erase what belongs to a receipt, at its holder's request. Idempotent.

    `draft_secret`: of the requesting browser, whose draft is deleted too. Raises what `find_held`
    raises, UnderLegalHold.
    """
    submission = find_held(services, holder)
    if draft_secret:
        drafts.delete(services.vault, draft_secret, submission.consultation_id)
    return _erase(services, submission, actor, command_id, "", "", holder)


@access.needs(access.KEEP_PERSONAL_DATA)
def erase_by_case(
    services: Services,
    *,
    reference: str,
    actor: Actor,
    code: str = "",
    submission_id: UUID | None = None,
    email: tuple[UUID, str] | None = None,
    approved_by: str = "",
    command_id: str = "",
) -> list[Erasure]:
    """Erase at the request of a person whom an officer has identified.

    Give one of: `code`, the checking code of a receipt, `submission_id`, or `email` with the
    consultation it was given for. `reference`: of the officer's case, recorded; `approved_by`: the
    second person. Raises BadReference, UnknownReceipt, NotFound, NobodyHasAddress, UnderLegalHold.
    """
    check_reference(reference)
    if code:
        found = [find_by_receipt(services, code)]
    elif submission_id is not None:
        found = [_submission(services, submission_id)]
    else:
        assert email is not None, "say whose data"
        found = _with_address(services, *email)
    return [
        _erase(services, submission, actor, command_id, reference, approved_by)
        for submission in found
    ]


def require_no_hold(services: Services, consultation_id: UUID) -> None:
    """Raise UnderLegalHold while a legal hold lasts."""
    with services.whole(DataProtection) as (db, data_protection):
        keeping = data_protection.of(db, consultation_id)
    if keeping is not None and keeping.holds:
        raise UnderLegalHold


def _erase(
    services: Services,
    submission: Submission,
    actor: Actor,
    command_id: str,
    reference: str,
    approved_by: str,
    holder: Holder | None = None,
) -> Erasure:
    """Record the erasure, then delete (see `consult.people.erasing.forgetting`)."""
    require_no_hold(services, submission.consultation_id)
    for _ in range(ATTEMPTS_MAX):
        case = DataProtectionCase.begin(
            DataProtectionCase.erasure_id(submission.id, submission.version),
            DataProtectionCase.PersonalDataErased(
                at=services.clock(),
                by=actor.by(command_id),
                consultation_id=submission.consultation_id,
                submission_id=submission.id,
                version=submission.version,
                pseudonym=submission.pseudonym,
                reference=reference,
                approved_by=approved_by,
                vouched=holder.vouches(services, submission, ERASED) if holder else "",
            ),
        )
        try:
            services.record.save(case, depends_on={submission.id: submission.version})
        except StaleSubject:
            pass  # the same erasure is recorded already
        except Conflict:  # the person has replaced their answers meanwhile
            submission = _submission(services, submission.id)
            continue
        forget(services.record, services.vault)
        return Erasure(case.id, submission.consultation_id, submission.id, submission.version)
    raise Conflict


def _submission(services: Services, id: UUID) -> Submission:
    found = services.record.find(Ballot, id) or services.record.find(Response, id)
    if found is None:
        raise NotFound(what="submission", reference=id)
    return found


def _with_address(services: Services, consultation_id: UUID, email: str) -> list[Submission]:
    """Find the submissions of an address by testing every subject of the consultation.

    No index leads from addresses to submissions. Raises NobodyHasAddress.
    """
    owners = contacts.owners_of(services.vault, consultation_id, email)
    with services.whole(BallotBox) as (db, box):
        everybody = box.subjects(db, consultation_id) if owners else {}
    try:
        found = [
            id
            for id, version in everybody.items()
            if owners & set(contacts.owners(services.vault, consultation_id, id, version))
        ]
    except KeyGone:
        found = []
    if not found:
        raise NobodyHasAddress(email=email.strip()[:254])
    return [_submission(services, id) for id in sorted(found)]
