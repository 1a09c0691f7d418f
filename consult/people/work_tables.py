"""The tables of the vault about work: jobs, and what the background tries in vain."""

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, String, Table, Text, Uuid

from consult.people.metadata import metadata

trouble = Table(
    "trouble",
    metadata,
    Column("duty", String(100), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    comment="what the background tries in vain at the moment, and why; gone when it goes on",
)

job = Table(
    "job",
    metadata,
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
    Index("job_by_turn", "state", "next_at"),
    Index("job_by_person", "asked_by"),
    comment="work that takes long: who asked for it, how far it is, and which file it made; gone "
    "when the file is",
)
