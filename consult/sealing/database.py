"""Where the log's database is, and how it is opened."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from events.database_url import PostgresAddress, SqliteAddress

SCHEMA = "log"
BUSY_TIMEOUT_MS = 10_000
CONNECTIONS_OVERFLOW = 64

APPEND_ENTRY = """
INSERT INTO {log}entry
("index", position, kind, consultation_id, subject_id, version, content)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
PUT_TILE = """
INSERT INTO {log}tile (level, "index", hashes) VALUES (?, ?, ?)
ON CONFLICT (level, "index") DO UPDATE SET hashes = excluded.hashes
"""
MOVE_HEAD = """
UPDATE {log}head SET size = ?, root = ?, position = ?
WHERE id = 1 AND size = ? AND root = ? AND position = ?
"""
READ_TILES = """
SELECT level, "index", hashes FROM {log}tile WHERE (level = ? AND "index" = ?)
"""
OR_TILE = ' OR (level = ? AND "index" = ?)'
READ_TILE = 'SELECT hashes FROM {log}tile WHERE level = ? AND "index" = ?'
READ_BUNDLE = """
SELECT content FROM {log}entry WHERE "index" >= ? AND "index" < ? ORDER BY "index"
"""


def spelled(statement: str, *, on_postgres: bool) -> str:
    """Return a statement as the driver takes it: for the few that are asked all the time."""
    if on_postgres:
        return statement.format(log=f"{SCHEMA}.").replace("?", "%s")
    return statement.format(log="")


def open_engines(address: SqliteAddress | PostgresAddress) -> tuple[Engine, Engine]:
    """Return an engine for writing and one for reading the log's database.

    It is the file folkmoot.log.db, or the schema `log`. Nothing is read by more than one
    statement: on PostgreSQL none needs a transaction, whose end would be asked for each time.
    """
    if isinstance(address, PostgresAddress):
        reading = {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None}
        return _open_postgres(address), _open_postgres(address, **reading)
    engine = _open_sqlite(address)
    return engine, engine


def _open_postgres(address: PostgresAddress, **options: Any) -> Engine:
    settings = address.settings()
    session = f"{settings.get('options', '')} -c timezone=UTC"
    return create_engine(
        "postgresql+psycopg://",
        connect_args=settings | {"options": session.strip()},
        pool_pre_ping=True,
        max_overflow=CONNECTIONS_OVERFLOW,
        **options,
    ).execution_options(schema_translate_map={None: SCHEMA})


def _open_sqlite(address: SqliteAddress) -> Engine:
    file = address.path.with_name(f"{address.path.stem}.log{address.path.suffix}")
    engine = create_engine(
        URL.create("sqlite", database=str(file)), max_overflow=CONNECTIONS_OVERFLOW
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")  # a Writer raises it to FULL


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
