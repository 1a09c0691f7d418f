"""Commitments: a keyed hash of a value is published now, and opened with its salt later."""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from events.log.encoding import from_base64url, to_base64url
from events.log.entry import decode_entry, encode_entry
from events.log.errors import EntryError, MalformedError

LABEL = b"folkmoot/commit/v1"
TRACKER_LABEL = b"folkmoot/tracker/v1\0"
SALT_BYTES = 32
TRACKER_BYTES = 16
CROWD_MIN = 5
"""How many ballots hide each other, where something is published of some of them."""
CLASS_CHARACTERS_MAX = 32
VALUE_BYTES_MAX = 1_048_576
OPENING_BYTES_MAX = 2 * VALUE_BYTES_MAX  # quotes and newlines double in JSON


def commit(salt: bytes, klass: str, value: bytes) -> str:
    """Return the commitment to `value`, 43 characters of unpadded base64url.

    `HMAC-SHA256(salt, label || 00 || class || 00 || value)`, salt 32 random bytes used once.
    The class (such as `ballot`) keeps a commitment of one kind from being opened as another.
    Raises MalformedError for a salt, class or value out of bounds.
    """
    return to_base64url(hmac.digest(_salt(salt), _message(klass, value), sha256))


def tracker_of(salt: bytes) -> str:
    """Return what the holder of this salt finds their line by: 22 characters of base64url.

    It shows nothing of the commitment, which needs the salt itself. Raises MalformedError.
    """
    made = sha256(TRACKER_LABEL + _salt(salt)).digest()
    return to_base64url(made[:TRACKER_BYTES])


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening of one commitment: the entry's index, the class, the salt and the value."""

    index: int
    klass: str
    salt: bytes
    value: str

    @property
    def line(self) -> bytes:
        """One line of `openings.ndjson`, with its newline: keys i, k, s and x.

        Raises EntryError for a value that is not in Unicode form NFC.
        """
        document = {
            "i": self.index,
            "k": self.klass,
            "s": to_base64url(_salt(self.salt)),
            "x": self.value,
        }
        return encode_entry(document, OPENING_BYTES_MAX) + b"\n"

    def opens(self, commitment: str) -> bool:
        """Return whether this is the opening of that commitment."""
        made = commit(self.salt, self.klass, self.value.encode())
        return hmac.compare_digest(made.encode(), commitment.encode("utf-8", "replace"))


def parse_opening(line: bytes) -> Opening:
    """Parse one line of `openings.ndjson`, with or without its newline. Raises MalformedError."""
    document = decode_entry(line.removesuffix(b"\n"), OPENING_BYTES_MAX)
    match document:
        case {"i": int(index), "k": str(klass), "s": str(salt), "x": str(value)} if (
            len(document) == 4 and type(index) is int and index >= 0  # noqa: PLR2004 - i k s x
        ):
            opening = Opening(index, klass, from_base64url(salt, "The salt"), value)
        case _:
            raise EntryError("An opening has an index i, a class k, a salt s and a value x.")
    commit(opening.salt, opening.klass, opening.value.encode())  # applies every limit
    return opening


def _salt(salt: bytes) -> bytes:
    if len(salt) != SALT_BYTES:
        raise MalformedError(f"A salt has {SALT_BYTES} bytes.")
    return salt


def _message(klass: str, value: bytes, label: bytes = LABEL) -> bytes:
    if not 1 <= len(klass) <= CLASS_CHARACTERS_MAX or not klass.isascii() or "\0" in klass:
        raise MalformedError(f"A class is 1 to {CLASS_CHARACTERS_MAX} ASCII characters.")
    if len(value) > VALUE_BYTES_MAX:
        raise MalformedError(f"The value is over {VALUE_BYTES_MAX} bytes.")
    return b"\0".join((label, klass.encode(), value))
