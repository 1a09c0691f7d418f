"""Read models are kept up for ever: after trouble they go on, slower at first, and it is said."""

import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
import pytest

from consult.supervising import Duty, supervise
from events.base import By, derived_id
from events.errors import RecordUnavailable
from events.store.appends import Row
from projections.engine.database import Views
from projections.engine.projection import Batch, Projection, Seen, Source, on
from projections.engine.runner import Runner
from tests.conftest import only
from tests.projections.polls import (
    NOON,
    Altered,
    Fragile,
    Given,
    MemorySource,
    VoteBox,
    expected_totals,
    random_record,
    totals,
)

PATIENCE_SECONDS = 60.0
SAID = "read models"


class Away(MemorySource):
    """A record that can go away, and notes when somebody asked for it meanwhile."""

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__(rows)
        self.is_away = False
        self.asked: list[float] = []

    def read(self, after: int, limit: int = 1000, *, until: int | None = None) -> Sequence[Row]:
        if self.is_away:
            self.asked.append(time.monotonic())
            raise RecordUnavailable
        return super().read(after, limit, until=until)

    def one_more(self) -> None:
        given = Given(at=NOON, by=By(role="resident"), choice="ash")
        self.append(derived_id("late", str(len(self.rows))), 1, given)


@contextmanager
def kept_up(views: Views, source: Source, *projections: type[Projection]) -> Iterator[Runner]:
    """Run for ever, in a thread, while a test lasts."""
    stop = threading.Event()
    worker = Runner(source, views, projections)
    thread = threading.Thread(target=keep_up, args=(worker, stop))
    thread.start()
    try:
        yield worker
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive(), "told to stop, it stops"


def keep_up(worker: Runner, stop: threading.Event) -> None:
    """Keep read models up as the background does, until told to stop."""
    supervise([Duty("read models", 0.0, worker.keep_up, 5.0)], stop)


def until(happens, *, seconds: float = PATIENCE_SECONDS) -> None:
    ends_at = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < ends_at, "it did not happen"
        time.sleep(0.01)


def pauses(asked: list[float]) -> list[float]:
    return [later - one for one, later in itertools.pairwise(asked)]


def test_they_go_on_when_the_record_is_back_and_ask_more_and_more_slowly(views, caplog):
    source = Away(random_record(100).rows)
    with kept_up(views, source, VoteBox) as worker:
        assert worker.wait_for(source.head(), PATIENCE_SECONDS)
        source.is_away = True
        source.one_more()
        until(lambda: len(source.asked) == 4)
        first = pauses(source.asked)
        assert all(pause >= least for pause, least in zip(first, (0.5, 1.0, 2.0), strict=True))
        assert not worker.wait_for(source.head(), 0.0)
        source.is_away = False
        assert worker.wait_for(source.head(), PATIENCE_SECONDS)
        said = [one for one in caplog.records if SAID in one.getMessage()]
        assert [one.levelname for one in said] == ["WARNING"], "that it lasts is said once"
        time.sleep(0.1)  # a round without trouble: the next one begins quickly again
        source.asked.clear()
        source.is_away = True
        source.one_more()
        until(lambda: len(source.asked) == 2)
        assert pauses(source.asked)[0] < first[-1]
        source.is_away = False
        assert worker.wait_for(source.head(), PATIENCE_SECONDS)
    assert totals(views) == expected_totals(source)


def test_who_starts_while_the_record_is_away_starts_when_it_is_back(views):
    source = Away(random_record(100).rows)
    source.is_away = True
    with kept_up(views, source, VoteBox) as worker:
        until(lambda: len(source.asked) >= 2)
        source.is_away = False
        assert worker.wait_for(source.head(), PATIENCE_SECONDS)
    assert totals(views) == expected_totals(source)


@only("postgres")
def test_they_go_on_after_the_database_itself_was_away(views, database_url, caplog):
    source = random_record(100)
    late = Away(source.rows)
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    admin = database_url.replace(f"/{name}?", "/postgres?")
    with kept_up(views, late, VoteBox) as worker, psycopg.connect(admin, autocommit=True) as db:
        assert worker.wait_for(late.head(), PATIENCE_SECONDS)
        db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        late.one_more()
        until(lambda: any(SAID in one.getMessage() for one in caplog.records))
        db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        until(lambda: views.wait_for(late.head(), 0.2))
    assert totals(views) == expected_totals(late)


@pytest.fixture
def fragile() -> Iterator[type[Fragile]]:
    yield Fragile
    Fragile.fails_at = 0


def test_what_is_set_aside_is_said_again_and_again_while_the_others_go_on(views, fragile, caplog):
    source = Away(random_record(100).rows)
    fragile.fails_at = next(row.position for row in source.rows if row.topic == Given.TOPIC)
    with kept_up(views, source, VoteBox, fragile) as worker:
        assert worker.wait_for(source.head(), PATIENCE_SECONDS)
        until(lambda: "fragile" in {row.name for row in views.set_aside(0.0)})
        for _ in range(3):
            worker.tidy()
        assert caplog.text.count("fragile still stands at") == 3
        source.one_more()
        until(lambda: totals(views) == expected_totals(source))
    assert "ZeroDivisionError: a defect" in caplog.text


class InTrouble(Fragile):
    """Meets a database that is away, at one position, as long as it is told to."""

    name = "in_trouble"
    version = 1

    @on(Given, Altered)
    def see(self, batch: Batch, given: Seen[Given]) -> None:
        if given.position == type(self).fails_at:
            raise RecordUnavailable
        batch.insert(self.seen, {"position": given.position})


def test_a_database_that_is_away_is_no_defect_of_a_read_model(views):
    source = random_record(100)
    InTrouble.fails_at = next(row.position for row in source.rows if row.topic == Given.TOPIC)
    try:
        worker = Runner(source, views, [InTrouble])
        worker.start()
        with pytest.raises(RecordUnavailable):
            worker.catch_up()
        assert views.set_aside(0.0) == [], "nothing is set aside for that"
    finally:
        InTrouble.fails_at = 0
    worker.catch_up()
    assert views.position(InTrouble) == source.head()
