"""Back up and restore the record, vault, log and the sealer's files as one consistent copy.

The order of copying keeps the copy consistent while people go on answering. The sealer's memory is
copied before the log, and the log before the record, so no part is ahead of the next; the vault
comes last, so every commitment in the record has its words. On PostgreSQL one snapshot covers all
three databases. A vault that is ahead of its record is corrected at the next start
(`consult.people.erasing.forgetting`).
"""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from consult import own_files
from consult.config import Config
from consult.copies import postgres
from consult.copies import sqlite as sqlite_copies
from consult.log_store.store import LogStore
from consult.people import schema
from consult.sealing.key import Memory, read_key
from events.errors import Refused
from events.store.appends import SchemaOld
from events.store.database_url import PostgresAddress, SqliteAddress, parse
from events.store.private_files import FOLDER_MODE, make_file, make_folder, sync
from events.store.record import Record

FORMAT = "folkmoot/backup/v1"
MANIFEST = "manifest.json"
KEY = "log.key"
STATE = "log.state"
RECORDS = {"record.db", "record.stored_events.copy"}
"""Files that hold the record in a copy, on SQLite and on PostgreSQL."""


class NotEmpty(Refused):
    """The target is not empty and would be overwritten."""

    says = "{place} is not empty, so nothing was written. Choose an empty one."


class NotBackedUp(Refused):
    """The target folder cannot be written, or has no room."""

    says = (
        "No backup was made in {place} ({reason}), and what was begun there is removed. Everything "
        "that is recorded is safe. Make room or choose another place, then repeat the command."
    )


class DamagedCopy(Refused):
    """The copy does not match its manifest."""

    says = "{file} in this backup is {reason}. Nothing was restored. Use another backup."


class OtherKey(Refused):
    """The key on this machine did not sign the log in the copy."""

    says = (
        "The key file {path} is not the key of the log in this backup, so nothing was restored. "
        "Move it away first, if the backup is the right one."
    )


class File(msgspec.Struct, frozen=True):
    """One file of a backup; `size` in bytes. `columns`: of a table on PostgreSQL."""

    size: int
    sha256: str
    columns: tuple[str, ...] = ()


class Manifest(msgspec.Struct, frozen=True):
    """Manifest of a backup. `log_size`, `log_root` (hex): of its log; 0 and "" without one."""

    format: str
    made_at: datetime
    database: str
    log_size: int
    log_root: str
    files: dict[str, File]


@dataclass(frozen=True)
class Restored:
    """What was restored. `has_own_key`: the existing key and memory were kept."""

    manifest: Manifest
    has_own_key: bool


def back_up(config: Config, folder: Path, *, now: datetime, with_key: bool = True) -> Manifest:
    """Write a copy of everything to an empty or new folder, readable only by its owner.

    `with_key`: include the log's private key; leave it out if it is kept elsewhere. Raises
    NotEmpty, NotBackedUp, SchemaMissing, Unavailable, OthersCanRead, OthersCanWrite.
    """
    own_files.check(config)
    _require_record(config)
    with _empty_folder(folder):
        return _copy_all(config, folder, now=now, with_key=with_key)


def _copy_all(config: Config, folder: Path, *, now: datetime, with_key: bool) -> Manifest:
    address = parse(config.database_url)
    LogStore.open(config.database_url).close()  # create the tables of a log that was never used
    key = config.key_path
    names = ((Memory(key).path, STATE), (key, KEY)) if with_key else ((Memory(key).path, STATE),)
    for source, name in names:
        if source.exists():
            _copy(source, folder / name)
    if isinstance(address, PostgresAddress):
        columns = postgres.copy_out(address, folder)
    else:
        columns = sqlite_copies.copy_out(address, folder)
    size, root = _head_in(address, folder)
    manifest = Manifest(
        format=FORMAT,
        made_at=now,
        database=_kind(address),
        log_size=size,
        log_root=root,
        files={
            path.name: File(path.stat().st_size, _digest(path), columns.get(path.name, ()))
            for path in sorted(folder.iterdir())
        },
    )
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    make_file(folder / MANIFEST)
    (folder / MANIFEST).write_bytes(text + b"\n")
    for path in (*folder.iterdir(), folder):
        sync(path)
    return manifest


