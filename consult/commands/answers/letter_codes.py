"""Letter codes: issue a batch, void a lost one, and check a code that somebody typed."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from consult import access
from consult.commands.answers.places import taking_part
from consult.commands.context import Actor, change, fresh_command_id
from consult.people.proving import letter_codes
from consult.services import Services
from events import Ballot, Consultation, Partnership, Refused, Response, Submission
from events.errors import DoneAlready

UNISSUED_TIME = timedelta(days=1)
"""Hashes of a batch that is not in the record after this time are swept up."""


WARD_SHOWN_MAX = 40
Report = Callable[[int, int], object]


class CodesHandedOut(DoneAlready):
    """The codes cannot be shown again, because only their hashes are stored."""

    says = (
        "This batch was made already, and its codes cannot be shown again. If you do not have "
        "them, stop the batch and make another."
    )


class NotAWard(Refused):
    """The ward does not exist or does not take part."""

    says = (
        "No ward that takes part has the code {ward}, so no codes were made. The codes of the "
        "wards are: {known}."
    )


class NoWards(Refused):
    """The partnership has no wards, so no letters can be for one."""

    says = "The partnership has no wards, so no codes were made. Leave the ward out."


class CodeUnknown(Refused):
    """No issued code of this consultation matches."""

    says = "We do not know this code. Check each letter and number, and try again."


class CodeElsewhere(Refused):
    """The code belongs to another consultation. `slug`, `title`: of that one."""

    says = "This code is for another consultation. Go to the address in the letter it came with."


class CodeStopped(Refused):
    """The batch was voided before anybody answered with this code."""

    says = (
        "This code was stopped, because letters were lost on their way. Ask us for a new code; "
        "your answers were not recorded."
    )


@dataclass(frozen=True)
class MadeCodes:
    """A batch at the only moment when its codes are known: deliver them, and keep no copy."""

    batch_id: str
    consultation_id: UUID
    codes: list[str]


@access.needs(access.ISSUE_CODES)
def issue_codes(
    services: Services,
    consultation_id: UUID,
    number: int,
    *,
    actor: Actor,
    ward: str = "",
    command_id: str = "",
    ready: Callable[[], object] = lambda: None,
    draw: Callable[[int], bytes] = secrets.token_bytes,
) -> MadeCodes:
    """Make one-use codes, each for one person, and issue them. `draw`: source of random bytes.

    A code works once its hash is stored and the record says how many were issued, in this order;
    only then are the codes returned. If the process stops in between, nothing was issued, and the
    hashes are swept up within a day. If it stops after the append, the codes count as issued but
    nobody holds them, and the caller has to void that batch.

    `ready`: tries what will be done with the codes, once nothing else stands against them and
    before there are any; when it raises, nothing was issued.

    Raises NotOpen, CodesNotAccepted, BadNumberOfCodes, CodesHandedOut, NotAWard, NoWards.
    """
    command_id = command_id or fresh_command_id()
    check_issuable(services, consultation_id, number, ward=ward, command_id=command_id)
    ready()
    made = _made(services, consultation_id, number, draw)
    with forgotten_on_failure(services, made):
        issue_made_codes(
            services,
            made.batch_id,
            consultation_id,
            number,
            actor=actor,
            ward=ward,
            command_id=command_id,
        )
    return made


def check_issuable(
    services: Services, consultation_id: UUID, number: int, *, ward: str = "", command_id: str
) -> None:
    """Check that so many codes can be issued, and were not by this command before.

    Raises NotOpen, CodesNotAccepted, BadNumberOfCodes, CodesHandedOut, NotAWard, NoWards.
    """
    asked = services.record.get(Consultation, consultation_id)
    if command_id in asked.commands:
        raise CodesHandedOut
    asked.must_accept_codes(number)
    _require_ward(services, asked, ward)


@access.needs(access.ISSUE_CODES)
def make_codes(
    services: Services,
    consultation_id: UUID,
    number: int,
    *,
    actor: Actor,  # noqa: ARG001  whoever it is was asked for their right
    report: Report,
) -> MadeCodes:
    """Make codes that do not work until `issue_made_codes`, and never if that is not called.

    Their hashes are then swept up within a day. `report`: called with how many are made of how
    many; if it raises, none is left.
    """
    return _made(services, consultation_id, number, secrets.token_bytes, report)


@access.needs(access.ISSUE_CODES)
def issue_made_codes(
    services: Services,
    batch_id: str,
    consultation_id: UUID,
    number: int,
    *,
    actor: Actor,
    ward: str = "",
    command_id: str,
) -> None:
    """Record that the codes of a batch are issued: they work when this returns. Idempotent.

    Raises NotOpen, CodesNotAccepted, CodesHandedOut.
    """
    by, at = actor.by(command_id), services.clock()

    def decide(consultation: Consultation) -> None:
        consultation.issue_codes(batch_id, number, ward=ward, at=at, by=by)

    issued = change(services, Consultation, consultation_id, by, decide)
    if batch_id not in issued.batches:  # the same command issued another batch
        raise CodesHandedOut


@contextmanager
def forgotten_on_failure(services: Services, made: MadeCodes) -> Iterator[None]:
    """Do inside what is needed before codes are issued: if that fails, nothing is left of them."""
    try:
        yield
    except Exception:
        letter_codes.forget(services.vault, made.batch_id)
        raise


def _made(
    services: Services,
    consultation_id: UUID,
    number: int,
    draw: Callable[[int], bytes],
    report: Report = lambda _done, _total: None,
) -> MadeCodes:
    made = MadeCodes(uuid4().hex, consultation_id, letter_codes.make(number, draw))
    with forgotten_on_failure(services, made):
        letter_codes.keep(
            services.vault,
            consultation_id,
            made.batch_id,
            made.codes,
            services.clock(),
            lambda stored: report(stored, number),
        )
    return made


@access.needs(access.ISSUE_CODES)
def void_codes(
    services: Services,
    consultation_id: UUID,
    batch_id: str,
    *,
    reason: str,
    actor: Actor,
    command_id: str = "",
) -> Consultation:
    """Void a lost batch. A person who has already answered with one of its codes can still change.

    Raises NotOpen, NoSuchBatch, BatchAlreadyVoid, VoidReasonMissing.
    """
    by, at = actor.by(command_id), services.clock()

    def decide(consultation: Consultation) -> None:
        consultation.void_codes(batch_id, reason, at=at, by=by)

    return change(services, Consultation, consultation_id, by, decide)


def _require_ward(services: Services, asked: Consultation, ward: str) -> None:
    """Raise NoWards or NotAWard unless `ward` takes part by the terms; "" means all wards."""
    if not ward:
        return
    wards = services.record.get(Partnership, asked.partnership_id).wards
    known = [each.code for each in taking_part(wards, asked.terms)]
    if not known:
        raise NoWards
    if ward not in known:
        raise NotAWard(ward=ward[:WARD_SHOWN_MAX], known=", ".join(known))


def sweep_unissued(services: Services) -> int:
    """Delete hashes stored over a day ago that never became a batch; return how many."""
    until = services.clock() - UNISSUED_TIME
    swept = 0
    for consultation_id, batch_id in letter_codes.batches_until(services.vault, until):
        consultation = services.record.find(Consultation, consultation_id)
        if consultation is None or batch_id not in consultation.batches:
            swept += letter_codes.forget(services.vault, batch_id)
    return swept


def batch_of(services: Services, consultation_id: UUID, voter: str) -> str:
    """Return the batch of a voter's code. Raises CodeUnknown."""
    found = letter_codes.of_voter(services.vault, voter)
    if found is None or found.consultation_id != consultation_id:
        raise CodeUnknown
    return found.batch_id


def standing(services: Services, consultation_id: UUID, voter: str) -> str:
    """Return the state of a voter's answers: "given" or "withdrawn", or "" without any."""
    consultation = services.record.cached(Consultation, consultation_id)
    kind: type[Submission] = Ballot if consultation.takes_ballots else Response
    pseudonym = services.vault.pseudonym(consultation_id, voter)
    found = services.record.find(kind, Submission.id_for(consultation_id, pseudonym))
    return "" if found is None else str(found.state)


def check_code(services: Services, consultation_id: UUID, typed: str) -> letter_codes.Found:
    """Return what a typed code is for. Raises CodeUnknown, CodeElsewhere, CodeStopped."""
    code = letter_codes.read(typed)
    found = letter_codes.find(services.vault, code) if letter_codes.is_whole(code) else None
    if found is None:
        raise CodeUnknown
    consultation = services.record.refresh(Consultation, found.consultation_id)
    if found.batch_id not in consultation.batches:  # stored, but not issued (yet)
        raise CodeUnknown
    if found.consultation_id != consultation_id:
        raise CodeElsewhere(slug=consultation.slug, title=consultation.title)
    if not consultation.honours(found.batch_id) and not standing(
        services, consultation_id, found.voter
    ):
        raise CodeStopped
    return found
