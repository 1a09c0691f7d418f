"""The tile layout of C2SP tlog-tiles: names of tiles, their widths, and which ones a size has."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from events.log.encoding import SIZE_MAX
from events.log.errors import MalformedError

TILE_WIDTH = 256  # hashes in a full tile
TILE_HEIGHT = 8  # tree levels one tile spans
LEVEL_MAX = 7  # a level 8 tile would need 2^64 leaves
ENTRIES = -1  # the level under the leaves: bundles of entries

_LEVELS = range(LEVEL_MAX + 1)
_PATH = re.compile(
    r"tile/(?P<level>entries|[0-7])/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """One tile: `width` hashes of `level`, or entries, starting at `index * 256` of that level.

    A full tile never changes once written. A partial one (width 1 to 255) has its own name for
    every width, so it never changes either.
    """

    level: int
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        assert ENTRIES <= self.level <= LEVEL_MAX
        assert 0 <= self.index <= SIZE_MAX // TILE_WIDTH
        assert 1 <= self.width <= TILE_WIDTH

    @property
    def is_partial(self) -> bool:
        """Whether the tile has fewer than 256 hashes."""
        return self.width < TILE_WIDTH

    @property
    def path(self) -> str:
        """The name below the log's prefix: `tile/0/x001/x234/067` or `tile/1/000.p/17`."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        groups = [f"{self.index % 1000:03}"]
        rest = self.index // 1000
        while rest:
            groups.append(f"x{rest % 1000:03}")
            rest //= 1000
        end = f".p/{self.width}" if self.is_partial else ""
        return f"tile/{level}/{'/'.join(reversed(groups))}{end}"


def parse_path(path: str) -> Tile:
    """Parse a tile's name. Raises MalformedError for anything but its canonical form."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise MalformedError("That is not the name of a tile.")
    level = ENTRIES if match["level"] == "entries" else int(match["level"])
    index = int(re.sub(r"[x/]", "", match["index"]))
    width = int(match["width"] or TILE_WIDTH)
    if width > TILE_WIDTH or index > SIZE_MAX // TILE_WIDTH:
        raise MalformedError("That tile is outside every tree.")
    tile = Tile(level, index, width)
    if tile.path != path:  # leading x000 groups, or a full tile spelled as a partial one
        raise MalformedError("That is not the one way to name this tile.")
    return tile


def hashes_at(level: int, size: int) -> int:
    """Return how many complete hashes tile level `level` holds in a tree of `size` leaves."""
    return size >> TILE_HEIGHT * max(level, 0)


def partial_width(level: int, size: int) -> int:
    """Return the width of the partial tile at `level`; 0: there is none, and none is served."""
    return hashes_at(level, size) % TILE_WIDTH


def tile_for(level: int, index: int, size: int) -> Tile | None:
    """Return tile `index` of `level` in a tree of `size` leaves, or None if it has none."""
    width = min(TILE_WIDTH, hashes_at(level, size) - index * TILE_WIDTH)
    return Tile(level, index, width) if width > 0 else None


def right_edge(size: int) -> list[Tile]:
    """Return the partial hash tiles of a tree, lowest level first: all that an append reads."""
    return [tile for tile in _partials(size) if tile.level != ENTRIES]


def inclusion_tiles(index: int, size: int) -> list[Tile]:
    """Return the hash tiles needed to prove leaf `index`: those above it, and the edge."""
    own = (tile_for(level, index >> TILE_HEIGHT * (level + 1), size) for level in _LEVELS)
    return sorted({tile for tile in own if tile is not None} | set(right_edge(size)))


def partial_bundle(size: int) -> Tile | None:
    """Return the partial entry bundle of a tree, or None when the last one is full."""
    width = partial_width(ENTRIES, size)
    return Tile(ENTRIES, size // TILE_WIDTH, width) if width else None


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile and entry bundle of a tree: for an audit, a copy, a completeness check."""
    for level in range(ENTRIES, LEVEL_MAX + 1):
        for index in range(hashes_at(level, size) // TILE_WIDTH):
            yield Tile(level, index)
    yield from _partials(size)


def _partials(size: int) -> Iterator[Tile]:
    for level in range(ENTRIES, LEVEL_MAX + 1):
        if width := partial_width(level, size):
            yield Tile(level, hashes_at(level, size) // TILE_WIDTH, width)
