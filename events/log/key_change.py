"""Changes of a log's key: announced, signed, and followed from a key that somebody trusts.

An announcement is a signed note. It names the log, what happened, the tree head at which the old
key ended, the old key and the new one. A rotation is signed by both keys. A loss is signed by the
new key alone, so nobody who knows the old one follows it. Retirement is signed by the last key,
and there is no new one. No checkpoint has its first line, so neither passes for the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from events.log.encoding import from_base64, from_decimal, to_base64
from events.log.errors import MalformedError, SignatureError, TooLargeError
from events.log.keys import SignerKey, VerifierKey, parse_vkey
from events.log.leaf import require_hash
from events.log.merkle import TreeHead
from events.log.note import Note, parse_note, sign

FORMAT = "folkmoot/log-key/v1"
HISTORY_BYTES_MAX = 131_072
NO_KEY = "-"


class Kind(StrEnum):
    """What happened to the old key."""

    ROTATED = "rotated"
    LOST = "lost"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The key `old` signs nothing beyond `head`; from there on `new` does, None: nobody.

    Raises MalformedError on construction when these do not belong together.
    """

    kind: Kind
    head: TreeHead
    old: VerifierKey
    new: VerifierKey | None

    def __post_init__(self) -> None:
        if (self.new is None) != (self.kind is Kind.RETIRED):
            raise MalformedError("Only a log that is retired has no new key.")
        if self.new is not None and (self.new.name != self.old.name or self.new == self.old):
            raise MalformedError("The new key is the old one, or of another log.")
        if any(key.algorithm.is_cosignature for key in (self.old, self.new or self.old)):
            raise MalformedError("A key of a witness cannot be the key of a log.")

    @property
    def text(self) -> bytes:
        """The text that is signed."""
        new = self.new.vkey if self.new else NO_KEY
        size, root = str(self.head.size), to_base64(self.head.root)
        lines = (FORMAT, self.old.name, self.kind, size, root, self.old.vkey, new)
        return "".join(f"{line}\n" for line in lines).encode()

    @property
    def signers(self) -> tuple[VerifierKey, ...]:
        """The keys that must sign it."""
        if self.kind is Kind.ROTATED:
            assert self.new is not None
            return self.old, self.new
        return (self.new or self.old,)


def announce(change: KeyChange, keys: Sequence[SignerKey]) -> bytes:
    """Return the signed announcement; `keys` are those of `change.signers`."""
    assert tuple(key.verifier for key in keys) == change.signers
    return Note(change.text, tuple(sign(change.text, key) for key in keys)).encode()


def encode_history(announcements: Iterable[bytes]) -> bytes:
    """Return the file of all announcements, oldest first, a blank line between two."""
    return b"\n".join(announcements)


def split_history(data: bytes) -> list[bytes]:
    """Return the announcements of a file, not checked yet. Raises MalformedError."""
    if len(data) > HISTORY_BYTES_MAX:
        raise TooLargeError(f"The announcements of keys are over {HISTORY_BYTES_MAX} bytes.")
    parts = data.split(b"\n\n") if data else []
    if len(parts) % 2 or any(not part for part in parts):
        raise MalformedError("The announcements of keys are not texts with their signatures.")
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [text + b"\n\n" + lines.removesuffix(b"\n") + b"\n" for text, lines in pairs]


def parse_history(data: bytes) -> list[KeyChange]:
    """Return the changes of a file of announcements, each signed by whom it needs.

    Raises MalformedError, SignatureError.
    """
    return [parse_announcement(one) for one in split_history(data)]


def parse_announcement(data: bytes) -> KeyChange:
    """Return one change, signed by whom it needs. Raises MalformedError, SignatureError."""
    note = parse_note(data)
    lines = note.text.decode().split("\n")
    if len(lines) != 8 or lines[0] != FORMAT or lines[2] not in set(Kind):  # noqa: PLR2004  seven lines, ended
        raise MalformedError("This is not an announcement of a log's key.")
    _, origin, kind, size, root, old, new, _ = lines
    head = TreeHead(
        from_decimal(size, "The size in the announcement"),
        require_hash(from_base64(root, "The root in the announcement"), "The root"),
    )
    successor = None if new == NO_KEY else parse_vkey(new)
    change = KeyChange(Kind(kind), head, parse_vkey(old), successor)
    if change.old.name != origin:
        raise MalformedError("The announcement names another log than its key.")
    signed = {item.key for item in note.verify(change.signers)}
    if signed != set(change.signers):
        raise SignatureError("The announcement is not signed by both keys.")
    return change


Followed = dict[VerifierKey, int | None]
"""Keys of a log; the number is the last size that a key may sign, None: any."""


def follow(trusted: Followed, changes: Sequence[KeyChange]) -> Followed:
    """Return the keys that follow from trusted ones.

    A rotation leads from the old key to the new one. From the new key every change leads back to
    the old one, up to the head where it ended. A loss leads from the old key to nothing.
    """
    known = dict(trusted)
    for _ in range(len(changes) + 1):
        for change in changes:
            leads = change.kind is Kind.ROTATED and change.old in known
            if leads and change.new is not None:
                known.setdefault(change.new, None)
            if change.new in known or (change.kind is Kind.RETIRED and change.old in known):
                before = known.get(change.old)
                size = change.head.size
                known[change.old] = size if before is None else min(before, size)
    return known


def may_sign(keys: Followed, size: int) -> list[VerifierKey]:
    """Return the keys that may sign a checkpoint of this size."""
    return [key for key, until in keys.items() if until is None or size <= until]
