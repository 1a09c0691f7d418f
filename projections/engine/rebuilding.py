"""Rebuild read models from the record: to replace the live ones, or to check them."""

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, select

from projections.engine.applying import Spoilt
from projections.engine.filling import ROWS_PER_BATCH, Filling, Progress
from projections.engine.generations import LIVE, Generation, all_generations
from projections.engine.projection import Projection
from projections.engine.runner import Runner
from projections.engine.statements import layout_of

ROWS_PER_FETCH = 2000
DIFFERENCES_MAX = 20


class RebuildFailed(Exception):  # noqa: N818  it says what happened
    """These projections failed at a fact; the live generations are unchanged."""

    def __init__(self, failures: dict[str, Spoilt]) -> None:
        self.failures = failures
        super().__init__(
            "; ".join(
                f"{name} could not be rebuilt, and its pages stay as they were: the fact at "
                f"position {spoilt.position} raises {type(spoilt.error).__name__}: {spoilt}"
                for name, spoilt in failures.items()
            )
        )


class Difference(NamedTuple):
    """A row that a rebuild would change. `live`, `rebuilt`: None if there is no such row."""

    table: str
    key: Any
    live: dict[str, Any] | None
    rebuilt: dict[str, Any] | None


def rebuild(
    runner: Runner,
    names: Collection[str] | None = None,
    progress: Progress | None = None,
    limit: int = ROWS_PER_BATCH,
) -> None:
    """Rebuild these projections, or all, beside the live ones, and swap.

    Runners elsewhere keep the live ones up to date meanwhile; a crash leaves them unchanged.
    Raises RebuildFailed if some projections cannot be rebuilt; the others are swapped.
    """
    unknown = set(names or ()) - set(runner.projections)
    assert not unknown, unknown
    chosen = [c for name, c in runner.projections.items() if names is None or name in names]
    filling = Filling(runner, chosen, progress, limit)
    with _collecting_nothing():
        if not runner.views.on_postgres:
            filling.fill_in_a_workshop()
        while filling.followers:
            filling.fill(runner.views)
            filling.followers = [
                follower for follower in filling.followers if not runner.promote(follower)
            ]
    if filling.failures:
        raise RebuildFailed(filling.failures)


def compare(
    runner: Runner, projection: type[Projection], progress: Progress | None = None
) -> list[Difference]:
    """Rebuild a projection and compare it row by row with the live one.

    Both are read at the same position, even while a runner is active. Return at most
    DIFFERENCES_MAX differences. Raises RebuildFailed, LookupError when it is not live.
    """
    views = runner.views
    filling = Filling(runner, [projection], progress)
    (built,) = filling.followers
    try:
        with views.connect() as live_db:
            live = _live(live_db, projection)
            shown = views.instance(projection, live.generation)
            filling.fill(views, until=live.position)
            if filling.failures:
                raise RebuildFailed(filling.failures)
            with views.connect() as built_db:
                pairs = zip(shown.tables, built.projection.tables, strict=True)
                found = (
                    difference
                    for one, other in pairs
                    for difference in _differences(live_db, one, built_db, other)
                )
                return list(islice(found, DIFFERENCES_MAX))
    finally:
        filling.drop(filling.followers)


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    # A batch is 100,000 objects without cycles: garbage collection would take a fifth of the
    # time.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _live(db: Connection, projection: type[Projection]) -> Generation:
    for row in all_generations(db):
        if row.name == projection.name and row.state == LIVE:
            if row.version != projection.version:
                break
            return row
    raise LookupError(f"{projection.name} is not live in version {projection.version}")


def _differences(
    live_db: Connection, live: Table, built_db: Connection, built: Table
) -> Iterator[Difference]:
    """Merge both tables in the order of their key; only differing rows are kept in memory."""
    key_of = layout_of(live).key_of
    pending: tuple[dict[Any, Any], dict[Any, Any]] = ({}, {})
    walks = (_rows(live_db, live), _rows(built_db, built))
    open_walks = [0, 1]
    name = live.name.rpartition("_")[0]
    while open_walks:
        for side in tuple(open_walks):
            row = next(walks[side], None)
            if row is None:
                open_walks.remove(side)
                continue
            key = key_of(row)
            missing = object()
            twin = pending[1 - side].pop(key, missing)
            if twin is missing:
                pending[side][key] = row
            elif twin != row:
                one, other = (row, twin) if side == 0 else (twin, row)
                yield Difference(name, key, one, other)
    for key, row in pending[0].items():
        yield Difference(name, key, row, None)
    for key, row in pending[1].items():
        yield Difference(name, key, None, row)


def _rows(db: Connection, table: Table) -> Iterator[dict[str, Any]]:
    statement = select(table).order_by(*table.primary_key)
    result = db.execution_options(yield_per=ROWS_PER_FETCH).execute(statement)
    for row in result.mappings():
        yield dict(row)
