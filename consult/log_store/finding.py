"""Find entries of the log by what they are about, and by what they were sealed with."""

from collections.abc import Collection
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from consult.log_store import tables
from consult.log_store.store import LogStore

PARAMETERS_MAX = 500


def indexes_of(log: LogStore, positions: Collection[int]) -> dict[int, int]:
    """Return the index of the entry of each fact that has one, by its position in the record."""
    table, wanted = tables.entry.c, list(positions)
    found: dict[int, int] = {}
    with log.read() as db:
        for at in range(0, len(wanted), PARAMETERS_MAX):
            mine = table.position.in_(wanted[at : at + PARAMETERS_MAX])
            rows = db.execute(select(table.position, table.index).where(mine))
            found |= {row.position: row.index for row in rows}
    return found


def signed_after(log: LogStore, index: int, consultation_id: UUID, kind: str) -> list[bytes]:
    """Return a consultation's entries of a kind after an index, in order.

    Only those that a published checkpoint covers.
    """
    table = tables.entry.c
    signed = select(func.max(tables.checkpoint.c.size)).scalar_subquery()
    mine = select(table.content).where(
        table.consultation_id == consultation_id,
        table.kind == kind,
        table.index > index,
        table.index < signed,
    )
    with log.read() as db:
        return [bytes(content) for content in db.execute(mine.order_by(table.index)).scalars()]


def latest_of_kind(log: LogStore, kind: str) -> bytes | None:
    """Return the last entry of a kind. It looks through the whole log: ask for it seldom."""
    mine = select(tables.entry.c.content).where(tables.entry.c.kind == kind)
    with log.read() as db:
        found = db.execute(mine.order_by(tables.entry.c.index.desc()).limit(1)).scalar()
    return bytes(found) if found is not None else None


def sealed_with(log: LogStore, index: int) -> int:
    """Return of how many responses there are entries in the group that an entry was sealed in.

    That is what whoever kept every checkpoint sees: entries about responses to one consultation,
    between two checkpoints, with nothing else of that consultation between them.
    """
    table, size = tables.entry.c, tables.checkpoint.c.size
    whose = select(table.consultation_id).where(table.index == index).scalar_subquery()
    begins = select(func.coalesce(func.max(size), 0)).where(size <= index).scalar_subquery()
    ends = select(func.min(size)).where(size > index).scalar_subquery()
    mine = select(table.index, table.content).where(
        table.consultation_id == whose, table.index >= begins, table.index < ends
    )
    with log.read() as db:
        rows = db.execute(mine.order_by(table.index)).all()
    together: set[str] = set()
    for at, content in rows:
        person = msgspec.json.decode(content).get("b")
        if person is None and at < index:
            together.clear()
        elif person is None:
            break
        else:
            together.add(person)
    return len(together)


def stamped_sizes(log: LogStore) -> list[int]:
    """Return the sizes of the checkpoints that were time-stamped, smallest first."""
    table = tables.stamp.c
    with log.read() as db:
        return list(db.scalars(select(table.size).order_by(table.size)))
