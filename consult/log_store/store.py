"""The public log's own durable database, beside the record: served content and signatures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from consult.log_store import tables
from consult.log_store.database import open_engines
from consult.log_store.schema import create_tables
from consult.log_store.stored_tiles import Missing, TileReader
from events.log.merkle import TreeHead
from events.log.reader import TileTree
from events.log.tiles import Tile
from events.store.database_url import PostgresAddress, parse


class Stored(NamedTuple):
    """The stored tree head, and the position up to which the record was read for it."""

    head: TreeHead
    position: int


class Checkpoint(NamedTuple):
    """A signed checkpoint of the log, without cosignatures."""

    size: int
    signed: bytes
    at: datetime


class Cosignature(NamedTuple):
    """A witness's signature line under the checkpoint of a size."""

    size: int
    witness: str
    line: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """The index of a fact in the log and its position in the record; entry 0 has position 0."""

    index: int
    position: int
    kind: str
    consultation_id: UUID | None
    subject_id: UUID | None
    version: int | None


class LogStore:
    """Reads the log, and writes what follows sealing; a `Writer` appends to it.

    Its content is public, so every process opens one.
    """

    def __init__(self, database_url: str) -> None:
        address = parse(database_url)
        self.on_postgres = isinstance(address, PostgresAddress)
        self.insert: Any = postgresql_insert if self.on_postgres else sqlite_insert
        self.engine, self._reading = open_engines(address)
        self._tiles = TileReader(on_postgres=self.on_postgres)

    @classmethod
    def open(cls, database_url: str) -> Self:
        """Open the log of this record; create missing tables. Open it after the last fork."""
        store = cls(database_url)
        store.create_tables()
        return store

    def create_tables(self) -> None:
        """Create missing tables, drop obsolete columns; safe in concurrent processes."""
        with self.write() as db:
            create_tables(db)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection for reading."""
        with self._reading.connect() as db:
            yield db

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a transaction for reproducible data: a power cut may lose the last commits."""
        with self.engine.connect().execution_options(writes=True) as db, db.begin():
            if self.on_postgres:
                db.exec_driver_sql("SET LOCAL synchronous_commit = off")
            yield db

    def stored(self) -> Stored | None:
        """Return the tree as stored; None before the first entry."""
        table = tables.head.c
        with self.read() as db:
            row = db.execute(select(table.size, table.root, table.position)).one_or_none()
        return Stored(TreeHead(row.size, bytes(row.root)), row.position) if row else None

    def tile(self, tile: Tile) -> bytes:
        """Return a tile's content, cut to its width. Raises Missing.

        Stored but unsigned content is included: serve only what a checkpoint's size covers.
        """
        with self.tiles() as read:
            return read(tile)

    @contextmanager
    def tiles(self) -> Iterator[Callable[[Tile], bytes]]:
        """Yield a reader of tiles on one connection, for a whole proof."""
        with self.read() as db:
            raw: Any = db.connection.driver_connection
            yield lambda tile: self._tiles.tile(raw, tile)

    @contextmanager
    def tree(self, size: int) -> Iterator[TileTree]:
        """Yield the tree of a size, read from its tiles."""
        with self.tiles() as read:
            yield TileTree(size, read)

    def prove(self, index: int, size: int) -> tuple[bytes, ...]:
        """Return the inclusion proof of an entry, its tiles read by one statement.

        Raises Missing, and ProofError for an entry that is not in a log of this size.
        """
        with self.read() as db:
            return self._tiles.prove(db.connection.driver_connection, index, size)

    def latest(self) -> Checkpoint | None:
        """Return the checkpoint signed last, or None; everything it covers is stored."""
        return self._checkpoint(select(tables.checkpoint).order_by(_SIZE.desc()).limit(1))

    def checkpoint_of(self, size: int) -> Checkpoint | None:
        """Return the checkpoint that was signed at this size."""
        return self._checkpoint(select(tables.checkpoint).where(_SIZE == size))  # noqa: SIM300  a column, not a value

    def latest_cosigned(self, index: int = -1) -> Checkpoint | None:
        """Return the newest checkpoint over entry `index` that any witness has cosigned."""
        witnessed = select(tables.cosignature.c.size).where(tables.cosignature.c.size > index)
        newest = witnessed.order_by(tables.cosignature.c.size.desc()).limit(1).scalar_subquery()
        return self._checkpoint(select(tables.checkpoint).where(newest == _SIZE))

    def cosignatures(self, size: int) -> list[Cosignature]:
        """Return the witnesses' lines under the checkpoint of a size."""
        table = tables.cosignature
        with self.read() as db:
            rows = db.execute(select(table).where(table.c.size == size).order_by(table.c.witness))
            return [Cosignature(row.size, row.witness, bytes(row.line), row.at) for row in rows]

    def cosigned(self, witness: str) -> Cosignature | None:
        """Return the last line of one witness (by the vkey's name and id)."""
        table = tables.cosignature
        query = select(table).where(table.c.witness == witness)
        with self.read() as db:
            row = db.execute(query.order_by(table.c.size.desc()).limit(1)).one_or_none()
        return Cosignature(row.size, row.witness, bytes(row.line), row.at) if row else None

    def publish(self, checkpoint: Checkpoint) -> None:
        """Publish a checkpoint. Call it only once everything it covers is durable."""
        row = checkpoint._asdict()
        with self.write() as db:
            db.execute(self.insert(tables.checkpoint).values(row).on_conflict_do_nothing())

    def sign_again(self, checkpoint: Checkpoint) -> None:
        """Replace the signature lines under a published checkpoint: the log's key has changed."""
        mine = tables.checkpoint.c.size == checkpoint.size
        with self.write() as db:
            db.execute(update(tables.checkpoint).where(mine).values(signed=checkpoint.signed))

    def keep_cosignature(self, cosignature: Cosignature) -> None:
        """Store a witness's signature line; the newest line for a size replaces an older one."""
        added = self.insert(tables.cosignature).values(cosignature._asdict())
        newest = {"line": added.excluded.line, "at": added.excluded.at}
        with self.write() as db:
            db.execute(added.on_conflict_do_update(index_elements=["size", "witness"], set_=newest))

    def find(self, position: int) -> int | None:
        """Return the index of the entry of the fact at a position of the record."""
        query = select(tables.entry.c.index).where(tables.entry.c.position == position)
        with self.read() as db:
            return db.execute(query).scalar()

    def find_signed(self, position: int) -> int | None:
        """Return the index of the entry of a fact, once a published checkpoint covers it."""
        signed = select(func.max(_SIZE)).scalar_subquery()
        mine = (tables.entry.c.position == position) & (tables.entry.c.index < signed)
        with self.read() as db:
            return db.execute(select(tables.entry.c.index).where(mine)).scalar()

    def entries_of(self, consultation_id: UUID) -> list[Entry]:
        """Return every entry of a consultation, in order."""
        table = tables.entry.c
        mine = _ENTRY.where(table.consultation_id == consultation_id)
        with self.read() as db:
            return [Entry(*row) for row in db.execute(mine.order_by(table.index))]

    def closing_of(self, consultation_id: UUID) -> int | None:
        """Return the index of a consultation's `closed` entry."""
        mine = tables.pack.c.consultation_id == consultation_id
        with self.read() as db:
            return db.execute(select(tables.pack.c.closed_index).where(mine)).scalar()

    def last_sealed(self) -> Entry | None:
        """Return the entry of the fact that stands last in the record, which others may follow."""
        return self._entry(tables.entry.c.position > 0, tables.entry.c.position)

    def entry(self, index: int) -> Entry | None:
        """Return one entry."""
        return self._entry(tables.entry.c.index == index, tables.entry.c.index)

    def content(self, index: int) -> bytes:
        """Return the bytes of one entry. Raises Missing."""
        found = self._blob(tables.entry.c.content, tables.entry.c.index == index)
        if found is None:
            raise Missing(index)
        return found

    def document(self, name: str) -> bytes | None:
        """Return the served vkey, policy or announcements of keys."""
        return self._blob(tables.document.c.content, tables.document.c.name == name)

    def keep_document(self, name: str, content: bytes) -> None:
        """Store the vkey, policy or announcements of keys, to be served."""
        added = self.insert(tables.document).values(name=name, content=content)
        with self.write() as db:
            db.execute(
                added.on_conflict_do_update(index_elements=["name"], set_={"content": content})
            )

    def stamp_of(self, size: int) -> bytes | None:
        """Return the time-stamp of the checkpoint of a size."""
        return self._blob(tables.stamp.c.token, tables.stamp.c.size == size)

    def last_stamp(self) -> tuple[int, datetime] | None:
        """Return size and time of the newest time-stamp."""
        table = tables.stamp.c
        query = select(table.size, table.at).order_by(table.at.desc()).limit(1)
        with self.read() as db:
            row = db.execute(query).one_or_none()
        return (row.size, row.at) if row else None

    def keep_stamp(self, size: int, token: bytes, at: datetime) -> None:
        """Store a time-stamp."""
        added = self.insert(tables.stamp).values(size=size, token=token, at=at)
        with self.write() as db:
            db.execute(added.on_conflict_do_nothing())

    def note_trouble(self, what: str, detail: str, at: datetime) -> None:
        """Show a problem on the log's health page until `end_trouble`."""
        row = {"what": what, "at": at, "detail": detail}
        added = self.insert(tables.trouble).values(row)
        with self.write() as db:
            db.execute(
                added.on_conflict_do_update(index_elements=["what"], set_={"detail": detail})
            )

    def end_trouble(self, what: str) -> None:
        """Remove a problem from the log's health page."""
        with self.write() as db:
            db.execute(delete(tables.trouble).where(tables.trouble.c.what == what))

    def troubles(self) -> list[Any]:
        """Return the problems, oldest first: what, at, detail."""
        with self.read() as db:
            return list(db.execute(select(tables.trouble).order_by(tables.trouble.c.at)))

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()
        self._reading.dispose()

    def _checkpoint(self, query: Any) -> Checkpoint | None:
        with self.read() as db:
            row = db.execute(query).one_or_none()
        return Checkpoint(row.size, bytes(row.signed), row.at) if row else None

    def _entry(self, condition: Any, latest: Any) -> Entry | None:
        query = _ENTRY.where(condition).order_by(latest.desc()).limit(1)
        with self.read() as db:
            row = db.execute(query).one_or_none()
        return Entry(*row) if row else None

    def _blob(self, column: Any, condition: Any) -> bytes | None:
        with self.read() as db:
            found = db.execute(select(column).where(condition)).scalar()
        return bytes(found) if found is not None else None


_SIZE = tables.checkpoint.c.size
_ENTRY = select(*[tables.entry.c[name] for name in (field.name for field in fields(Entry))])
