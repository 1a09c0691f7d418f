"""Append to a PostgreSQL database: one function call and one flush for a batch."""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import psycopg
from eventsourcing.persistence import StoredEvent
from psycopg.rows import tuple_row

from events.errors import RecordUnavailable
from events.store.appends import Append, LossAccepted, ReplyLost, SchemaMissing, SchemaOld
from events.store.database_trouble import refusal
from events.store.database_url import PostgresAddress
from events.store.postgres.schema import PRESENT, PRESENT_ONCE

RECONNECT_SECONDS_MAX = 10.0
"""How long to retry reconnecting; a restart or a fail-over takes less."""

RECONNECT_PAUSE_SECONDS = 0.1

SESSION = (
    "-c lock_timeout=15s -c plan_cache_mode=force_generic_plan "
    "-c default_transaction_isolation=read\\ committed"
)

CALL = """
SELECT versions, moment, last_position, stored FROM record.append_v2(
    %s::uuid[], %s::int[], %s::int[], %s::bigint[], %s::timestamptz[], %s::timestamptz[],
    %s::int[], %s::int[], %s::bigint[], %s::text[], %s::bytea[], %s::timestamptz)
"""

FIND = """
SELECT notification_id, state FROM record.stored_events
WHERE originator_id = %s AND originator_version = %s
"""

DURABILITY = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"

UNLOGGED = """
SELECT count(*) FROM pg_class
WHERE oid = to_regclass('record.stored_events') AND relpersistence <> 'p'
"""


def connect(address: PostgresAddress, **settings: str) -> psycopg.Connection[Any]:
    """Open a connection outside the pool, in autocommit. Raises RecordUnavailable."""
    wanted = settings | address.settings()
    if "options" in settings and "options" in address.options:
        wanted["options"] = f"{settings['options']} {address.options['options']}"
    try:
        # The type of `connect` wants each setting of libpq as a named argument.
        return psycopg.connect(**wanted, autocommit=True, row_factory=tuple_row)  # type: ignore[arg-type]
    except psycopg.Error as error:
        raise RecordUnavailable(
            "The database {name} on {host} cannot be reached: {reason}. Everything recorded before "
            "is safe. See to it that it runs and lets this account in, then try again.",
            name=address.dbname,
            host=address.host or "this machine",
            reason=_reason(str(error)),
        ) from error


def _reason(said: str) -> str:
    """Return libpq's reason for the last server that it tried, without its hints."""
    lines = [line.strip() for line in said.splitlines() if not line.startswith("\t")]
    return (lines or [""])[-1].rpartition("failed: ")[2].rstrip(".?") or "it does not answer"


class PostgresAppender:
    """Appends a batch with one call of the schema's function."""

    def __init__(
        self,
        address: PostgresAddress,
        *,
        accept_loss: bool,
        clock: Callable[[], datetime] | None,
    ) -> None:
        self.address = address
        self._accept_loss = accept_loss
        self.clock = clock
        self._connection = self._open()

    def append(self, batch: Sequence[Append]) -> dict[UUID, int]:
        """See `Appender.append`."""
        if self._connection.closed:
            self.reconnect()
        streams = list(dict.fromkeys(stream for append in batch for stream in append.expected))
        found, moment, last, stored = self._call(streams, batch)
        versions = dict(zip(streams, found, strict=True))
        before = dict(versions)
        for append in batch:
            append.verdict = append.moved(before) or append.untimely(moment)
            if append.verdict is None:
                append.verdict = range(last + 1, last + 1 + len(append.rows))
                last += len(append.rows)
                stored -= len(append.rows)
                versions |= append.written
        assert stored == 0, "the function and this program judge differently"
        return versions

    def reconnect(self) -> None:
        """See `Appender.reconnect`."""
        self._connection.close()
        ends_at = time.monotonic() + RECONNECT_SECONDS_MAX
        while True:
            try:
                self._connection = self._open()
            except RecordUnavailable:
                if time.monotonic() > ends_at:
                    raise
                time.sleep(RECONNECT_PAUSE_SECONDS)
            else:
                return

    def positions_of(self, rows: Iterable[StoredEvent]) -> list[int] | None:
        """See `Appender.positions_of`."""
        positions = []
        for row in rows:
            try:
                where = (row.originator_id, row.originator_version)
                found = self._connection.execute(FIND, where, binary=True).fetchone()
            except psycopg.OperationalError as error:
                raise ReplyLost from error
            if found is None or found[1] != row.state:
                return None
            positions.append(found[0])
        return positions

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _call(self, streams: list[UUID], batch: Sequence[Append]) -> tuple[Any, ...]:
        try:
            cursor = self._connection.execute(CALL, self._arguments(streams, batch), prepare=True)
            answer: tuple[Any, ...] | None = cursor.fetchone()
        except psycopg.errors.ReadOnlySqlTransaction as error:
            self._connection.close()  # no longer the primary: reconnect next time
            raise RecordUnavailable from error
        except psycopg.OperationalError as error:
            # An error on a connection that is still open means that the server has rolled back.
            if self._connection.closed:
                raise ReplyLost from error
            raise refusal(error, RecordUnavailable) from error
        assert answer is not None
        return answer

    def _arguments(self, streams: list[UUID], batch: Sequence[Append]) -> tuple[str | None, ...]:
        """Return the arguments with arrays as text, far cheaper than adapting every element."""
        place = {stream: n for n, stream in enumerate(streams, 1)}
        expected = [(n, e) for n, a in enumerate(batch, 1) for e in a.expected.items()]
        rows = [(n, row) for n, append in enumerate(batch, 1) for row in append.rows]
        return (
            _array(stream.hex for stream in streams),
            _array(n for n, _ in expected),
            _array(place[stream] for _, (stream, _) in expected),
            _array(version for _, (_, version) in expected),
            _array(_moment(append.not_before) for append in batch),
            _array(_moment(append.not_after) for append in batch),
            _array(n for n, _ in rows),
            _array(place[cast("UUID", row.originator_id)] for _, row in rows),
            _array(row.originator_version for _, row in rows),
            _array(f'"{row.topic}"' for _, row in rows),
            _array('"\\\\x' + row.state.hex() + '"' for _, row in rows),
            self.clock().isoformat() if self.clock else None,
        )

    def _open(self) -> psycopg.Connection[Any]:
        connection = connect(self.address, options=SESSION)
        try:
            assert_schema(connection, self.address.dbname)
            if not self._accept_loss:
                assert_durable(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def assert_schema(connection: psycopg.Connection[Any], name: str) -> None:
    """Raise SchemaMissing, or SchemaOld when an earlier version created the record here."""
    if not _answer(connection, PRESENT):
        is_old = _answer(connection, PRESENT_ONCE)
        raise SchemaOld(place=name) if is_old else SchemaMissing(place=name)


def assert_durable(connection: psycopg.Connection[Any]) -> None:
    """Raise LossAccepted if a power cut could lose acknowledged facts."""
    names = ["fsync", "full_page_writes", "synchronous_commit"]
    for name, setting in connection.execute(DURABILITY, (names,)).fetchall():
        if setting == "off":
            raise LossAccepted(setting=name, found=setting, wanted="on")
    if _answer(connection, UNLOGGED):
        raise LossAccepted(setting="record.stored_events", found="unlogged", wanted="logged")


def _answer(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else "NULL"


def _array(values: Iterable[object]) -> str:
    return "{" + ",".join(map(str, values)) + "}"
