"""Tells a database that cannot work now from one that was asked something wrong."""

import sqlite3

import psycopg

from events.errors import DatabaseUnavailable, DiskFull, Unavailable

SQLITE_TROUBLE = frozenset(
    ("BUSY", "CANTOPEN", "CORRUPT", "FULL", "IOERR", "LOCKED", "NOTADB", "READONLY")
)
SQLITE_FULL = "SQLITE_FULL"
POSTGRES_TROUBLE = frozenset(("08", "25", "40", "53", "55", "57", "58", "XX"))
"""Classes of SQLSTATE: connection, transaction, rollback, resources, locks, operator, system."""
POSTGRES_FULL = "53100"


def is_trouble(error: BaseException) -> bool:
    """Say whether a driver's error means that the database itself cannot work now."""
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "") or "SQLITE_"
        return name.split("_")[1] in SQLITE_TROUBLE
    if isinstance(error, psycopg.Error):
        return error.sqlstate is None or error.sqlstate[:2] in POSTGRES_TROUBLE
    return False


def is_full(error: BaseException | None) -> bool:
    """Say whether a driver's error means that the disk is full."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "") == SQLITE_FULL
    return isinstance(error, psycopg.Error) and error.sqlstate == POSTGRES_FULL


def refusal(
    error: BaseException | None, otherwise: type[Unavailable] = DatabaseUnavailable
) -> Unavailable:
    """Return what people are told about a driver's error: a full disk, or `otherwise`."""
    return DiskFull() if is_full(error) else otherwise()
