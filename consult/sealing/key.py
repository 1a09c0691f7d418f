"""The sealer's private key and its memory of what it signed: two files only it can read."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit
from zlib import crc32

from consult.config import Config
from events.errors import Refused
from events.log.errors import KeyFormatError
from events.log.keys import Algorithm, SignerKey, parse_skey
from events.log.leaf import EMPTY_ROOT
from events.log.merkle import TreeHead
from events.store.private_files import make_once, open_private, sync

SLOT_BYTES = 256


class KeyUnusable(Refused):
    """The key file cannot be read or is invalid."""

    says = "The log's key file {path} cannot be used: {reason}"


class MemoryLost(Refused):
    """The sealer's memory of what it signed last is missing or damaged."""

    says = (
        "The file {path}, in which the sealer keeps what it signed last, is missing or damaged. "
        "Put it back from beside the key. If it is lost for good and the log is known to be "
        "whole, run: consult seal --adopt"
    )


def origin_of(config: Config) -> str:
    """Return the origin that a new log of this installation gets: host and port, then /log."""
    return f"{urlsplit(config.public_url).netloc}/log"


def read_key(path: Path) -> SignerKey | None:
    """Return the key; None when there is no file. Raises KeyUnusable, never quoting it."""
    try:
        line = path.read_text().strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyUnusable(path=path, reason=f"{error.strerror}.") from None
    except UnicodeDecodeError:
        raise KeyUnusable(path=path, reason="it is not text.") from None
    if path.stat().st_mode & 0o077:
        raise KeyUnusable(path=path, reason="other people can read it (chmod 600).")
    try:
        return parse_skey(line)
    except KeyFormatError as error:
        raise KeyUnusable(path=path, reason=str(error)) from None


def make_key(path: Path, name: str, algorithm: Algorithm = Algorithm.ED25519) -> SignerKey:
    """Create a key under a name; concurrent processes get the same key."""
    fresh = SignerKey(name, algorithm, secrets.token_bytes(32))
    make_once(path, f"{fresh.skey}\n".encode())
    key = read_key(path)
    assert key is not None
    return key


class Memory:
    """The largest tree head that was about to be signed, in a file beside the key.

    Two slots of SLOT_BYTES are written alternately, with a checksum, so an interrupted write
    leaves the one before. `remember` returns once the head is durable.
    """

    def __init__(self, key_file: Path) -> None:
        self.path = key_file.with_suffix(".state")
        self._turn = 0

    def recall(self) -> TreeHead:
        """Return the last head. Raises MemoryLost."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            raise MemoryLost(path=self.path) from None
        slots = [_read_slot(data[at : at + SLOT_BYTES]) for at in (0, SLOT_BYTES)]
        known = [(head, turn) for turn, head in enumerate(slots) if head is not None]
        if not known:
            raise MemoryLost(path=self.path)
        head, turn = max(known)
        self._turn = 1 - turn
        return head

    def begin(self) -> None:
        """Remember the empty log, if there is no memory yet."""
        if not self.path.exists():
            self.remember(TreeHead(0, EMPTY_ROOT))
            sync(self.path.parent)

    def remember(self, head: TreeHead) -> None:
        """Store a head durably, before it is signed."""
        line = f"{head.size} {head.root.hex()}"
        slot = f"{line} {crc32(line.encode()):08x}\n".encode().ljust(SLOT_BYTES)
        file = open_private(self.path, os.O_WRONLY)
        try:
            os.pwrite(file, slot, self._turn * SLOT_BYTES)
            os.fdatasync(file)
        finally:
            os.close(file)
        self._turn = 1 - self._turn


def _read_slot(slot: bytes) -> TreeHead | None:
    try:
        line, _, check = slot.decode("ascii").rstrip().rpartition(" ")
        size, root = line.split(" ")
        if f"{crc32(line.encode()):08x}" != check:
            return None
        return TreeHead(int(size), bytes.fromhex(root))
    except ValueError:
        return None
