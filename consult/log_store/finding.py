"""Find the log entries of many facts of the record."""

from collections.abc import Collection

from sqlalchemy import select

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
