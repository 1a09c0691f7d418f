"""The read model of consultations: the list, and the current state of each."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Column, Connection, DateTime, Index, String, Text, Uuid, select

from events import Consultation
from events.consultations import consultation_facts as facts
from events.consultations import states
from events.consultations.beacon import Lot
from events.consultations.codes import CodeBatch
from events.consultations.consultation_standing import Standing
from events.consultations.fingerprints import is_fingerprint, is_small_hidden, openings_for
from events.consultations.terms import Terms
from events.question import Question
from events.question import Text as Words
from projections.engine.projection import Batch, Projection, Seen, TableMaker, on


class ConsultationPage(Standing, msgspec.Struct, omit_defaults=True):
    """The current state of one consultation; facts apply to it as to the subject itself."""

    partnership_id: UUID = UUID(int=0)
    slug: str = ""
    title: Words = {}
    overview: Words = {}
    languages: tuple[str, ...] = ()
    source: str = ""
    money: str = "pence"
    currency: str = "GBP"
    decimals: int | None = None
    state: str = states.DRAFT
    questions: dict[str, Question] = {}
    terms: Terms | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawal_reason: Words = {}
    opened_version: int = 0
    closed_version: int = 0
    lot: Lot | None = None
    paused_at: datetime | None = None
    pause_reason: Words = {}
    version: int = 0
    opened_position: int | None = None
    closed_position: int | None = None
    batches: dict[str, CodeBatch] = {}
    id: UUID = UUID(int=0)

    @property
    def is_being_imported(self) -> bool:
        """Whether votes from a file are still being stored; it is not shown meanwhile."""
        return bool(self.source) and self.state == states.OPEN

    @property
    def are_ballots_public(self) -> bool:
        """Whether single ballots are public after closing."""
        if self.terms is None:
            return False
        return openings_for(self.terms, self.questions.values()) != "auditor"

    @property
    def is_fingerprint(self) -> bool:
        """Whether an unusual ballot could identify a person if all were published."""
        return is_fingerprint(self.questions.values())

    @property
    def is_small_shown(self) -> bool:
        """Whether small numbers are shown because single ballots are public anyway."""
        if self.terms is None or not self.are_ballots_public:
            return False
        return is_small_hidden(self.terms, self.questions.values())

    @property
    def counted_questions(self) -> list[Question]:
        """The questions that a rule counts."""
        counting = self.terms.counting if self.terms else {}
        return [question for question in self.questions.values() if question.id in counting]


class Consultations(Projection):
    """Every consultation, with its document and the columns that lists sort by."""

    name = "consultations"
    version = 5

    def define(self, table: TableMaker) -> None:
        """Define the table."""
        self.consultation = table(
            "consultation",
            Column("id", Uuid, primary_key=True),
            Column("slug", String(60), nullable=False),
            Column("partnership_id", Uuid, nullable=False),
            Column("state", String(20), nullable=False),
            Column("drafted_position", BigInteger, nullable=False),
            Column("closes_at", DateTime(timezone=True)),
            Column("document", Text, nullable=False),
            Index("by_slug", "slug"),
            Index("by_state", "state", "closes_at"),
        )

    @on(
        facts.Drafted,
        facts.Described,
        facts.QuestionAdded,
        facts.QuestionChanged,
        facts.QuestionRemoved,
        facts.OptionAdded,
        facts.OptionChanged,
        facts.OptionRemoved,
        facts.TermsFixed,
        facts.Opened,
        facts.PeriodExtended,
        facts.Paused,
        facts.Resumed,
        facts.Closed,
        facts.LotDrawn,
        facts.ResultsPublished,
        facts.Withdrawn,
        facts.CodesIssued,
        facts.CodesVoided,
    )
    def apply(self, batch: Batch, seen: Seen[Any]) -> None:
        """Apply the fact to the page."""
        row = batch.get(self.consultation, {"id": seen.subject_id})
        page = _decode(row["document"]) if row else ConsultationPage(id=seen.subject_id)
        seen.fact.apply(page)
        page.version = seen.version
        if isinstance(seen.fact, Consultation.Opened):
            page.opened_position = seen.position
        if isinstance(seen.fact, Consultation.Closed):
            page.closed_position = seen.position
        batch.upsert(
            self.consultation,
            {"id": seen.subject_id},
            {
                "slug": page.slug,
                "partnership_id": page.partnership_id,
                "state": page.state,
                "drafted_position": row["drafted_position"] if row else seen.position,
                "closes_at": page.terms.closes_at if page.terms else None,
                "document": msgspec.json.encode(page).decode(),
            },
        )

    def by_id(self, db: Connection, id: UUID) -> ConsultationPage | None:
        """Find a consultation by its id."""
        query = select(self.consultation.c.document).where(self.consultation.c.id == id)
        document = db.execute(query).scalar()
        return _decode(document) if document else None

    def by_ids(
        self, db: Connection, ids: Collection[UUID | None]
    ) -> dict[UUID | None, ConsultationPage]:
        """Return the consultations with these ids, by their id; what there is none of is left out.

        None among the ids stands for no consultation, and is left out too.
        """
        table, wanted = self.consultation.c, [id for id in ids if id is not None]
        rows = db.execute(select(table.document).where(table.id.in_(wanted))) if wanted else ()
        return {page.id: page for page in (_decode(row.document) for row in rows)}

    def by_slug(self, db: Connection, slug: str) -> ConsultationPage | None:
        """Find a consultation by its short name; the first drafted when two share it."""
        query = (
            select(self.consultation.c.document)
            .where(self.consultation.c.slug == slug)
            .order_by(self.consultation.c.drafted_position)
            .limit(1)
        )
        document = db.execute(query).scalar()
        return _decode(document) if document else None

    def in_state(self, db: Connection, *states: str, limit: int = 200) -> list[ConsultationPage]:
        """List consultations, soonest to close first, those without a closing time last.

        A consultation that is being imported is left out: it is incomplete.
        """
        table = self.consultation.c
        query = (
            select(table.document)
            .where(table.state.in_(states))
            .order_by(table.closes_at.is_(None), table.closes_at, table.drafted_position)
            .limit(limit)
        )
        pages = [_decode(row.document) for row in db.execute(query)]
        return [page for page in pages if not page.is_being_imported]

    def of_partnership(
        self, db: Connection, partnership_id: UUID, limit: int = 200
    ) -> list[ConsultationPage]:
        """List a partnership's consultations in every state, newest first."""
        table = self.consultation.c
        query = (
            select(table.document)
            .where(table.partnership_id == partnership_id)
            .order_by(table.drafted_position.desc())
            .limit(limit)
        )
        return [_decode(row.document) for row in db.execute(query)]

    def due_to_close(self, db: Connection, now: datetime) -> list[UUID]:
        """List the ids of open or paused consultations that are due to close, without imports."""
        table = self.consultation.c
        query = select(table.document).where(table.state == states.OPEN, table.closes_at <= now)
        pages = [_decode(row.document) for row in db.execute(query)]
        return [page.id for page in pages if not page.is_being_imported]


_PAGES = msgspec.json.Decoder(ConsultationPage)


def _decode(document: str) -> ConsultationPage:
    return _PAGES.decode(document)
