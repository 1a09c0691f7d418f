"""The bookkeeping of read models: which generations there are and how far each has come."""

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    inspect,
    select,
    text,
    tuple_,
    update,
)

LIVE = "live"
"""Pages show it."""
BUILDING = "building"
"""It becomes live when it has caught up."""
RETIRED = "retired"
"""Replaced; kept a moment for pages that are being made from it."""
SCRATCH = "scratch"
"""Built by the one process that asked for it; others leave it alone."""
DROPPED = "dropped"
"""Its tables are gone."""

ADVISORY_LOCK = 0x666F6C6B6D6F6F74
"""Held on PostgreSQL while tables are made, which two processes cannot do at once."""


class Generation(NamedTuple):
    """One set of tables of one projection.

    `position`, `anchor`: the last fact applied, and a digest of it, which tells when the
    record is not the one that these tables were made from.
    """

    name: str
    generation: int
    version: int
    shape: str
    state: str
    tables: str
    position: int
    anchor: str
    error: str | None
    error_position: int | None
    changed_at: float


def bookkeeping(db: Connection) -> Table:
    """Return the table of generations, of the database this connection is to."""
    return _TABLES[db.dialect.name]


def _table(schema: str | None) -> Table:
    return Table(
        "projection",
        MetaData(schema=schema),
        Column("name", String, primary_key=True),
        Column("generation", Integer, primary_key=True, autoincrement=False),
        Column("version", Integer, nullable=False),
        Column("shape", String, nullable=False),
        Column("state", String, nullable=False),
        Column("tables", Text, nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("anchor", String, nullable=False),
        Column("error", Text),
        Column("error_position", BigInteger),
        Column("changed_at", Float, nullable=False),
    )


_TABLES = {"sqlite": _table(None), "postgresql": _table("views")}


def lock(db: Connection) -> None:
    """Let one process at a time make or drop tables, until the transaction ends."""
    if db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK)))


def hold(db: Connection) -> None:
    """Keep every row as it is until the transaction ends.

    Locked in the order in which `advance` locks, or the two could block each other.
    """
    if db.dialect.name == "postgresql":
        table = bookkeeping(db)
        ordered = select(table.c.name).order_by(table.c.name, table.c.generation)
        db.execute(ordered.with_for_update())


def create_bookkeeping(db: Connection) -> None:
    """Make the table of generations unless it is there.

    Read models kept by another release of this engine, in other columns, are thrown away.
    """
    table = bookkeeping(db)
    with db.begin():
        lock(db)
        if table.schema is not None:
            db.execute(text(f"CREATE SCHEMA IF NOT EXISTS {table.schema}"))
        look = inspect(db)
        if look.has_table(table.name, schema=table.schema):
            found = {column["name"] for column in look.get_columns(table.name, table.schema)}
            if found == set(table.columns.keys()):
                return
            everything = MetaData(schema=table.schema)
            everything.reflect(db)
            everything.drop_all(db)
        table.create(db)


def all_generations(db: Connection) -> list[Generation]:
    """Return every generation that has tables, by name and number."""
    table = bookkeeping(db)
    there = select(table).where(table.c.state != DROPPED)
    rows = db.execute(there.order_by(table.c.name, table.c.generation))
    return [Generation(*row) for row in rows]


def add_generation(db: Connection, name: str, version: int, shape: str, state: str) -> int:
    """Enter a new generation at position 0, and return its number, never used before."""
    table = bookkeeping(db)
    highest = db.scalar(select(func.max(table.c.generation)).where(table.c.name == name))
    number = int(highest or 0) + 1
    row = Generation(name, number, version, shape, state, "", 0, "", None, None, time.time())
    db.execute(table.insert(), row._asdict())
    return number


def note(db: Connection, name: str, generation: int, **columns: Any) -> None:
    """Change the bookkeeping of a generation, all but its position."""
    assert "position" not in columns
    table = bookkeeping(db)
    columns["changed_at"] = time.time()
    db.execute(update(table).where(_these(table, [(name, generation)])).values(**columns))


def advance(db: Connection, rows: Sequence[Generation], position: int, anchor: str) -> bool:
    """Move generations from their position to a later one, all or none: False if any had moved.

    This comparison is what keeps two workers from applying the same facts twice.
    """
    table = bookkeeping(db)
    (old,) = {row.position for row in rows}
    assert position > old
    mine = _these(table, [row[:2] for row in rows])
    if db.dialect.name == "postgresql":
        # Locked in one order, or two workers with several rows each could block each other.
        ordered = select(table.c.name).where(mine).order_by(table.c.name, table.c.generation)
        db.execute(ordered.with_for_update())
    moved = db.execute(
        update(table)
        .where(mine, table.c.position == old, table.c.error.is_(None), table.c.state != DROPPED)
        .values(position=position, anchor=anchor, changed_at=time.time())
    )
    return moved.rowcount == len(rows)


def swap(db: Connection, row: Generation) -> bool:
    """Make a generation live and retire the one before; False if that is ahead of it."""
    lock(db)
    rows = [other for other in all_generations(db) if other.name == row.name]
    now = next(other for other in rows if other.generation == row.generation)
    live = [other for other in rows if other.state == LIVE]
    if now.state != row.state or any(other.position > now.position for other in live):
        return False
    for other in live:
        note(db, other.name, other.generation, state=RETIRED)
    note(db, row.name, row.generation, state=LIVE)
    return True


def drop(db: Connection, row: Generation) -> None:
    """Drop the tables of a generation; its number stays taken."""
    lock(db)
    schema = bookkeeping(db).schema
    for name in row.tables.split():
        Table(name, MetaData(schema=schema)).drop(db, checkfirst=True)
    note(db, row.name, row.generation, state=DROPPED, tables="")


def _these(table: Table, keys: Sequence[tuple[str, int]]) -> ColumnElement[bool]:
    return tuple_(table.c.name, table.c.generation).in_(keys)
