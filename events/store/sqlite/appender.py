"""Append to an SQLite file: one durable transaction for a batch."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from events.errors import DiskFull, RecordUnavailable
from events.store.appends import Append, LossAccepted, ReplyLost
from events.store.database_trouble import is_full, refusal
from events.store.writer_lock import Turnstile

BUSY_SECONDS_MAX = 5.0

SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")
"""The names of SQLite's numeric values of this setting."""

VERSIONS = """
    SELECT value, (SELECT MAX(originator_version) FROM stored_events WHERE originator_id = value)
    FROM json_each(?)
"""
LAST_POSITION = "SELECT COALESCE(MAX(rowid), 0) FROM stored_events"
INSERT = """
    INSERT INTO stored_events (rowid, originator_id, originator_version, topic, state)
    VALUES (?, ?, ?, ?, ?)
"""
FIND = "SELECT rowid, state FROM stored_events WHERE originator_id = ? AND originator_version = ?"
TABLE = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'stored_events'"


class SqliteAppender:
    """Appends a batch in one transaction that is durable when it ends."""

    def __init__(
        self,
        path: Path,
        *,
        synchronous: str,
        accept_loss: bool,
        clock: Callable[[], datetime] | None,
    ) -> None:
        self._path = path
        self._synchronous = synchronous
        self._accept_loss = accept_loss
        self._clock = clock or _now
        self._connection = self._open()
        self._turnstile = Turnstile(path)

    def append(self, batch: Sequence[Append]) -> dict[UUID, int]:
        """See `Appender.append`."""
        with self._turnstile.hold():
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise refusal(error, RecordUnavailable, self._path) from error
            try:
                versions = self._versions(batch)
                verdicts, rows = self._judge(batch, versions)
                if rows:
                    self._connection.executemany(INSERT, rows)
            except sqlite3.OperationalError as error:
                self._roll_back()
                raise refusal(error, RecordUnavailable, self._path) from error
            except BaseException:
                self._roll_back()
                raise
            self._commit(batch)
        for append, verdict in zip(batch, verdicts, strict=True):
            append.verdict = verdict
            if not isinstance(verdict, Exception):
                versions |= append.written
        return versions

    def reconnect(self) -> None:
        """See `Appender.reconnect`."""
        self._connection.close()
        try:
            self._connection = self._open()
        except sqlite3.Error as error:
            raise refusal(error, RecordUnavailable, self._path) from error

    def positions_of(self, rows: Iterable[StoredEvent]) -> list[int] | None:
        """See `Appender.positions_of`."""
        positions = []
        for row in rows:
            where = (_stream(row), row.originator_version)
            found = self._connection.execute(FIND, where).fetchone()
            if found is None or found[1] != row.state:
                return None
            positions.append(found[0])
        return positions

    def moment(self) -> datetime:
        """Return the time by the clock of time limits."""
        return self._clock()

    def has_schema(self) -> bool:
        """Return whether the table exists."""
        return self._connection.execute(TABLE).fetchone() is not None

    def close(self) -> None:
        """Close the file and the locks."""
        self._connection.close()
        self._turnstile.close()

    def _versions(self, batch: Sequence[Append]) -> dict[UUID, int]:
        streams = {stream.hex: stream for append in batch for stream in append.expected}
        found = self._connection.execute(VERSIONS, (json.dumps(list(streams)),))
        return {streams[stream]: version or 0 for stream, version in found}

    def _judge(
        self, batch: Sequence[Append], versions: dict[UUID, int]
    ) -> tuple[list[Sequence[int] | Exception], list[tuple[Any, ...]]]:
        moment = self._clock()
        (last,) = self._connection.execute(LAST_POSITION).fetchone()
        verdicts: list[Sequence[int] | Exception] = []
        rows: list[tuple[Any, ...]] = []
        for append in batch:
            refusal = append.moved(versions) or append.untimely(moment)
            if refusal is not None:
                verdicts.append(refusal)
                continue
            verdicts.append(range(last + 1, last + 1 + len(append.rows)))
            for row in append.rows:
                last += 1
                rows.append((last, _stream(row), row.originator_version, row.topic, row.state))
        return verdicts, rows

    def _commit(self, batch: Sequence[Append]) -> None:
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            # The file may hold the whole transaction although its flush failed.
            self._roll_back()
            if is_full(error) and not any(self.positions_of(append.rows) for append in batch):
                raise DiskFull from error
            raise ReplyLost from error

    def _roll_back(self) -> None:
        # Some errors, such as a full disk, have ended the transaction already.
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def connect(self) -> sqlite3.Connection:
        """Open another connection, in autocommit; the file must exist."""
        return sqlite3.connect(
            f"{self._path.absolute().as_uri()}?mode=rw",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_SECONDS_MAX,
        )

    def _open(self) -> sqlite3.Connection:
        connection = self.connect()
        assert self._synchronous in SYNCHRONOUS, self._synchronous
        try:
            connection.execute("PRAGMA journal_mode = WAL")  # a restored copy may not have it
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            connection.execute("PRAGMA fullfsync = ON")  # has an effect on macOS only
            if not self._accept_loss:
                assert_durable(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def assert_durable(connection: sqlite3.Connection) -> None:
    """Raise LossAccepted if a power cut could lose acknowledged facts."""
    (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    if journal.lower() != "wal":
        raise LossAccepted(setting="journal_mode", found=journal, wanted="WAL")
    (synchronous,) = connection.execute("PRAGMA synchronous").fetchone()
    if synchronous < SYNCHRONOUS.index("FULL"):
        raise LossAccepted(setting="synchronous", found=SYNCHRONOUS[synchronous], wanted="FULL")


def _stream(row: StoredEvent) -> str:
    assert isinstance(row.originator_id, UUID)
    return row.originator_id.hex


def _now() -> datetime:
    return datetime.now(UTC)
