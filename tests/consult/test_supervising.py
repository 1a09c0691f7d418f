"""What is done round after round goes on after trouble: slower and slower, and it says so."""

import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from consult import supervising
from consult.people.trouble import Trouble, failing
from consult.supervising import Duty, Keeper, Waits, pause_after, supervise
from events.errors import RecordUnavailable
from tests.conftest import only

PATIENCE_SECONDS = 60.0
Start = Callable[..., None]


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture
def start(stop: threading.Event) -> Iterator[Start]:
    """Starts duties under a supervisor, and ends them with the test."""
    threads: list[threading.Thread] = []

    def begin(*duties: Duty) -> None:
        threads.append(threading.Thread(target=supervise, args=(duties, stop)))
        threads[-1].start()

    yield begin
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

    @property
    def pauses(self) -> list[float]:
        return [later - one for one, later in itertools.pairwise(self.begun)]


def pauses(*results: object, longest: float = 30.0) -> list[float]:
    """The pauses after rounds that raise, or give these results."""
    left = list(results)

    def work() -> float | None:
        result = left.pop(0)
        if isinstance(result, Exception):
            raise result
        return result  # type: ignore[return-value]  # what the test says

    keeper = Keeper(Duty("counting sheep", 7.0, work, longest))
    return [keeper.round() for _ in results]


def test_each_pause_is_longer_than_the_one_before(start, monkeypatch):
    monkeypatch.setattr(supervising, "PAUSE_SECONDS", 0.05)
    work = Failing(4, ZeroDivisionError("a defect"))
    start(Duty("counting sheep", 30.0, work))
    assert work.is_over.wait(PATIENCE_SECONDS)
    for pause, least in zip(work.pauses, (0.05, 0.1, 0.2, 0.4), strict=False):
        assert pause >= least


def test_pauses_double_up_to_the_longest_and_begin_anew_after_a_round_without_trouble():
    away = Waits("It is away.")
    assert pauses(*[away] * 8) == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert pauses(away, away, away, None, away, longest=1.5) == [0.5, 1, 1.5, 7, 0.5]
    assert pause_after(10_000, 600.0) == 600


def test_a_round_says_when_the_next_one_is_due():
    assert pauses(None, 0.0, 2.5) == [7, 0, 2.5]


def test_what_is_wrong_is_said(start, monkeypatch, caplog):
    monkeypatch.setattr(supervising, "PAUSE_SECONDS", 0.01)
    work = Failing(1, ZeroDivisionError("a defect"))
    with caplog.at_level(logging.WARNING):
        start(Duty("counting sheep", 30.0, work))
        assert work.is_over.wait(PATIENCE_SECONDS)
    [said] = [one for one in caplog.records if one.name == "consult.supervising"]
    assert said.levelname == "ERROR"
    assert "counting sheep failed and will be tried again" in said.getMessage()
    assert "a defect" in caplog.text


def test_what_lasts_is_said_once_until_it_changes(caplog):
    first, second = Waits("It is away."), Waits("It refuses.")
    with caplog.at_level(logging.WARNING):
        pauses(first, first, second, second, None, second)
    said = [one.getMessage() for one in caplog.records if one.name == "consult.supervising"]
    assert said == [
        "counting sheep waits: It is away.",
        "counting sheep waits: It refuses.",
        "counting sheep waits: It refuses.",
    ]
    assert not any(one.exc_info for one in caplog.records)


def test_a_duty_that_fails_keeps_no_other_from_being_done(start, monkeypatch):
    monkeypatch.setattr(supervising, "PAUSE_SECONDS", 0.01)
    rounds: list[str] = []
    enough = threading.Event()

    def fine() -> None:
        rounds.append("fine")
        if rounds.count("fine") >= 3:
            enough.set()

    broken = Failing(1_000_000, ZeroDivisionError("a defect"))
    start(Duty("broken", 0.01, broken), Duty("fine", 0.01, fine))
    assert enough.wait(PATIENCE_SECONDS)
    assert broken.begun


def test_told_to_stop_it_ends_in_the_middle_of_a_pause_and_lets_go(start, stop, monkeypatch):
    monkeypatch.setattr(supervising, "PAUSE_SECONDS", PATIENCE_SECONDS * 10)
    let_go = threading.Event()
    work = Failing(1, ZeroDivisionError("a defect"))
    start(Duty("counting sheep", 30.0, work, end=let_go.set))
    while not work.begun:
        time.sleep(0.01)
    stop.set()
    assert let_go.wait(PATIENCE_SECONDS)
    assert len(work.begun) == 1


def test_what_does_not_end_is_waited_for_once_and_not_one_after_the_other(stop, monkeypatch):
    monkeypatch.setattr(supervising, "END_SECONDS_MAX", 0.3)
    goes_on, begun = threading.Event(), []

    def hang() -> None:
        begun.append(time.monotonic())
        if len(begun) == len(stuck):
            stop.set()
        goes_on.wait()

    stuck = [Duty(f"stuck {number}", 1.0, hang) for number in range(20)]
    supervise(stuck, stop)
    took = time.monotonic() - max(begun)
    goes_on.set()
    assert 0.3 <= took < 20 * 0.3


def test_trouble_is_shown_with_its_reason_while_it_lasts(services, clock):
    report = Trouble(services.vault, services.clock)
    results: list[Exception | None] = [Waits("It is away."), ZeroDivisionError("Ann"), None]

    def work() -> None:
        result = results.pop(0)
        if result is not None:
            raise result

    keeper = Keeper(Duty("mails", 1.0, work), report)
    began = clock.now
    keeper.round()
    [one] = failing(services.vault)
    assert (one.duty, one.failures, one.reason, one.since) == ("mails", 1, "It is away.", began)
    clock.move(hours=1)
    keeper.round()
    [one] = failing(services.vault)
    assert (one.failures, one.reason, one.since) == (2, "ZeroDivisionError", began)
    keeper.round()
    assert failing(services.vault) == ()


@only("sqlite")
def test_what_a_process_left_that_was_killed_is_taken_back_by_the_next(services):
    report = Trouble(services.vault, services.clock)
    report.note("mails", 4, "It is away.")
    Keeper(Duty("mails", 1.0, lambda: None), report).round()
    assert failing(services.vault) == ()


def test_trouble_that_cannot_be_shown_ends_nothing():
    class Away:
        is_away = True
        ended: list[str] = []  # noqa: RUF012  one test long

        def note(self, *_shown: object) -> None:
            raise RecordUnavailable

        def end(self, name: str) -> None:
            if self.is_away:
                raise RecordUnavailable
            self.ended.append(name)

    report = Away()
    work = Failing(2, RecordUnavailable())
    keeper = Keeper(Duty("mails", 7.0, work), report)
    assert [keeper.round() for _ in range(3)] == [0.5, 1, 7]
    assert report.ended == []
    report.is_away = False
    assert [keeper.round() for _ in range(2)] == [7, 7]
    assert report.ended == ["mails"], "as soon as it can be"
