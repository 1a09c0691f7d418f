"""The read model of declared interests: what each is, since when, and whether it has ended."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Column, Connection, Index, Text, Uuid, select

from events.partnership import Organisation
from events.partnerships.interest import Declaration, Interest
from events.question import Text as Words
from projections.engine.projection import Batch, Projection, Seen, TableMaker, on


class InterestPage(Declaration, msgspec.Struct, omit_defaults=True):
    """The current state of one interest; facts apply to it as to the subject itself."""

    id: UUID = UUID(int=0)
    partnership_id: UUID = UUID(int=0)
    organisation: Organisation = Organisation("", {}, "")
    what: Words = {}
    since: date = date.min
    until: date | None = None
    consultation_id: UUID | None = None


class Interests(Projection):
    """Every interest, in the order of declaration."""

    name = "interests"
    version = 1

    def define(self, table: TableMaker) -> None:
        """Define the table."""
        self.interest = table(
            "interest",
            Column("id", Uuid, primary_key=True),
            Column("partnership_id", Uuid, nullable=False),
            Column("position", BigInteger, nullable=False),
            Column("document", Text, nullable=False),
            Index("by_partnership", "partnership_id", "position"),
        )

    @on(Interest.Declared, Interest.Ended)
    def apply(self, batch: Batch, seen: Seen[Any]) -> None:
        """Apply the fact to the page."""
        row = batch.get(self.interest, {"id": seen.subject_id})
        page = _PAGES.decode(row["document"]) if row else InterestPage(id=seen.subject_id)
        seen.fact.apply(page)
        batch.upsert(
            self.interest,
            {"id": seen.subject_id},
            {
                "partnership_id": page.partnership_id,
                "position": row["position"] if row else seen.position,
                "document": msgspec.json.encode(page).decode(),
            },
        )

    def of_partnership(self, db: Connection, partnership_id: UUID) -> list[InterestPage]:
        """Return the interests in a partnership: the current ones, then the ended; newest first."""
        table = self.interest.c
        query = select(table.document).where(table.partnership_id == partnership_id)
        rows = db.execute(query.order_by(table.position.desc()))
        pages = [_PAGES.decode(row.document) for row in rows]
        return sorted(pages, key=lambda page: page.until is not None)


_PAGES = msgspec.json.Decoder(InterestPage)
