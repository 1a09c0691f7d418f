"""Read models follow the record: exactly once, whoever works on them and whatever fails."""

import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import Connection, func, select, text, update

from consult.supervising import Duty, supervise
from events.base import By
from events.store.appends import Row
from projections.engine import applying, runner
from projections.engine.database import Views
from projections.engine.generations import bookkeeping
from projections.engine.projection import Source
from projections.engine.runner import Runner
from tests.projections.conftest import StartRunner
from tests.projections.polls import (
    NOON,
    Fragile,
    Given,
    History,
    MemorySource,
    VoteBox,
    catch_up_in_a_process,
    expected_totals,
    random_record,
    totals,
)

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def fragile() -> Iterator[type[Fragile]]:
    yield Fragile
    Fragile.fails_at = 0


def positions(views: Views) -> dict[str, int]:
    return {row.name: row.position for row in views.generations(0.0) if row.state == "live"}


def test_pages_show_what_the_record_says(views: Views, start_runner: StartRunner) -> None:
    source = random_record(1500)
    assert start_runner(source, [VoteBox, History]).catch_up(limit=100) == len(source.rows)
    assert totals(views) == expected_totals(source)
    assert positions(views) == {"vote_box": len(source.rows), "history": len(source.rows)}


def test_catching_up_until_a_position_shows_that_moment(
    views: Views, start_runner: StartRunner
) -> None:
    source = random_record(600)
    worker = start_runner(source, [VoteBox])
    worker.catch_up(until=300, limit=64)
    assert totals(views) == expected_totals(MemorySource(source.rows[:300]))
    worker.catch_up()
    assert totals(views) == expected_totals(source)


def test_a_page_before_any_runner_says_what_to_start(views: Views) -> None:
    with pytest.raises(LookupError, match="consult serve"):
        views.reader(VoteBox)


def work_in_threads(views: Views, source: Source) -> list[BaseException]:
    troubles: list[BaseException] = []

    def work() -> None:
        try:
            Runner(source, views, [VoteBox, History]).catch_up(limit=20)
        except BaseException as trouble:  # noqa: BLE001  the test looks at it
            troubles.append(trouble)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return troubles


def test_four_threads_apply_every_fact_once(views: Views, start_runner: StartRunner) -> None:
    source = random_record(2000)
    start_runner(source, [VoteBox, History])
    assert work_in_threads(views, source) == []
    assert totals(views) == expected_totals(source)
    assert facts_counted(views) == expected_facts(source)


