"""The read model of partnerships: their current state."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Column, Connection, String, Text, Uuid, select

from events import Partnership
from events.particulars import Particulars
from events.partnership import Constitution, Organisation, Standing, Ward
from events.question import Text as Words
from events.theme import Look
from projections.engine.projection import Batch, Projection, Seen, TableMaker, on


class PartnershipPage(Standing, msgspec.Struct, omit_defaults=True):
    """The current state of one partnership; facts apply to it as to the subject itself."""

    id: UUID = UUID(int=0)
    slug: str = ""
    name: Words = {}
    area: Words = {}
    profile: str = "none"
    languages: tuple[str, ...] = ()
    wards: tuple[Ward, ...] = ()
    population_source: str | Words = ""
    members: dict[str, Organisation] = {}
    sub_partnerships: dict[str, Words] = {}
    statutory_bases: dict[str, str] = {}
    constitution: Constitution = Constitution()
    look: Look = Look()
    particulars: Particulars = Particulars()

    def ward(self, code: str) -> Ward | None:
        """Find a ward by its code."""
        return next((ward for ward in self.wards if ward.code == code), None)


class Partnerships(Projection):
    """Every partnership."""

    name = "partnerships"
    version = 3

    def define(self, table: TableMaker) -> None:
        """Define the table."""
        self.partnership = table(
            "partnership",
            Column("id", Uuid, primary_key=True),
            Column("slug", String(60), nullable=False),
            Column("formed_position", BigInteger, nullable=False),
            Column("document", Text, nullable=False),
        )

    @on(
        Partnership.Formed,
        Partnership.AreaDefined,
        Partnership.MemberJoined,
        Partnership.MemberLeft,
        Partnership.SubPartnershipCreated,
        Partnership.LookSet,
        Partnership.Redescribed,
        Partnership.Constituted,
        Partnership.ParticularsStated,
    )
    def apply(self, batch: Batch, seen: Seen[Any]) -> None:
        """Apply the fact to the page."""
        row = batch.get(self.partnership, {"id": seen.subject_id})
        page = _PAGES.decode(row["document"]) if row else PartnershipPage(id=seen.subject_id)
        seen.fact.apply(page)
        batch.upsert(
            self.partnership,
            {"id": seen.subject_id},
            {
                "slug": page.slug,
                "formed_position": row["formed_position"] if row else seen.position,
                "document": msgspec.json.encode(page).decode(),
            },
        )

    def by_id(self, db: Connection, id: UUID) -> PartnershipPage | None:
        """Find a partnership by its id."""
        query = select(self.partnership.c.document).where(self.partnership.c.id == id)
        document = db.execute(query).scalar()
        return _PAGES.decode(document) if document else None

    def by_slug(self, db: Connection, slug: str) -> PartnershipPage | None:
        """Find a partnership by its short name."""
        query = select(self.partnership.c.document).where(self.partnership.c.slug == slug)
        document = db.execute(query).scalar()
        return _PAGES.decode(document) if document else None

    def all(self, db: Connection, limit: int = 100) -> list[PartnershipPage]:
        """List partnerships, oldest first."""
        table = self.partnership.c
        query = select(table.document).order_by(table.formed_position).limit(limit)
        return [_PAGES.decode(row.document) for row in db.execute(query)]


_PAGES = msgspec.json.Decoder(PartnershipPage)
