"""The witness protocol (C2SP tlog-witness) without I/O: its messages and a witness's decision.

A witness stores one tree head for each log. It loads that head, calls `decide`, stores
`decision.seen` in the same transaction, and only then cosigns and responds: otherwise two
concurrent requests could make it cosign a rollback.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus

from events.log.checkpoint import Checkpoint, parse_body
from events.log.encoding import from_base64, from_decimal, to_base64
from events.log.errors import (
    KeyFormatError,
    LogError,
    MalformedError,
    ProofError,
    SignatureError,
    TooLargeError,
)
from events.log.keys import VerifierKey
from events.log.leaf import EMPTY_ROOT, require_hash
from events.log.merkle import TreeHead, verify_consistency
from events.log.note import NOTE_BYTES_MAX, parse_note
from events.log.signed_checkpoint import open_checkpoint

PROOF_HASHES_MAX = 63
REQUEST_BYTES_MAX = NOTE_BYTES_MAX + 45 * PROOF_HASHES_MAX + 32
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request to cosign: the size last cosigned, the proof from there, the signed checkpoint.

    `checkpoint` is read from the note but its signature is not checked yet.
    """

    old_size: int
    proof: tuple[bytes, ...]
    signed: bytes
    checkpoint: Checkpoint

    @property
    def origin(self) -> str:
        """The log's origin, by which its keys and last head are found."""
        return self.checkpoint.origin

    def encode(self) -> bytes:
        """Return the request's body."""
        lines = [f"old {self.old_size}", *map(to_base64, self.proof), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.signed


@dataclass(frozen=True, slots=True)
class Decision:
    """The response to a request.

    On 200, `seen` is the head to store before cosigning. `is_evidence` asks the witness to keep
    the whole request: the log signed something that contradicts what it signed before.
    """

    status: HTTPStatus
    reason: str
    seen: TreeHead | None = None
    body: bytes = b""
    content_type: str = TEXT_TYPE
    is_evidence: bool = False


def request_cosignature(old_size: int, proof: Sequence[bytes], signed: bytes) -> AddCheckpoint:
    """Return the request a log sends. Raises MalformedError for a checkpoint that is not one."""
    return AddCheckpoint(old_size, tuple(proof), signed, parse_body(parse_note(signed).text))


def parse_request(body: bytes) -> AddCheckpoint:
    """Parse a request's body. Raises MalformedError (status 400)."""
    if len(body) > REQUEST_BYTES_MAX:
        raise TooLargeError(f"The request is over {REQUEST_BYTES_MAX} bytes.")
    head, blank, signed = body.partition(b"\n\n")
    if not blank:
        raise MalformedError("The request has no blank line before the checkpoint.")
    try:
        old, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise MalformedError("The request's proof is not plain ASCII.") from None
    if not old.startswith("old "):
        raise MalformedError("The request does not start with the old size.")
    if len(lines) > PROOF_HASHES_MAX:
        raise TooLargeError(f"The request has over {PROOF_HASHES_MAX} hashes.")
    old_size = from_decimal(old.removeprefix("old "), "The old size")
    proof = [require_hash(from_base64(line, "A hash"), "A line of the proof") for line in lines]
    return request_cosignature(old_size, proof, signed)


def decide(
    request: AddCheckpoint, logs: Sequence[VerifierKey], last_seen: TreeHead | None
) -> Decision:
    """Check a request against the keys known for its origin and the head last cosigned.

    `logs` is empty for an unknown origin; `last_seen` is None before the first cosignature.
    """
    unopened = _why_unopened(request, logs)
    if unopened is not None:
        return unopened
    new = request.checkpoint.head
    seen = last_seen or TreeHead(0, EMPTY_ROOT)
    if request.old_size > new.size:
        return Decision(HTTPStatus.BAD_REQUEST, "The old size is above the checkpoint's.")
    if request.old_size != seen.size:
        return Decision(
            HTTPStatus.CONFLICT,
            f"The size last cosigned is {seen.size}.",
            body=b"%d\n" % seen.size,
            content_type=SIZE_TYPE,
            is_evidence=new.size == seen.size and new.root != seen.root,
        )
    try:
        _require_growth(seen, new, request.proof)
    except LogError as error:
        return Decision(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), is_evidence=True)
    return Decision(HTTPStatus.OK, "The log has only grown.", seen=new)


def parse_size(body: bytes) -> int:
    """Parse the size in a witness's response of status 409. Raises MalformedError."""
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError:
        raise MalformedError("The witness's size is not plain ASCII.") from None
    if not text.endswith("\n"):
        raise MalformedError("The witness's size does not end in a newline.")
    return from_decimal(text.removesuffix("\n"), "The witness's size")


def origin_directory(origin: str) -> str:
    """Return the folder where a witness serves a log's latest checkpoint: `<this>/checkpoint`."""
    return sha256(origin.encode()).hexdigest()


def _why_unopened(request: AddCheckpoint, logs: Sequence[VerifierKey]) -> Decision | None:
    if not logs:
        return Decision(HTTPStatus.NOT_FOUND, "This log is not known here.")
    try:
        open_checkpoint(request.signed, logs)
    except SignatureError as error:
        return Decision(HTTPStatus.FORBIDDEN, str(error))
    except KeyFormatError:
        raise  # our own configuration, not the request
    except MalformedError as error:
        return Decision(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), is_evidence=True)
    return None


def _require_growth(seen: TreeHead, new: TreeHead, proof: Sequence[bytes]) -> None:
    """Accept any first head; afterwards require a consistency proof. Raises ProofError."""
    if seen.size:
        verify_consistency(seen, new, proof)
    elif proof:
        raise ProofError("There is no proof from an empty log.")
