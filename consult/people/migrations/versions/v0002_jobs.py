"""Jobs, and what the background tries in vain."""

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, Integer, String, Text, Uuid

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the two tables."""
    op.create_table(
        "trouble",
        Column("duty", String(100), primary_key=True),
        Column("failures", Integer, nullable=False),
        Column("reason", String(500), nullable=False),
        Column("since", DateTime(timezone=True), nullable=False),
        comment="what the background tries in vain at the moment, and why; gone when it goes on",
    )
    op.create_table(
        "job",
        Column("id", Uuid, primary_key=True),
        Column("kind", String(40), nullable=False),
        Column("parameters", Text, nullable=False),
        Column("idempotency_key", String(100), nullable=False, unique=True),
        Column("asked_by", String(64), nullable=False),
        Column("role", String(40), nullable=False),
        Column("place", String(36), nullable=False),
        Column("consultation_id", Uuid),
        Column("language", String(8), nullable=False),
        Column("state", String(10), nullable=False),
        Column("next_at", DateTime(timezone=True), nullable=False),
        Column("done", BigInteger, nullable=False),
        Column("total", BigInteger, nullable=False),
        Column("tries", Integer, nullable=False),
        Column("reason", String(500), nullable=False),
        Column("asked_at", DateTime(timezone=True), nullable=False),
        Column("ended_at", DateTime(timezone=True)),
        Column("expires_at", DateTime(timezone=True)),
        Column("size_bytes", BigInteger),
        Column("digest", String(64)),
        comment="work that takes long: who asked for it, how far it is, and which file it made; "
        "gone when the file is",
    )
    op.create_index("job_by_turn", "job", ["state", "next_at"])
    op.create_index("job_by_person", "job", ["asked_by"])
