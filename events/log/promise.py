"""Promises: before an entry is in the log, a signature says that it will be, and by when.

A promise is a signed note of four lines: its format, the origin of the log, the leaf hash of the
entry in base64, and the deadline in seconds since 1970 (UTC). It is signed by a key of its own,
whose public half the log itself names, so that hosts that answer people need not hold the key of
the log. No checkpoint has its first line, so neither passes for the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from events.log.encoding import from_base64, from_decimal, to_base64
from events.log.errors import MalformedError
from events.log.keys import SignerKey, VerifierKey
from events.log.leaf import require_hash
from events.log.note import Note, parse_note, sign

FORMAT = "folkmoot/promise/v1"
NAME_END = "/promise"
LINES = 4


@dataclass(frozen=True, slots=True)
class Promise:
    """The entry with this `leaf` hash will be in the log of `origin`.

    `deadline`: by when, in seconds since 1970, UTC.
    """

    origin: str
    leaf: bytes
    deadline: int

    @property
    def text(self) -> bytes:
        """The text that is signed."""
        lines = (FORMAT, self.origin, to_base64(self.leaf), str(self.deadline))
        return "".join(f"{line}\n" for line in lines).encode()

    def signed(self, key: SignerKey) -> bytes:
        """Return the signed promise: the same bytes each time."""
        assert key.name == key_name(self.origin)
        return Note(self.text, (sign(self.text, key),)).encode()


def key_name(origin: str) -> str:
    """Return the name of the keys that sign promises of a log."""
    return f"{origin}{NAME_END}"


def parse_promise(data: bytes, keys: Sequence[VerifierKey]) -> Promise:
    """Return a promise that one of these keys has signed. Raises MalformedError, SignatureError."""
    note = parse_note(data)
    lines = note.text.decode().split("\n")
    if len(lines) != LINES + 1 or lines[0] != FORMAT:
        raise MalformedError("This is not a promise of a log.")
    _, origin, leaf, deadline, _ = lines
    promise = Promise(
        origin,
        require_hash(from_base64(leaf, "The hash in the promise"), "The hash in the promise"),
        from_decimal(deadline, "The deadline of the promise"),
    )
    note.verify([key for key in keys if key.name == key_name(origin)])
    return promise
