"""Sign-in links know which browser asked for them, and the code that it shows."""

from alembic import op
from sqlalchemy import Column, Integer, String

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what a link is confirmed by; links of before have none of it."""
    op.add_column("sign_in_link", Column("asked_in", String(64)))
    op.add_column("sign_in_link", Column("code_hash", String(43)))
    op.add_column("sign_in_link", Column("tries", Integer))
