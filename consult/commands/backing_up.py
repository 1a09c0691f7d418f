"""Backup and restore: record, vault, log and the sealer's files, as one copy that fits together.

The order makes it fit while people go on answering. What the sealer remembers is copied before
the log, and the log before the record, so no copy remembers or holds more than the next; the
vault comes last, so every commitment in the record has its words. On PostgreSQL one snapshot
holds all three. A vault that is ahead of its record is put right at the next start
(`consult.people.forgetting`).
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from consult import own_files
from consult.config import Config
from consult.copies import postgres, sqlite
from consult.sealing.key import Memory, read_key
from consult.sealing.store import LogStore
from events.database_url import PostgresAddress, SqliteAddress, parse
from events.errors import Refused
from events.private_files import FOLDER_MODE, make_file, make_folder

FORMAT = "folkmoot/backup/v1"
MANIFEST = "manifest.json"
KEY = "log.key"
STATE = "log.state"
CHUNK_BYTES = 1 << 20


class NotEmpty(Refused):
    """Something is there that would be overwritten."""

    says = "{place} is not empty, so nothing was written. Choose an empty one."


class DamagedCopy(Refused):
    """The copy is not what it was when it was made."""

    says = "{file} in this backup is {reason}. Nothing was restored. Use another backup."


class OtherKey(Refused):
    """The key that is here did not sign the log in the copy."""

    says = (
        "The key file {path} is not the key of the log in this backup, so nothing was restored. "
        "Move it away first, if the backup is the right one."
    )


class File(msgspec.Struct, frozen=True):
    """One file of a backup. `columns`: of a table on PostgreSQL."""

    size: int
    sha256: str
    columns: tuple[str, ...] = ()


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds. `log_size`, `log_root`: of the log in it, nought and empty without."""

    format: str
    made_at: datetime
    database: str
    log_size: int
    log_root: str
    files: dict[str, File]


@dataclass(frozen=True)
class Restored:
    """What came back. `has_own_key`: the key and memory that were here already stayed."""

    manifest: Manifest
    has_own_key: bool


def back_up(config: Config, folder: Path, *, now: datetime, with_key: bool = True) -> Manifest:
    """Write a copy of everything into an empty or new folder, readable only by its owner.

    `with_key`: the log's private key too; leave it out where it is kept elsewhere. Raises
    NotEmpty, OthersCanRead, OthersCanWrite.
    """
    _require_empty(folder)
    own_files.check(config)
    make_folder(folder)
    folder.chmod(FOLDER_MODE)
    address = parse(config.database_url)
    LogStore.open(config.database_url).close()  # a log that was never used has its tables too
    key = config.key_path
    names = ((Memory(key).path, STATE), (key, KEY)) if with_key else ((Memory(key).path, STATE),)
    for source, name in names:
        if source.exists():
            _copy(source, folder / name)
    if isinstance(address, PostgresAddress):
        columns = postgres.copy_out(address, folder)
    else:
        columns = sqlite.copy_out(address, folder)
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
        _flush(path)
    return manifest


def restore(config: Config, folder: Path) -> Restored:
    """Put a copy back where the settings say, which must be empty.

    A key and memory that are there stay: the memory is newer than the copy, and tells the
    sealer when the log in the copy is too old to go on with. Raises DamagedCopy, NotEmpty,
    OtherKey.
    """
    manifest = check(folder)
    address = parse(config.database_url)
    if manifest.database != _kind(address):
        raise DamagedCopy(file=MANIFEST, reason=f"of {manifest.database}, another database")
    key = config.key_path
    has_own_key = key.exists() or Memory(key).path.exists()
    if key.exists() and (folder / KEY).exists() and read_key(key) != read_key(folder / KEY):
        raise OtherKey(path=key)
    if isinstance(address, PostgresAddress):
        if postgres.is_used(address):
            raise NotEmpty(place=f"The database {address.dbname}")
        columns = {name: file.columns for name, file in manifest.files.items() if file.columns}
        postgres.copy_in(config, address, folder, columns)
    else:
        for path in sqlite.places(address).values():
            if path.exists():
                raise NotEmpty(place=str(path))
        sqlite.copy_in(address, folder)
    if not has_own_key:
        make_folder(key.parent)
        for name, path in ((STATE, Memory(key).path), (KEY, key)):
            if (folder / name).exists():
                _copy(folder / name, path)
                _flush(path)
        _flush(key.parent)
    return Restored(manifest, has_own_key)


def check(folder: Path) -> Manifest:
    """Return the manifest of a copy that is whole. Raises DamagedCopy."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise DamagedCopy(file=MANIFEST, reason="missing") from None
    except (msgspec.DecodeError, OSError):
        raise DamagedCopy(file=MANIFEST, reason="unreadable") from None
    if manifest.format != FORMAT:
        raise DamagedCopy(file=MANIFEST, reason="of another format")
    for name, file in manifest.files.items():
        path = folder / name
        if Path(name).name != name or not path.is_file():
            raise DamagedCopy(file=name, reason="missing")
        if path.stat().st_size != file.size or _digest(path) != file.sha256:
            raise DamagedCopy(file=name, reason="not as it was when it was written")
    return manifest


def _head_in(address: SqliteAddress | PostgresAddress, folder: Path) -> tuple[int, str]:
    """Return size and root of the log in the copy."""
    if isinstance(address, PostgresAddress):
        found: tuple[Any, Any] | None = postgres.head_in(folder)
    else:
        found = sqlite.head_in(folder)
    return (int(found[0]), bytes(found[1]).hex()) if found else (0, "")


def _kind(address: SqliteAddress | PostgresAddress) -> str:
    return "postgresql" if isinstance(address, PostgresAddress) else "sqlite"


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotEmpty(place=str(folder))


def _copy(source: Path, target: Path) -> None:
    make_file(target)
    shutil.copyfile(source, target)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _flush(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
