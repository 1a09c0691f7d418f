"""The versions of the vault's tables: which one a vault has, and how it gets the newest.

Each version is a migration in `consult/people/migrations/versions`, run by Alembic, whose table
`alembic_version` in the vault has the number of the last one.
"""

import logging
from pathlib import Path

from sqlalchemy import Connection, Engine, column, func, inspect, select, table, text
from sqlalchemy.schema import CreateSchema

from consult.people import tables
from events.errors import Refused
from events.store.appends import SchemaMissing
from events.store.database_url import VAULT, PostgresAddress, SqliteAddress, parse
from events.store.engines import postgres_engine, sqlite_engine

LOG = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).with_name("migrations")
VERSIONS = sorted(path.name[1:5] for path in (MIGRATIONS / "versions").glob("v[0-9]*.py"))
NEWEST = VERSIONS[-1]
UNNUMBERED = "0000"
"""The version of a vault from the time before migrations; the first of them completes it."""

MIGRATING_LOCK = 0x666F6C6B_70656F70
PRAGMAS = ("busy_timeout=600000", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")
"""Of a connection that migrates, which waits until another has migrated, however long it takes."""

VERSION_TABLE = "alembic_version"


class VaultNewer(Refused):
    """A later version of the program has migrated the vault."""

    says = (
        "The vault has tables of version {found}, and this program knows only those up to "
        "{newest}. Nothing was changed. A newer Folkmoot was here before: start that one, or "
        "restore a backup from before into an empty database."
    )


class VaultOld(Refused):
    """An earlier version of the program made the vault, and nobody has migrated it yet."""

    says = (
        "The vault has tables of version {found}, and this program needs {newest}. Everything in "
        "it stays. Bring it up to date once with: consult init"
    )


def migrate(database_url: str, *, version: str = NEWEST) -> bool:
    """Bring a vault to a version, or create it; return whether there was anything to do.

    All or nothing, and safe in concurrent processes, of which one migrates while the others wait.
    Raises VaultNewer.
    """
    engine = _migrating_engine(parse(database_url))
    try:
        with engine.begin() as connection:
            _take_turn(connection)
            found = version_of(connection)
            require_known(found)
            if found is not None and found >= version:
                return False
            _upgrade(connection, version, database_url)
            _keep_no_statistics(connection)
    finally:
        engine.dispose()
    LOG.info("The vault's tables went from version %s to %s.", found or "none", version)
    return True


def check(engine: Engine) -> None:
    """Check that a vault has the newest version. Raises SchemaMissing, VaultOld, VaultNewer."""
    with engine.connect() as connection:
        found = version_of(connection)
    require_known(found)
    if found is None:
        raise SchemaMissing(place="the vault")
    if found != NEWEST:
        raise VaultOld(found=found, newest=NEWEST)


def require_known(version: str | None) -> None:
    """Check that this program knows a version of the vault. Raises VaultNewer."""
    if version is not None and version > NEWEST:
        raise VaultNewer(found=version, newest=NEWEST)


def version_of(connection: Connection) -> str | None:
    """Return the version of a vault; UNNUMBERED before migrations, None without tables."""
    schema = VAULT if connection.dialect.name == "postgresql" else None
    inspector = inspect(connection)
    if inspector.has_table(VERSION_TABLE, schema=schema):
        place = table(VERSION_TABLE, column("version_num"), schema=schema)
        found: str | None = connection.execute(select(place.c.version_num)).scalar()
        if found is not None:
            return found
    return UNNUMBERED if inspector.has_table(tables.key.name, schema=schema) else None


def _migrating_engine(address: SqliteAddress | PostgresAddress) -> Engine:
    if isinstance(address, PostgresAddress):
        return postgres_engine(address)
    return sqlite_engine(address.store(VAULT), PRAGMAS, lambda _: "BEGIN IMMEDIATE")


def _take_turn(connection: Connection) -> None:
    """Wait for other processes; migrations then name tables without their schema."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(MIGRATING_LOCK)))
        connection.execute(CreateSchema(VAULT, if_not_exists=True))
        connection.execute(text(f"SET LOCAL search_path TO {VAULT}"))


def _upgrade(connection: Connection, version: str, database_url: str) -> None:
    # Imported here: only a process that migrates needs it, and it takes a while.
    from alembic import command  # noqa: PLC0415  see above
    from alembic.config import Config  # noqa: PLC0415  see above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes.update(connection=connection, database_url=database_url)
    command.upgrade(config, version)


def _keep_no_statistics(connection: Connection) -> None:
    """Keep personal columns out of the planner's statistics, which no erasure would reach."""
    if connection.dialect.name != "postgresql":
        return
    there = inspect(connection)
    names = set(there.get_table_names())
    for each in tables.metadata.sorted_tables:
        if each.name not in names:  # a table of a later version than this migration goes to
            continue
        known = {found["name"] for found in there.get_columns(each.name)}
        for one in each.columns:
            if one.info.get("personal") and one.name in known:
                connection.exec_driver_sql(
                    f"ALTER TABLE {each.name} ALTER COLUMN {one.name} SET STATISTICS 0"
                )
