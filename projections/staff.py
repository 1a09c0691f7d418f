"""The read model of roles: who has which in which partnership, and who had it at any position."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, Index, String, Uuid, or_, select

from events.staff.roles import StaffMember
from projections.engine.projection import Batch, Projection, Seen, TableMaker, on


class Holding(NamedTuple):
    """A role of a person, from the position of its grant up to that of its end, if it has ended."""

    person_id: UUID
    partnership_id: UUID
    role: str
    valid_from: int
    valid_to: int | None


class Staff(Projection):
    """Every role that somebody was given, with the positions between which they had it."""

    name = "staff"
    version = 1

    def define(self, table: TableMaker) -> None:
        """Define the tables. `current`: the position at which a role that is held was given."""
        self.holding = table(
            "holding",
            Column("valid_from", BigInteger, primary_key=True),
            Column("person_id", Uuid, nullable=False),
            Column("partnership_id", Uuid, nullable=False),
            Column("role", String(40), nullable=False),
            Column("valid_to", BigInteger),
            Index("by_partnership", "partnership_id", "valid_from"),
        )
        self.current = table(
            "current",
            Column("person_id", Uuid, primary_key=True),
            Column("partnership_id", Uuid, primary_key=True),
            Column("role", String(40), primary_key=True),
            Column("valid_from", BigInteger, nullable=False),
        )

    @on(StaffMember.RoleGranted)
    def grant(self, batch: Batch, seen: Seen[StaffMember.RoleGranted]) -> None:
        """Begin a holding."""
        key = _key(seen)
        batch.insert(self.holding, {"valid_from": seen.position, **key})
        batch.insert(self.current, {**key, "valid_from": seen.position})

    @on(StaffMember.RoleEnded)
    def end(self, batch: Batch, seen: Seen[StaffMember.RoleEnded]) -> None:
        """End the holding that there is."""
        held = batch.get(self.current, _key(seen))
        assert held is not None, "only a role that is held ends"
        batch.delete(self.current, _key(seen))
        batch.update(self.holding, {"valid_from": held["valid_from"]}, {"valid_to": seen.position})

    def of_partnership(
        self, db: Connection, partnership_id: UUID, position: int | None = None
    ) -> list[Holding]:
        """Return who has which role in a partnership, or had right after the fact at `position`."""
        table = self.holding.c
        here = select(self.holding).where(table.partnership_id == partnership_id)
        if position is None:
            here = here.where(table.valid_to.is_(None))
        else:
            later = or_(table.valid_to.is_(None), table.valid_to > position)
            here = here.where(table.valid_from <= position, later)
        rows = db.execute(here.order_by(table.valid_from))
        return [
            Holding(row.person_id, row.partnership_id, row.role, row.valid_from, row.valid_to)
            for row in rows
        ]

    def everybody_with(self, db: Connection, roles: Collection[str]) -> set[UUID]:
        """Return everybody who has one of these roles in any partnership."""
        table = self.current.c
        return set(db.execute(select(table.person_id).where(table.role.in_(roles))).scalars())


def _key(seen: Seen[StaffMember.RoleGranted] | Seen[StaffMember.RoleEnded]) -> dict[str, object]:
    fact = seen.fact
    return {
        "person_id": seen.subject_id,
        "partnership_id": fact.partnership_id,
        "role": fact.role,
    }
