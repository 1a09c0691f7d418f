"""Turnout: the number of people by ward, channel, kind of respondent and assurance level."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, Connection, Date, String, Table, Uuid, func, select

from projections.engine.projection import Batch, counter


class AtDesk(NamedTuple):
    """Answers that staff sent for somebody. `desk`: the keyed hash of the staff account.

    `position`: of the current version.
    """

    subject_id: UUID
    assurance: str
    desk: str
    day: date
    channel: str
    position: int


DIMENSIONS = ("area", "channel", "respondent", "assurance", "desk")


def columns() -> list[Column[Any]]:
    """Return the columns of a turnout table: one row for each combination of dimensions."""
    return [
        Column("consultation_id", Uuid, primary_key=True),
        *(Column(name, String(40), primary_key=True) for name in DIMENSIONS),
        counter("people"),
    ]


def day_columns() -> list[Column[Any]]:
    """Return the columns of a table of current responses by first day and channel."""
    return [
        Column("consultation_id", Uuid, primary_key=True),
        Column("day", Date, primary_key=True),
        Column("channel", String(12), primary_key=True),
        counter("people"),
    ]


def turn_out(batch: Batch, table: Table, row: Mapping[str, Any], people: int) -> None:
    """Add people to the turnout, or subtract them if the number is negative."""
    key = {name: row[name] for name in DIMENSIONS}
    batch.add(table, {"consultation_id": row["consultation_id"], **key}, people=people)


def note_day(batch: Batch, table: Table, row: Mapping[str, Any], people: int) -> None:
    """Add people, or subtract them, on the day they first answered.

    The day is in UTC, which is accurate enough for a chart.
    """
    key = {
        "consultation_id": row["consultation_id"],
        "day": row["first_day"],
        "channel": row["channel"],
    }
    batch.add(table, key, people=people)


def by(db: Connection, table: Table, consultation_id: UUID, dimension: str) -> dict[str, int]:
    """Return the number of people for each value of a dimension, largest first."""
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
    """Return how many people with current answers first answered on each day, in order."""
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
    """Return the answers that meet the conditions and that staff sent for somebody."""
    table = ballot.c
    columns = (table.subject_id, table.assurance, table.desk, table.day, table.channel)
    query = select(*columns, table.valid_from)
    return [AtDesk(*row) for row in db.execute(query.where(*conditions, table.desk != ""))]
