"""Read tiles from the log's database, directly with the driver, as they are read most."""

from typing import Any

from consult.log_store.database import OR_TILE, READ_BUNDLE, READ_TILE, READ_TILES, spelled
from events.log.bundle import encode_bundle
from events.log.leaf import HASH_BYTES
from events.log.reader import TileTree
from events.log.tiles import ENTRIES, TILE_WIDTH, Tile, inclusion_tiles


class Missing(LookupError):  # noqa: N818  it says what is missing
    """The log does not have this tile or entry."""


class TileReader:
    """Reads on the driver's connection, which is passed to each call."""

    def __init__(self, *, on_postgres: bool) -> None:
        self._on_postgres = on_postgres
        self._read_tile = spelled(READ_TILE, on_postgres=on_postgres)
        self._read_bundle = spelled(READ_BUNDLE, on_postgres=on_postgres)

    def tile(self, raw: Any, tile: Tile) -> bytes:
        """Return a tile's content, cut to its width. Raises Missing."""
        if tile.level == ENTRIES:
            return self._bundle(raw, tile)
        row = raw.execute(self._read_tile, (tile.level, tile.index)).fetchone()
        return _cut(tile, row[0] if row else None)

    def prove(self, raw: Any, index: int, size: int) -> tuple[bytes, ...]:
        """Return an inclusion proof, its tiles read by one statement. Raises Missing."""
        wanted = inclusion_tiles(index, size)
        statement = READ_TILES + OR_TILE * (len(wanted) - 1)
        places = [number for tile in wanted for number in (tile.level, tile.index)]
        asked = spelled(statement, on_postgres=self._on_postgres)
        binary = {"binary": True} if self._on_postgres else {}
        rows = raw.execute(asked, places, **binary).fetchall()
        found = {(level, at): hashes for level, at, hashes in rows}
        tree = TileTree(size, lambda tile: _cut(tile, found.get((tile.level, tile.index))))
        return tuple(tree.prove_inclusion(index))

    def _bundle(self, raw: Any, tile: Tile) -> bytes:
        first = tile.index * TILE_WIDTH
        found = raw.execute(self._read_bundle, (first, first + tile.width)).fetchall()
        if len(found) != tile.width:
            raise Missing(tile.path)
        return encode_bundle([content for (content,) in found])


def _cut(tile: Tile, hashes: bytes | None) -> bytes:
    """Return a tile cut to the requested width; its widest version is stored. Raises Missing."""
    if hashes is None or len(hashes) < HASH_BYTES * tile.width:
        raise Missing(tile.path)
    return bytes(hashes[: HASH_BYTES * tile.width])
