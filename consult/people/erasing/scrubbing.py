"""Make deleted bytes unreadable in the files of the vault (docs/erasure.md)."""

import time
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

from consult.people import tables
from consult.people.answers import equality
from consult.people.vault import Vault
from events.errors import Refused
from events.store.database_url import VAULT

ATTEMPTS = 20
PAUSE_SECONDS = 0.25

SUPERUSER_STEPS = ("SELECT pg_switch_wal()", "CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT")
"""Statements that remove old write-ahead log on PostgreSQL, given wal_recycle = off."""


class VaultBusy(Refused):
    """Other connections keep the vault's write-ahead log in use."""

    says = (
        "The vault is in use, so its write-ahead log could not be emptied. "
        "Stop the other processes, or try again at a quieter time."
    )


def empty_write_ahead_log(vault: Vault) -> bool:
    """On SQLite, checkpoint and truncate the write-ahead log; return False if it is in use.

    Deleted rows are overwritten on deletion (secure_delete), so nothing else is needed.
    """
    if vault.engine.dialect.name != "sqlite":
        return True
    with vault.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA busy_timeout=0")
        try:
            busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            raw.execute("PRAGMA busy_timeout=10000")
    return not busy


def scrub(vault: Vault) -> list[str]:
    """Rewrite the vault without deleted data; return the statements left for a superuser.

    It needs as much free space again, and on PostgreSQL blocks others meanwhile. Raises
    VaultBusy.
    """
    for consultation_id in equality.consultations(vault):
        equality.mix(vault, consultation_id)
    with vault.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if vault.engine.dialect.name == "postgresql":
            for table in tables.metadata.sorted_tables:
                connection.exec_driver_sql(f"VACUUM (FULL) {VAULT}.{table.name}")
            return _end_old_log(connection)
        connection.exec_driver_sql("VACUUM")
    for _ in range(ATTEMPTS):
        if empty_write_ahead_log(vault):
            return []
        time.sleep(PAUSE_SECONDS)
    raise VaultBusy


def _end_old_log(connection: Any) -> list[str]:
    recycles = connection.exec_driver_sql("SHOW wal_recycle").scalar()
    steps = list(SUPERUSER_STEPS)
    if recycles == "on":
        return ["ALTER SYSTEM SET wal_recycle = off", "SELECT pg_reload_conf()", *steps]
    try:
        for step in steps:
            connection.exec_driver_sql(step)
    except DBAPIError as error:
        if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise
        return steps
    return []
