"""Copy SQLite files while they are in use, with SQLite's online backup."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from consult.people.schema import UNNUMBERED, VERSION_TABLE
from events.store.database_url import LOG, RECORD, STORES, VAULT, SqliteAddress
from events.store.private_files import make_file, make_folder, sync

COPIED = (LOG, RECORD, VAULT)
"""In this order: see `consult.commands.backing_up`."""


def places(address: SqliteAddress) -> dict[str, Path]:
    """Return the path of each database, including the read models, by name."""
    return {name: address.store(name) for name in STORES}


def copy_out(address: SqliteAddress, folder: Path) -> dict[str, tuple[str, ...]]:
    """Copy each database in a snapshot of its own; return no columns."""
    sources = places(address)
    for name in COPIED:
        target = folder / f"{name}.db"
        make_file(target)
        with (
            closing(sqlite3.connect(f"file:{sources[name]}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a write-ahead log
    return {}


def copy_in(address: SqliteAddress, folder: Path) -> None:
    """Restore the databases, each renamed to its final name only when it is complete."""
    make_folder(address.path.parent)
    targets = places(address)
    for name in COPIED:
        target = targets[name]
        unfinished = target.with_name(f"{target.name}.restoring")
        make_file(unfinished)
        shutil.copyfile(folder / f"{name}.db", unfinished)
        sync(unfinished)
        unfinished.rename(target)
        with closing(sqlite3.connect(target)) as opened:
            opened.execute("PRAGMA journal_mode=WAL")
    sync(address.path.parent)


def head_in(folder: Path) -> Any:
    """Return size and root of the log in a copy."""
    with closing(sqlite3.connect(folder / "log.db")) as copy:
        return copy.execute("SELECT size, root FROM head").fetchone()


def vault_version(folder: Path) -> str:
    """Return the version of the vault's tables in a copy."""
    with closing(sqlite3.connect(folder / f"{VAULT}.db")) as copy:
        query = "SELECT name FROM sqlite_master WHERE name = ?"
        if copy.execute(query, (VERSION_TABLE,)).fetchone() is None:
            return UNNUMBERED
        found: str = copy.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        return found
