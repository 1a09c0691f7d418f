"""Published results: the outcome of each count, and the tallies of every question."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    String,
    Text,
    Uuid,
    select,
)

from events import Count
from events.consultations.consultation_facts import ResultsPublished
from projections.engine.projection import Batch, Projection, Seen, TableMaker, on


class Result(msgspec.Struct):
    """One counted question. `outcome`: as in `docs/counting-specification.md`."""

    count_id: UUID
    consultation_id: UUID
    question_id: str
    rule: str
    rule_version: str
    cutoff: int
    ballots: int
    input_digest: str
    result_digest: str
    outcome: dict[str, Any]
    comparison: dict[str, Any]
    is_published: bool


class Publication(msgspec.Struct):
    """The published results of a consultation. `tallies`: as in `docs/tallies.md`.

    If an older version published only counts, tallies are None and the digest is empty.
    """

    consultation_id: UUID
    published_at: datetime
    tallies: dict[str, Any] | None
    tallies_digest: str


class Results(Projection):
    """The outcome of each count, and which consultations have published results."""

    name = "results"
    version = 3

    def define(self, table: TableMaker) -> None:
        """Define the tables."""
        self.result = table(
            "result",
            Column("consultation_id", Uuid, primary_key=True),
            Column("question_id", String(64), primary_key=True),
            Column("count_id", Uuid, nullable=False),
            Column("rule", String(40), nullable=False),
            Column("rule_version", String(20), nullable=False),
            Column("cutoff", BigInteger, nullable=False),
            Column("ballots", BigInteger, nullable=False),
            Column("input_digest", String(80), nullable=False),
            Column("result_digest", String(80), nullable=False),
            Column("outcome", Text, nullable=False),
            Column("comparison", Text, nullable=False),
            Column("is_published", Boolean, nullable=False),
        )
        self.publication = table(
            "publication",
            Column("consultation_id", Uuid, primary_key=True),
            Column("published_at", DateTime(timezone=True), nullable=False),
            Column("tallies", Text),
            Column("tallies_digest", String(80), nullable=False, default=""),
        )

    @on(Count.Counted)
    def count(self, batch: Batch, seen: Seen[Count.Counted]) -> None:
        """Store the outcome; the latest count of a question replaces earlier ones."""
        fact = seen.fact
        key = {"consultation_id": fact.consultation_id, "question_id": fact.question_id}
        batch.upsert(
            self.result,
            key,
            {
                "count_id": seen.subject_id,
                "rule": fact.rule,
                "rule_version": fact.rule_version,
                "cutoff": fact.cutoff,
                "ballots": fact.ballots,
                "input_digest": fact.input_digest,
                "result_digest": fact.result_digest,
                "outcome": msgspec.json.encode(fact.outcome).decode(),
                "comparison": msgspec.json.encode(fact.comparison).decode(),
                "is_published": False,
            },
        )

    @on(Count.Published)
    def publish(self, batch: Batch, seen: Seen[Count.Published]) -> None:
        """Mark the result as published."""
        fact = seen.fact
        key = {"consultation_id": fact.consultation_id, "question_id": fact.question_id}
        batch.update(self.result, key, {"is_published": True})
        batch.upsert(
            self.publication, {"consultation_id": fact.consultation_id}, {"published_at": fact.at}
        )

    @on(ResultsPublished)
    def publish_all(self, batch: Batch, seen: Seen[ResultsPublished]) -> None:
        """Store the published tallies of every question."""
        batch.upsert(
            self.publication,
            {"consultation_id": seen.subject_id},
            {
                "published_at": seen.fact.at,
                "tallies": msgspec.json.encode(seen.fact.tallies).decode(),
                "tallies_digest": seen.fact.tallies_digest,
            },
        )

    def of(
        self, db: Connection, consultation_id: UUID, *, published_only: bool = True
    ) -> dict[str, Result]:
        """Return the results of a consultation by question id."""
        table = self.result
        query = select(table).where(table.c.consultation_id == consultation_id)
        if published_only:
            query = query.where(table.c.is_published)
        return {row.question_id: _result(row) for row in db.execute(query)}

    def published(self, db: Connection, consultation_id: UUID) -> Publication | None:
        """Return the published results of a consultation, or None."""
        table = self.publication
        row = db.execute(
            select(table).where(table.c.consultation_id == consultation_id)
        ).one_or_none()
        if row is None:
            return None
        tallies = msgspec.json.decode(row.tallies) if row.tallies else None
        return Publication(row.consultation_id, row.published_at, tallies, row.tallies_digest)

    def are_published(self, db: Connection, ids: Collection[UUID]) -> set[UUID]:
        """Return those of the consultations whose results are public."""
        column = self.publication.c.consultation_id
        return set(db.execute(select(column).where(column.in_(ids))).scalars())


def _result(row: Any) -> Result:
    fields = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for a row as a mapping
    for name in ("outcome", "comparison"):
        fields[name] = msgspec.json.decode(fields[name])
    return Result(**fields)
