"""Passkeys; and sessions know how they were begun, where, and when a passkey was last used."""

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, String, Uuid

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table; sessions that have begun before know none of it."""
    op.create_table(
        "passkey",
        Column("credential_id", String(1400), primary_key=True),
        Column("staff_id", Uuid, nullable=False),
        Column("public_key", LargeBinary, nullable=False),
        Column("counter", BigInteger, nullable=False),
        Column("name", String(100), nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False),
        Column("used_at", DateTime(timezone=True)),
        comment="what signs people in who run consultations: the public half; the other is with "
        "them",
    )
    op.create_index("passkey_by_person", "passkey", ["staff_id"])
    op.add_column("staff_session", Column("way", String(10)))
    op.add_column("staff_session", Column("device", String(60)))
    op.add_column("staff_session", Column("confirmed_at", DateTime(timezone=True)))
