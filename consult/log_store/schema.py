"""Create the tables of the log, and migrate those of an older version."""

from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.schema import CreateIndex, CreateSchema, CreateTable

from consult.log_store import tables
from events.store.database_url import LOG

CREATING_LOCK = 0x666F6C6B_6C6F6701
GONE = {"pack": ("opened_index",)}
"""Unused columns, which older databases still require in every new row."""


def create_tables(db: Connection) -> None:
    """Create missing tables and drop obsolete columns, in the transaction of this connection."""
    on_postgres = db.dialect.name == "postgresql"
    if on_postgres:
        db.execute(select(func.pg_advisory_xact_lock(CREATING_LOCK)))
        db.execute(CreateSchema(LOG, if_not_exists=True))
    for table in tables.metadata.sorted_tables:
        db.execute(CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            db.execute(CreateIndex(index, if_not_exists=True))
    _drop_what_is_gone(db, LOG if on_postgres else None)


def _drop_what_is_gone(db: Connection, schema: str | None) -> None:
    place = f"{schema}." if schema else ""
    for table, names in GONE.items():
        there = {column["name"] for column in inspect(db).get_columns(table, schema=schema)}
        for name in there.intersection(names):
            db.exec_driver_sql(f"ALTER TABLE {place}{table} DROP COLUMN {name}")
