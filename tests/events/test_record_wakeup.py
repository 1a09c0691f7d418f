"""Whoever waits for something new is woken, by this process or by another."""

import time
from threading import Thread

import psycopg
import pytest

from tests.events.questions import Answer


def waiting(record, position: int, woken: list[bool]) -> Thread:
    thread = Thread(target=lambda: woken.append(record.wait_beyond(position, timeout_seconds=30)))
    thread.start()
    time.sleep(0.05)
    assert woken == []
    return thread


def test_waiting_for_nothing_ends_and_what_is_there_already_is_not_waited_for(record):
    assert not record.wait_beyond(0, timeout_seconds=0)
    assert not record.wait_beyond(0, timeout_seconds=0.1)
    record.save(Answer.give())
    assert record.wait_beyond(0, timeout_seconds=0)
    assert not record.wait_beyond(1, timeout_seconds=0)


def test_a_save_wakes_who_waits_in_the_same_process(record):
    woken: list[bool] = []
    thread = waiting(record, 0, woken)
    record.save(Answer.give())
    thread.join()
    assert woken == [True]


def test_a_save_wakes_who_waits_in_the_same_process_without_asking(record, monkeypatch):
    monkeypatch.setattr(type(record._wakeup), "poll_seconds", 60.0)
    woken: list[bool] = []
    thread = waiting(record, 0, woken)
    record.save(Answer.give())
    thread.join(timeout=20)
    assert woken == [True]


def test_a_save_elsewhere_wakes_who_waits_here(record, another_record):
    woken: list[bool] = []
    thread = waiting(record, 0, woken)
    another_record().save(Answer.give())
    thread.join()
    assert woken == [True]


def test_what_was_recorded_before_anybody_listened_is_noticed(record, another_record):
    elsewhere = another_record()
    elsewhere.save(Answer.give())
    assert record.wait_beyond(0, timeout_seconds=0)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_notification_wakes_without_asking(record, another_record, monkeypatch):
    """With asking as good as switched off, only the notification can wake."""
    monkeypatch.setattr("events.store.postgres.wakeup.PostgresWakeup.poll_seconds", 30.0)
    woken: list[bool] = []
    thread = waiting(record, 0, woken)
    elsewhere = another_record()
    while not woken:  # until the listener has connected, a notification may come too early
        elsewhere.save(Answer.give())
        time.sleep(0.05)
    thread.join()
    assert woken == [True]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_listener_whose_connection_is_cut_listens_again(
    record, another_record, database_url, monkeypatch
):
    record.save(Answer.give())
    assert not record.wait_beyond(1, timeout_seconds=0.05)
    with psycopg.connect(database_url, autocommit=True) as other:
        listening = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        while not (before := other.execute(listening).fetchall()):
            pass
        for (pid,) in before:
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))
        while (after := other.execute(listening).fetchall()) == before or not after:
            pass
    monkeypatch.setattr("events.store.postgres.wakeup.PostgresWakeup.poll_seconds", 30.0)
    woken: list[bool] = []
    thread = waiting(record, 1, woken)
    another_record().save(Answer.give())
    thread.join()
    assert woken == [True]
