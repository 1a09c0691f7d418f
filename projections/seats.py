"""The read model of the seats of boards: who fills each, since when, or since when it is vacant."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Column, Connection, Index, Text, Uuid, select

from events.partnership import Organisation
from events.partnerships.seat import Seat, Seating
from events.question import Text as Words
from projections.engine.projection import Batch, Projection, Seen, TableMaker, on


class SeatPage(Seating, msgspec.Struct, omit_defaults=True):
    """The current state of one seat; facts apply to it as to the subject itself."""

    id: UUID = UUID(int=0)
    partnership_id: UUID = UUID(int=0)
    title: Words = {}
    sector: str = ""
    kept_for: Words = {}
    organisation: Organisation | None = None
    changed_on: date = date.min
    term_ends_on: date | None = None
    given_up_on: date | None = None

    def is_over(self, today: date) -> bool:
        """Return whether the term of whoever fills it has ended."""
        return self.term_ends_on is not None and self.term_ends_on < today


class Seats(Projection):
    """Every seat, in the order in which they were set up."""

    name = "seats"
    version = 1

    def define(self, table: TableMaker) -> None:
        """Define the table."""
        self.seat = table(
            "seat",
            Column("id", Uuid, primary_key=True),
            Column("partnership_id", Uuid, nullable=False),
            Column("position", BigInteger, nullable=False),
            Column("document", Text, nullable=False),
            Index("by_partnership", "partnership_id", "position"),
        )

    @on(Seat.SetUp, Seat.Filled, Seat.Vacated, Seat.GivenUp)
    def apply(self, batch: Batch, seen: Seen[Any]) -> None:
        """Apply the fact to the page."""
        row = batch.get(self.seat, {"id": seen.subject_id})
        page = _PAGES.decode(row["document"]) if row else SeatPage(id=seen.subject_id)
        seen.fact.apply(page)
        batch.upsert(
            self.seat,
            {"id": seen.subject_id},
            {
                "partnership_id": page.partnership_id,
                "position": row["position"] if row else seen.position,
                "document": msgspec.json.encode(page).decode(),
            },
        )

    def find(self, db: Connection, partnership_id: UUID, id: UUID) -> SeatPage | None:
        """Return a seat of a partnership, also one that was given up, or None."""
        table = self.seat.c
        mine = (table.id == id) & (table.partnership_id == partnership_id)
        document = db.execute(select(table.document).where(mine)).scalar()
        return _PAGES.decode(document) if document else None

    def of_partnership(self, db: Connection, partnership_id: UUID) -> list[SeatPage]:
        """Return the seats of a partnership, without those given up, in the order of setting up."""
        table = self.seat.c
        query = select(table.document).where(table.partnership_id == partnership_id)
        pages = [_PAGES.decode(row.document) for row in db.execute(query.order_by(table.position))]
        return [page for page in pages if page.given_up_on is None]


_PAGES = msgspec.json.Decoder(SeatPage)