def restore(config: Config, folder: Path) -> Restored:
    """Restore a copy to where the settings say, which must be empty.

    An existing key and memory are kept: the memory is newer than the copy, and tells the sealer
    when the restored log is too old to continue. A vault of an earlier version is migrated.
    Raises DamagedCopy, NotEmpty, OtherKey, VaultNewer.
    """
    manifest = check(folder)
    address = parse(config.database_url)
    if manifest.database != _kind(address):
        raise DamagedCopy(file=MANIFEST, reason=f"of {manifest.database}, another database")
    key = config.key_path
    has_own_key = key.exists() or Memory(key).path.exists()
    if key.exists() and (folder / KEY).exists() and read_key(key) != read_key(folder / KEY):
        raise OtherKey(path=key)
    copies: Any = postgres if isinstance(address, PostgresAddress) else sqlite_copies
    schema.require_known(copies.vault_version(folder))
    if isinstance(address, PostgresAddress):
        if postgres.is_used(address):
            raise NotEmpty(place=f"The database {address.dbname}")
        columns = {name: file.columns for name, file in manifest.files.items() if file.columns}
        postgres.copy_in(config, address, folder, columns)
    else:
        for path in sqlite_copies.places(address).values():
            if path.exists():
                raise NotEmpty(place=str(path))
        sqlite_copies.copy_in(address, folder)
    if not has_own_key:
        make_folder(key.parent)
        for name, path in ((STATE, Memory(key).path), (KEY, key)):
            if (folder / name).exists():
                _copy(folder / name, path)
                sync(path)
        sync(key.parent)
    # Last: if it fails, everything is back in its place, and `consult init` repeats it.
    schema.migrate(config.database_url)
    return Restored(manifest, has_own_key)


def check(folder: Path) -> Manifest:
    """Return the manifest of a copy after checking every file. Raises DamagedCopy."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise DamagedCopy(file=MANIFEST, reason="missing") from None
    except (msgspec.DecodeError, OSError):
        raise DamagedCopy(file=MANIFEST, reason="unreadable") from None
    if manifest.format != FORMAT:
        raise DamagedCopy(file=MANIFEST, reason="of another format")
    if not manifest.files.keys() & RECORDS:
        raise DamagedCopy(file=MANIFEST, reason="of a database without a record")
    for name, file in manifest.files.items():
        path = folder / name
        if Path(name).name != name or not path.is_file():
            raise DamagedCopy(file=name, reason="missing")
        if path.stat().st_size != file.size or _digest(path) != file.sha256:
            raise DamagedCopy(file=name, reason="not as it was when it was written")
    return manifest


def _head_in(address: SqliteAddress | PostgresAddress, folder: Path) -> tuple[int, str]:
    """Return size and root hash (hex) of the log in the copy."""
    if isinstance(address, PostgresAddress):
        found: tuple[Any, Any] | None = postgres.head_in(folder)
    else:
        found = sqlite_copies.head_in(folder)
    return (int(found[0]), bytes(found[1]).hex()) if found else (0, "")


def _kind(address: SqliteAddress | PostgresAddress) -> str:
    return "postgresql" if isinstance(address, PostgresAddress) else "sqlite"


def _require_record(config: Config) -> None:
    """Raise SchemaMissing without a record; one with an older schema may still be backed up."""
    with suppress(SchemaOld):
        Record(config.database_url, accept_loss=True).close()


@contextmanager
def _empty_folder(folder: Path) -> Iterator[None]:
    """Create the folder to fill, or use an empty one; on failure remove what was written.

    Raises NotEmpty, NotBackedUp.
    """
    made = [each for each in (folder, *folder.parents) if not os.path.lexists(each)]
    if not made:
        _require_empty(folder)
    try:
        make_folder(folder)
        folder.chmod(FOLDER_MODE)
        yield
    except BaseException as error:
        _remove(folder, made)
        reason = error.strerror if isinstance(error, OSError) else _of_sqlite(error)
        if reason is None:
            raise
        raise NotBackedUp(place=folder, reason=reason) from error


def _require_empty(folder: Path) -> None:
    try:
        is_empty = folder.is_dir() and not any(folder.iterdir())
    except OSError as error:
        raise NotBackedUp(place=folder, reason=error.strerror) from error
    if not is_empty:
        raise NotEmpty(place=str(folder))


def _of_sqlite(error: BaseException) -> str | None:
    return str(error) if isinstance(error, sqlite3.OperationalError) else None


def _remove(folder: Path, made: list[Path]) -> None:
    """Remove the files in a folder, and the folders that were created."""
    with suppress(OSError):
        for each in folder.iterdir():
            each.unlink()
        for each in made:
            each.rmdir()


def _copy(source: Path, target: Path) -> None:
    make_file(target)
    shutil.copyfile(source, target)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
