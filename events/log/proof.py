"""Receipts that verify offline: write, parse and check the C2SP tlog-proof text."""

from collections.abc import Sequence
from dataclasses import dataclass

from events.log.bundle import ENTRY_BYTES_MAX
from events.log.encoding import from_base64, from_decimal, to_base64
from events.log.errors import MalformedError, ProofError, TooLargeError
from events.log.keys import VerifierKey
from events.log.leaf import require_hash
from events.log.merkle import verify_entry
from events.log.note import NOTE_BYTES_MAX
from events.log.signed_checkpoint import SignedCheckpoint, open_checkpoint

FIRST_LINE = "c2sp.org/tlog-proof@v1"
PROOF_HASHES_MAX = 63  # the depth of the largest tree
RECEIPT_BYTES_MAX = NOTE_BYTES_MAX + 4 * ENTRY_BYTES_MAX // 3 + 46 * PROOF_HASHES_MAX + 256


@dataclass(frozen=True, slots=True)
class Receipt:
    """A proof that one entry is in the log.

    `entry` is the entry's own bytes (carried as the format's extra data, None if left out),
    `proof` the sibling hashes from the leaf upwards, `checkpoint` the signed note as served.
    Nothing is checked before `verify`.
    """

    entry: bytes | None
    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def encode(self) -> bytes:
        """Return the receipt file (`.tlog-proof`)."""
        lines = [FIRST_LINE]
        if self.entry is not None:
            lines.append(f"extra {to_base64(self.entry)}")
        lines.append(f"index {self.index}")
        lines += map(to_base64, self.proof)
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.checkpoint

    def verify(
        self,
        logs: Sequence[VerifierKey],
        witnesses: Sequence[VerifierKey] = (),
        entry: bytes | None = None,
    ) -> SignedCheckpoint:
        """Check signatures and inclusion; return the checkpoint and its witnesses.

        `entry` is needed when the receipt leaves it out, and must agree when it does not.
        Raises SignatureError, ProofError or MalformedError.
        """
        carried = self.entry if entry is None else entry
        if carried is None:
            raise ProofError("The receipt does not carry its entry, so bring the entry itself.")
        if self.entry is not None and carried != self.entry:
            raise ProofError("The receipt is for another entry.")
        opened = open_checkpoint(self.checkpoint, logs, witnesses)
        verify_entry(self.index, carried, self.proof, opened.checkpoint.head)
        return opened


def parse_receipt(data: bytes) -> Receipt:
    """Parse a receipt file. Raises MalformedError for anything but its canonical form."""
    if len(data) > RECEIPT_BYTES_MAX:
        raise TooLargeError(f"The receipt is over {RECEIPT_BYTES_MAX} bytes.")
    head, blank, checkpoint = data.partition(b"\n\n")
    if not blank:
        raise MalformedError("The receipt has no checkpoint after its proof.")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise MalformedError("The receipt's proof is not plain ASCII.") from None
    if first != FIRST_LINE:
        raise MalformedError(f"A receipt's first line is {FIRST_LINE}.")
    entry = None
    if lines and lines[0].startswith("extra "):
        entry = from_base64(lines.pop(0).removeprefix("extra "), "The entry in the receipt")
        if len(entry) > ENTRY_BYTES_MAX:
            raise TooLargeError("The entry in the receipt is over 65,535 bytes.")
    if not lines or not lines[0].startswith("index "):
        raise MalformedError("The receipt has no index line where it belongs.")
    index = from_decimal(lines.pop(0).removeprefix("index "), "The receipt's index")
    if len(lines) > PROOF_HASHES_MAX:
        raise TooLargeError(f"The receipt has over {PROOF_HASHES_MAX} hashes.")
    hashes = [require_hash(from_base64(line, "A hash"), "A line of the proof") for line in lines]
    return Receipt(entry, index, tuple(hashes), checkpoint)
