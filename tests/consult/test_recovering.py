"""Work that goes on for ever begins again after trouble: slower and slower, and it says so."""

import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from consult import recovering
from events.errors import RecordUnavailable

PATIENCE_SECONDS = 60.0


@pytest.fixture
def run() -> Iterator[Callable[[Callable[[], object]], threading.Event]]:
    """Starts work in a thread of its own, and ends it with the test."""
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def start(work: Callable[[], object]) -> threading.Event:
        threads.append(recovering.recovering("counting sheep", work, stop))
        return stop

    yield start
    stop.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


class Failing:
    """Work that fails `times` times, and notes when it was begun."""

    def __init__(self, times: int, error: Exception) -> None:
        self.times, self.error = times, error
        self.begun: list[float] = []
        self.is_over = threading.Event()

    def __call__(self) -> None:
        self.begun.append(time.monotonic())
        if len(self.begun) <= self.times:
            raise self.error
        self.is_over.set()
        threading.Event().wait(0.01)

    @property
    def pauses(self) -> list[float]:
        return [later - one for one, later in zip(self.begun, self.begun[1:], strict=False)]


def test_each_pause_is_longer_than_the_one_before(run, monkeypatch):
    monkeypatch.setattr(recovering, "PAUSE_SECONDS", 0.05)
    work = Failing(4, ZeroDivisionError("a defect"))
    run(work)
    assert work.is_over.wait(PATIENCE_SECONDS)
    for pause, least in zip(work.pauses, (0.05, 0.1, 0.2, 0.4), strict=False):
        assert pause >= least


def test_no_pause_is_longer_than_the_longest(run, monkeypatch):
    monkeypatch.setattr(recovering, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(recovering, "PAUSE_SECONDS_MAX", 0.1)
    work = Failing(9, ZeroDivisionError("a defect"))
    began_at = time.monotonic()
    run(work)
    assert work.is_over.wait(PATIENCE_SECONDS)
    assert time.monotonic() - began_at < 10, "doubling nine times takes 25 seconds"


def test_after_a_steady_time_it_begins_again_as_quickly_as_at_first(run, monkeypatch):
    monkeypatch.setattr(recovering, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(recovering, "STEADY_SECONDS", 0.0)
    work = Failing(9, ZeroDivisionError("a defect"))
    began_at = time.monotonic()
    run(work)
    assert work.is_over.wait(PATIENCE_SECONDS)
    assert time.monotonic() - began_at < 10


def test_a_database_that_is_away_is_said_in_a_line_and_a_defect_in_full(run, monkeypatch, caplog):
    monkeypatch.setattr(recovering, "PAUSE_SECONDS", 0.01)
    away, defect = Failing(2, RecordUnavailable()), Failing(2, ZeroDivisionError("a defect"))
    for work in (away, defect):
        run(work)
        assert work.is_over.wait(PATIENCE_SECONDS)
    waits = [one for one in caplog.records if "counting sheep waits" in one.getMessage()]
    failed = [one for one in caplog.records if "counting sheep failed" in one.getMessage()]
    assert [(one.levelno, one.exc_info) for one in waits] == [(logging.WARNING, None)] * 2
    assert "cannot be written at the moment" in waits[0].getMessage()
    assert [one.levelno for one in failed] == [logging.ERROR] * 2
    assert all(one.exc_info for one in failed)


def test_work_that_ends_without_an_error_begins_again_too(run, monkeypatch):
    monkeypatch.setattr(recovering, "PAUSE_SECONDS", 0.01)
    work = Failing(0, ZeroDivisionError())
    run(work)
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while len(work.begun) < 3:
        assert time.monotonic() < ends_at
        time.sleep(0.01)


def test_who_is_told_to_stop_stops_in_the_middle_of_a_long_pause(run, monkeypatch):
    monkeypatch.setattr(recovering, "PAUSE_SECONDS", PATIENCE_SECONDS * 10)
    work = Failing(1, ZeroDivisionError("a defect"))
    run(work)
    while not work.begun:
        time.sleep(0.01)  # the fixture tells it to stop, and waits until it has


def test_work_that_was_told_to_stop_before_is_not_begun():
    stop, work = threading.Event(), Failing(0, ZeroDivisionError())
    stop.set()
    recovering.recovering("nothing", work, stop).join(PATIENCE_SECONDS)
    assert work.begun == []
