"""The audit trail: one row per fact, with who did it in which role, and when."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Index,
    Select,
    String,
    Text,
    Uuid,
    func,
)
from sqlalchemy import select as sql_select

from events import Consultation
from events.base import FACTS, subject_of
from events.submission import AnswersGiven
from projections.engine.projection import Batch, Projection, Seen, TableMaker, on

DETAIL_BYTES_MAX = 4_000
GIVEN = tuple(sorted(topic for topic, fact in FACTS.items() if issubclass(fact, AnswersGiven)))
"""Topics of answers, the first ones and later ones."""


@dataclass(frozen=True)
class Filter:
    """Which rows to show. `topic`: a prefix of the topic; `before`: a position."""

    consultation_id: UUID | None = None
    subject_id: UUID | None = None
    topic: str = ""
    role: str = ""
    before: int | None = None


class AuditTrail(Projection):
    """Every fact in the order of the record."""

    name = "audit_trail"
    version = 3

    def define(self, table: TableMaker) -> None:
        """Define the table. `detail`: the fact as JSON, without answers."""
        self.entry = table(
            "entry",
            Column("position", BigInteger, primary_key=True),
            Column("consultation_id", Uuid),
            Column("subject_id", Uuid, nullable=False),
            Column("topic", String(80), nullable=False),
            Column("at", DateTime(timezone=True), nullable=False),
            Column("role", String(40), nullable=False),
            Column("actor", String(64), nullable=False),
            Column("detail", Text),
            Index("by_consultation", "consultation_id", "role", "position"),
            Index("by_subject", "subject_id", "position"),
        )

    @on(*FACTS.values())
    def note(self, batch: Batch, seen: Seen[Any]) -> None:
        """Insert one row."""
        fact = seen.fact
        consultation_id = getattr(fact, "consultation_id", None)
        if consultation_id is None and subject_of(fact.TOPIC) is Consultation:
            consultation_id = seen.subject_id
        batch.insert(
            self.entry,
            {
                "position": seen.position,
                "consultation_id": consultation_id,
                "subject_id": seen.subject_id,
                "topic": fact.TOPIC,
                "at": fact.at,
                "role": fact.by.role,
                "actor": fact.by.actor,
                "detail": _detail(fact),
            },
        )

    def rows(self, db: Connection, filter: Filter, limit: int = 50) -> list[Any]:
        """Return rows, newest first. Each has the columns of `entry`."""
        return list(db.execute(self._chosen(sql_select(self.entry), filter, limit)))

    def brief(self, db: Connection, filter: Filter, limit: int = 50) -> list[Any]:
        """Return rows like `rows`, with only the columns of a line of text: half the cost."""
        table = self.entry.c
        columns = (table.position, table.topic, table.at, table.role, table.detail)
        return list(db.execute(self._chosen(sql_select(*columns), filter, limit)))

    def roles(self, db: Connection, consultation_id: UUID) -> list[str]:
        """List the roles that acted in a consultation, by one index look-up for each."""
        table = self.entry.c
        mine = sql_select(func.min(table.role)).where(table.consultation_id == consultation_id)
        found: list[str] = []
        role = db.execute(mine).scalar()
        while role is not None:
            found.append(role)
            role = db.execute(mine.where(table.role > role)).scalar()
        return found

    def answers_by(
        self, db: Connection, consultation_id: UUID, role: str
    ) -> list[tuple[str, datetime]]:
        """Return (actor, time) for every submission by a role, oldest first."""
        table = self.entry.c
        query = sql_select(table.actor, table.at).where(
            table.consultation_id == consultation_id,
            table.role == role,
            table.topic.in_(GIVEN),
        )
        return [(row.actor, _utc(row.at)) for row in db.execute(query.order_by(table.position))]

    def moment(self, db: Connection, position: int) -> datetime | None:
        """Return when the fact at a position was recorded."""
        table = self.entry.c
        at = db.execute(sql_select(table.at).where(table.position == position)).scalar()
        return _utc(at) if at else None

    def _chosen(self, query: Select[Any], filter: Filter, limit: int) -> Select[Any]:
        table = self.entry.c
        query = query.order_by(table.position.desc()).limit(limit)
        if filter.consultation_id:
            query = query.where(table.consultation_id == filter.consultation_id)
        if filter.subject_id:
            query = query.where(table.subject_id == filter.subject_id)
        if filter.topic:
            query = query.where(table.topic.startswith(filter.topic, autoescape=True))
        if filter.role:
            query = query.where(table.role == filter.role)
        if filter.before is not None:
            query = query.where(table.position < filter.before)
        return query


def _detail(fact: Any) -> str | None:
    """Return the fact's fields as JSON, without long documents; None for answers or if too long."""
    if isinstance(fact, AnswersGiven):
        return None
    fields = msgspec.to_builtins(fact)
    del fields["at"], fields["by"]
    for long in ("outcome", "comparison", "tallies"):
        fields.pop(long, None)
    text = msgspec.json.encode(fields).decode()
    return text if len(text) <= DETAIL_BYTES_MAX else None


def _utc(at: datetime) -> datetime:
    """Return the time in UTC; SQLite returns it without its zone."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
