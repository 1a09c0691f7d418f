"""Small logs for tests: keys that only tests use, a store in memory, entries that look real."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from events.log.append import Edge, append
from events.log.checkpoint import Checkpoint
from events.log.entry import encode_entry
from events.log.keys import Algorithm, SignerKey
from events.log.reader import TileTree
from events.log.signed_checkpoint import sign_checkpoint
from events.log.tiles import Tile

ORIGIN = "consult.example.gov.uk/log"


def key_from(phrase: str, name: str, algorithm: Algorithm) -> SignerKey:
    return SignerKey(name, algorithm, hashlib.sha256(phrase.encode()).digest())


LOG_KEY = key_from("TEST log key", ORIGIN, Algorithm.ED25519)
WITNESS_KEY = key_from("TEST witness key", "scrutiny.example.org/w1", Algorithm.COSIGNATURE)


def ballot(number: int) -> bytes:
    pseudonym = hashlib.sha256(b"%d" % number).hexdigest()[:22]
    return encode_entry({"t": "ballot.cast", "v": 1, "b": pseudonym, "c": "pb26", "q": number})


FORGED_ENTRY = encode_entry({"t": "ballot.cast", "v": 1, "b": "nobody", "c": "pb26", "q": 0})


@dataclass
class StoredLog:
    """A log whose tiles lie in a dictionary by path."""

    edge: Edge = field(default_factory=Edge)
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, entries: Sequence[bytes]) -> None:
        appended = append(self.edge, entries)
        self.files.update((tile.path, content) for tile, content in appended.files)
        self.edge = appended.edge

    def read(self, tile: Tile) -> bytes:
        """The tile as stored, or a later and wider state of it."""
        widths = range(tile.width, 257)
        paths = (Tile(tile.level, tile.index, width).path for width in widths)
        return next(self.files[path] for path in paths if path in self.files)

    def tree(self, size: int | None = None) -> TileTree:
        return TileTree(self.edge.size if size is None else size, self.read)

    def checkpoint(self) -> bytes:
        return sign_checkpoint(Checkpoint(ORIGIN, *self.edge.head), LOG_KEY)


def stored_log(entries: Sequence[bytes], batch: int = 100) -> StoredLog:
    log = StoredLog()
    for at in range(0, len(entries), batch):
        log.add(entries[at : at + batch])
    return log
