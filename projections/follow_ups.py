"""The read model of "We asked, you said, we did": the current rows of each consultation."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Column, Connection, DateTime, Index, Integer, Text, Uuid, select

from events.follow_up import FollowUp, Row
from projections.engine.projection import Batch, Projection, Seen, TableMaker, on


class Shown(msgspec.Struct, frozen=True):
    """One row. `version`: 1 when first published; `changed_at`: of the latest version, UTC."""

    id: UUID
    row: Row
    version: int
    published_at: datetime
    changed_at: datetime


class FollowUps(Projection):
    """Every row, in the order of first publication."""

    name = "follow_ups"
    version = 1

    def define(self, table: TableMaker) -> None:
        """Define the table."""
        self.follow_up = table(
            "follow_up",
            Column("id", Uuid, primary_key=True),
            Column("consultation_id", Uuid, nullable=False),
            Column("position", BigInteger, nullable=False),
            Column("version", Integer, nullable=False),
            Column("published_at", DateTime(timezone=True), nullable=False),
            Column("changed_at", DateTime(timezone=True), nullable=False),
            Column("document", Text, nullable=False),
            Index("by_consultation", "consultation_id", "position"),
        )

    @on(FollowUp.Published)
    def publish(self, batch: Batch, seen: Seen[FollowUp.Published]) -> None:
        """Insert the row."""
        batch.insert(
            self.follow_up,
            {
                "id": seen.subject_id,
                "consultation_id": seen.fact.consultation_id,
                "position": seen.position,
                "version": seen.version,
                "published_at": seen.fact.at,
                "changed_at": seen.fact.at,
                "document": msgspec.json.encode(seen.fact.row).decode(),
            },
        )

    @on(FollowUp.Changed)
    def change(self, batch: Batch, seen: Seen[FollowUp.Changed]) -> None:
        """Replace the row."""
        batch.update(
            self.follow_up,
            {"id": seen.subject_id},
            {
                "version": seen.version,
                "changed_at": seen.fact.at,
                "document": msgspec.json.encode(seen.fact.row).decode(),
            },
        )

    def of(self, db: Connection, consultation_id: UUID) -> list[Shown]:
        """Return the rows of a consultation, in order of first publication."""
        table = self.follow_up
        query = select(table).where(table.c.consultation_id == consultation_id)
        return [_shown(row) for row in db.execute(query.order_by(table.c.position))]


def _shown(row: Any) -> Shown:
    document = _ROWS.decode(row.document)
    return Shown(row.id, document, row.version, row.published_at, row.changed_at)


_ROWS = msgspec.json.Decoder(Row)
