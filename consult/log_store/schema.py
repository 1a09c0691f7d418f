"""Create the tables of the log, and migrate those of an older version."""

from sqlalchemy import Connection, Engine, func, inspect, select
from sqlalchemy.schema import CreateIndex, CreateSchema, CreateTable

from consult.log_store import tables
from events.store.appends import SchemaMissing, SchemaOld
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


def check_tables(engine: Engine) -> None:
    """Check that this version's tables are there. Raises SchemaMissing, SchemaOld."""
    with engine.connect() as db:
        _check_tables(db)


def _check_tables(db: Connection) -> None:
    schema = LOG if db.dialect.name == "postgresql" else None
    there = set(inspect(db).get_table_names(schema=schema))
    if tables.head.name not in there:
        raise SchemaMissing(place="the log")
    if not there.issuperset(each.name for each in tables.metadata.sorted_tables) or any(
        _gone(db, schema)
    ):
        raise SchemaOld(place="the log")


def _drop_what_is_gone(db: Connection, schema: str | None) -> None:
    place = f"{schema}." if schema else ""
    for table, name in _gone(db, schema):
        db.exec_driver_sql(f"ALTER TABLE {place}{table} DROP COLUMN {name}")


def _gone(db: Connection, schema: str | None) -> list[tuple[str, str]]:
    """Return table and name of every column that only earlier versions used."""
    return [
        (table, column["name"])
        for table, names in GONE.items()
        for column in inspect(db).get_columns(table, schema=schema)
        if column["name"] in names
    ]
