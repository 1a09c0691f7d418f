"""Read a tree from its tiles: ranges for proofs, each tile fetched and folded once."""

from collections.abc import Callable
from functools import lru_cache

from events.log.append import fold_once
from events.log.bundle import parse_bundle
from events.log.errors import EdgeError
from events.log.leaf import HASH_BYTES
from events.log.merkle import prove_consistency, prove_inclusion, range_hash
from events.log.tiles import ENTRIES, TILE_HEIGHT, TILE_WIDTH, Tile, tile_for

TILES_KEPT = 256
"""Tiles whose inner hashes a process keeps, 24 KiB each."""

ReadTile = Callable[[Tile], bytes]


class TileTree:
    """The tree of `size` leaves, read through `read(tile) -> bytes` (8 KiB at most each).

    `read` may return a wider version of the same tile, so the newest tiles serve every older
    size too; its errors for a missing tile pass through. Tiles are cached, so use one instance
    per request or batch. A tile that is too short raises EdgeError.
    """

    def __init__(self, size: int, read: ReadTile) -> None:
        self.size = size
        self._read = read
        self._levels: dict[tuple[int, int], tuple[bytes, ...]] = {}

    @property
    def root(self) -> bytes:
        """The root of the tree."""
        return self.range_hash(0, self.size)

    def prove_inclusion(self, index: int) -> list[bytes]:
        """Return the proof that leaf `index` is in this tree. Raises ProofError when it is not."""
        return prove_inclusion(index, self.size, self.range_hash)

    def prove_consistency(self, old_size: int) -> list[bytes]:
        """Return the proof that this tree extends that of `old_size` leaves. Raises ProofError."""
        return prove_consistency(old_size, self.size, self.range_hash)

    def range_hash(self, start: int, end: int) -> bytes:
        """Return the root of the leaves `[start, end)`."""
        return range_hash(start, end, self.node_hash)

    def node_hash(self, height: int, index: int) -> bytes:
        """Return the root of the perfect subtree `index` of `2^height` leaves."""
        level, inside = divmod(height, TILE_HEIGHT)
        tile_index, at = divmod(index, TILE_WIDTH >> inside)
        folded = self._folded(level, tile_index)[inside]
        return folded[at * HASH_BYTES : (at + 1) * HASH_BYTES]

    def entry(self, index: int) -> bytes:
        """Return the bytes of entry `index`."""
        tile_index, at = divmod(index, TILE_WIDTH)
        tile = tile_for(ENTRIES, tile_index, self.size)
        assert tile is not None
        entries = parse_bundle(self._read(tile))
        if len(entries) < tile.width:
            raise EdgeError(f"{tile.path} has {len(entries)} entries.")
        return entries[at]

    def _folded(self, level: int, index: int) -> tuple[bytes, ...]:
        """Return a tile's hashes and every level above them inside the tile, cached."""
        levels = self._levels.get((level, index))
        if levels is None:
            tile = tile_for(level, index, self.size)
            assert tile is not None, "the tree has no such tile"
            hashes = self._read(tile)
            if len(hashes) < tile.width * HASH_BYTES or len(hashes) % HASH_BYTES:
                raise EdgeError(f"{tile.path} is {len(hashes)} bytes long.")
            levels = _folded_levels(hashes[: tile.width * HASH_BYTES])
            self._levels[level, index] = levels
        return levels


@lru_cache(TILES_KEPT)
def _folded_levels(hashes: bytes) -> tuple[bytes, ...]:
    """Return a tile's hashes and every level above them; the cache key is the content itself.

    The upper tiles take part in almost every proof; hashing them again is most of its cost.
    """
    levels = [hashes]
    for _ in range(TILE_HEIGHT - 1):
        pairs = len(levels[-1]) // (2 * HASH_BYTES)
        levels.append(fold_once(levels[-1][: pairs * 2 * HASH_BYTES]))
    return tuple(levels)
