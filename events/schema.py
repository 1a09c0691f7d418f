"""The one deliberate step that creates the record in a database; repeating it changes nothing."""

import sqlite3

from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from events.appends import RecordUnavailable
from events.database_url import SqliteAddress, parse
from events.sqlite import Turnstile

NEVER_CHANGED = "what is recorded is never changed or removed"

SQLITE_TRIGGERS = [
    f"""
    CREATE TRIGGER IF NOT EXISTS stored_events_no_{event.lower()}
    BEFORE {event} ON stored_events BEGIN SELECT RAISE(ABORT, '{NEVER_CHANGED}'); END
    """
    for event in ("UPDATE", "DELETE")
]


def create_schema(database_url: str) -> None:
    """Create the record's tables where they are missing.

    Any number of processes may do it at once. Raises UnknownDatabase, RecordUnavailable.
    """
    address = parse(database_url)
    if isinstance(address, SqliteAddress):
        _create_in_sqlite(address)


def _create_in_sqlite(address: SqliteAddress) -> None:
    address.path.parent.mkdir(parents=True, exist_ok=True)
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
        raise RecordUnavailable from error
    finally:
        datastore.close()
        turnstile.close()
