"""The time of the store, told between two questions to it, whatever the host's clock says."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from consult.clocks import store_clock
from consult.clocks.store_clock import FRESH_SECONDS, StoreClock
from consult.config import Config
from consult.services import Services
from events.errors import RecordUnavailable
from tests.builders import BEGINNING, Clock
from tests.conftest import only

HOURS = timedelta(hours=2)


class Times:
    """A store, a host and a counter, moved together or apart. `asked`: how often the store was."""

    def __init__(self, wrong: timedelta = timedelta(0)) -> None:
        self.store, self.host = Clock(), Clock(BEGINNING + wrong)
        self.counted = 1_000.0
        self.asked = 0
        self.is_away = False

    def pass_by(self, seconds: float) -> None:
        self.store.move(seconds=seconds)
        self.host.move(seconds=seconds)
        self.counted += seconds

    def ask(self) -> datetime:
        self.asked += 1
        if self.is_away:
            raise RecordUnavailable("It is away.")
        return self.store()

    def clock(self) -> StoreClock:
        return StoreClock(self.ask, self.host, lambda: self.counted)


@pytest.mark.parametrize("wrong", [-HOURS, timedelta(0), HOURS])
def test_a_host_that_is_hours_wrong_tells_the_time_of_the_store(wrong: timedelta):
    times = Times(wrong)
    clock = times.clock()
    for _ in range(50):
        times.pass_by(1)
        assert clock() == times.store()
    assert times.asked == 1, "no page asks the store"


def test_the_store_is_asked_again_out_of_the_way_of_the_page_that_comes_after_a_while():
    times, may_answer = Times(), threading.Event()
    answer_at_once = times.ask

    def slow() -> datetime:
        if times.asked:
            assert may_answer.wait(10)
        return answer_at_once()

    clock = StoreClock(slow, times.host, lambda: times.counted)
    times.pass_by(FRESH_SECONDS + 1)
    times.store.move(seconds=-3)  # the clock of the store was set right meanwhile
    for _ in range(20):
        assert clock() == times.store() + timedelta(seconds=3), "the page did not wait"
    may_answer.set()
    clock.close()
    assert times.asked == 2
    assert clock() == times.store()


@pytest.mark.parametrize("set_by", [-HOURS, HOURS])
def test_a_host_whose_clock_is_set_while_it_runs_stays_right(set_by: timedelta):
    times = Times()
    clock = times.clock()
    times.host.now += set_by
    times.pass_by(1)
    assert clock() == times.store()


def test_a_machine_that_slept_asks_before_it_tells_the_time():
    times = Times()
    clock = times.clock()
    times.store.move(hours=9)
    times.host.move(hours=9)  # the counter stood still
    assert clock() == times.store()
    assert times.asked == 2


def test_while_the_store_is_away_its_time_goes_on_and_no_page_asks_in_vain():
    times = Times(HOURS)
    clock = times.clock()
    times.is_away = True
    times.host.now -= HOURS
    times.pass_by(2)
    for _ in range(20):
        times.pass_by(1)
        assert clock() == times.store()
    assert times.asked == 2
    times.pass_by(FRESH_SECONDS)
    clock()
    clock.close()
    assert clock() == times.store()


def test_whatever_goes_wrong_in_the_background_is_logged_and_the_next_one_asks_again(caplog):
    times = Times()
    answers = iter([times.store(), None, times.store() + 2 * timedelta(seconds=FRESH_SECONDS + 1)])
    clock = StoreClock(lambda: next(answers), times.host, lambda: times.counted)
    for _ in range(2):
        times.pass_by(FRESH_SECONDS + 1)
        assert clock() == times.store()
        clock._thread.join()
    assert caplog.text.count("could not be read") == 1
    assert next(answers, "asked again") == "asked again"


def test_a_host_whose_clock_is_wrong_is_told_so_once(caplog):
    times = Times(HOURS)
    clock = times.clock()
    for _ in range(3):
        times.pass_by(FRESH_SECONDS + 1)
        clock()
        clock._thread.join()
    assert caplog.text.count("Set it right") == 1
    assert Times().clock()() == BEGINNING
    assert caplog.text.count("Set it right") == 1


@only("postgres")
@pytest.mark.parametrize("wrong", [-HOURS, HOURS])
def test_opened_services_go_by_the_server_and_end_their_questions(services, wrong: timedelta):
    opened = Services.open(
        Config(database_url=services.config.database_url),
        has_background=True,
        host=lambda: datetime.now(UTC) + wrong,
    )
    assert abs(opened.clock() - datetime.now(UTC)) < timedelta(minutes=1)
    assert abs(opened.clock() - opened.record.moment()) < timedelta(seconds=5)
    opened.close()
    assert opened.clock() is not None, "nothing is asked of what is closed"


@only("sqlite")
def test_on_one_machine_there_is_one_clock(services):
    opened = Services.open(Config(database_url=services.config.database_url), has_background=True)
    assert opened.clock is store_clock.utc_now
    opened.close()
