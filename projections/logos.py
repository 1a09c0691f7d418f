"""Logos of partnerships, by the digest in their address."""

from sqlalchemy import Column, Connection, LargeBinary, String, select

from events import Partnership
from projections.engine.projection import Batch, Projection, Seen, TableMaker, on


class Logos(Projection):
    """Every logo that was ever set, so that published addresses stay valid."""

    name = "logos"
    version = 1

    def define(self, table: TableMaker) -> None:
        """Define the table."""
        self.logo = table(
            "logo",
            Column("digest", String(64), primary_key=True),
            Column("content", LargeBinary, nullable=False),
        )

    @on(Partnership.LookSet)
    def keep(self, batch: Batch, seen: Seen[Partnership.LookSet]) -> None:
        """Store the picture, if the fact has one."""
        if seen.fact.picture:
            batch.upsert(self.logo, {"digest": seen.fact.look.logo}, {"content": seen.fact.picture})

    def content(self, db: Connection, digest: str) -> bytes | None:
        """Return a picture by its digest."""
        query = select(self.logo.c.content).where(self.logo.c.digest == digest)
        found = db.execute(query).scalar()
        return bytes(found) if found is not None else None
