"""Entry bundles: up to 256 entries in a file, each after its length in two bytes."""

from collections.abc import Iterable

from events.log.errors import EntryError, MalformedError, TooLargeError
from events.log.tiles import TILE_WIDTH

ENTRY_BYTES_MAX = 65_535  # the length has 16 bits
BUNDLE_BYTES_MAX = TILE_WIDTH * (2 + ENTRY_BYTES_MAX)


def framed(entry: bytes) -> bytes:
    """Return an entry after its length, big-endian. Raises EntryError over 65,535 bytes."""
    if len(entry) > ENTRY_BYTES_MAX:
        raise EntryError(f"An entry of {len(entry)} bytes is over the limit of 65,535.")
    return len(entry).to_bytes(2) + entry


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """Return the bundle holding these entries, in order."""
    return b"".join(map(framed, entries))


def parse_bundle(data: bytes, width: int | None = None) -> list[bytes]:
    """Return the entries of a bundle; `width`: their expected number, if known.

    Raises MalformedError when an entry is cut short or their number differs.
    """
    if len(data) > BUNDLE_BYTES_MAX:
        raise TooLargeError("The bundle is longer than 256 entries can be.")
    entries: list[bytes] = []
    at, end = 0, len(data)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(data[at:start])
        if at > end or start > end:
            raise MalformedError(f"Entry {len(entries)} of the bundle is cut short.")
        entries.append(data[start:at])
    if width is not None and len(entries) != width:
        raise MalformedError(f"The bundle has {len(entries)} entries where {width} belong.")
    if len(entries) > TILE_WIDTH:
        raise MalformedError("The bundle has over 256 entries.")
    return entries
