"""Signed notes (C2SP signed-note): a text, a blank line, and signature lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from events.log.checkpoint import require_name
from events.log.encoding import from_base64, to_base64
from events.log.errors import MalformedError, SignatureError, TooLargeError
from events.log.keys import SignerKey, VerifierKey

NOTE_BYTES_MAX = 131_072
SIGNATURES_MAX = 32
KEY_ID_BYTES = 4
_DASH = "\N{EM DASH} "


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line; `signature` is what follows the four bytes of key id."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """The line, with its newline."""
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.signature)}\n"

    def is_by(self, key: VerifierKey) -> bool:
        """Return whether the line claims to be from this key (both name and id)."""
        return (self.name, self.key_id) == (key.name, key.key_id)


@dataclass(frozen=True, slots=True)
class Verified:
    """A key whose signature was checked, and the time it states (cosignatures only)."""

    key: VerifierKey
    time: int | None


@dataclass(frozen=True, slots=True)
class Note:
    """A text (ending in a newline) with its signatures, none of them checked yet."""

    text: bytes
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """Return the note as served."""
        return self.text + b"\n" + "".join(item.line for item in self.signatures).encode()

    def with_signatures(self, added: Iterable[Signature]) -> "Note":
        """Return the note with lines added; a line replaces an earlier one by the same key."""
        lines = {(item.name, item.key_id): item for item in self.signatures}
        lines.update({(item.name, item.key_id): item for item in added})
        return Note(self.text, tuple(lines.values()))

    def verify(self, keys: Sequence[VerifierKey]) -> list[Verified]:
        """Check every signature by a known key; ignore others, as the format requires.

        Each key counts once. Raises SignatureError when a known key's signature fails, or no
        known key signed.
        """
        verified: dict[str, Verified] = {}
        for item in self.signatures:
            for key in keys:
                if item.is_by(key):
                    time = key.verify(self.text, item.signature)
                    verified.setdefault(key.vkey, Verified(key, time))
        if not verified:
            raise SignatureError("No known key has signed this note.")
        return list(verified.values())


def sign(text: bytes, key: SignerKey, time: int | None = None) -> Signature:
    """Sign a note's text; `time` (Unix seconds) for cosignatures only."""
    return Signature(key.name, key.verifier.key_id, key.sign(text, time))


def parse_note(data: bytes) -> Note:
    """Parse a signed note, without checking its signatures. Raises MalformedError."""
    if len(data) > NOTE_BYTES_MAX:
        raise TooLargeError(f"The note is over {NOTE_BYTES_MAX} bytes.")
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise MalformedError("The note is not UTF-8.") from None
    if any(c < " " and c != "\n" for c in whole):
        raise MalformedError("The note has a control character.")
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not text:
        raise MalformedError("The note has no blank line between text and signatures.")
    signatures = parse_signatures(lines.encode())
    if not signatures:
        raise MalformedError("The note has no signature.")
    return Note(f"{text}\n".encode(), tuple(signatures))


def parse_signatures(data: bytes) -> list[Signature]:
    """Parse signature lines alone, as in a witness's response. Raises MalformedError."""
    if len(data) > NOTE_BYTES_MAX:
        raise TooLargeError(f"The signatures are over {NOTE_BYTES_MAX} bytes.")
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError:
        raise MalformedError("The signatures are not UTF-8.") from None
    if lines.pop() != "":
        raise MalformedError("The last signature line does not end.")
    if len(lines) > SIGNATURES_MAX:
        raise TooLargeError(f"There are over {SIGNATURES_MAX} signatures.")
    return [_parse_signature(line) for line in lines]


def _parse_signature(line: str) -> Signature:
    name, space, text = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise MalformedError("A signature line is a dash, a name and a signature.")
    require_name(name, "The name in a signature line")
    blob = from_base64(text, "The signature")
    if len(blob) <= KEY_ID_BYTES:
        raise MalformedError("The signature is too short.")
    return Signature(name, blob[:KEY_ID_BYTES], blob[KEY_ID_BYTES:])
