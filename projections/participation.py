"""Who took part: how many people by ward, channel, kind of respondent and assurance."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, Connection, Date, String, Table, Uuid, func, select

from projections.engine.projection import Batch, counter


class AtDesk(NamedTuple):
    """Answers that staff sent for somebody. `desk`: the keyed hash of their account.

    `position`: of what stands now.
    """

    subject_id: UUID
    assurance: str
    desk: str
    day: date
    channel: str
    position: int


DIMENSIONS = ("area", "channel", "respondent", "assurance", "desk")


def columns() -> list[Column[Any]]:
    """Return the columns of a turnout table: one row for each combination."""
    return [
        Column("consultation_id", Uuid, primary_key=True),
        *(Column(name, String(40), primary_key=True) for name in DIMENSIONS),
        counter("people"),
    ]


def day_columns() -> list[Column[Any]]:
    """Return the columns of a table of responses that stand, by first day and channel."""
    return [
        Column("consultation_id", Uuid, primary_key=True),
        Column("day", Date, primary_key=True),
        Column("channel", String(12), primary_key=True),
        counter("people"),
    ]


def turn_out(batch: Batch, table: Table, row: Mapping[str, Any], people: int) -> None:
    """Count so many people in, or out where the number is below nothing."""
    key = {name: row[name] for name in DIMENSIONS}
    batch.add(table, {"consultation_id": row["consultation_id"], **key}, people=people)


def note_day(batch: Batch, table: Table, row: Mapping[str, Any], people: int) -> None:
    """Count so many people in, or out, on the day they first answered.

    The day is UTC: this is a curve, not a deadline.
    """
    key = {
        "consultation_id": row["consultation_id"],
        "day": row["first_day"],
        "channel": row["channel"],
    }
    batch.add(table, key, people=people)


def by(db: Connection, table: Table, consultation_id: UUID, dimension: str) -> dict[str, int]:
    """Return how many people there are for each value of a dimension, largest first."""
    assert dimension in DIMENSIONS
    column = table.c[dimension]
    people = func.sum(table.c.people)
    query = (
        select(column, people)
        .where(table.c.consultation_id == consultation_id)
        .group_by(column)
        .having(people > 0)
        .order_by(people.desc(), column)
    )
    return {value: int(number) for value, number in db.execute(query)}


def days(db: Connection, table: Table, consultation_id: UUID) -> dict[date, int]:
    """Return of those whose answers stand how many first answered on each day, earliest first."""
    people = func.sum(table.c.people)
    query = (
        select(table.c.day, people)
        .where(table.c.consultation_id == consultation_id)
        .group_by(table.c.day)
        .having(people > 0)
        .order_by(table.c.day)
    )
    return {day: int(number) for day, number in db.execute(query)}


def at_desks(db: Connection, ballot: Table, conditions: Sequence[Any]) -> list[AtDesk]:
    """Return those of the answers that meet the conditions that staff sent for somebody."""
    table = ballot.c
    columns = (table.subject_id, table.assurance, table.desk, table.day, table.channel)
    query = select(*columns, table.valid_from)
    return [AtDesk(*row) for row in db.execute(query.where(*conditions, table.desk != ""))]
