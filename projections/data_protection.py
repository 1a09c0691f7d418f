"""The read model of data protection, by consultation: retention periods, legal holds, erasures."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Index,
    Integer,
    String,
    Uuid,
    func,
    select,
)

from events import Consultation, Count, DataProtectionCase
from projections.engine.projection import Batch, Projection, Seen, TableMaker, counter, on


@dataclass(frozen=True)
class Keeping:
    """The state of a consultation's personal data.

    `ended_at`: closed or withdrawn. `published_at`: its latest result. `has_closed`: there will
    be a result. `gone`: categories removed at the end of their period; "key" is K_c.
    """

    consultation_id: UUID
    ended_at: datetime | None
    published_at: datetime | None
    has_closed: bool
    holds: int
    gone: frozenset[str]


@dataclass(frozen=True)
class Hold:
    """A legal hold. `lifted_at`: None while it lasts."""

    case_id: UUID
    consultation_id: UUID
    reason: str
    set_at: datetime
    lifted_at: datetime | None


class DataProtection(Projection):
    """Retention periods, legal holds and erasures."""

    name = "custody"
    version = 3

    def define(self, table: TableMaker) -> None:
        """Define the tables."""
        self.keeping = table(
            "keeping",
            Column("consultation_id", Uuid, primary_key=True),
            Column("opened_at", DateTime(timezone=True)),
            Column("ended_at", DateTime(timezone=True)),
            Column("published_at", DateTime(timezone=True)),
            Column("has_closed", Boolean, nullable=False, default=False),
            counter("holds"),
            Column("gone", String(100), nullable=False, default=""),
        )
        self.hold = table(
            "hold",
            Column("case_id", Uuid, primary_key=True),
            Column("consultation_id", Uuid, nullable=False),
            Column("reason", String(500), nullable=False),
            Column("set_at", DateTime(timezone=True), nullable=False),
            Column("lifted_at", DateTime(timezone=True)),
            Index("by_consultation", "consultation_id"),
        )
        self.erasure = table(
            "erasure",
            Column("case_id", Uuid, primary_key=True),
            Column("consultation_id", Uuid, nullable=False),
            Column("submission_id", Uuid, nullable=False),
            Column("version", Integer, nullable=False),
            Column("at", DateTime(timezone=True), nullable=False),
            Index("by_submission", "submission_id"),
        )

    @on(
        Consultation.Opened,
        Consultation.Closed,
        Consultation.Withdrawn,
    )
    def run(self, batch: Batch, seen: Seen[Any]) -> None:
        """Note the times from which retention periods run."""
        fact = seen.fact
        if isinstance(fact, Consultation.Opened):
            change: dict[str, Any] = {"opened_at": fact.at}
        else:
            has_closed = isinstance(fact, Consultation.Closed)
            change = {"ended_at": fact.at, "has_closed": has_closed}
        self._put(batch, seen.subject_id, change)

    @on(Count.Published)
    def publish(self, batch: Batch, seen: Seen[Any]) -> None:
        """Note the time of the latest published result."""
        self._put(batch, seen.fact.consultation_id, {"published_at": seen.fact.at})

    @on(Consultation.ResultsPublished)
    def publish_all(self, batch: Batch, seen: Seen[Any]) -> None:
        """Note the time at which the tallies of every question were published."""
        self._put(batch, seen.subject_id, {"published_at": seen.fact.at})

    @on(DataProtectionCase.LegalHoldSet)
    def set_hold(self, batch: Batch, seen: Seen[Any]) -> None:
        """Add a hold."""
        fact = seen.fact
        row = {
            "case_id": seen.subject_id,
            "consultation_id": fact.consultation_id,
            "reason": fact.reason,
            "set_at": fact.at,
            "lifted_at": None,
        }
        batch.insert(self.hold, row)
        batch.add(self.keeping, {"consultation_id": fact.consultation_id}, holds=1)

    @on(DataProtectionCase.LegalHoldLifted)
    def lift_hold(self, batch: Batch, seen: Seen[Any]) -> None:
        """End a hold."""
        batch.update(self.hold, {"case_id": seen.subject_id}, {"lifted_at": seen.fact.at})
        batch.add(self.keeping, {"consultation_id": seen.fact.consultation_id}, holds=-1)

    @on(DataProtectionCase.RetentionRun, DataProtectionCase.KeyDestroyed)
    def run_out(self, batch: Batch, seen: Seen[Any]) -> None:
        """Note that a category or the key is gone."""
        fact = seen.fact
        what = fact.category if isinstance(fact, DataProtectionCase.RetentionRun) else "key"
        row = batch.get(self.keeping, {"consultation_id": fact.consultation_id})
        gone = set(row["gone"].split()) if row else set()
        self._put(batch, fact.consultation_id, {"gone": " ".join(sorted(gone | {what}))})

    @on(DataProtectionCase.PersonalDataErased)
    def erase(self, batch: Batch, seen: Seen[Any]) -> None:
        """Note whose data were erased, up to which version."""
        fact = seen.fact
        row = {
            "case_id": seen.subject_id,
            "consultation_id": fact.consultation_id,
            "submission_id": fact.submission_id,
            "version": fact.version,
            "at": fact.at,
        }
        batch.insert(self.erasure, row)

    def ended(self, db: Connection) -> list[Keeping]:
        """List ended consultations that had opened and still have personal data or a key."""
        table = self.keeping.c
        query = select(self.keeping).where(
            table.opened_at.is_not(None), table.ended_at.is_not(None), table.gone != ALL_GONE
        )
        return [_keeping(row) for row in db.execute(query.order_by(table.consultation_id))]

    def of(self, db: Connection, consultation_id: UUID) -> Keeping | None:
        """Return the state of one consultation's personal data."""
        query = select(self.keeping).where(self.keeping.c.consultation_id == consultation_id)
        row = db.execute(query).one_or_none()
        return _keeping(row) if row else None

    def held(self, db: Connection, consultation_ids: Collection[UUID]) -> set[UUID]:
        """Return those of the consultations that have a legal hold."""
        table = self.keeping.c
        query = select(table.consultation_id).where(
            table.consultation_id.in_(consultation_ids), table.holds > 0
        )
        return set(db.execute(query).scalars())

    def holds(self, db: Connection, consultation_id: UUID) -> list[Hold]:
        """List the legal holds of a consultation, oldest first."""
        table = self.hold.c
        query = select(self.hold).where(table.consultation_id == consultation_id)
        return [
            Hold(row.case_id, row.consultation_id, row.reason, _utc(row.set_at),
                 _utc(row.lifted_at) if row.lifted_at else None)
            for row in db.execute(query.order_by(table.set_at, table.case_id))
        ]  # fmt: skip

    def erased(self, db: Connection, submission_id: UUID) -> dict[int, datetime]:
        """Return the erasures of one person's data: the last version erased, with the time."""
        table = self.erasure.c
        query = select(table.version, table.at).where(table.submission_id == submission_id)
        return {row.version: _utc(row.at) for row in db.execute(query)}

    def number_erased(self, db: Connection, consultation_id: UUID) -> int:
        """Return the number of erasures in a consultation."""
        table = self.erasure.c
        query = select(func.count()).where(table.consultation_id == consultation_id)
        return db.execute(query).scalar_one()

    def _put(self, batch: Batch, consultation_id: UUID, change: dict[str, Any]) -> None:
        batch.upsert(self.keeping, {"consultation_id": consultation_id}, change)


ALL_GONE = "contacts equality key texts"
"""The value of `gone` when nothing is left, in alphabetical order."""


def _keeping(row: Any) -> Keeping:
    return Keeping(
        consultation_id=row.consultation_id,
        ended_at=_utc(row.ended_at) if row.ended_at else None,
        published_at=_utc(row.published_at) if row.published_at else None,
        has_closed=row.has_closed,
        holds=row.holds,
        gone=frozenset(row.gone.split()),
    )


def _utc(at: datetime) -> datetime:
    """Return the time in UTC; SQLite returns it without its zone."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
