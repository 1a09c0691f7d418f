"""Until when answers are in the public log, which whoever sends them is told at once."""

from datetime import datetime, timedelta

from consult.sealing.groups import due_of
from events.store.mapper import FactMapper
from events.store.record import Record

TOLERANCE = timedelta(minutes=10)
"""How long after the end of its hour a group is sealed at the latest: the sealer may start anew."""


def deadline_of(at: datetime) -> datetime:
    """Return when answers are in the log at the latest. `at`: when they were recorded."""
    return due_of(at) + TOLERANCE


def deadline_at(record: Record, position: int) -> datetime:
    """Return when the answers at a position of the record are in the log at the latest."""
    [row] = record.read(position - 1, 1)
    return deadline_of(FactMapper().decode(row.topic, row.state).at)
