"""Recovery codes, for whoever loses their passkeys."""

from alembic import op
from sqlalchemy import Column, DateTime, String, Uuid

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "recovery_code",
        Column("staff_id", Uuid, primary_key=True),
        Column("code_hash", String(43), nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False),
        comment="what somebody on the staff wrote down in case their passkeys are lost, as a keyed "
        "hash; gone when used",
    )
