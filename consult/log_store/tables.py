"""The tables of the public log's own database."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    Uuid,
)

metadata = MetaData()


class Moment(TypeDecorator[datetime]):
    """A time in UTC; SQLite drops the zone, so it is restored."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002  as SQLAlchemy calls it
        """Convert it to UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002  as SQLAlchemy calls it
        """Restore the zone UTC."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("position", BigInteger, nullable=False),
    comment="one row: the tree as stored, and up to which position of the record it was read",
)

waiting = Table(
    "waiting",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("subject_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("due", Moment, nullable=False),
    comment="facts up to the head's position that are not sealed yet: they wait for their group",
)

entry = Table(
    "entry",
    metadata,
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("consultation_id", Uuid),
    Column("subject_id", Uuid),
    Column("version", Integer),
    Column("content", LargeBinary, nullable=False),
    Index("entry_by_position", "position"),
    Index("entry_by_consultation", "consultation_id", "index"),
    comment="content: the public bytes; the other columns are for looking up",
)

tile = Table(
    "tile",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
    comment="the widest state of each tile; bundles of entries are put together from entry",
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("signed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)

cosignature = Table(
    "cosignature",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("witness", String(300), primary_key=True),
    Column("line", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    Index("cosignature_by_witness", "witness", "size"),
)

stamp = Table(
    "stamp",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("token", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    comment="RFC 3161 time-stamps of checkpoints",
)

document = Table(
    "document",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    comment="vkey and policy: the sealer knows them, web processes only serve them",
)

pack = Table(
    "pack",
    metadata,
    Column("consultation_id", Uuid, primary_key=True),
    Column("manifest", LargeBinary, nullable=False),
    Column("closed_index", BigInteger),
    Column("openings", BigInteger),
    comment="what was asked, as frozen; openings: how many there are, null before closing",
)

opening = Table(
    "opening",
    metadata,
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("consultation_id", Uuid, nullable=False),
    Column("line", LargeBinary, nullable=False),
    Index("opening_by_consultation", "consultation_id", "index"),
)

BY_BYTES = String(22).with_variant(String(22, collation="C"), "postgresql")

listed = Table(
    "listed",
    metadata,
    Column("consultation_id", Uuid, primary_key=True),
    Column("tracker", BY_BYTES, primary_key=True),
    Column("line", LargeBinary, nullable=False),
    comment="the lines of ballots.ndjson, which lead to no entry, in the order of their trackers",
)

attestation = Table(
    "attestation",
    metadata,
    Column("consultation_id", Uuid, primary_key=True),
    Column("auditor", String(300), primary_key=True),
    Column("note", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    comment="signed notes of auditors who checked each line of a list; auditor: key name and id",
)

trouble = Table(
    "trouble",
    metadata,
    Column("what", String(300), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("detail", Text, nullable=False),
    comment="why sealing refused, and which witness disagrees",
)
