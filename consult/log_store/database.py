"""The log's database: its location, engines and most frequent statements."""

from typing import Any

from sqlalchemy import Connection, Engine

from events.store.database_url import LOG, PostgresAddress, SqliteAddress
from events.store.engines import postgres_engine, sqlite_engine

PRAGMAS = (
    "busy_timeout=10000",
    "journal_mode=WAL",
    "synchronous=NORMAL",  # a Writer raises it to FULL
)

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
    """Return a statement in the driver's form, for the few most frequent ones."""
    if on_postgres:
        return statement.format(log=f"{LOG}.").replace("?", "%s")
    return statement.format(log="")


def open_engines(address: SqliteAddress | PostgresAddress) -> tuple[Engine, Engine]:
    """Return an engine for writing and one for reading the log's database.

    It is the file folkmoot.log.db, or the schema `log`. Every read is one statement, so on
    PostgreSQL it needs no transaction, whose end would cost another round trip.
    """
    if isinstance(address, PostgresAddress):
        reading = {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None}
        return _open_postgres(address), _open_postgres(address, **reading)
    engine = sqlite_engine(address.store(LOG), PRAGMAS, _begin_sqlite)
    return engine, engine


def _open_postgres(address: PostgresAddress, **options: Any) -> Engine:
    engine = postgres_engine(address, "-c timezone=UTC", **options)
    return engine.execution_options(schema_translate_map={None: LOG})


def _begin_sqlite(connection: Connection) -> str:
    writes = connection.get_execution_options().get("writes", False)
    return "BEGIN IMMEDIATE" if writes else "BEGIN"
