"""Checkpoints as signed notes: sign, open, and add witness cosignatures."""

from collections.abc import Sequence
from dataclasses import dataclass

from events.log.checkpoint import Checkpoint, parse_body
from events.log.errors import KeyFormatError, MalformedError, SignatureError
from events.log.keys import Algorithm, SignerKey, VerifierKey
from events.log.leaf import EMPTY_ROOT
from events.log.note import Note, Verified, parse_note, parse_signatures, sign


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint whose log signature holds, and the known witnesses that cosigned it."""

    checkpoint: Checkpoint
    note: Note
    witnesses: tuple[Verified, ...]


def sign_checkpoint(checkpoint: Checkpoint, key: SignerKey, time: int | None = None) -> bytes:
    """Return the signed checkpoint, ready to serve. The key's name must be the origin."""
    assert key.name == checkpoint.origin, "a log signs under its own origin"
    return Note(checkpoint.body, (sign(checkpoint.body, key, time),)).encode()


def cosign(signed: bytes, key: SignerKey, time: int) -> bytes:
    """Return a witness's signature line over a signed checkpoint, which the caller has checked."""
    note = parse_note(signed)
    parse_body(note.text)
    return sign(note.text, key, time).line.encode()


def open_checkpoint(
    signed: bytes, logs: Sequence[VerifierKey], witnesses: Sequence[VerifierKey] = ()
) -> SignedCheckpoint:
    """Check a signed checkpoint against known keys.

    `logs` are the log's keys (two during a key rotation), all named like the origin;
    `witnesses` are cosignature keys. Lines by unknown keys are ignored. Raises
    KeyFormatError, MalformedError; SignatureError when no log key signed, a known key's
    signature fails, or the checkpoint is of another log.
    """
    if any(key.algorithm is Algorithm.COSIGNATURE for key in logs):
        raise KeyFormatError("A log key is of a type only witnesses use.")
    if not all(key.algorithm.is_cosignature for key in witnesses):
        raise KeyFormatError("A witness key is of a type only logs use.")
    note = parse_note(signed)
    checkpoint = parse_body(note.text)
    if any(key.name != checkpoint.origin for key in logs):
        raise SignatureError(f"The checkpoint is of another log: {checkpoint.origin}.")
    note.verify(logs)
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise MalformedError("The checkpoint of an empty log has another root than empty.")
    cosigned = [item for item in note.verify([*logs, *witnesses]) if item.key in witnesses]
    return SignedCheckpoint(checkpoint, note, tuple(cosigned))


def add_cosignatures(signed: bytes, answer: bytes, witness: VerifierKey) -> bytes:
    """Add a witness's signature line from its answer to a signed checkpoint; ignore other lines.

    Raises MalformedError, or SignatureError when the witness's line fails or is missing.
    """
    note = parse_note(signed)
    lines = [item for item in parse_signatures(answer) if item.is_by(witness)]
    if not lines:
        raise SignatureError(f"{witness.name} has not cosigned.")
    Note(note.text, tuple(lines)).verify([witness])
    merged = note.with_signatures(lines[:1]).encode()
    parse_note(merged)  # never publish what a strict reader would refuse
    return merged


def same_log_fork(first: SignedCheckpoint, second: SignedCheckpoint) -> bool:
    """Return whether two genuine checkpoints of one log contradict: same size, other root.

    Raises MalformedError when they are of different logs.
    """
    a, b = first.checkpoint, second.checkpoint
    if a.origin != b.origin:
        raise MalformedError("The two checkpoints are of different logs.")
    return a.size == b.size and a.root != b.root
