"""Import a file of votes as a consultation of its own: store every ballot, compare, close.

The consultation's short name contains the digest of the file, and each voter's id derives from the
line number, so repeating an interrupted import completes it, and importing the same file again
writes nothing. While ballots are being stored nobody sees the consultation or can answer it. It
never closes on its deadline, only after what is stored has been compared with the file.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from uuid import UUID

from consult import access
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import ballot_of
from consult.commands.consultations.drafting import profile_of
from consult.commands.consultations.opening import close_consultation, withdraw_consultation
from consult.commands.context import Actor
from consult.commands.files.importing_setup import (
    IMPORTER,
    QUESTION,
    check_can_open,
    counting_of,
    draft_of,
    question_of,
    set_up,
)
from consult.counting import input_digest
from consult.formats import UTF_8, Election, read
from consult.formats.money import decimals
from consult.services import Services
from events import Ballot, Consultation, Refused, Response, Submission
from events.channels import ONLINE
from events.consultations import levels, states
from projections.ballot_box import BallotBox

BALLOTS_AT_ONCE = 2_000
CATCH_UP_SECONDS_MAX = 600
DIGEST_LENGTH = 10
"""How many characters of the digest of its file are in the short name of an import."""
Progress = Callable[[int, int], None]


class OtherImport(Refused):
    """An import of the same file is in the record, but was read differently."""

    says = (
        "An import of this file has begun in the record, but it was read differently: perhaps "
        "with another --encoding, or by another version. Nothing was changed. Repeat it as it "
        "was, or throw it away with: consult discard {id}"
    )


class StoredDiffers(Refused):
    """The stored ballots differ from the file; the import stays unfinished."""

    says = (
        "The file has {expected} ballots, and what the record holds of it, {stored}, is not the "
        "same. It stays unfinished, and nobody sees it. Throw it away with: consult discard {id} "
        "- then import the file again."
    )


class ClosedDiffers(StoredDiffers):
    """The stored ballots differ from the file, but the import is closed already."""

    says = (
        "The file has {expected} ballots, and what the record holds of it, {stored}, is not the "
        "same. It is closed all the same. Throw it away with: consult discard {id} - then import "
        "the file again."
    )


class NoImport(Refused):
    """Only imported votes can be discarded."""

    says = (
        "“{slug}” was not imported from a file, so it was not thrown away. "
        "What people were asked is withdrawn, with a reason, on its own pages."
    )


@dataclass(frozen=True)
class Imported:
    """Result of an import, as recorded.

    `ballots`: how many are stored; `resumed`: how many of them an earlier attempt had stored.
    `warnings`: sentences about inconsistencies inside the file.
    """

    consultation_id: UUID
    slug: str
    ballots: int
    resumed: int
    options: int
    rule: str
    warnings: tuple[str, ...]


def import_votes(
    services: Services, path: Path, progress: Progress | None = None, *, encoding: str = UTF_8
) -> Imported:
    """Read a file of votes and record it. Raises FormatError before anything is written.

    Also of a file that makes no consultation that could open.

    `progress`: told how many of how many ballots are durable. Raises OtherImport and
    StoredDiffers when what stands in the record is not what this file would make.
    """
    election = read(path, encoding=encoding)
    check_can_open(election, path.name, at=services.clock())
    consultation = _begun(services, election, path)
    if consultation.state == states.DRAFT:
        set_up(services, consultation, election)
    consultation = services.record.get(Consultation, consultation.id)
    _check_same(consultation, election)
    resumed = 0
    if consultation.is_open:
        resumed = _store_ballots(services, consultation, election, progress)
    stored = _check_stored(services, consultation, election)
    if consultation.is_open:
        close_consultation(services, consultation.id, actor=IMPORTER, command_id="close")
    return Imported(
        consultation_id=consultation.id,
        slug=consultation.slug,
        ballots=stored,
        resumed=resumed,
        options=len(election.options),
        rule=election.rule.id,
        warnings=election.warnings,
    )


@access.needs(access.DISCARD_IMPORT)
def discard_import(services: Services, id: UUID, *, actor: Actor) -> Consultation:
    """Discard an import, finished or not; its file can then be imported again. Raises NoImport."""
    consultation = services.record.get(Consultation, id)
    if not consultation.is_import:
        raise NoImport(slug=consultation.slug)
    reason = {
        "en": "The import was thrown away.",
        "cy": "Cafodd y mewnforio ei daflu.",
    }
    return withdraw_consultation(services, id, reason=reason, actor=actor, command_id="discard")


def is_import_of(consultation: Consultation, digest: str) -> bool:
    """Return whether a consultation is an import of the file with this SHA-256 digest."""
    return consultation.is_import and f"-{digest[:DIGEST_LENGTH]}" in consultation.slug


def digest_of(path: Path) -> str:
    """Return the SHA-256 digest of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _slug(path: Path) -> str:
    digest = digest_of(path)[:DIGEST_LENGTH]
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")[:45].strip("-")
    return f"{stem or 'votes'}-{digest}"


