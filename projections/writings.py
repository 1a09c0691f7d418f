"""Free text and files by question, as commitments only; the content is in the vault.

Only current answers are here. `is_erased` follows from the record, not from the vault, so that
content missing for another reason is noticed.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Index,
    Integer,
    Select,
    String,
    Text,
    Uuid,
    func,
    select,
)

from events import Ballot, DataProtectionCase, Response
from events.submission import NAME
from projections.engine.projection import Batch, Projection, Seen, TableMaker, on

PARAMETERS_MAX = 500


class Writing(NamedTuple):
    """One text or file of one person, with details of the answer it belongs to."""

    subject_id: UUID
    question_id: str
    commitment: str
    position: int
    at: datetime
    area: str
    channel: str
    respondent: str
    campaign: str
    is_erased: bool


@dataclass(frozen=True)
class Chosen:
    """Which writings to list; empty or None: no condition.

    `since`, `until`: times, the latter exclusive. `before`: a position, exclusive.
    """

    channel: str = ""
    area: str = ""
    campaign: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


class Writings(Projection):
    """One row for each text, file and name of an organisation in a current answer."""

    name = "writings"
    version = 3

    def define(self, table: TableMaker) -> None:
        """Define the tables. `writer.questions`: the questions a person has rows for, as JSON."""
        self.writing = table(
            "writing",
            Column("subject_id", Uuid, primary_key=True),
            Column("question_id", String(64), primary_key=True),
            Column("consultation_id", Uuid, nullable=False),
            Column("commitment", String(64), nullable=False),
            Column("position", BigInteger, nullable=False),
            Column("at", DateTime(timezone=True), nullable=False),
            Column("area", String(40), nullable=False),
            Column("channel", String(12), nullable=False),
            Column("respondent", String(12), nullable=False),
            Column("campaign", String(100), nullable=False),
            Column("is_erased", Boolean, nullable=False, default=False),
            Index("by_question", "consultation_id", "question_id", "position"),
            Index("by_commitment", "commitment"),
        )
        self.writer = table(
            "writer",
            Column("subject_id", Uuid, primary_key=True),
            Column("version", Integer, nullable=False, default=0),
            Column("questions", Text, nullable=False, default="[]"),
            Column("campaign", String(100), nullable=False, default=""),
        )
        self.run_out = table(
            "run_out",
            Column("consultation_id", Uuid, primary_key=True),
            Column("position", BigInteger, nullable=False),
        )

    def prefetch(self, batch: Batch, events: Sequence[Seen[Any]]) -> None:
        """Read the rows of `writer` for later versions."""
        later = [{"subject_id": seen.subject_id} for seen in events if seen.version > 1]
        batch.prefetch(self.writer, later)

    @on(Ballot.Cast, Ballot.Replaced, Response.Submitted, Response.Replaced)
    def give(self, batch: Batch, seen: Seen[Any]) -> None:
        """Insert the writings of an answer; they replace the person's earlier ones."""
        fact = seen.fact
        before = self._take_out(batch, seen)
        texts = fact.texts | ({NAME: fact.organisation} if fact.organisation else {})
        if not texts and before is None:
            return
        campaign = before["campaign"] if before else ""
        for question_id, commitment in texts.items():
            batch.insert(
                self.writing,
                {
                    "subject_id": seen.subject_id,
                    "question_id": question_id,
                    "consultation_id": fact.consultation_id,
                    "commitment": commitment,
                    "position": seen.position,
                    "at": fact.at,
                    "area": fact.area,
                    "channel": fact.by.channel,
                    "respondent": fact.respondent,
                    "campaign": campaign,
                },
            )
        self._note(batch, seen, list(texts))

    @on(Ballot.Withdrawn, Ballot.Voided, Response.Withdrawn)
    def take_back(self, batch: Batch, seen: Seen[Any]) -> None:
        """Remove the writings of a withdrawn or voided answer."""
        if self._take_out(batch, seen) is not None:
            self._note(batch, seen, [])

    @on(Response.CampaignGrouped)
    def group(self, batch: Batch, seen: Seen[Any]) -> None:
        """Mark a person's writings, also later ones, as part of a campaign."""
        key, campaign = {"subject_id": seen.subject_id}, {"campaign": seen.fact.campaign}
        writer = batch.get(self.writer, key)
        for question_id in _questions(writer):
            batch.update(self.writing, key | {"question_id": question_id}, campaign)
        batch.upsert(self.writer, key, campaign)

    @on(DataProtectionCase.PersonalDataErased)
    def erase(self, batch: Batch, seen: Seen[Any]) -> None:
        """Mark writings up to a version as erased; later ones are not."""
        key = {"subject_id": seen.fact.submission_id}
        writer = batch.get(self.writer, key)
        if writer is None or writer["version"] > seen.fact.version:
            return
        for question_id in _questions(writer):
            batch.update(self.writing, key | {"question_id": question_id}, {"is_erased": True})

    @on(DataProtectionCase.RetentionRun)
    def run_out_of_time(self, batch: Batch, seen: Seen[Any]) -> None:
        """Note that all writings up to here are gone, if the period of texts has ended."""
        if seen.fact.category == "texts":
            key = {"consultation_id": seen.fact.consultation_id}
            batch.upsert(self.run_out, key, {"position": seen.position})

    def listed(
        self, db: Connection, id: UUID, question_id: str, chosen: Chosen, limit: int
    ) -> list[Writing]:
        """Return the writings on a question of the consultation `id`, newest first."""
        table = self.writing.c
        query = self._of(id, question_id).order_by(table.position.desc()).limit(limit)
        for name in ("channel", "area", "campaign"):
            if value := getattr(chosen, name):
                query = query.where(table[name] == value)
        if chosen.since is not None:
            query = query.where(table.at >= chosen.since)
        if chosen.until is not None:
            query = query.where(table.at < chosen.until)
        if chosen.before is not None:
            query = query.where(table.position < chosen.before)
        return self._writings(db, id, query)

    def of_people(self, db: Connection, id: UUID, subjects: Sequence[UUID]) -> list[Writing]:
        """Return all writings of these people in a consultation."""
        found: list[Writing] = []
        for at in range(0, len(subjects), PARAMETERS_MAX):
            some = subjects[at : at + PARAMETERS_MAX]
            # By the key alone: with the consultation as well, SQLite scans all of its rows.
            columns = (self.writing.c[name] for name in Writing._fields)
            query = select(*columns).where(self.writing.c.subject_id.in_(some))
            found += self._writings(db, id, query)
        return found

    def by_commitment(
        self, db: Connection, id: UUID, question_ids: Collection[str], commitment: str
    ) -> Writing | None:
        """Find the writing of a commitment."""
        table = self.writing.c
        query = self._of(id).where(
            table.question_id.in_(question_ids), table.commitment == commitment
        )
        return next(iter(self._writings(db, id, query)), None)

    def are_kept(self, db: Connection, id: UUID, commitments: Sequence[str]) -> set[str]:
        """Return those of the commitments that are current in the consultation and not erased."""
        found: set[str] = set()
        for at in range(0, len(commitments), PARAMETERS_MAX):
            some = commitments[at : at + PARAMETERS_MAX]
            query = self._of(id).where(self.writing.c.commitment.in_(some))
            rows = self._writings(db, id, query)
            found.update(row.commitment for row in rows if not row.is_erased)
        return found

    def numbers(self, db: Connection, id: UUID) -> dict[str, tuple[int, int]]:
        """Return (written, erased) for each question."""
        table = self.writing.c
        query = (
            select(table.question_id, table.is_erased, func.count())
            .where(table.consultation_id == id)
            .group_by(table.question_id, table.is_erased)
        )
        is_over = self._gone(db, id) > 0
        found: dict[str, tuple[int, int]] = {}
        for question_id, is_erased, number in db.execute(query):
            written, erased = found.get(question_id, (0, 0))
            gone = number if is_erased or is_over else 0
            found[question_id] = (written + number, erased + gone)
        return found

    def kept_among(self, db: Connection, id: UUID, commitments: Sequence[str]) -> Counter[str]:
        """Return the number of these commitments that are current and not erased, by question."""
        table = self.writing.c
        found: Counter[str] = Counter()
        if self._gone(db, id):
            return found
        query = (
            select(table.question_id, func.count())
            .where(table.consultation_id == id, table.is_erased.is_(False))
            .group_by(table.question_id)
        )
        for at in range(0, len(commitments), PARAMETERS_MAX):
            some = commitments[at : at + PARAMETERS_MAX]
            for question_id, number in db.execute(query.where(table.commitment.in_(some))):
                found[question_id] += number
        return found

    def values(self, db: Connection, id: UUID, question_id: str, name: str) -> list[str]:
        """List the distinct values of a column (channel, area or campaign) for a question."""
        column = self.writing.c[name]
        query = select(column).distinct().where(
            self.writing.c.consultation_id == id, self.writing.c.question_id == question_id
        )  # fmt: skip
        return [value for value in db.execute(query.order_by(column)).scalars() if value]

    def _of(self, id: UUID, question_id: str | None = None) -> Select[Any]:
        table = self.writing.c
        columns = (table[name] for name in Writing._fields)
        query = select(*columns).where(table.consultation_id == id)
        return query.where(table.question_id == question_id) if question_id else query

    def _writings(self, db: Connection, id: UUID, query: Select[Any]) -> list[Writing]:
        gone = self._gone(db, id)
        found = [Writing(*row) for row in db.execute(query)]
        return [
            row._replace(at=_utc(row.at), is_erased=row.is_erased or row.position <= gone)
            for row in found
        ]

    def _gone(self, db: Connection, id: UUID) -> int:
        table = self.run_out.c
        return db.execute(select(table.position).where(table.consultation_id == id)).scalar() or 0

    def _take_out(self, batch: Batch, seen: Seen[Any]) -> dict[str, Any] | None:
        """Remove a person's rows; return their `writer` row, or None."""
        if seen.version == 1:
            return None
        key = {"subject_id": seen.subject_id}
        writer = batch.get(self.writer, key)
        for question_id in _questions(writer):
            batch.delete(self.writing, key | {"question_id": question_id})
        return writer

    def _note(self, batch: Batch, seen: Seen[Any], questions: list[str]) -> None:
        row = {"version": seen.version, "questions": msgspec.json.encode(questions).decode()}
        batch.upsert(self.writer, {"subject_id": seen.subject_id}, row)


def _questions(writer: dict[str, Any] | None) -> list[str]:
    return msgspec.json.decode(writer["questions"], type=list[str]) if writer else []


def _utc(at: datetime) -> datetime:
    """Return the time in UTC; SQLite returns it without its zone."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
