"""The ballot box: every version of every submission, with the positions between which it is valid.

A ranking can therefore be queried as at any position. Tallies and turnout are updated here
too, because undoing a replaced ballot needs the ballot. `wrote`: ids of the questions with text
or a file, as a JSON list; empty for none.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    String,
    Text,
    Uuid,
    func,
    or_,
    select,
)

from events import Ballot, Response
from events.base import subject_of
from projections import answered, participation, ranking
from projections.answered import Answered, Groups, Standing
from projections.engine.projection import Batch, Projection, Seen, TableMaker, on
from projections.found_receipts import Found, find


class BallotBox(Projection):
    """Submissions with their history, tallies per option, and turnout."""

    name = "ballot_box"
    version = 8

    def define(self, table: TableMaker) -> None:
        """Define the tables."""
        self.ballot = table(
            "ballot",
            Column("subject_id", Uuid, primary_key=True),
            Column("version", Integer, primary_key=True),
            Column("consultation_id", Uuid, nullable=False),
            Column("valid_from", BigInteger, nullable=False),
            Column("valid_to", BigInteger),
            Column("day", Date, nullable=False),
            Column("first_day", Date, nullable=False),
            Column("answers", Text),
            Column("wrote", Text, nullable=False, default=""),
            Column("receipt", String(24), nullable=False),
            Column("holder", String(43), nullable=False, default=""),
            Column("area", String(40), nullable=False),
            Column("channel", String(12), nullable=False),
            Column("respondent", String(12), nullable=False),
            Column("assurance", String(12), nullable=False),
            Column("desk", String(12), nullable=False),
            Column("campaign", String(100), nullable=False, default=""),
            Column("is_ballot", Boolean, nullable=False),
            Column("people", Integer, nullable=False),
            Column("members", BigInteger, nullable=False, default=0),
            Index("by_consultation", "consultation_id", "valid_from"),
            Index("by_receipt", "receipt"),
            Index("by_holder", "holder"),
        )
        self.campaign = table(
            "campaign",
            Column("consultation_id", Uuid, primary_key=True),
            Column("campaign", String(100), primary_key=True),
            Column("names", Text, nullable=False),
        )
        self.tally = table("tally", *ranking.columns())
        self.turnout = table("turnout", *participation.columns())
        self.day = table("day", *participation.day_columns())

    def prefetch(self, batch: Batch, events: Sequence[Seen[Any]]) -> None:
        """Read the versions that these facts replace."""
        batch.prefetch(
            self.ballot,
            [
                {"subject_id": seen.subject_id, "version": seen.version - 1}
                for seen in events
                if seen.version > 1
            ],
        )

    @on(Ballot.Cast, Ballot.Replaced, Response.Submitted, Response.Replaced)
    def give(self, batch: Batch, seen: Seen[Any]) -> None:
        """Insert a version with answers; an earlier version ends here."""
        fact = seen.fact
        before = self._end_earlier(batch, seen)
        row = {
            "subject_id": seen.subject_id,
            "version": seen.version,
            "consultation_id": fact.consultation_id,
            "valid_from": seen.position,
            "day": fact.at.date(),
            "first_day": before["first_day"] if before else fact.at.date(),
            "answers": msgspec.json.encode(fact.answers).decode(),
            "wrote": msgspec.json.encode(sorted(fact.texts)).decode() if fact.texts else "",
            "receipt": fact.receipt,
            "holder": fact.holder,
            "area": fact.area,
            "channel": fact.by.channel,
            "respondent": fact.respondent,
            "assurance": fact.assurance,
            "desk": fact.desk,
            "campaign": before["campaign"] if before else "",
            "is_ballot": subject_of(fact.TOPIC) is Ballot,
            "people": fact.people,
            "members": fact.members,
        }
        batch.insert(self.ballot, row)
        self._count(batch, row, fact.answers, fact.people)

    @on(Ballot.Withdrawn, Ballot.Voided, Response.Withdrawn, Response.CampaignGrouped)
    def change_standing(self, batch: Batch, seen: Seen[Any]) -> None:
        """Insert a version without answers, or with a campaign."""
        before = self._end_earlier(batch, seen)
        assert before is not None
        grouped = isinstance(seen.fact, Response.CampaignGrouped)
        row = before | {"version": seen.version, "valid_from": seen.position, "valid_to": None}
        if grouped:
            row["campaign"] = seen.fact.campaign
            if seen.fact.names:
                named = {name: row[name] for name in ("consultation_id", "campaign")}
                names = msgspec.json.encode(seen.fact.names).decode()
                batch.upsert(self.campaign, named, {"names": names})
        else:
            row["answers"] = None
        batch.insert(self.ballot, row)
        if row["answers"] is not None:
            self._count(batch, row, msgspec.json.decode(row["answers"]), row["people"])

    def _end_earlier(self, batch: Batch, seen: Seen[Any]) -> dict[str, Any] | None:
        if seen.version == 1:
            return None
        key = {"subject_id": seen.subject_id, "version": seen.version - 1}
        before = batch.get(self.ballot, key)
        assert before is not None, key
        batch.update(self.ballot, key, {"valid_to": seen.position})
        if before["answers"] is not None:
            self._count(batch, before, msgspec.json.decode(before["answers"]), -before["people"])
        return before

    def _count(
        self, batch: Batch, row: dict[str, Any], answers: dict[str, Any], people: int
    ) -> None:
        """Add a version to all tallies, or subtract it if `people` is negative."""
        ranking.tally(batch, self.tally, row["consultation_id"], answers, people)
        participation.turn_out(batch, self.turnout, row, people)
        participation.note_day(batch, self.day, row, people)

    def groups(
        self,
        db: Connection,
        consultation_id: UUID,
        question_id: str,
        *,
        as_at: int | None = None,
        without_campaigns: bool = False,
    ) -> Groups:
        """Return each distinct answer to a question with the number of people who gave it.

        `as_at`: as it was just after this position; default: now.
        """
        conditions = self._valid(consultation_id, as_at)
        if without_campaigns:
            conditions.append(self.ballot.c.campaign == "")
        found = answered.grouped(db, self.ballot, conditions, only=question_id)
        return found.get(question_id, ())

    def people(self, db: Connection, consultation_id: UUID, *, as_at: int | None = None) -> int:
        """Return the number of people whose answers are valid."""
        query = select(func.coalesce(func.sum(self.ballot.c.people), 0))
        return int(db.execute(query.where(*self._valid(consultation_id, as_at))).scalar_one())

    def standing(
        self, db: Connection, consultation_id: UUID, at_once: int
    ) -> Iterator[list[Standing]]:
        """Yield every response that counts, `at_once` at a time, in an uninformative order.

        The order is that of the hashes of receipt codes: unrelated to time, and not public.
        """
        table = self.ballot.c
        columns = (table[name] for name in Standing._fields)
        query = (
            select(*columns)
            .where(*self._valid(consultation_id, None))
            .order_by(table.receipt, table.subject_id)
        )
        found = db.execute(query, execution_options={"yield_per": at_once})
        for some in found.partitions():
            yield [Standing(*row)._replace(answers=_answers(row.answers)) for row in some]

    def answered(
        self, db: Connection, consultation_id: UUID, *, as_at: int | None = None
    ) -> Answered:
        """Return the aggregated answers, as they were just after a position."""
        return answered.read(db, self.ballot, self._valid(consultation_id, as_at))

    def latest(self, db: Connection, consultation_id: UUID, *, as_at: int) -> int | None:
        """Return the position of the last answer up to a position; None if there is none."""
        table = self.ballot.c
        query = select(func.max(table.valid_from)).where(
            table.consultation_id == consultation_id, table.valid_from <= as_at
        )
        return db.execute(query).scalar()

    def subjects(self, db: Connection, consultation_id: UUID) -> dict[UUID, int]:
        """Return the latest version of every submission, by subject id."""
        table = self.ballot.c
        query = select(table.subject_id, func.max(table.version)).where(
            table.consultation_id == consultation_id
        )
        rows = db.execute(query.group_by(table.subject_id))
        return {row[0]: row[1] for row in rows}

    def campaigns(self, db: Connection, consultation_id: UUID) -> dict[str, int]:
        """Return the number of people in each campaign, largest first."""
        table = self.ballot.c
        people = func.sum(table.people)
        query = (
            select(table.campaign, people)
            .where(*self._valid(consultation_id, None), table.campaign != "")
            .group_by(table.campaign)
            .order_by(people.desc(), table.campaign)
        )
        return {row[0]: int(row[1]) for row in db.execute(query)}

    def campaign_names(self, db: Connection, consultation_id: UUID) -> dict[str, dict[str, str]]:
        """Return the names by language of the campaigns that have them, by campaign."""
        table = self.campaign.c
        query = select(table.campaign, table.names).where(table.consultation_id == consultation_id)
        return {row[0]: msgspec.json.decode(row[1]) for row in db.execute(query)}

    def by_receipt(self, db: Connection, receipt: str) -> Found | None:
        """Find the submission of a receipt (the hash of its checking code) and its standing."""
        return find(db, self.ballot, self.ballot.c.receipt, receipt)

    def by_holder(self, db: Connection, holder: str) -> Found | None:
        """Find the submission of a changing code (the commitment to it) and its standing."""
        return find(db, self.ballot, self.ballot.c.holder, holder)

    def at_desks(self, db: Connection, consultation_id: UUID) -> list[participation.AtDesk]:
        """Return the answers that count now and that staff sent for somebody."""
        return participation.at_desks(db, self.ballot, self._valid(consultation_id, None))

    def _valid(self, consultation_id: UUID, as_at: int | None) -> list[Any]:
        table = self.ballot.c
        conditions = [table.consultation_id == consultation_id, table.answers.is_not(None)]
        if as_at is None:
            return [*conditions, table.valid_to.is_(None)]
        return [
            *conditions,
            table.valid_from <= as_at,
            or_(table.valid_to.is_(None), table.valid_to > as_at),
        ]


def _answers(text: str) -> dict[str, Any]:
    return msgspec.json.decode(text, type=dict[str, Any])