def test_without_comparing_positions_four_threads_apply_facts_twice(
    views: Views, start_runner: StartRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: it is the comparison that prevents it, not luck."""

    def advance_blindly(
        db: Connection, rows: list[runner.Generation], position: int, _anchor: str
    ) -> bool:
        table = bookkeeping(db)
        names = [row.name for row in rows]
        db.execute(update(table).where(table.c.name.in_(names)).values(position=position))
        return True

    def apply(views: Views, followers: list[applying.Follower], rows: list[Row]) -> None:
        applying.apply(views, followers, rows, advance_blindly)

    monkeypatch.setattr(runner, "apply", apply)
    source = random_record(2000)
    start_runner(source, [History])
    barrier = threading.Barrier(2)

    def work() -> None:
        worker = Runner(source, views, [History])
        found = worker.followers()
        barrier.wait()
        worker.follow(found, 0, 1000, None)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    once = expected_facts(MemorySource(source.rows[:1000]))
    assert facts_counted(views) == {topic: 2 * count for topic, count in once.items()}


def expected_facts(source: MemorySource) -> dict[str, int]:
    counted: dict[str, int] = {}
    for row in source.rows:
        if row.topic in History.handlers:
            counted[row.topic] = counted.get(row.topic, 0) + 1
    return counted


def facts_counted(views: Views) -> dict[str, int]:
    history = views.reader(History)
    with views.connect() as db:
        return {row.what: row.facts for row in db.execute(select(history.total))}


def test_two_processes_apply_every_fact_once(views: Views, database_url: str) -> None:
    workers = [
        SPAWN.Process(target=catch_up_in_a_process, args=(database_url, 1500, 20)) for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    source = random_record(1500)
    assert totals(views) == expected_totals(source)
    assert facts_counted(views) == expected_facts(source)


@pytest.mark.parametrize("crash_after", [1, 777])
def test_a_worker_killed_in_mid_batch_leaves_no_trace_and_another_goes_on(
    views: Views, database_url: str, start_runner: StartRunner, crash_after: int
) -> None:
    source = random_record(1500)
    crash_at = next(
        row.position
        for row in source.rows
        if row.position >= crash_after and row.topic in VoteBox.handlers
    )
    worker = SPAWN.Process(target=catch_up_in_a_process, args=(database_url, 1500, 50, crash_at))
    worker.start()
    worker.join()
    assert worker.exitcode == -9
    assert set(positions(views).values()) == {(crash_at - 1) // 50 * 50}
    start_runner(source, [VoteBox, History]).catch_up()
    assert totals(views) == expected_totals(source)
    assert facts_counted(views) == expected_facts(source)


def test_a_broken_projection_is_left_behind_and_the_others_go_on(
    views: Views, start_runner: StartRunner, fragile: type[Fragile]
) -> None:
    source = random_record(900)
    fragile.fails_at = next(r.position for r in source.rows[450:] if r.topic == Given.TOPIC)
    start_runner(source, [VoteBox, fragile]).catch_up(limit=100)
    assert totals(views) == expected_totals(source)
    (broken,) = (row for row in views.generations(0.0) if row.error)
    assert broken.name == "fragile"
    assert broken.error == "ZeroDivisionError: a defect"
    assert broken.error_position == fragile.fails_at
    assert broken.position == (fragile.fails_at - 1) // 100 * 100
    with views.connect() as db:
        shown = db.scalar(select(func.max(views.reader(fragile).seen.c.position)))
    assert shown is not None
    assert shown <= broken.position
    assert views.wait_for(len(source.rows), 0.0)
    assert not views.wait_for(len(source.rows), 0.0, fragile)


def test_a_mended_projection_goes_on_from_where_it_stopped(
    views: Views, start_runner: StartRunner, fragile: type[Fragile]
) -> None:
    source = random_record(900)
    fragile.fails_at = next(r.position for r in source.rows[450:] if r.topic == Given.TOPIC)
    start_runner(source, [VoteBox, fragile]).catch_up(limit=100)
    fragile.fails_at = 0
    start_runner(source, [VoteBox, fragile]).catch_up(limit=100)
    handled = sum(row.topic in fragile.handlers for row in source.rows)
    with views.connect() as db:
        assert db.scalar(select(func.count()).select_from(views.reader(fragile).seen)) == handled
    assert set(positions(views).values()) == {len(source.rows)}


def test_the_first_round_begins_nothing_again_that_was_begun_at_the_start(
    views: Views, start_runner: StartRunner, fragile: type[Fragile]
) -> None:
    source = random_record(100)
    fragile.fails_at = next(row.position for row in source.rows if row.topic == Given.TOPIC)
    worker = start_runner(source, [VoteBox, fragile])
    worker.catch_up()
    fragile.fails_at = 0
    worker.keep_up()
    assert [row.name for row in views.set_aside(0.0)] == ["fragile"], "until the next start"
    worker.start()
    worker.catch_up()
    assert views.set_aside(0.0) == []
    assert set(positions(views).values()) == {len(source.rows)}


def test_a_fact_whose_bytes_are_damaged_stops_only_those_who_need_it(
    views: Views, start_runner: StartRunner
) -> None:
    source = random_record(300)
    row = next(row for row in source.rows[100:] if row.topic == "test.vote.removed.v1")
    source.rows[row.position - 1] = row._replace(state=b'{"at": 7')
    start_runner(source, [VoteBox, History]).catch_up()
    assert positions(views) == {"history": len(source.rows), "vote_box": 0}
    (broken,) = (row for row in views.generations(0.0) if row.error)
    assert broken.error_position == row.position


def test_waiting_ends_as_soon_as_pages_show_the_position(
    views: Views, start_runner: StartRunner
) -> None:
    source = random_record(50)
    worker = start_runner(source, [VoteBox, History])
    assert not views.wait_for(source.head(), timeout_seconds=0.0)
    stop = threading.Event()
    duty = Duty("read models", 0.0, worker.keep_up)
    thread = threading.Thread(target=supervise, args=([duty], stop))
    thread.start()
    try:
        assert worker.wait_for(source.head(), timeout_seconds=30)
        assert totals(views) == expected_totals(source)
    finally:
        stop.set()
        thread.join()


def test_another_process_may_do_the_work_that_is_waited_for(
    views: Views, database_url: str
) -> None:
    worker = SPAWN.Process(target=catch_up_in_a_process, args=(database_url, 200, 50))
    worker.start()
    try:
        assert views.wait_for(random_record(200).head(), 60)
    finally:
        worker.join()


@pytest.mark.parametrize("facts_of_the_other", [100, 800])
def test_read_models_of_another_record_are_made_anew(
    views: Views, start_runner: StartRunner, facts_of_the_other: int
) -> None:
    start_runner(random_record(400), [VoteBox]).catch_up()
    other = random_record(facts_of_the_other, seed=8)
    start_runner(other, [VoteBox]).catch_up()
    assert totals(views) == expected_totals(other)


def test_read_models_that_are_ahead_of_a_record_put_back_are_made_anew(
    views: Views, start_runner: StartRunner
) -> None:
    source = random_record(400)
    start_runner(source, [VoteBox]).catch_up()
    copy = MemorySource(source.rows[:300])
    for row in source.rows[300:]:
        if row.topic == Given.TOPIC:
            other_choice = row.state.replace(b"ash", b"damson")
            copy.rows.append(row._replace(position=copy.head() + 1, state=other_choice))
    start_runner(copy, [VoteBox]).catch_up()
    assert totals(views) == expected_totals(copy)


def test_a_projection_that_the_program_no_longer_has_holds_up_nobody(
    views: Views, start_runner: StartRunner
) -> None:
    start_runner(random_record(100), [VoteBox, History]).catch_up()
    longer = random_record(100)
    longer.append(
        longer.rows[0].subject_id, 99, Given(at=NOON, by=By(role="resident"), choice="ash")
    )
    start_runner(longer, [VoteBox]).catch_up()
    assert views.wait_for(longer.head(), 0)


def test_read_models_kept_by_another_release_of_the_engine_are_made_anew(
    views: Views, database_url: str, start_runner: StartRunner
) -> None:
    source = random_record(100)
    start_runner(source, [VoteBox]).catch_up()
    with views.write() as db:
        db.execute(text(f"ALTER TABLE {bookkeeping(db).fullname} DROP COLUMN anchor"))
    with closing(Views.open(database_url)) as reopened:
        runner = Runner(source, reopened, [VoteBox])
        runner.start()
        runner.catch_up()
        assert totals(reopened) == expected_totals(source)
