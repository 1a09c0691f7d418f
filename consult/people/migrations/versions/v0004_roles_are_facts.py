"""What staff may do is in the record: the table of roles goes, and what it says becomes facts."""

from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from alembic import op
from sqlalchemy import Column, MetaData, String, Table, Uuid

from consult.access import SYSTEM
from events import By, Conflict, StaffMember
from events.store.record import Record, create_schema

revision = "0004"
down_revision = "0003"

ROLE = Table(
    "role",
    MetaData(),
    Column("staff_id", Uuid),
    Column("partnership_id", Uuid),
    Column("role", String(40)),
)


def upgrade() -> None:
    """Record each role, then drop the table.

    The facts are durable before the table goes. If a process dies in between, the next one finds
    that those people have facts already.
    """
    rows = op.get_bind().execute(ROLE.select()).all()
    if rows:
        _record({row.staff_id: [r for r in rows if r.staff_id == row.staff_id] for row in rows})
    op.drop_table("role")


def _record(held: dict[UUID, list[Any]]) -> None:
    settings = op.get_context().config
    assert settings is not None
    url = settings.attributes["database_url"]
    create_schema(url)
    by, at = By(role=SYSTEM), datetime.now(UTC)
    with closing(Record(url, accept_loss=True)) as record:  # what is lost goes with the vault's
        for id, rows in held.items():
            person = StaffMember.begin(id, StaffMember.AccountMade(at=at, by=by))
            for row in rows:
                person.grant(row.partnership_id, row.role, (), at=at, by=by)
            with suppress(Conflict):
                record.save(person)
