"""A rebuild gives the same rows, beside what pages show, and takes over when it is complete."""

import gc
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, String, inspect, select, text, update

from projections.engine.database import Views
from projections.engine.projection import Batch, Projection, Seen, TableMaker, counter, on
from projections.engine.rebuilding import RebuildFailed, compare, rebuild
from projections.engine.runner import Runner
from tests.conftest import only
from tests.projections.conftest import StartRunner
from tests.projections.polls import (
    CHOICES,
    Altered,
    Fragile,
    Given,
    History,
    MemorySource,
    VoteBox,
    expected_totals,
    random_record,
    record_of,
    totals,
)

COMMANDS = st.lists(
    st.tuples(
        st.sampled_from(["give", "give", "remove", "note"]),
        st.integers(0, 5),
        st.integers(0, len(CHOICES) - 1),
        st.integers(1, 9),
    ),
    max_size=40,
)


class VoteBoxTwo(VoteBox):
    """The next version, with the same columns and another meaning."""

    version = 2

    @on(Given, Altered)
    def give(self, batch: Batch, given: Seen[Given]) -> None:
        super().give(batch, given)
        batch.add(self.tally, {"choice": given.fact.choice}, weight=1000)


class VoteBoxThree(VoteBox):
    """A later version, with other columns."""

    version = 3

    def define(self, table: TableMaker) -> None:
        super().define(table)
        self.extra = table("extra", Column("what", String, primary_key=True), counter("times"))

    @on(Given, Altered)
    def give(self, batch: Batch, given: Seen[Given]) -> None:
        super().give(batch, given)
        batch.add(self.extra, {"what": "given"}, times=1)


@pytest.fixture
def fragile() -> Iterator[type[Fragile]]:
    yield Fragile
    Fragile.fails_at = 0


def shown(views: Views, projection: type[Projection]) -> tuple[int, int]:
    """Version and number of what pages show."""
    number = views.reader(projection).generation
    rows = views.generations()
    return next(
        (row.version, row.generation)
        for row in rows
        if (row.name, row.generation) == (projection.name, number)
    )


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(commands=COMMANDS, sizes=st.lists(st.integers(1, 7), min_size=1, max_size=5))
def test_a_rebuild_gives_what_following_gave_whatever_the_batches(
    views: Views,
    start_runner: StartRunner,
    commands: list[tuple[str, int, int, int]],
    sizes: list[int],
) -> None:
    source = record_of(commands)
    worker = start_runner(MemorySource(), [VoteBox, History])
    rebuild(worker)
    worker = start_runner(source, [VoteBox, History])
    turn = 0
    while worker.step(limit=sizes[turn % len(sizes)]) is not None:
        turn += 1
    assert totals(views) == expected_totals(source)
    assert compare(worker, VoteBox) == []
    assert compare(worker, History) == []
    worker.sweep(keep_seconds=0)


def test_a_comparison_finds_a_row_that_no_fact_accounts_for(
    views: Views, start_runner: StartRunner
) -> None:
    worker = start_runner(random_record(500), [VoteBox])
    worker.catch_up()
    box = views.reader(VoteBox)
    with views.write() as db:
        one = db.scalar(select(box.vote.c.voter_id).limit(1))
        db.execute(update(box.vote).where(box.vote.c.voter_id == one).values(weight=1_000_000))
        db.execute(box.tally.insert(), {"choice": "elder", "votes": 1, "weight": 1})
    changed, added = compare(worker, VoteBox)
    assert changed.table == "vote_box_vote"
    assert changed.key == one
    assert changed.live is not None
    assert changed.live["weight"] == 1_000_000
    assert changed.rebuilt is not None
    assert changed.rebuilt["weight"] < 10
    assert (added.key, added.rebuilt) == ("elder", None)
    assert "vote_box_vote_2" not in tables(views)


def tables(views: Views) -> list[str]:
    return inspect(views.engine).get_table_names(schema=views.schema)


