"""Append to the tree from its right edge alone: compute the files to write and the new root.

The edge is the partial tiles of the current size: at most eight tiles of 8 KiB and one bundle.
Appending reads nothing else, regardless of the size of the log.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from events.log.bundle import encode_bundle, framed, parse_bundle
from events.log.encoding import SIZE_MAX
from events.log.errors import EdgeError, MalformedError, TooLargeError
from events.log.leaf import EMPTY_ROOT, HASH_BYTES, leaf_hashes, node_hash
from events.log.merkle import TreeHead
from events.log.tiles import (
    ENTRIES,
    LEVEL_MAX,
    TILE_WIDTH,
    Tile,
    partial_bundle,
    partial_width,
    right_edge,
)

_TILE_BYTES = TILE_WIDTH * HASH_BYTES
_NO_PARTIALS = (b"",) * (LEVEL_MAX + 1)


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a tree of `size` leaves.

    `partials[level]` is the content of that level's partial tile (empty for width 0), `bundle`
    that of the partial entry bundle. Raises EdgeError when a width does not fit the size.
    """

    size: int = 0
    partials: tuple[bytes, ...] = _NO_PARTIALS
    bundle: bytes = b""

    def __post_init__(self) -> None:
        assert 0 <= self.size <= SIZE_MAX
        widths = [partial_width(level, self.size) for level in range(LEVEL_MAX + 1)]
        if [len(partial) for partial in self.partials] != [HASH_BYTES * w for w in widths]:
            raise EdgeError(f"The partial tiles do not fit a tree of {self.size} leaves.")

    @property
    def root(self) -> bytes:
        """Root of the whole tree, from the edge alone."""
        root = b""
        for partial in self.partials:  # lowest level first, which is rightmost in the tree
            end = len(partial)
            while end:
                count = end // HASH_BYTES
                start = end - HASH_BYTES * (count & -count)
                part = fold(partial[start:end])
                root = node_hash(part, root) if root else part
                end = start
        return root or EMPTY_ROOT

    @property
    def head(self) -> TreeHead:
        """Size and root together."""
        return TreeHead(self.size, self.root)


@dataclass(frozen=True, slots=True)
class Appended:
    """The result of an append: the new `edge`, the `files` to persist before signing its head."""

    edge: Edge
    files: tuple[tuple[Tile, bytes], ...]
    leaf_hashes: tuple[bytes, ...]


def append(edge: Edge, entries: Sequence[bytes]) -> Appended:
    """Add entries after the edge; nothing is written here.

    `files` holds every tile and bundle that became full and the partial ones of the new size,
    bundles first. Persist them all, then sign and publish `edge.head`. Raises EntryError for an
    entry over 65,535 bytes, TooLargeError for a log that would exceed SIZE_MAX entries.
    """
    if edge.size + len(entries) > SIZE_MAX:
        raise TooLargeError("The log cannot hold more entries.")
    hashes = leaf_hashes(entries)
    files, bundle = _bundles(edge, entries)
    partials = list(edge.partials)
    first = edge.size
    added = b"".join(hashes)
    for level in range(LEVEL_MAX + 1):
        if not added:
            break
        first //= TILE_WIDTH  # the tile the next hash of this level goes into
        added = _fill(partials, level, first, added, files)
    grown = Edge(edge.size + len(entries), tuple(partials), bundle)
    return Appended(grown, tuple(files), tuple(hashes))


def load_edge(head: TreeHead, read: Callable[[Tile], bytes]) -> Edge:
    """Load the edge of the tree `head` from storage and check it against the root.

    `read` may return a wider version of the same tile: after a crash, storage can be ahead of
    the last signed head. Raises EdgeError when the tiles or the last bundle do not match the
    root.
    """
    partials = list(_NO_PARTIALS)
    for tile in right_edge(head.size):
        partials[tile.level] = read(tile)[: tile.width * HASH_BYTES]
    entries: list[bytes] = []
    last = partial_bundle(head.size)
    if last is not None:
        try:
            entries = parse_bundle(read(last))[: last.width]
        except MalformedError as error:
            raise EdgeError(f"The last entry bundle is damaged: {error}") from error
    edge = Edge(head.size, tuple(partials), encode_bundle(entries))
    if edge.root != head.root:
        raise EdgeError(f"The stored tiles of size {head.size} do not lead to its root.")
    if b"".join(leaf_hashes(entries)) != edge.partials[0]:
        raise EdgeError("The last entry bundle does not hash to the last tile.")
    return edge


def fold(hashes: bytes) -> bytes:
    """Return the root over concatenated hashes, whose number is a power of two."""
    level = hashes
    while len(level) > HASH_BYTES:
        level = fold_once(level)
    return level


def fold_once(level: bytes) -> bytes:
    """Return the level above: one hash for each pair of hashes."""
    return b"".join(
        [sha256(b"\x01" + level[at : at + 64]).digest() for at in range(0, len(level), 64)]
    )


def _fill(
    partials: list[bytes], level: int, index: int, added: bytes, files: list[tuple[Tile, bytes]]
) -> bytes:
    """Add new hashes to one level; return the hashes of the tiles that became full."""
    hashes = partials[level] + added
    full = len(hashes) // _TILE_BYTES
    above = []
    for at in range(full):
        tile = hashes[at * _TILE_BYTES : (at + 1) * _TILE_BYTES]
        files.append((Tile(level, index + at), tile))
        above.append(fold(tile))
    rest = hashes[full * _TILE_BYTES :]
    if rest:
        files.append((Tile(level, index + full, len(rest) // HASH_BYTES), rest))
    partials[level] = rest
    return b"".join(above)


def _bundles(edge: Edge, entries: Sequence[bytes]) -> tuple[list[tuple[Tile, bytes]], bytes]:
    """Return the bundles these entries fill or begin, and the partial one that remains last."""
    files: list[tuple[Tile, bytes]] = []
    index, held = divmod(edge.size, TILE_WIDTH)
    bundle = edge.bundle
    at = 0
    while at < len(entries):
        taken = entries[at : at + TILE_WIDTH - held]
        at += len(taken)
        held += len(taken)
        bundle += b"".join(map(framed, taken))
        files.append((Tile(ENTRIES, index, held), bundle))
        if held == TILE_WIDTH:
            index, held, bundle = index + 1, 0, b""
    return files, bundle
