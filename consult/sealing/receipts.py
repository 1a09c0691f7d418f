"""Receipts: a public half that proves inclusion in the log, a private half that opens answers."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from consult.counting.outcome import canonical_bytes
from consult.log_store.store import Checkpoint, LogStore
from consult.people.answers import texts
from consult.people.vault import read_receipt_code
from consult.sealing.public_entries.entry_values import key
from consult.sealing.public_entries.packs import CLASS, opening_of
from consult.services import SEEN_SECONDS_MAX, Services
from events.log.commitment import Opening
from events.log.encoding import to_base64url
from events.log.note import parse_note, parse_signatures
from events.log.proof import Receipt
from events.submission import AnswersGiven
from projections.ballot_box import BallotBox
from projections.found_receipts import Found

OPENING_FORMAT = "folkmoot/opening/v1"


@dataclass(frozen=True)
class Kept:
    """The submission of a receipt code.

    `standing`: counted, replaced or withdrawn. `index`: of its entry in the log, None until it
    is sealed.
    """

    consultation_id: UUID
    subject_id: UUID
    version: int
    standing: str
    position: int
    index: int | None


def kept_by(services: Services, log: LogStore, code: str) -> Kept | None:
    """Return the submission of a checking code as typed; None if the code is unknown.

    Raises ReadModelsBehind.
    """
    hashed = services.vault.receipt_hash(read_receipt_code(code))
    with services.whole(BallotBox, seconds_max=SEEN_SECONDS_MAX) as (db, box):
        found = box.by_receipt(db, hashed)
    return kept(log, found) if found else None


def kept(log: LogStore, found: Found) -> Kept:
    """Return a submission from the ballot box with its index in the log."""
    return Kept(
        found.consultation_id,
        found.subject_id,
        found.version,
        found.standing,
        found.position,
        log.find(found.position),
    )


def public_half(log: LogStore, index: int) -> bytes | None:
    """Return the receipt file (C2SP tlog-proof) of an entry; None until it is sealed.

    It uses the newest checkpoint that a witness has cosigned, if that covers the entry.
    """
    checkpoint = log.latest()
    if checkpoint is None or index >= checkpoint.size:
        return None
    witnessed = log.latest_cosigned(index)
    checkpoint = witnessed or checkpoint
    proof, entry = log.prove(index, checkpoint.size), log.content(index)
    return Receipt(entry, index, proof, signed_with_witnesses(log, checkpoint)).encode()


def signed_with_witnesses(log: LogStore, checkpoint: Checkpoint) -> bytes:
    """Return the checkpoint as served, with the log's signature and those of its witnesses."""
    note = parse_note(checkpoint.signed)
    lines = b"".join(cosignature.line for cosignature in log.cosignatures(checkpoint.size))
    return note.with_signatures(parse_signatures(lines) if lines else []).encode()


def private_half(services: Services, kept: Kept) -> bytes | None:
    """Return the opening file, salt and answers, only for the holder of the changing code.

    It includes the person's free text while that is kept. None if the commitment can no longer
    be opened, after the key was destroyed.
    """
    given, opening = opened(services, kept)
    if opening is None:
        return None
    document: dict[str, Any] = {
        "format": OPENING_FORMAT,
        "c": str(kept.consultation_id),
        "b": given.pseudonym,
        "s": kept.version,
        "k": CLASS,
        "salt": to_base64url(opening.salt),
        "x": opening.value,
    }
    words = _words(services, kept.subject_id, given)
    if words:
        document["texts"] = words
    return canonical_bytes(document) + b"\n"


def opened(services: Services, kept: Kept) -> tuple[AnswersGiven, Opening | None]:
    """Return the answers and their opening; None after the key was destroyed."""
    events = services.record.events.get(kept.subject_id, gt=kept.version - 1, lte=kept.version)
    given = cast("Any", next(iter(events))).fact
    assert isinstance(given, AnswersGiven)
    opening = opening_of(services, kept.consultation_id, kept.subject_id, kept.version, given)
    return given, opening


def _words(services: Services, subject_id: UUID, given: AnswersGiven) -> dict[str, dict[str, str]]:
    """Return the openings of the commitments to this version's free text, by question."""
    if not given.texts:
        return {}
    kept = texts.openings_of(services.vault, subject_id)
    return {
        key(question_id): {"salt": to_base64url(kept[commitment][0]), "x": kept[commitment][1]}
        for question_id, commitment in given.texts.items()
        if commitment in kept
    }