def test_a_comparison_holds_while_a_runner_goes_on(views: Views, start_runner: StartRunner) -> None:
    source = random_record(3000)
    worker = start_runner(source, [VoteBox, History])
    worker.catch_up(until=1000)
    beside = threading.Thread(target=worker.catch_up, kwargs={"limit": 50})
    beside.start()
    try:
        assert compare(Runner(source, views, [VoteBox, History]), VoteBox) == []
    finally:
        beside.join()
    assert totals(views) == expected_totals(source)


def test_another_version_is_built_beside_and_swapped_while_pages_go_on(
    views: Views, start_runner: StartRunner
) -> None:
    source = random_record(1000)
    start_runner(source, [VoteBox, History]).catch_up()
    before = totals(views)
    worker = start_runner(source, [VoteBoxTwo, History])
    while shown(views, VoteBoxTwo) == (1, 1):
        assert totals(views) == before
        worker.step(limit=100)
    assert shown(views, VoteBoxTwo) == (2, 2)
    heavier = {choice: weight for choice, (_, weight) in totals(views).items()}
    assert all(weight >= before[choice][1] + 1000 for choice, weight in heavier.items())
    assert compare(worker, VoteBoxTwo) == []


def test_the_old_version_is_kept_up_while_the_next_is_built(
    views: Views, start_runner: StartRunner
) -> None:
    source = random_record(1000)
    start_runner(MemorySource(source.rows[:900]), [VoteBox]).catch_up()
    worker = start_runner(source, [VoteBoxTwo])
    worker.step(limit=200)
    assert shown(views, VoteBoxTwo) == (1, 1)
    assert views.position(VoteBoxTwo) == len(source.rows)


def test_the_old_program_goes_on_reading_its_tables_while_the_new_one_takes_over(
    views: Views, database_url: str, start_runner: StartRunner
) -> None:
    source = random_record(500)
    start_runner(source, [VoteBox]).catch_up()
    before = totals(views)
    elsewhere = Views.open(database_url)
    try:
        runner = Runner(source, elsewhere, [VoteBoxThree])
        runner.start()
        runner.catch_up()
        assert shown(elsewhere, VoteBoxThree) == (3, 2)
        views.tell()
        assert totals(views) == before
    finally:
        elsewhere.close()


def test_a_page_in_the_making_finds_its_tables_and_later_they_are_dropped(
    views: Views, start_runner: StartRunner
) -> None:
    source = random_record(300)
    worker = start_runner(source, [VoteBox])
    worker.catch_up()
    old = views.reader(VoteBox)
    rebuild(worker)
    with views.connect() as db:
        assert old.totals(db) == expected_totals(source)
    worker.sweep()
    assert "vote_box_vote_1" in tables(views)
    worker.sweep(keep_seconds=0)
    assert "vote_box_vote_1" not in tables(views)
    assert totals(views) == expected_totals(source)


def test_a_rebuild_tells_how_far_it_is_and_ends_with_the_indexes_of_a_live_one(
    views: Views, start_runner: StartRunner
) -> None:
    source = random_record(1000)
    worker = start_runner(source, [VoteBox, History])
    told: list[tuple[int, int]] = []
    rebuild(worker, progress=lambda done, total: told.append((done, total)), limit=300)
    last = len(source.rows)
    assert told == [(done, last) for done in (300, 600, 900) if done < last] + [(last, last)]
    assert totals(views) == expected_totals(source)
    indexes = inspect(views.engine).get_indexes("vote_box_vote_2", schema=views.schema)
    assert [index["name"] for index in indexes] == ["vote_box_vote_2_by_choice"]


def test_only_the_named_projection_is_rebuilt(views: Views, start_runner: StartRunner) -> None:
    worker = start_runner(random_record(100), [VoteBox, History])
    rebuild(worker, ["history"])
    assert (views.reader(VoteBox).generation, views.reader(History).generation) == (1, 2)


