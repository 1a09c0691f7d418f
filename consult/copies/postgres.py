"""Copy the schemas record, people and log of a PostgreSQL database in one snapshot.

Each table becomes one file in PostgreSQL's text format (COPY), `<schema>.<table>.copy`, so that
any client can read it and the versions of the servers may differ.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from consult.config import Config
from consult.log_store.store import LogStore
from consult.people.schema import UNNUMBERED, VERSION_TABLE, VERSIONS, migrate
from consult.people.site_secret import FINGERPRINT
from events.store.database_url import LOG, RECORD, VAULT, PostgresAddress
from events.store.private_files import make_file
from events.store.record import create_schema

SCHEMAS = (RECORD, VAULT, LOG)
VERSION = f"{VAULT}.{VERSION_TABLE}.copy"
"""The version of the vault's tables; it is not restored, because migrating writes it."""
CHUNK_BYTES = 1 << 20

TABLES = """
    SELECT table_schema, table_name, array_agg(column_name::text ORDER BY ordinal_position)
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = ANY (%s) AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
    GROUP BY 1, 2 ORDER BY 1, 2
"""
MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def copy_out(address: PostgresAddress, folder: Path) -> dict[str, tuple[str, ...]]:
    """Copy every table in one snapshot; return the columns by file name."""
    columns: dict[str, tuple[str, ...]] = {}
    with _connect(address) as connection, connection.transaction():
        connection.execute(MOMENT)
        for schema, table, names in connection.execute(TABLES, [list(SCHEMAS)]).fetchall():
            file = folder / f"{schema}.{table}.copy"
            statement = SQL("COPY {} TO STDOUT").format(_place(schema, table, names))
            make_file(file)
            with file.open("wb") as written, connection.cursor().copy(statement) as copy:
                for data in copy:
                    written.write(data)
            columns[file.name] = tuple(names)
        head = connection.execute("SELECT size, encode(root, 'hex') FROM log.head").fetchone()
    make_file(folder / "head")
    (folder / "head").write_text(f"{head[0]} {head[1]}" if head else "")
    return columns


def copy_in(
    config: Config, address: PostgresAddress, folder: Path, columns: Mapping[str, tuple[str, ...]]
) -> None:
    """Restore all tables, which must be empty, in one transaction.

    The vault's tables are those of the copy; who calls this migrates them.
    """
    _remove_vault(address)
    create_schema(config.database_url)
    migrate(config.database_url, version=max(vault_version(folder), VERSIONS[0]))
    LogStore.open(config.database_url).close()
    with _connect(address) as connection, connection.transaction():
        for name, names in sorted(columns.items()):
            if name == VERSION:
                continue
            schema, table, _ = name.split(".")
            statement = SQL("COPY {} FROM STDIN").format(_place(schema, table, names))
            with (folder / name).open("rb") as read, connection.cursor().copy(statement) as copy:
                while data := read.read(CHUNK_BYTES):
                    copy.write(data)


def is_used(address: PostgresAddress) -> bool:
    """Return whether any table of the three schemas has a row that `consult init` did not write.

    It writes the version of the vault, and which secret belongs to it.
    """
    with _connect(address) as connection:
        for schema, table, _ in connection.execute(TABLES, [list(SCHEMAS)]).fetchall():
            if table == VERSION_TABLE:
                continue
            query = SQL("SELECT * FROM {} LIMIT 2").format(Identifier(schema, table))
            rows = connection.execute(query).fetchall()
            if [row for row in rows if FINGERPRINT not in row]:
                return True
    return False


def head_in(folder: Path) -> Any:
    """Return size and root of the log in a copy, or None."""
    size, _, root = (folder / "head").read_text().partition(" ")
    return (size, bytes.fromhex(root)) if size else None


def vault_version(folder: Path) -> str:
    """Return the version of the vault's tables in a copy."""
    file = folder / VERSION
    return file.read_text().strip() if file.exists() else UNNUMBERED


def _remove_vault(address: PostgresAddress) -> None:
    """Remove the vault's tables, which are empty: they can be of a later version than a copy's."""
    with _connect(address) as connection, connection.transaction():
        for schema, table, _ in connection.execute(TABLES, [[VAULT]]).fetchall():
            connection.execute(SQL("DROP TABLE {} CASCADE").format(Identifier(schema, table)))


def _connect(address: PostgresAddress) -> psycopg.Connection[Any]:
    settings: dict[str, Any] = address.settings() | {"client_encoding": "utf8"}
    connection = psycopg.connect(**settings, autocommit=True)
    connection.execute("SET datestyle = 'ISO'")
    return connection


def _place(schema: str, table: str, columns: Any) -> Composed:
    names = SQL(", ").join(map(Identifier, columns))
    return SQL("{} ({})").format(Identifier(schema, table), names)
