"""The database of read models, beside the record, which can be rebuilt at any time.

SQLite: `folkmoot.db` has its read models in `folkmoot.views.db`, so that they never contend
with the record's writer. PostgreSQL: the schema `views` of the same database. Neither waits
for a flush: rows and position are lost together, and then applied again.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self, TypeVar

import msgspec
from sqlalchemy import Connection, Engine

from events.errors import ReadModelsBehind
from events.store.database_url import VIEWS, PostgresAddress, SqliteAddress, parse
from events.store.engines import WIDE_CONNECTIONS, postgres_engine, sqlite_engine
from projections.engine.generations import (
    BUILDING,
    LIVE,
    RETIRED,
    Generation,
    all_generations,
    create_bookkeeping,
)
from projections.engine.projection import Projection

PRAGMAS = (
    "busy_timeout=30000",
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "cache_size=-32768",
)
FRESH_SECONDS = 0.25
"""How long a process may cache generations and positions."""
POLL_SECONDS = 0.02

PROJECTION = TypeVar("PROJECTION", bound=Projection)


class Views:
    """The read models of one record, for pages to read and for `Runner` to write."""

    def __init__(self, database_url: str, *, connections: int = WIDE_CONNECTIONS) -> None:
        address = parse(database_url)
        self.on_postgres = isinstance(address, PostgresAddress)
        self.schema = VIEWS if self.on_postgres else None
        self.engine = _engine(address, connections)
        snapshot: dict[str, Any] = (
            {"isolation_level": "REPEATABLE READ"} if self.on_postgres else {}
        )
        self._reading = self.engine.execution_options(reads=True, **snapshot)
        self.moved = threading.Condition()
        """Notified in this process when positions have moved."""
        self._generations: Sequence[Generation] = ()
        self._generations_at = float("-inf")
        self._instances: dict[tuple[type[Projection], int], Projection] = {}

    @classmethod
    def open(cls, database_url: str, *, connections: int = WIDE_CONNECTIONS) -> Self:
        """Open the read models beside this record; create their bookkeeping if it is missing.

        Open them after the last fork. Raises UnknownDatabase.
        """
        views = cls(database_url, connections=connections)
        with views.engine.connect() as db:
            create_bookkeeping(db)
        return views

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Yield a connection for reading: one snapshot of the read models, for a whole page."""
        with self._reading.connect() as db:
            yield db

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection in a transaction that is committed at the end."""
        with self.engine.begin() as db:
            yield db

    def reader(self, projection: type[PROJECTION]) -> PROJECTION:
        """Return the generation of a projection that pages should read now.

        Call it for every page: a rebuilt one takes over within 0.25 seconds, and the old one
        is dropped after 60 seconds. Raises LookupError when no runner has ever started.
        """
        chosen = _choose(self.generations(), projection)
        return self.instance(projection, chosen.generation)

    def require(self, db: Connection, reader: Projection, position: int) -> None:
        """Check that a read model has applied every fact up to a position. Raises ReadModelsBehind.

        `db`: the connection it will be read with, so that the check is on the same snapshot.
        """
        mine = (reader.name, reader.generation)
        reached = {row[:2]: row.position for row in all_generations(db)}.get(mine, 0)
        if reached < position:
            raise ReadModelsBehind(name=reader.name, position=reached, goal=position)

    def instance(self, projection: type[PROJECTION], generation: int) -> PROJECTION:
        """Return a projection on the tables of one generation."""
        instance = self._instances.get((projection, generation))
        if instance is None:
            instance = projection(generation, self.schema)
            self._instances[projection, generation] = instance
        assert isinstance(instance, projection)
        return instance

    def generations(self, fresh_seconds: float = FRESH_SECONDS) -> Sequence[Generation]:
        """Return all generations, cached for at most `fresh_seconds`."""
        asked_at = time.monotonic()
        if asked_at - self._generations_at > fresh_seconds:
            if fresh_seconds and self._generations_at > float("-inf"):
                self._generations_at = asked_at  # one thread reads, the others use the cache
            with self.connect() as db:
                self._generations = all_generations(db)
            self._generations_at = asked_at
        return self._generations

    def position(self, *projections: type[Projection], fresh_seconds: float = 0.0) -> int:
        """Return the lowest position of these projections, or of all.

        Projections stopped by an error are ignored, unless named.
        """
        live = [
            row
            for row in self.generations(fresh_seconds)
            if row.state == LIVE and (projections or row.error is None)
        ]
        if projections:
            names = {projection.name for projection in projections}
            live = [row for row in live if row.name in names]
        return min((row.position for row in live), default=0)

    def set_aside(self, fresh_seconds: float = FRESH_SECONDS) -> list[Generation]:
        """Return the generations stopped by an error; their pages no longer change."""
        return [
            row
            for row in self.generations(fresh_seconds)
            if row.state in (LIVE, BUILDING) and row.error is not None
        ]

    def wait_for(
        self, position: int, timeout_seconds: float, *projections: type[Projection]
    ) -> bool:
        """Wait until read models reach a position; return False after the timeout.

        For the page after a submission, whichever process the runner is in. Name the
        projections of that page, so that it does not wait for others.
        """
        if self.position(*projections, fresh_seconds=FRESH_SECONDS) >= position:
            return True
        give_up_at = time.monotonic() + timeout_seconds
        while self.position(*projections) < position:
            left = give_up_at - time.monotonic()
            if left <= 0:
                return False
            with self.moved:
                self.moved.wait(min(left, POLL_SECONDS))
        return True

    def tell(self) -> None:
        """Wake waiting threads of this process, and invalidate the cache."""
        self._generations_at = float("-inf")
        with self.moved:
            self.moved.notify_all()


def _choose(rows: Sequence[Generation], projection: type[Projection]) -> Generation:
    """Return the live generation; during an upgrade, one with columns that this code can read."""
    mine = [row for row in rows if row.name == projection.name]
    for state in (LIVE, RETIRED, BUILDING):
        for row in reversed(mine):
            if row.state == state and row.shape == projection.shape():
                return row
    raise LookupError(f"{projection.name} has no tables yet: start consult serve or project")


def _engine(address: SqliteAddress | PostgresAddress, connections: int) -> Engine:
    encoders: dict[str, Any] = {
        "json_serializer": lambda value: msgspec.json.encode(value).decode(),
        "json_deserializer": msgspec.json.decode,
    }
    if isinstance(address, PostgresAddress):
        session = "-c synchronous_commit=off -c timezone=UTC"
        return postgres_engine(address, session, connections=connections, **encoders)
    return sqlite_engine(address.store(VIEWS), PRAGMAS, _begin_sqlite, **encoders)


def _begin_sqlite(connection: Connection) -> str:
    # A writer that begins by reading would fail at its first write instead of waiting.
    return "BEGIN" if connection.get_execution_options().get("reads", False) else "BEGIN IMMEDIATE"
