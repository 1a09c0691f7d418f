"""The set-up of a site that has no partnership yet."""

from alembic import op
from sqlalchemy import Column, DateTime, String, Uuid

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "setting_up",
        Column("name", String(10), primary_key=True),
        Column("token_hash", String(64), nullable=False),
        Column("expires_at", DateTime(timezone=True), nullable=False),
        Column("browser_hash", String(64), nullable=False),
        Column("staff_id", Uuid),
        Column("slug", String(60), nullable=False),
        comment="the link that sets up a site, and who used it; gone with its first partnership",
    )
