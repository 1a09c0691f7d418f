"""Append to the log's store: one writer at a time, each append one durable transaction."""

import fcntl
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from consult.log_store import tables
from consult.log_store.database import APPEND_ENTRY, MOVE_HEAD, PUT_TILE, spelled
from consult.log_store.outgoing import OutgoingEntry
from consult.log_store.store import LogStore, Stored
from consult.log_store.waiting import Waits, store_waits
from events.errors import Refused
from events.log.append import Appended
from events.log.tiles import ENTRIES
from events.store.private_files import open_private

SEALING_LOCK = 0x666F6C6B_6C6F6702
OPENINGS_AT_ONCE = 2_000
NO_WAITS = Waits()


class AnotherSealer(Refused):
    """Another process holds the lock for appending to the log."""

    says = "Another process is sealing this log already, so this one waits."


class LogMoved(Refused):
    """The stored head is not the one that the append expects."""

    says = "The log was changed by something else while it was being sealed. Nothing was appended."


class Writer:
    """The only writer of a log, which holds its lock. Raises AnotherSealer if another has it.

    The lock belongs to a connection (PostgreSQL) or an open file (SQLite), so it ends with the
    process. Every append uses that same connection, and names the head it follows, so that even
    a lock lost without notice cannot cause a fork.
    """

    def __init__(self, store: LogStore) -> None:
        self._store = store
        self._append_entry, self._put_tile, self._move_head = (
            spelled(statement, on_postgres=store.on_postgres)
            for statement in (APPEND_ENTRY, PUT_TILE, MOVE_HEAD)
        )
        self._lock_file: int | None = None
        self._connection: Connection = store.engine.connect().execution_options(writes=True)
        try:
            if store.on_postgres:
                self._lock_postgres()
            else:
                self._lock_sqlite()
        except BaseException:
            self.close()
            raise

    def append(
        self,
        before: Stored | None,
        appended: Appended,
        entries: Sequence[OutgoingEntry],
        position: int,
        waits: Waits = NO_WAITS,
    ) -> Stored:
        """Store entries, tiles and the new head; durable when it returns. Raises LogMoved.

        `position`: up to which the record was read. `waits`: which facts up to there wait now.
        """
        edge = appended.edge
        after = Stored(edge.head, position)
        first = edge.size - len(entries)
        rows = [self._row(entry, first + n) for n, entry in enumerate(entries)]
        tiles = [
            (tile.level, tile.index, content)
            for tile, content in appended.files
            if tile.level != ENTRIES
        ]
        packs = [
            {"consultation_id": entry.consultation_id, "manifest": entry.manifest}
            for entry in entries
            if entry.manifest is not None
        ]
        with self._connection.begin():
            self._move(before, after)
            self._connection.exec_driver_sql(self._append_entry, rows)
            self._connection.exec_driver_sql(self._put_tile, tiles)
            if packs:
                self._connection.execute(self._store.insert(tables.pack), packs)
            self._close_packs(first, entries)
            store_waits(self._connection, waits)
        return after

    def advance(self, before: Stored, position: int, waits: Waits = NO_WAITS) -> Stored:
        """Store that every fact up to this position is private or waits. Raises LogMoved."""
        after = Stored(before.head, position)
        with self._connection.begin():
            self._move(before, after)
            store_waits(self._connection, waits)
        return after

    def keep_openings(
        self,
        consultation_id: UUID,
        openings: Iterable[tuple[int, bytes]],
        listed: Iterable[tuple[str, bytes]],
        number: int,
    ) -> None:
        """Store the ballots of a closed consultation in one durable transaction.

        `openings`: lines by index of the entry. `listed`: lines by tracker. `number`: of openings.
        """
        pack = tables.pack
        with self._connection.begin():
            for table, key, lines in (
                (tables.opening, "index", openings),
                (tables.listed, "tracker", listed),
            ):
                rows = (
                    {key: place, "consultation_id": consultation_id, "line": line}
                    for place, line in lines
                )
                while batch := list(islice(rows, OPENINGS_AT_ONCE)):
                    self._connection.execute(self._store.insert(table), batch)
            mine = pack.c.consultation_id == consultation_id
            self._connection.execute(update(pack).where(mine).values(openings=number))

    def close(self) -> None:
        """Release the lock; idempotent."""
        if self._store.on_postgres and not self._connection.closed:
            with suppress(
                SQLAlchemyError, psycopg.Error
            ):  # the server may be gone, and the lock with it
                raw: Any = self._connection.connection.driver_connection
                raw.rollback()
                raw.execute("SELECT pg_advisory_unlock_all()")
                raw.commit()
        if not self._connection.closed:
            self._connection.invalidate()  # not back into the pool: its settings are special
            self._connection.close()
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None

    def _move(self, before: Stored | None, after: Stored) -> None:
        if before is None:
            row = {"size": after.head.size, "root": after.head.root, "position": after.position}
            self._connection.execute(self._store.insert(tables.head).values(id=1, **row))
            return
        new, old = (*after.head, after.position), (*before.head, before.position)
        moved = self._connection.exec_driver_sql(self._move_head, new + old)
        if moved.rowcount != 1:
            raise LogMoved

    def _close_packs(self, first: int, entries: Sequence[OutgoingEntry]) -> None:
        pack = tables.pack
        for index, entry in enumerate(entries, start=first):
            if entry.kind == "closed":
                mine = pack.c.consultation_id == entry.consultation_id
                self._connection.execute(update(pack).where(mine).values(closed_index=index))

    def _row(self, entry: OutgoingEntry, index: int) -> tuple[Any, ...]:
        """Return the row of an entry in the driver's form; SQLite stores ids as hexadecimal."""
        about, subject = entry.consultation_id, entry.subject_id
        ids: tuple[Any, Any] = (about, subject)
        if not self._store.on_postgres:
            ids = (about.hex if about else None, subject.hex if subject else None)
        return (index, entry.position, entry.kind, *ids, entry.version, entry.content)

    def _lock_postgres(self) -> None:
        with self._connection.begin():
            taken = self._connection.execute(select(func.pg_try_advisory_lock(SEALING_LOCK)))
            if not taken.scalar():
                raise AnotherSealer

    def _lock_sqlite(self) -> None:
        raw: Any = self._connection.connection.driver_connection
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("PRAGMA fullfsync=ON")  # has an effect on macOS only
        path = Path(str(self._store.engine.url.database)).with_suffix(".lock")
        self._lock_file = open_private(path)
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherSealer from None
