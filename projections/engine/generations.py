"""The bookkeeping of read models: their generations and the position of each."""

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
"""Pages read it."""
BUILDING = "building"
"""It becomes live when it has caught up."""
RETIRED = "retired"
"""Replaced; kept for a while for pages that are still reading it."""
SCRATCH = "scratch"
"""Filled by the one process that created it; others ignore it."""
DROPPED = "dropped"
"""Its tables are gone."""

ADVISORY_LOCK = 0x666F6C6B6D6F6F74
"""Held on PostgreSQL while tables are created or dropped, which must not be concurrent."""


class Generation(NamedTuple):
    """One set of tables of one projection.

    `position`, `anchor`: the last fact applied, and a digest of it, which detects that the
    record is not the one that these tables were built from.
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
    """Return the table of generations for the connection's kind of database."""
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
    """Take the lock for creating or dropping tables, until the transaction ends."""
    if db.dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK)))


def hold(db: Connection) -> None:
    """Lock every row until the transaction ends.

    The order is that of `advance`, or the two could deadlock.
    """
    if db.dialect.name == "postgresql":
        table = bookkeeping(db)
        ordered = select(table.c.name).order_by(table.c.name, table.c.generation)
        db.execute(ordered.with_for_update())


def create_bookkeeping(db: Connection) -> None:
    """Create the table of generations if it is missing.

    Read models of another version of this engine, with other columns, are dropped.
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
    """Insert a new generation at position 0, and return its number, never used before."""
    table = bookkeeping(db)
    highest = db.scalar(select(func.max(table.c.generation)).where(table.c.name == name))
    number = int(highest or 0) + 1
    row = Generation(name, number, version, shape, state, "", 0, "", None, None, time.time())
    db.execute(table.insert(), row._asdict())
    return number


def note(db: Connection, name: str, generation: int, **columns: Any) -> None:
    """Update the bookkeeping of a generation, except its position."""
    assert "position" not in columns
    table = bookkeeping(db)
    columns["changed_at"] = time.time()
    db.execute(update(table).where(_these(table, [(name, generation)])).values(**columns))


def advance(db: Connection, rows: Sequence[Generation], position: int, anchor: str) -> bool:
    """Advance generations to a later position, all or none; return False if any had moved.

    This compare-and-set prevents two workers from applying the same facts twice.
    """
    table = bookkeeping(db)
    (old,) = {row.position for row in rows}
    assert position > old
    mine = _these(table, [row[:2] for row in rows])
    if db.dialect.name == "postgresql":
        # Locked in a fixed order, or two workers with several rows each could deadlock.
        ordered = select(table.c.name).where(mine).order_by(table.c.name, table.c.generation)
        db.execute(ordered.with_for_update())
    moved = db.execute(
        update(table)
        .where(mine, table.c.position == old, table.c.error.is_(None), table.c.state != DROPPED)
        .values(position=position, anchor=anchor, changed_at=time.time())
    )
    return moved.rowcount == len(rows)


def swap(db: Connection, row: Generation) -> bool:
    """Make a generation live and retire the one before; return False if that is ahead of it."""
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
    """Drop the tables of a generation; its number is not used again."""
    lock(db)
    schema = bookkeeping(db).schema
    for name in row.tables.split():
        Table(name, MetaData(schema=schema)).drop(db, checkfirst=True)
    note(db, row.name, row.generation, state=DROPPED, tables="")


def _these(table: Table, keys: Sequence[tuple[str, int]]) -> ColumnElement[bool]:
    return tuple_(table.c.name, table.c.generation).in_(keys)
