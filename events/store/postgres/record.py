"""The record in a PostgreSQL database: the library's recorder and table, with group commit."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, LiteralString
from uuid import UUID

from eventsourcing.persistence import InterfaceError, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresDatastore
from psycopg.rows import tuple_row

from events.store.appends import Append, Row
from events.store.database_url import RECORD, PostgresAddress
from events.store.postgres.appender import PostgresAppender, connect
from events.store.postgres.schema import PlainRecorder
from events.store.postgres.wakeup import PostgresWakeup
from events.store.wakeup import Wakeup
from events.store.writer import Writer

READING_MAX = 4
"""Connections of one process that read at the same time."""

READ_ATTEMPTS_MAX = 4
READ_PAUSE_SECONDS = 0.3

NOW = "SELECT clock_timestamp()"
LAST_POSITION = "SELECT coalesce(max(notification_id), 0) FROM record.stored_events"
HISTORY = """
SELECT originator_version, topic, state FROM record.stored_events
WHERE originator_id = %s AND originator_version > %s ORDER BY originator_version LIMIT %s
"""
POSITION = """
SELECT notification_id FROM record.stored_events
WHERE originator_id = %s AND originator_version = %s
"""
READ = """
SELECT notification_id, originator_id, originator_version, topic, state
FROM record.stored_events
WHERE notification_id > %s AND notification_id <= %s ORDER BY notification_id LIMIT %s
"""


class SharedPostgresRecorder(PlainRecorder):
    """The library's recorder and table, with group commit and read dependencies."""

    def __init__(self, datastore: PostgresDatastore, appender: PostgresAppender) -> None:
        super().__init__(datastore)
        self.appender = appender
        self.writer = Writer(appender)

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
        """Select as in the library; reading one history, as every command does, costs half."""
        if lte is not None or desc:
            found: Sequence[StoredEvent] = super().select_events(
                originator_id, gt=gt, lte=lte, desc=desc, limit=limit
            )
            return found
        rows = self._rows(HISTORY, (originator_id, gt or 0, limit))
        return [StoredEvent(originator_id, *row) for row in rows]

    def max_notification_id(self) -> int:
        """Return the last position, 0 when there is none."""
        position: int = self._rows(LAST_POSITION, ())[0][0]
        return position

    def moment(self) -> datetime:
        """Return the time by the clock of time limits: the server's, unless given."""
        given = self.appender.clock
        found: datetime = given() if given else self._rows(NOW, ())[0][0]
        return found.astimezone(UTC)

    def read(self, after: int, limit: int, until: int | None) -> list[Row]:
        """Return stored facts in order, raw."""
        last = until if until is not None else 2**62
        return list(map(Row._make, self._rows(READ, (after, last, limit))))

    def position_of(self, subject_id: UUID, version: int) -> int | None:
        """Return the position of one stored fact, None when there is no such fact."""
        rows = self._rows(POSITION, (subject_id, version))
        return int(rows[0][0]) if rows else None

    def _rows(self, query: LiteralString, arguments: Sequence[object]) -> list[Any]:
        """Run a query, and retry on fresh connections: after a server restart all are stale."""
        for attempt in range(READ_ATTEMPTS_MAX):
            try:
                with self.datastore.get_connection() as connection:
                    cursor = connection.cursor(binary=True, row_factory=tuple_row)
                    return cursor.execute(query, arguments, prepare=True).fetchall()
            except (InterfaceError, OperationalError):
                if attempt == READ_ATTEMPTS_MAX - 1:
                    raise
                self.datastore.pool.check()
                time.sleep(READ_PAUSE_SECONDS)
        raise AssertionError("the last attempt returns or raises")

    def wakeup(self, head: Callable[[], int]) -> Wakeup:
        """Return the wake-up, which receives notifications of other processes."""
        return PostgresWakeup(head, lambda: connect(self.appender.address))

    def close(self) -> None:
        """Close the writing connection."""
        self.appender.close()


def environment(address: PostgresAddress) -> dict[str, str]:
    """Return the settings of the library for reading; it never creates the table."""
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": address.dbname,
        "POSTGRES_HOST": address.host,
        "POSTGRES_PORT": address.port,
        "POSTGRES_USER": address.user,
        "POSTGRES_PASSWORD": address.password,
        "POSTGRES_SCHEMA": RECORD,
        "POSTGRES_CONNECT_TIMEOUT": "5",
        "POSTGRES_POOL_SIZE": "1",
        "POSTGRES_MAX_OVERFLOW": str(READING_MAX - 1),
        "CREATE_TABLE": "no",
    }


def open_postgres(
    address: PostgresAddress,
    datastore: PostgresDatastore,
    *,
    accept_loss: bool,
    clock: Callable[[], datetime] | None,
) -> SharedPostgresRecorder:
    """Open an existing record. Raises SchemaMissing, LossAccepted, RecordUnavailable."""
    appender = PostgresAppender(address, accept_loss=accept_loss, clock=clock)
    assert isinstance(datastore.pool.kwargs, dict)
    datastore.pool.kwargs |= address.settings()
    return SharedPostgresRecorder(datastore, appender)
