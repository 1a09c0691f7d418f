"""Where the log's database is, and how it is opened."""

import sqlite3

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


def open_engine(address: SqliteAddress | PostgresAddress) -> Engine:
    """Return an engine on the log's database: folkmoot.log.db, or the schema `log`."""
    if isinstance(address, PostgresAddress):
        settings = address.settings()
        options = f"{settings.get('options', '')} -c timezone=UTC"
        return create_engine(
            "postgresql+psycopg://",
            connect_args=settings | {"options": options.strip()},
            pool_pre_ping=True,
            max_overflow=CONNECTIONS_OVERFLOW,
        ).execution_options(schema_translate_map={None: SCHEMA})
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
