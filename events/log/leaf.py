"""Hashing of leaves and nodes, as RFC 6962 section 2.1 and RFC 9162 section 2.1.1 define it."""

from collections.abc import Iterable
from hashlib import sha256

from events.log.errors import MalformedError

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry. The prefix 00 keeps a leaf from ever passing as an inner node."""
    return sha256(b"\x00" + entry).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """Hash many entries, in order."""
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node over its two children of 32 bytes each."""
    return sha256(b"\x01" + left + right).digest()


def require_hash(value: object, what: str) -> bytes:
    """Return `value` if it is exactly 32 bytes. Raises MalformedError.

    A shorter placeholder must never be compared with a root, as some published test cases do:
    an implementation that accepts it compares nothing.
    """
    if not isinstance(value, bytes) or len(value) != HASH_BYTES:
        raise MalformedError(f"{what} is not a hash of {HASH_BYTES} bytes.")
    return value
