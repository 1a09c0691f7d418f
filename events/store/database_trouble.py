"""Classify database errors: an unavailable database, as opposed to a wrong statement."""

import errno
import os
import pwd
import sqlite3
from pathlib import Path

import psycopg
from eventsourcing.persistence import InterfaceError, OperationalError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from events.errors import DatabaseUnavailable, DiskFull, NotForThisAccount, Unavailable
from events.store.private_files import with_beside

SQLITE_TROUBLE = frozenset(
    ("BUSY", "CANTOPEN", "CORRUPT", "FULL", "IOERR", "LOCKED", "NOTADB", "READONLY")
)
SQLITE_FULL = "SQLITE_FULL"
POSTGRES_TROUBLE = frozenset(("08", "25", "40", "53", "55", "57", "58", "XX"))
"""Classes of SQLSTATE: connection, transaction, rollback, resources, locks, operator, system."""
POSTGRES_FULL = "53100"
FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
SQLITE_FILES = frozenset(("CANTOPEN", "IOERR", "READONLY"))
"""SQLite's errors for a full disk, or for files it may not use, when it opens them."""
ROOM_BYTES_MIN = 131_072
"""Free space that SQLite needs for the files beside a database, even to read it."""


def is_trouble(error: BaseException) -> bool:
    """Return whether a driver's error means that the database is unavailable."""
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "") or "SQLITE_"
        return name.split("_")[1] in SQLITE_TROUBLE
    if isinstance(error, psycopg.Error):
        return error.sqlstate is None or error.sqlstate[:2] in POSTGRES_TROUBLE
    return False


def is_full(error: BaseException | None) -> bool:
    """Return whether an error of a driver or of the system means that the disk is full."""
    if isinstance(error, OSError):
        return error.errno in FULL
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "") == SQLITE_FULL
    return isinstance(error, psycopg.Error) and error.sqlstate == POSTGRES_FULL


def refusal(
    error: BaseException | None,
    otherwise: type[Unavailable] = DatabaseUnavailable,
    file: Path | None = None,
) -> Unavailable:
    """Return the refusal for a driver's error: by its cause where known, or `otherwise`.

    `file`: the SQLite database, whose disk and permissions are checked if it cannot be used.
    """
    if is_full(error):
        return DiskFull()
    if file is not None and _is_about_files(error):
        if not _has_room(file.parent):
            return DiskFull()
        closed = closed_to_us(file)
        if closed is not None:
            return closed
    return otherwise()


def closed_to_us(file: Path) -> NotForThisAccount | None:
    """Return the refusal naming what this account may not use of a database; None if it may."""
    if not _may(file.parent, os.R_OK | os.W_OK | os.X_OK):
        return not_for_this_account(file.parent)
    for each in with_beside(file):
        if not _may(each, os.R_OK | os.W_OK):
            return not_for_this_account(each)
    return None


def not_for_this_account(place: Path) -> NotForThisAccount:
    """Return the refusal for a path, with the names of the account and of the owner."""
    try:
        owner = _name(place.stat().st_uid)
    except OSError:  # the folder around it is closed too
        return not_for_this_account(place.parent) if place != place.parent else _unseen(place)
    return NotForThisAccount(account=_name(os.geteuid()), place=place, owner=owner)


def _unseen(place: Path) -> NotForThisAccount:
    return NotForThisAccount(account=_name(os.geteuid()), place=place, owner="another account")


def _is_about_files(error: BaseException | None) -> bool:
    if isinstance(error, PermissionError):
        return True
    name = getattr(error, "sqlite_errorname", None) or "SQLITE_"
    return name.split("_")[1] in SQLITE_FILES


def _has_room(folder: Path) -> bool:
    try:
        found = os.statvfs(folder)
    except OSError:
        return True
    return found.f_bavail * found.f_frsize >= ROOM_BYTES_MIN


def _may(place: Path, what: int) -> bool:
    return os.access(place, what, effective_ids=os.access in os.supports_effective_ids)


def _name(account: int) -> str:
    try:
        return pwd.getpwuid(account).pw_name
    except KeyError:
        return str(account)


def trouble_behind(error: BaseException | None) -> Unavailable | None:
    """Return the refusal if an unavailable database or a full disk caused the error, else None."""
    looked_at: set[int] = set()
    while error is not None and id(error) not in looked_at:
        looked_at.add(id(error))  # a chain of causes may be circular
        if isinstance(error, Unavailable):
            return error
        driver = error.orig if isinstance(error, DBAPIError) else error
        if driver is not None and is_trouble(driver):
            return refusal(driver)
        if isinstance(error, OSError) and is_full(error):
            return DiskFull()
        if isinstance(error, (NoConnectionFree, OperationalError, InterfaceError)):
            return DatabaseUnavailable()
        error = error.__cause__
    return None
