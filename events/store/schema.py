"""Create the schema of the record in a database; idempotent."""

import sqlite3

from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
from psycopg.sql import SQL, Identifier

from events.errors import RecordUnavailable
from events.store.database_trouble import refusal
from events.store.database_url import RECORD, PostgresAddress, SqliteAddress, parse
from events.store.postgres.appender import connect
from events.store.postgres.schema import NEVER_CHANGED, PlainRecorder, UnopenedDatastore
from events.store.private_files import make_file, make_folder
from events.store.writer_lock import Turnstile

SQLITE_TRIGGERS = [
    f"""
    CREATE TRIGGER IF NOT EXISTS stored_events_no_{event.lower()}
    BEFORE {event} ON stored_events BEGIN SELECT RAISE(ABORT, '{NEVER_CHANGED}'); END
    """
    for event in ("UPDATE", "DELETE")
]

ADVISORY_LOCK = 0x666F6C6B6D6F6F74
"""The advisory lock held while creating the schema: a number that nothing else there uses."""


def create_schema(database_url: str) -> None:
    """Create the record's tables where they are missing.

    Safe in concurrent processes. Raises UnknownDatabase, RecordUnavailable.
    """
    address = parse(database_url)
    if isinstance(address, SqliteAddress):
        _create_in_sqlite(address)
    else:
        _create_in_postgres(address)


def _create_in_sqlite(address: SqliteAddress) -> None:
    make_folder(address.path.parent)
    make_file(address.path)
    turnstile = Turnstile(address.path)
    datastore = SQLiteDatastore(str(address.path))
    try:
        with turnstile.hold():
            recorder = SQLiteApplicationRecorder(datastore)
            recorder.create_table()
            with datastore.transaction(commit=True) as cursor:
                for trigger in SQLITE_TRIGGERS:
                    cursor.execute(trigger)
    except sqlite3.Error as error:
        raise refusal(error, RecordUnavailable, address.path) from error
    finally:
        datastore.close()
        turnstile.close()


def _create_in_postgres(address: PostgresAddress) -> None:
    datastore = UnopenedDatastore(
        address.dbname, address.host, address.port, address.user, address.password, schema=RECORD
    )
    recorder = PlainRecorder(datastore)
    with connect(address) as connection, connection.transaction():
        connection.execute(SQL("SELECT pg_advisory_xact_lock({})").format(ADVISORY_LOCK))
        connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(RECORD)))
        for statement in recorder.statements():
            connection.execute(statement)