def _begun(services: Services, election: Election, path: Path) -> Consultation:
    """Return the consultation of this file; a new one if the previous ones were discarded."""
    base = _slug(path)
    for attempt in count(1):
        slug = base if attempt == 1 else f"{base}-{attempt}"
        consultation = draft_of(services, election, slug, path.name)
        if consultation.state != states.WITHDRAWN:
            return consultation
    raise AssertionError


def _check_same(consultation: Consultation, election: Election) -> None:
    """Raise OtherImport if the import in the record read the file differently."""
    assert consultation.terms is not None, "an import is set up before ballots are stored"
    same = (
        consultation.questions == {QUESTION: question_of(election)}
        and consultation.terms.counting == {QUESTION: counting_of(election)}
        and consultation.money_decimals == decimals(election.unit_scale)
    )
    if not same:
        raise OtherImport(id=consultation.id)


def _store_ballots(
    services: Services, consultation: Consultation, election: Election, progress: Progress | None
) -> int:
    """Store the ballots that are missing; return how many people's ballots were there already."""
    done = there = 0
    kind = Ballot if consultation.takes_ballots else Response
    lines = enumerate(election.ballots)
    while chunk := list(islice(lines, BALLOTS_AT_ONCE)):
        new = [
            ballot_of(
                services,
                consultation,
                voter=f"import/{line}",
                sheet=Sheet({QUESTION: given.answer}, assurance=levels.IMPORTED),
                by=Actor(access.IMPORT, channel=given.channel or ONLINE).by("cast"),
                people=given.multiplicity,
            )
            for line, given in chunk
        ]
        people = sum(given.multiplicity for _, given in chunk)
        if services.record.find(kind, new[-1].id) is None:
            missing = _not_there_yet(services, kind, new)
            if missing:
                services.record.append_batch(
                    missing, depends_on={consultation.id: consultation.version}
                )
        else:  # a batch is atomic: its last ballot implies the others
            there += people
        done += people
        if progress:
            progress(done, election.people)
    return there


def _not_there_yet(
    services: Services, kind: type[Submission], new: list[Submission]
) -> list[Submission]:
    """Return those ballots of a batch that an interrupted import has not stored."""
    if services.record.find(kind, new[0].id) is None:
        return new
    return [ballot for ballot in new if services.record.find(kind, ballot.id) is None]


def _check_stored(services: Services, consultation: Consultation, election: Election) -> int:
    """Compare the stored ballots with the file's; return how many there are.

    Raises StoredDiffers, ClosedDiffers, ReadModelsBehind.
    """
    with services.whole(BallotBox, seconds_max=CATCH_UP_SECONDS_MAX) as (db, box):
        stored = box.people(db, consultation.id)
        groups = box.groups(db, consultation.id, QUESTION)
    question = consultation.questions[QUESTION]
    digests = {input_digest(profile_of(question, each)) for each in (groups, election.groups())}
    if stored != election.people or len(digests) > 1:
        differs = StoredDiffers if consultation.is_open else ClosedDiffers
        raise differs(id=consultation.id, stored=stored, expected=election.people)
    return stored
