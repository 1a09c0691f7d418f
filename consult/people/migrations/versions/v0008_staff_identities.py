"""Accounts elsewhere that staff sign in with."""

from alembic import op
from sqlalchemy import Column, String, Uuid

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "staff_identity",
        Column("who_hash", String(43), primary_key=True),
        Column("staff_id", Uuid, nullable=False),
        comment="accounts elsewhere that staff sign in with, as a keyed hash",
    )
    op.create_index("staff_identity_by_person", "staff_identity", ["staff_id"])
