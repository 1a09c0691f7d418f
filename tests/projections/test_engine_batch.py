"""The write buffer leaves the same rows as if every change had been made at once."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, String, Table, delete, event, select
from sqlalchemy.exc import IntegrityError

from projections.engine.database import Views
from projections.engine.projection import Batch, Projection, TableMaker, counter

KEYS = st.sampled_from(["a", "b", "c"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), KEYS, st.integers(0, 9)),
        st.tuples(st.just("upsert"), KEYS, st.integers(0, 9)),
        st.tuples(st.just("set both"), KEYS, st.integers(0, 9)),
        st.tuples(st.just("add"), KEYS, st.integers(-3, 3)),
        st.tuples(st.just("update"), KEYS, st.integers(0, 9)),
        st.tuples(st.just("update count"), KEYS, st.integers(0, 9)),
        st.tuples(st.just("delete"), KEYS, st.just(0)),
        st.tuples(st.just("get"), KEYS, st.just(0)),
        st.tuples(st.just("prefetch"), KEYS, st.just(0)),
        st.tuples(st.just("flush"), st.just("a"), st.just(0)),
    ),
    max_size=25,
)


class Shelf(Projection):
    name = "shelf"
    version = 1

    def define(self, table: TableMaker) -> None:
        self.single = table(
            "single",
            Column("key", String, primary_key=True),
            Column("value", BigInteger),
            counter("count"),
        )
        self.double = table(
            "double",
            Column("key", String, primary_key=True),
            Column("half", BigInteger, primary_key=True),
            Column("value", BigInteger),
            counter("count"),
        )


@pytest.fixture
def shelf(views: Views) -> Shelf:
    shelf = Shelf(1, views.schema)
    with views.write() as db:
        shelf.metadata.create_all(db)
    return shelf


def step(rows: dict[str, dict[str, Any]], what: str, key: str, value: int) -> None:
    """The plain meaning of each change."""
    fresh = {"value": None, "count": 0}
    if what == "insert":
        rows[key] = fresh | {"value": value}
    elif what == "upsert":
        rows[key] = rows.get(key, fresh) | {"value": value}
    elif what == "set both":
        rows[key] = {"value": value, "count": value}
    elif what == "add":
        row = rows.get(key, fresh)
        rows[key] = row | {"count": row["count"] + value}
    elif what == "update" and key in rows:
        rows[key] |= {"value": value}
    elif what == "update count" and key in rows:
        rows[key] |= {"count": value}
    elif what == "delete":
        rows.pop(key, None)


@pytest.mark.parametrize("which", ["single", "double"])
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_any_changes_leave_the_rows_that_changing_at_once_would_leave(
    views: Views, shelf: Shelf, which: str, steps: list[tuple[str, str, int]]
) -> None:
    table = getattr(shelf, which)
    rows: dict[str, dict[str, Any]] = {}
    with views.write() as db:
        db.execute(delete(table))
        batch = Batch(db)
        for what, name, value in steps:
            if what == "insert" and name in rows:
                continue
            key: dict[str, Any] = {"key": name} | ({"half": 5} if which == "double" else {})
            step(rows, what, name, value)
            buffer(batch, table, what, key, value)
            if what == "get":
                expected = rows.get(name)
                assert batch.get(table, key) == (None if expected is None else key | expected)
        batch.flush()
        stored = {row.key: {"value": row.value, "count": row.count} for row in columns(db, table)}
    assert stored == rows


def buffer(batch: Batch, table: Table, what: str, key: dict[str, Any], value: int) -> None:
    actions: dict[str, Callable[[], None]] = {
        "insert": lambda: batch.insert(table, key | {"value": value}),
        "upsert": lambda: batch.upsert(table, key, {"value": value}),
        "set both": lambda: batch.upsert(table, key, {"value": value, "count": value}),
        "add": lambda: batch.add(table, key, count=value),
        "update": lambda: batch.update(table, key, {"value": value}),
        "update count": lambda: batch.update(table, key, {"count": value}),
        "delete": lambda: batch.delete(table, key),
        "prefetch": lambda: batch.prefetch(table, [key]),
        "flush": batch.flush,
        "get": lambda: None,
    }
    actions[what]()


def columns(db: Any, table: Any) -> Any:
    return db.execute(select(table.c.key, table.c.value, table.c["count"].label("count")))


def test_a_second_insert_of_one_row_is_a_defect_within_a_batch(views: Views, shelf: Shelf) -> None:
    with views.write() as db:
        batch = Batch(db)
        batch.insert(shelf.single, {"key": "a"})
        with pytest.raises(AssertionError, match="there already"):
            batch.insert(shelf.single, {"key": "a"})


def test_a_second_insert_of_one_row_is_a_defect_across_batches(views: Views, shelf: Shelf) -> None:
    with views.write() as db:
        batch = Batch(db)
        batch.insert(shelf.single, {"key": "a"})
        batch.flush()
    with views.engine.connect() as db:
        batch = Batch(db)
        batch.insert(shelf.single, {"key": "a"})
        with pytest.raises(IntegrityError):
            batch.flush()


def test_a_column_that_the_table_does_not_have_is_a_defect(views: Views, shelf: Shelf) -> None:
    with views.write() as db, pytest.raises(AssertionError, match="colour"):
        Batch(db).insert(shelf.single, {"key": "a", "colour": "red"})


def test_many_rows_are_found_again_by_prefetch(views: Views, shelf: Shelf) -> None:
    with views.write() as db:
        batch = Batch(db)
        for number in range(1200):
            batch.insert(shelf.double, {"key": "k", "half": number, "value": number})
        batch.flush()
        batch = Batch(db)
        keys = [{"key": "k", "half": number} for number in range(0, 2400, 2)]
        batch.prefetch(shelf.double, keys)
        found = [batch.get(shelf.double, key) for key in keys]
    assert [row["value"] for row in found if row] == list(range(0, 1200, 2))
    assert found[600:] == [None] * 600


@pytest.mark.parametrize("which", ["single", "double"])
def test_prefetch_never_reads_the_whole_table(views: Views, shelf: Shelf, which: str) -> None:
    """Seen as a rebuild that became slower with every fact."""
    table = getattr(shelf, which)
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    with views.write() as db:
        batch = Batch(db)
        for number in range(5000):
            batch.insert(table, {"key": f"k{number}"} | ({"half": 1} if which == "double" else {}))
        batch.flush()
        if views.on_postgres:  # of a table this small it would rather read all
            db.exec_driver_sql("SET LOCAL enable_seqscan = off")
        event.listen(db, "before_cursor_execute", note)
        keys = [{"key": f"k{n}"} | ({"half": 1} if which == "double" else {}) for n in range(20)]
        batch.prefetch(table, keys)
        ((statement, parameters),) = list(asked)
        explain = "EXPLAIN" if views.on_postgres else "EXPLAIN QUERY PLAN"
        rows = db.exec_driver_sql(f"{explain} {statement}", parameters)
        plan = "\n".join(str(row[-1]) for row in rows)
    whole = f"Seq Scan on {table.name}" if views.on_postgres else f"SCAN {table.name}"
    assert whole not in plan
    assert table.name in plan


def test_what_is_added_several_times_to_a_row_that_was_changed_unseen_is_added_up(
    views: Views, shelf: Shelf
) -> None:
    with views.write() as db:
        batch = Batch(db)
        batch.insert(shelf.single, {"key": "a", "count": 4})
        batch.flush()
        batch = Batch(db)
        batch.update(shelf.single, {"key": "a"}, {"value": 7})
        for delta in (1, 1, 5):
            batch.add(shelf.single, {"key": "a"}, count=delta)
        batch.flush()
        assert [tuple(row) for row in columns(db, shelf.single)] == [("a", 7, 11)]
