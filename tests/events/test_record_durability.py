"""The record refuses to start where a power cut would lose what it has acknowledged."""

import sqlite3
from contextlib import closing

import psycopg
import pytest
from psycopg import sql

from events.store.record import LossAccepted, Record
from events.store.sqlite import appender
from tests.events.questions import Answer

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


def test_as_it_comes_the_record_is_durable(record):
    connection = record._store.appender._connection
    if isinstance(connection, sqlite3.Connection):
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    else:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            assert connection.execute(f"SHOW {setting}").fetchone() == ("on",)


@ON_SQLITE
@pytest.mark.parametrize("level", ["normal", "off"])
def test_a_file_that_is_not_flushed_is_refused_unless_loss_is_accepted(database_url, level):
    with pytest.raises(LossAccepted, match=f"synchronous is {level.upper()}.*FULL"):
        Record(f"{database_url}?synchronous={level}")
    with closing(Record(f"{database_url}?synchronous={level}", accept_loss=True)) as record:
        record.save(Answer.give())


@ON_SQLITE
def test_a_database_that_ignores_the_setting_is_refused(database_url, monkeypatch):
    """The answer of the database counts, not what it was asked for."""
    proper = sqlite3.connect

    class Deaf(sqlite3.Connection):
        def execute(self, statement, *arguments):
            if "PRAGMA synchronous = " in statement:
                statement = "PRAGMA synchronous = NORMAL"
            return super().execute(statement, *arguments)

    monkeypatch.setattr(appender.sqlite3, "connect", lambda *a, **k: proper(*a, **k, factory=Deaf))
    with pytest.raises(LossAccepted):
        Record(database_url)


@ON_SQLITE
def test_a_restored_copy_gets_its_write_ahead_log_back(record, database_url, tmp_path):
    record.save(Answer.give())
    run_directly(database_url, f"VACUUM INTO '{tmp_path}/copy.db'")
    with closing(Record(f"sqlite:///{tmp_path}/copy.db")) as copy:
        assert copy.read(0) == record.read(0)
        assert copy.save(Answer.give())[0].notification.id == 2


@ON_SQLITE
def test_a_file_that_cannot_have_a_write_ahead_log_is_refused(database_url):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        with pytest.raises(LossAccepted, match="journal_mode is memory"):
            appender.assert_durable(connection)


@ON_POSTGRES
def test_a_server_that_acknowledges_too_early_is_refused_unless_loss_is_accepted(database_url):
    hurried = f"{database_url}&options=-c%20synchronous_commit%3Doff"
    with pytest.raises(LossAccepted, match="synchronous_commit is off"):
        Record(hurried)
    with closing(Record(hurried, accept_loss=True)) as record:
        record.save(Answer.give())


@ON_POSTGRES
def test_a_table_that_is_not_logged_is_refused(database_url):
    with psycopg.connect(database_url) as connection:
        connection.execute("ALTER TABLE record.stored_events SET UNLOGGED")
    with pytest.raises(LossAccepted, match="unlogged"):
        Record(database_url)


def test_what_is_recorded_is_never_changed_or_removed(record, database_url):
    record.save(Answer.give())
    changes = ["UPDATE record.stored_events SET topic = 'x'", "DELETE FROM record.stored_events"]
    for change in changes:
        statement = change.replace("record.", "") if "sqlite" in database_url else change
        with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match="never"):
            run_directly(database_url, statement)
    assert len(record.read(0)) == 1


@ON_SQLITE
def test_tidying_the_file_leaves_every_position_as_it_was(record, database_url):
    record.save(*[Answer.give() for _ in range(50)])
    before = record.read(0)
    run_directly(database_url, "VACUUM")
    assert record.read(0) == before
    assert record.save(Answer.give())[0].notification.id == 51


def run_directly(database_url: str, statement: str) -> None:
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
            connection.execute(statement)
            connection.commit()
        return
    with psycopg.connect(database_url) as connection:
        connection.execute(sql.SQL(statement))
