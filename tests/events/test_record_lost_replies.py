"""A store that does not answer: what was recorded is found out, and nothing is recorded twice."""

import sqlite3
from datetime import timedelta
from threading import Thread
from uuid import uuid4

import psycopg
import pytest
from test_writer import finish, queue_up

from events.errors import DiskFull, OutcomeUnknown
from events.store.database_url import parse
from events.store.postgres.appender import connect
from events.store.record import Record, RecordUnavailable, StaleDependency, StaleSubject
from events.store.writer import Writer
from tests.events.appenders import Held, Losing
from tests.events.questions import NOON, Answer, Question


def losing(record: Record, *when: str) -> Losing:
    appender = Losing(record._store.appender, *when)
    record._store.writer = Writer(appender)
    return appender


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_save_whose_reply_was_lost_is_recorded_once_and_acknowledged(record, when):
    record.save(Answer.give())
    losing(record, when)
    (first, second) = record.save(Answer.give("trees"), Answer.give("benches"))
    assert (first.notification.id, second.notification.id) == (2, 3)
    assert record.head() == 3


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_refusal_whose_reply_was_lost_is_still_a_refusal(record, when):
    question, answer = Question.ask(), Answer.give()
    record.save(question, answer)
    losing(record, when)
    with pytest.raises(StaleSubject):
        record.save(Answer.give("benches", id=answer.id))
    losing(record, when)
    with pytest.raises(StaleDependency):
        record.save(Answer.give(), depends_on={question.id: 2})
    assert record.head() == 2


@pytest.mark.parametrize("when", [("before", "before"), ("after", "before"), ("after", "after")])
def test_when_the_store_stays_silent_nobody_is_told_more_than_is_known(record, when):
    losing(record, *when)
    answer = Answer.give(command="c1")
    with pytest.raises(OutcomeUnknown, match="counted once"):
        record.save(answer)
    found = record.find(Answer, answer.id)
    assert (found is not None) == ("after" in when)
    assert found is None or "c1" in found.commands, "by which the sender's retry is recognised"


def test_what_was_recorded_stays_acknowledged_although_its_dependency_moved_with_it(record):
    """Answer and closing shared the lost transaction; asked again, the answer looks stale."""
    question = Question.ask()
    record.save(question)
    question.close()
    appender = Held(Losing(record._store.appender, "", "after"))
    record._store.writer = Writer(appender)
    outcomes = finish(
        appender,
        queue_up(
            record,
            appender,
            lambda: len(record.save(Answer.give())),
            lambda: len(record.save(Answer.give(), depends_on={question.id: 1})),
            lambda: len(record.save(question)),
        ),
    )
    assert outcomes == [1, 1, 1]
    assert [row.topic.split(".")[2] for row in record.read(0)] == [
        "asked",
        "given",
        "given",
        "closed",
    ]


def test_what_was_recorded_in_time_stays_acknowledged_although_it_is_late_now(database_url):
    moments = [NOON, NOON + timedelta(hours=1)]
    record = Record(database_url, clock=lambda: moments.pop(0))
    losing(record, "after")
    assert len(record.save(Answer.give(), not_after=NOON)) == 1
    assert record.head() == 1
    record.close()


def backend(record: Record) -> int:
    return record._store.appender._connection.info.backend_pid


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_connection_that_was_cut_while_idle_is_opened_again(record, database_url):
    record.save(Answer.give())
    with psycopg.connect(database_url) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (backend(record),))
    assert record.save(Answer.give())[0].notification.id == 2


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_connection_that_is_cut_in_the_middle_of_an_append_loses_nothing(record, database_url):
    record.save(Answer.give())
    identity = uuid4()
    saved: list[int] = []
    with psycopg.connect(database_url) as other, psycopg.connect(database_url) as third:
        third.autocommit = True
        other.execute("LOCK TABLE record.stored_events IN EXCLUSIVE MODE")
        waits = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'"
        saving = Thread(
            target=lambda: saved.append(record.save(Answer.give(id=identity))[0].notification.id)
        )
        first = backend(record)
        saving.start()
        while third.execute(waits, (first,)).fetchone() == (0,):
            pass
        third.execute("SELECT pg_terminate_backend(%s)", (first,))
        while backend(record) == first:
            pass
        other.rollback()
        saving.join()
    assert saved == [2]
    assert record.get(Answer, identity).version == 1


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_database_that_has_gone_is_said_to_be_gone(record, database_url, monkeypatch):
    monkeypatch.setattr("events.store.postgres.appender.RECONNECT_SECONDS_MAX", 0.2)
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    record.save(Answer.give())
    record.factory.close()
    with psycopg.connect(database_url.replace(f"/{name}", "/postgres"), autocommit=True) as other:
        other.execute(f"DROP DATABASE {name} WITH (FORCE)")
        with pytest.raises(OutcomeUnknown):
            record.save(Answer.give())
        with pytest.raises(RecordUnavailable, match="nothing was recorded"):
            record.save(Answer.give())
        other.execute(f"CREATE DATABASE {name}")


def test_a_disk_that_is_full_is_a_refusal_that_leaves_nothing(database_url, monkeypatch):
    """The file may not grow; on PostgreSQL the same happens when the lock is not to be had."""
    record = Record(database_url)
    record.save(Answer.give())
    connection = record._store.appender._connection
    if database_url.startswith("sqlite"):
        connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(RecordUnavailable):
            record.save(*[Answer.give("x" * 4_000) for _ in range(50)])
        connection.execute("PRAGMA max_page_count = 1000000")
    else:
        connection.execute("SET lock_timeout = '50ms'")
        with psycopg.connect(database_url) as other:
            other.execute("LOCK TABLE record.stored_events IN EXCLUSIVE MODE")
            with pytest.raises(RecordUnavailable):
                record.save(Answer.give())
    assert record.save(Answer.give())[0].notification.id == 2
    record.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_fails_halfway_leaves_no_transaction_open(record, another_record):
    record.save(Answer.give())
    elsewhere = another_record()._store.appender.connect()
    elsewhere.execute("ALTER TABLE stored_events RENAME TO away")
    with pytest.raises(RecordUnavailable):
        record.save(Answer.give())
    elsewhere.execute("ALTER TABLE away RENAME TO stored_events")
    elsewhere.close()
    assert record.save(Answer.give())[0].notification.id == 2


class Committing:
    """A connection to a file whose commit fails, before or after the file has everything."""

    def __init__(self, connection, *, is_stored: bool) -> None:
        self.connection = connection
        self.is_stored = is_stored

    def execute(self, statement, *arguments):
        if statement != "COMMIT":
            return self.connection.execute(statement, *arguments)
        if self.is_stored:
            self.connection.execute(statement)
        full = sqlite3.OperationalError("database or disk is full")
        full.sqlite_errorname = "SQLITE_FULL"
        raise full

    def __getattr__(self, name):
        return getattr(self.connection, name)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_disk_that_is_full_at_the_commit_is_called_full_only_if_nothing_was_stored(record):
    record.save(Answer.give())
    appender = record._store.appender
    connection = appender._connection
    appender._connection = Committing(connection, is_stored=False)
    with pytest.raises(DiskFull):
        record.save(Answer.give())
    appender._connection = connection
    assert record.head() == 1
    appender._connection = Committing(connection, is_stored=True)
    saved = record.save(Answer.give())
    assert [recording.notification.id for recording in saved] == [2]
    assert record.head() == 2


def test_who_cannot_be_reached_is_named(tmp_path):
    address = parse(f"postgresql:///nobody?host={tmp_path}")
    with pytest.raises(RecordUnavailable, match=f"nobody on {tmp_path}"):
        connect(address)
