"""The facts that were read and wait for their group, stored in one transaction with the head.

So whatever dies, each public fact up to the head's position either has an entry or waits here.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select

from consult.log_store import tables
from consult.log_store.store import LogStore


class WaitingFact(NamedTuple):
    """A fact by its place in the record. `due`: when it is sealed at the latest."""

    position: int
    subject_id: UUID
    version: int
    due: datetime


class Waits(NamedTuple):
    """What an append changes: the facts that begin to wait, and positions that no longer do."""

    begun: Sequence[WaitingFact] = ()
    ended: Collection[int] = ()


def waiting_facts(log: LogStore) -> list[WaitingFact]:
    """Return the facts that wait, in the order of the record."""
    table = tables.waiting
    with log.read() as db:
        rows = db.execute(select(table).order_by(table.c.position))
        return [WaitingFact(row.position, row.subject_id, row.version, row.due) for row in rows]


def store_waits(db: Connection, waits: Waits) -> None:
    """Store what begins and what ends to wait, in the transaction of this connection."""
    table = tables.waiting
    if waits.ended:
        ended = [{"ended": position} for position in waits.ended]
        db.execute(delete(table).where(table.c.position == bindparam("ended")), ended)
    if waits.begun:
        db.execute(insert(table), [one._asdict() for one in waits.begun])