def test_a_rebuild_that_fails_leaves_what_is_live_and_rebuilds_the_others(
    views: Views, start_runner: StartRunner, fragile: type[Fragile]
) -> None:
    source = random_record(500)
    worker = start_runner(source, [VoteBox, fragile])
    worker.catch_up()
    fragile.fails_at = next(row.position for row in source.rows[200:] if row.topic == Given.TOPIC)
    with pytest.raises(RebuildFailed, match=f"fragile .* position {fragile.fails_at} "):
        rebuild(worker)
    assert (views.reader(VoteBox).generation, views.reader(fragile).generation) == (2, 1)
    assert "fragile_seen_2" not in tables(views)


def test_a_rebuild_catches_up_with_facts_that_arrive_meanwhile(
    views: Views, start_runner: StartRunner
) -> None:
    whole = random_record(1000)
    source = MemorySource(whole.rows[:400])
    worker = start_runner(source, [VoteBox])
    worker.catch_up()

    def arrive(done: int, _total: int) -> None:
        if done == 400:
            source.rows = whole.rows
            worker.catch_up()

    rebuild(worker, progress=arrive, limit=100)
    assert views.reader(VoteBox).generation == 2
    assert totals(views) == expected_totals(whole)


@pytest.mark.parametrize(("wrong", "told"), [(0, 0), (1, 1), (19, 19), (20, 20), (21, 20)])
def test_a_comparison_tells_twenty_differences_at_most(
    views: Views, start_runner: StartRunner, wrong: int, told: int
) -> None:
    worker = start_runner(random_record(100), [VoteBox])
    worker.catch_up()
    box = views.reader(VoteBox)
    with views.write() as db:
        for number in range(wrong):
            db.execute(box.tally.insert(), {"choice": f"elder {number}", "votes": 1, "weight": 1})
    found = compare(worker, VoteBox)
    assert len(found) == told
    assert {each.table for each in found} <= {"vote_box_tally"}
    assert all(each.live == {"choice": each.key, "votes": 1, "weight": 1} for each in found)


def test_a_comparison_tells_a_row_that_is_missing_and_rows_in_any_order(
    views: Views, start_runner: StartRunner
) -> None:
    worker = start_runner(random_record(300), [VoteBox])
    worker.catch_up()
    box = views.reader(VoteBox)
    with views.write() as db:
        [ash] = db.execute(select(box.tally).where(box.tally.c.choice == "ash")).mappings()
        db.execute(box.tally.delete().where(box.tally.c.choice == "ash"))
    [missing] = compare(worker, VoteBox)
    assert (missing.table, missing.key, missing.live) == ("vote_box_tally", "ash", None)
    assert missing.rebuilt == dict(ash)


@pytest.mark.parametrize("before", [gc.enable, gc.disable])
def test_nothing_is_collected_during_a_rebuild_and_afterwards_as_before(
    views: Views, start_runner: StartRunner, before: Callable[[], None]
) -> None:
    worker = start_runner(random_record(100), [VoteBox])
    seen: list[bool] = []
    was_enabled = gc.isenabled()
    try:
        before()
        rebuild(worker, progress=lambda *_told: seen.append(gc.isenabled()))
        assert seen
        assert not any(seen)
        assert gc.isenabled() == (before is gc.enable)
    finally:
        (gc.enable if was_enabled else gc.disable)()


@only("postgres")
def test_the_database_knows_what_was_rebuilt_before_pages_ask_it(
    views: Views, start_runner: StartRunner
) -> None:
    """Otherwise it chooses its ways as if the tables were empty, until it looks by itself."""
    worker = start_runner(random_record(500), [VoteBox])
    rebuild(worker)
    schema, name = views.schema, views.reader(VoteBox).vote.name
    asked = text("SELECT attname FROM pg_stats WHERE schemaname = :schema AND tablename = :name")
    with views.connect() as db:
        known = set(db.execute(asked, {"schema": schema, "name": name}).scalars())
    assert known == {"voter_id", "choice", "weight", "valid_from", "changes"}
