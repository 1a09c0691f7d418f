"""The record in an SQLite file: the library's recorder and table, with group commit."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from eventsourcing.persistence import OperationalError, StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from events.errors import DatabaseUnavailable
from events.store.appends import Append, Row, SchemaMissing
from events.store.database_trouble import refusal
from events.store.database_url import SqliteAddress, UnknownDatabase
from events.store.sqlite.appender import LAST_POSITION, SYNCHRONOUS, SqliteAppender
from events.store.wakeup import Wakeup
from events.store.writer import Writer

HISTORY = """
    SELECT originator_version, topic, state FROM stored_events
    WHERE originator_id = ? AND originator_version > ? ORDER BY originator_version LIMIT ?
"""
POSITION = """
    SELECT rowid FROM stored_events WHERE originator_id = ? AND originator_version = ?
"""
READ = """
    SELECT rowid, originator_id, originator_version, topic, state FROM stored_events
    WHERE rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?
"""


class SharedSqliteRecorder(SQLiteApplicationRecorder):
    """The library's recorder and table, with group commit and read dependencies."""

    def __init__(self, datastore: SQLiteDatastore, appender: SqliteAppender) -> None:
        super().__init__(datastore)
        self.appender = appender
        self.writer = Writer(appender)
        self._idle: list[sqlite3.Connection] = []

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Store the facts of one save; keyword arguments as in `Record.save`."""
        if not stored_events:
            return None
        return self.writer.append(Append(stored_events, **kwargs))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Select as in the library; reading one history, as every command does, is far cheaper."""
        if lte is not None or desc or not isinstance(originator_id, UUID):
            return super().select_events(originator_id, gt=gt, lte=lte, desc=desc, limit=limit)
        with self._reading() as connection:
            rows = connection.execute(HISTORY, (originator_id.hex, gt or 0, limit or -1))
            return [StoredEvent(originator_id, *row) for row in rows]

    def max_notification_id(self) -> int:
        """Return the last position, 0 when there is none."""
        with self._reading() as connection:
            position: int = connection.execute(LAST_POSITION).fetchone()[0]
            return position

    def moment(self) -> datetime:
        """Return the time by the clock of time limits: this machine's, unless given."""
        return self.appender.moment()

    def read(self, after: int, limit: int, until: int | None) -> list[Row]:
        """Return stored facts in order, raw."""
        last = until if until is not None else 2**62
        with self._reading() as connection:
            return [
                # From an integer: half the time of parsing text with UUID.
                Row(position, UUID(int=int(stream, 16)), version, topic, state)
                for position, stream, version, topic, state in connection.execute(
                    READ, (after, last, limit)
                )
            ]

    def position_of(self, subject_id: UUID, version: int) -> int | None:
        """Return the position of one stored fact, None when there is no such fact."""
        with self._reading() as connection:
            row = connection.execute(POSITION, (subject_id.hex, version)).fetchone()
        return None if row is None else int(row[0])

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection to one thread; idle ones are reused."""
        try:
            connection = self._idle.pop() if self._idle else self.appender.connect()
        except IndexError:  # another thread has taken it
            connection = self.appender.connect()
        except sqlite3.Error as error:
            raise OperationalError(error) from error
        try:
            yield connection
        except sqlite3.Error as error:
            raise OperationalError(error) from error
        finally:
            self._idle.append(connection)

    def wakeup(self, head: Callable[[], int]) -> Wakeup:
        """Return the wake-up, which polls for facts of other processes."""
        return Wakeup(head)

    def close(self) -> None:
        """Close the writing connection and the reading ones."""
        self.appender.close()
        while self._idle:
            self._idle.pop().close()


def environment(address: SqliteAddress) -> dict[str, str]:
    """Return the settings of the library for reading; it never creates the table."""
    return {
        "PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "SQLITE_DBNAME": str(address.path),
        "CREATE_TABLE": "no",
    }


def open_sqlite(
    address: SqliteAddress,
    datastore: SQLiteDatastore,
    *,
    accept_loss: bool,
    clock: Callable[[], datetime] | None,
) -> SharedSqliteRecorder:
    """Open an existing record.

    Raises UnknownDatabase, SchemaMissing, LossAccepted, Unavailable.
    """
    synchronous = address.options.get("synchronous", "FULL").upper()
    if synchronous not in SYNCHRONOUS:
        raise UnknownDatabase(address=f"synchronous={synchronous}")
    try:
        if not address.path.is_file():
            raise SchemaMissing(place=address.path)
        appender = SqliteAppender(
            address.path,
            synchronous=synchronous,
            accept_loss=accept_loss,
            clock=clock,
        )
        if not appender.has_schema():
            appender.close()
            raise SchemaMissing(place=address.path)
    except (sqlite3.Error, PermissionError) as error:
        raise refusal(error, DatabaseUnavailable, address.path) from error
    return SharedSqliteRecorder(datastore, appender)
