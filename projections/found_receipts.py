"""Find in the ballot box what a code belongs to, and how it stands now."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Table, select

COUNTED, REPLACED, WITHDRAWN = "counted", "replaced", "withdrawn"
STANDINGS = (COUNTED, REPLACED, WITHDRAWN)
"""How the answers of a receipt stand beside those that came later."""


class Found(NamedTuple):
    """A submission that a receipt belongs to. `standing`: one of STANDINGS."""

    subject_id: UUID
    consultation_id: UUID
    version: int
    is_ballot: bool
    position: int
    standing: str
    channel: str
    desk: str


def find(db: Connection, ballot: Table, column: Any, value: str) -> Found | None:
    """Return the first version with this value in a column, and the standing of its answers."""
    if not value:  # as of answers from a desk, whose changing code nobody has
        return None
    table = ballot.c
    versions = list(db.execute(select(ballot).where(column == value).order_by(table.version)))
    if not versions:
        return None
    given = versions[0]
    latest = db.execute(
        select(table.answers, table.version, table.receipt).where(
            table.subject_id == given.subject_id, table.valid_to.is_(None)
        )
    ).one()
    standing = COUNTED
    if latest.answers is None:
        standing = WITHDRAWN
    elif latest.receipt != given.receipt:
        standing = REPLACED
    return Found(
        given.subject_id,
        given.consultation_id,
        given.version,
        given.is_ballot,
        given.valid_from,
        standing,
        given.channel,
        given.desk,
    )
