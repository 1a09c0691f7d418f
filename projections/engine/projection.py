"""The base class of projections: their own tables, and a handler for every fact they use.

    class BallotBox(Projection):
        name = "ballot_box"
        version = 1

        def define(self, table: TableMaker) -> None:
            self.ballot = table(
                "ballot",
                Column("ballot_id", Uuid, primary_key=True),
                Column("choices", JSON, nullable=False),
                counter("changes"),
                Index("by_consultation", "consultation_id"),
            )

        @on(Ballot.Cast)
        def cast(self, batch: Batch, cast: Seen[Ballot.Cast]) -> None:
            batch.insert(self.ballot, {"ballot_id": cast.subject_id, "choices": cast.fact.choices})

        def choices(self, db: Connection, ballot_id: UUID) -> list[str]:  # a query for pages
            ...

    box = views.reader(BallotBox)
    with views.connect() as db:
        box.choices(db, ballot_id)

Handlers get facts one at a time in the order of the record and write through a `Batch`
(projections/engine/batch.py); `Runner` (projections/engine/runner.py) calls them. A handler must
depend on nothing but the fact and the projection's own tables: no clock, no randomness, no other
projection, so that a rebuild gives the same rows for any batches.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Column, Index, MetaData, Table
from sqlalchemy.schema import SchemaItem
from sqlalchemy.sql import quoted_name

from events.base import FACTS, Fact
from events.store.appends import Row
from projections.engine.batch import Batch

__all__ = [
    "Batch",
    "Projection",
    "Row",
    "Seen",
    "Source",
    "TableMaker",
    "Undecodable",
    "counter",
    "decode",
    "on",
]

ANY_FACT = TypeVar("ANY_FACT", bound=Fact)
HANDLER = TypeVar("HANDLER", bound=Callable[..., None])
IDENTIFIER_LENGTH_MAX = 63  # PostgreSQL silently truncates longer names


class Source(Protocol):
    """The part of the record that the engine needs."""

    def read(self, after: int, limit: int = 1000, *, until: int | None = None) -> Sequence[Row]:
        """Return at most `limit` rows with after < position <= until, in order."""

    def head(self) -> int:
        """Return the position of the last fact, 0 when there is none."""

    def wait_beyond(self, position: int, timeout_seconds: float) -> bool:
        """Wait until there are facts after the position; return False after the timeout."""


class Seen(msgspec.Struct, Generic[ANY_FACT], frozen=True, gc=False):
    """A fact with its position in the record, its subject and the version of the subject."""

    position: int
    subject_id: UUID
    version: int
    fact: ANY_FACT


def on(*kinds: type[Fact]) -> Callable[[HANDLER], HANDLER]:
    """Mark a method as the handler of these facts."""

    def mark(handler: HANDLER) -> HANDLER:
        handler.__dict__["handles"] = kinds
        return handler

    return mark


def counter(name: str) -> Column[int]:
    """Return a column for `batch.add`: an integer with default 0."""
    return Column(name, BigInteger, nullable=False, default=0)


class TableMaker:
    """Defines the tables of one generation: `table("ballot", Column(...), Index(...))`.

    Physical names are `<projection>_<table>_<generation>`, so that two generations can coexist.
    Each table needs a primary key, by which the write buffer identifies rows. A column left out
    of a row takes its scalar `default=`, or else NULL. Other indexes are for pages only, and are
    built when a rebuild is complete. Foreign keys are not allowed.
    """

    def __init__(self, projection: str, generation: int, schema: str | None) -> None:
        self.projection = projection
        self.generation = generation
        self.metadata = MetaData(schema=schema)

    def __call__(self, name: str, *items: Column[Any] | Index | SchemaItem) -> Table:
        """Define one table."""
        physical = f"{self.projection}_{name}_{self.generation}"
        assert len(physical) <= IDENTIFIER_LENGTH_MAX, physical
        for item in items:
            if isinstance(item, Index):
                index = f"{physical}_{item.name}"
                assert len(index) <= IDENTIFIER_LENGTH_MAX, index
                item.name = quoted_name(index, None)
        columns = [item for item in items if isinstance(item, Column)]
        keys = [column for column in columns if column.primary_key]
        assert keys, f"{physical} has no primary key"
        assert not any(column.foreign_keys for column in columns)
        for column in keys:
            column.autoincrement = False
        # One B-tree on SQLite instead of a table and an index on its key.
        return Table(physical, self.metadata, *items, sqlite_with_rowid=False)


class Projection:
    """A read model: the data that a family of pages needs, derived from the facts.

    `name`: lower case, permanent, the prefix of its tables. `version`: increase it when a table
    or the meaning of a handler changes; the engine then rebuilds beside the old tables and
    swaps. There is one instance per generation; pages get the current one from
    `views.reader(TheProjection)`.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    handlers: ClassVar[Mapping[str, str]] = {}
    """Topic -> name of the method that handles it."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        found: dict[str, str] = {}
        for attribute, value in vars(cls).items():
            kinds: tuple[type[Fact], ...] = getattr(value, "handles", ())
            for kind in kinds:
                assert FACTS.get(kind.TOPIC) is kind, kind
                assert kind.TOPIC not in found, f"{kind.TOPIC} has two handlers in {cls.__name__}"
                found[kind.TOPIC] = attribute
        cls.handlers = {**cls.handlers, **found}

    def __init__(self, generation: int, schema: str | None = None) -> None:
        self.generation = generation
        maker = TableMaker(self.name, generation, schema)
        self.define(maker)
        self.metadata = maker.metadata
        self.tables: list[Table] = list(maker.metadata.tables.values())
        self.bound: dict[str, Callable[[Batch, Seen[Any]], None]] = {
            topic: getattr(self, method) for topic, method in self.handlers.items()
        }

    def define(self, table: TableMaker) -> None:
        """Define the tables, as attributes of this instance."""
        raise NotImplementedError  # every read model has its own

    def prefetch(self, batch: Batch, events: Sequence[Seen[Any]]) -> None:
        """Read the rows that the handlers will `get`, in bulk with `batch.prefetch`.

        `events`: those of the batch that this projection handles. Never needed for
        correctness: without it `batch.get` reads one row at a time.
        """

    def handle(self, batch: Batch, events: Sequence[tuple[str, Seen[Any]]]) -> None:
        """Apply facts, given with their topics, to the batch."""
        mine = [(self.bound[topic], seen) for topic, seen in events if topic in self.bound]
        if not mine:
            return
        batch.position = mine[0][1].position
        self.prefetch(batch, [seen for _, seen in mine])
        for handler, seen in mine:
            batch.position = seen.position
            handler(batch, seen)

    @classmethod
    @cache  # called for every page, and defining the tables takes milliseconds
    def shape(cls) -> str:
        """Return a digest of the columns: two versions of code can read the same shape."""
        text = ";".join(
            f"{table.name}({','.join(_column(column) for column in table.columns)})"
            for table in cls(0).tables
        )
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _column(column: Column[Any]) -> str:
    return f"{column.name} {column.type!r} {column.primary_key:d}{column.nullable:d}"


class Undecodable(Exception):  # noqa: N818  it says what was met
    """The stored bytes cannot be decoded as their topic."""

    def __init__(self, topic: str, position: int, reason: str) -> None:
        super().__init__(f"the fact {topic} at position {position} cannot be read: {reason}")
        self.topic = topic
        self.position = position


_DECODERS: dict[str, msgspec.json.Decoder[Fact]] = {}


def decode(rows: Iterable[Row], topics: Collection[str]) -> list[tuple[str, Seen[Any]]]:
    """Decode the rows with these topics, each once for all projections. Raises Undecodable."""
    decoded = []
    for position, subject_id, version, topic, state in rows:
        if topic in topics:
            decoder = _DECODERS.get(topic)
            if decoder is None:
                decoder = _DECODERS[topic] = msgspec.json.Decoder(FACTS[topic])
            try:
                fact = decoder.decode(state)
            except msgspec.DecodeError as error:
                raise Undecodable(topic, position, str(error)) from error
            decoded.append((topic, Seen(position, subject_id, version, fact)))
    return decoded
