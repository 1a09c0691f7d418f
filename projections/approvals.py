"""The read model of acts that need two people: what was asked for, and what became of it."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Column, Connection, Index, String, Text, Uuid, select

from events.base import By
from events.staff.approvals import ALONE, GIVEN, WAITING, Approval, Asking
from projections.engine.projection import Batch, Projection, Seen, TableMaker, on

LISTED_MAX = 100


class ApprovalPage(Asking, msgspec.Struct, omit_defaults=True, kw_only=True):
    """The current state of one approval; facts apply to it as to the subject itself."""

    first: By
    id: UUID = UUID(int=0)
    partnership_id: UUID = UUID(int=0)
    act: str = ""
    content: str = ""
    digest: str = ""
    expires_at: datetime = datetime.min.replace(tzinfo=UTC)
    consultation_id: UUID | None = None
    second: By | None = None
    state: str = WAITING
    reason: str = ""

    def is_open(self, now: datetime) -> bool:
        """Return whether something can still come of it."""
        return self.state in (WAITING, GIVEN, ALONE) and now <= self.expires_at


class Approvals(Projection):
    """Every approval, in the order in which they were asked for."""

    name = "approvals"
    version = 1

    def define(self, table: TableMaker) -> None:
        """Define the table."""
        self.asked = table(
            "asked",
            Column("id", Uuid, primary_key=True),
            Column("partnership_id", Uuid, nullable=False),
            Column("position", BigInteger, nullable=False),
            Column("state", String(20), nullable=False),
            Column("document", Text, nullable=False),
            Index("by_partnership", "partnership_id", "position"),
        )

    @on(
        Approval.Asked,
        Approval.Given,
        Approval.TakenAlone,
        Approval.Declined,
        Approval.Expired,
        Approval.CarriedOut,
    )
    def apply(self, batch: Batch, seen: Seen[Any]) -> None:
        """Apply the fact to the page."""
        row = batch.get(self.asked, {"id": seen.subject_id})
        page = (
            _PAGES.decode(row["document"])
            if row
            else ApprovalPage(id=seen.subject_id, first=seen.fact.by)
        )
        seen.fact.apply(page)
        batch.upsert(
            self.asked,
            {"id": seen.subject_id},
            {
                "partnership_id": page.partnership_id,
                "position": row["position"] if row else seen.position,
                "state": page.state,
                "document": msgspec.json.encode(page).decode(),
            },
        )

    def of_partnerships(self, db: Connection, ids: Collection[UUID]) -> list[ApprovalPage]:
        """Return the latest in these partnerships, newest first, at most LISTED_MAX."""
        table = self.asked.c
        query = select(table.document).where(table.partnership_id.in_(ids))
        rows = db.execute(query.order_by(table.position.desc()).limit(LISTED_MAX))
        return [_PAGES.decode(row.document) for row in rows]

    def by_id(self, db: Connection, id: UUID) -> ApprovalPage | None:
        """Return one, or None."""
        table = self.asked.c
        found = db.execute(select(table.document).where(table.id == id)).scalar()
        return _PAGES.decode(found) if found is not None else None

    def open_ones(self, db: Connection) -> list[ApprovalPage]:
        """Return all of which something could still come, unless their time is up."""
        table = self.asked.c
        open_states = (WAITING, GIVEN, ALONE)
        rows = db.execute(select(table.document).where(table.state.in_(open_states)))
        return [_PAGES.decode(row.document) for row in rows]


_PAGES = msgspec.json.Decoder(ApprovalPage)
