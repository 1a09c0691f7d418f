"""The tables of the vault."""

from sqlalchemy import (
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    Uuid,
)

metadata = MetaData()

key = Table(
    "key",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    comment="secrets: one per consultation, and those of the site",
)

draft = Table(
    "draft",
    metadata,
    Column("id", String(64), nullable=False),
    Column("consultation_id", Uuid, nullable=False),
    Column("content", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("id", "consultation_id"),
    Index("draft_by_age", "changed_at"),
    comment="answers not sent yet; id is a hash of the secret in the person's browser",
)

free_text = Table(
    "free_text",
    metadata,
    Column("commitment", String(64), primary_key=True),
    Column("consultation_id", Uuid, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("question_id", String(64), nullable=False),
    Column("words", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Index("free_text_by_subject", "subject_id"),
    Index("free_text_by_consultation", "consultation_id"),
    comment="what people wrote; the record holds only the commitment",
)

staff = Table(
    "staff",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
)

role = Table(
    "role",
    metadata,
    Column("staff_id", Uuid, nullable=False),
    Column("partnership_id", Uuid, nullable=False),
    Column("role", String(40), nullable=False),
    PrimaryKeyConstraint("staff_id", "partnership_id", "role"),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", Uuid, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used", Integer, nullable=False, default=0),
)
