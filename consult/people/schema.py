"""Create the tables of the vault, and migrate those of an older version."""

from sqlalchemy import Connection, Engine, func, inspect, select
from sqlalchemy.schema import CreateSchema

from consult.people import tables

SCHEMA = "people"
"""The schema in a PostgreSQL database."""
CREATING_LOCK = 0x666F6C6B_70656F70


def create_tables(engine: Engine) -> None:
    """Create missing tables and columns; safe in concurrent processes."""
    with engine.begin() as connection:
        on_postgres = engine.dialect.name == "postgresql"
        if on_postgres:
            connection.execute(select(func.pg_advisory_xact_lock(CREATING_LOCK)))
            connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
        tables.metadata.create_all(connection)
        _add_missing_columns(connection, SCHEMA if on_postgres else None)
        if on_postgres:
            _keep_no_statistics(connection)


def _add_missing_columns(connection: Connection, schema: str | None) -> None:
    """Add columns of a later version; they are NULL in existing rows."""
    inspector = inspect(connection)
    place = f"{schema}." if schema else ""
    for table in tables.metadata.sorted_tables:
        there = {column["name"] for column in inspector.get_columns(table.name, schema=schema)}
        for column in table.columns:
            if column.name not in there:
                assert column.nullable, column
                kind = column.type.compile(connection.dialect)
                connection.exec_driver_sql(
                    f"ALTER TABLE {place}{table.name} ADD COLUMN {column.name} {kind}"
                )


def _keep_no_statistics(connection: Connection) -> None:
    """Keep personal columns out of the planner's statistics, which no erasure would reach."""
    for table in tables.metadata.sorted_tables:
        for column in table.columns:
            if column.info.get("personal"):
                connection.exec_driver_sql(
                    f"ALTER TABLE {SCHEMA}.{table.name} ALTER COLUMN {column.name} SET STATISTICS 0"
                )
