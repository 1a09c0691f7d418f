"""Backups in the operator's folder: which there are, and whether one more may be made from a page.

What a page can ask for is limited, because whoever steals an administrator's session could press
too: the folder is the operator's, nothing in it is handed out or removed, and neither many copies
nor too large ones fill the disk that the site itself needs.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec

from consult.commands.backing_up import MANIFEST, DamagedCopy, Manifest, back_up, check
from consult.config import Config
from consult.copies import sqlite as sqlite_copies
from events.errors import Refused
from events.store.database_url import SqliteAddress, parse

PAUSE = timedelta(minutes=10)
KEPT_MAX = 50
ROOM_FACTOR = 2
"""So many times the size of the databases has to be free."""
NAMED = "%Y-%m-%dT%H%M%SZ"


class NoFolder(Refused):
    """The operator has named no folder for backups."""

    says = (
        "This site has no folder for backups, so none was made. Whoever runs it sets "
        "FOLKMOOT_BACKUP_FOLDER, or gives the command: consult backup"
    )


class JustNow(Refused):
    """The last backup is younger than PAUSE."""

    says = "The last backup is not ten minutes old, so no other was made. Try again later."


class TooMany(Refused):
    """The folder has KEPT_MAX backups."""

    says = (
        "There are {number} backups in the folder already, so no other was made. Whoever runs the "
        "site moves them elsewhere first."
    )


class NoRoom(Refused):
    """The disk has too little room for a backup."""

    says = (
        "The disk of the backups has too little room left, so none was made: the site itself needs "
        "it. Whoever runs the site makes room first."
    )


@dataclass(frozen=True)
class Kept:
    """A backup in the folder. `size`: bytes; `digest`: SHA-256 of its manifest, in hexadecimal.

    The manifest has the digest of each file, so this one tells whether anything was changed.
    """

    name: str
    made_at: datetime
    size: int
    digest: str


def kept(config: Config) -> list[Kept]:
    """Return the whole backups in the folder, the latest first; none without a folder."""
    if config.backup_folder is None or not config.backup_folder.is_dir():
        return []
    read = [_read(folder) for folder in config.backup_folder.iterdir()]
    found = [each for each in read if each is not None]
    return sorted(found, key=lambda each: each.made_at, reverse=True)


def require_place(config: Config, now: datetime) -> None:
    """Check that a backup may be made now. Raises NoFolder, JustNow, TooMany, NoRoom."""
    if config.backup_folder is None:
        raise NoFolder
    there = kept(config)
    if there and timedelta() <= now - there[0].made_at < PAUSE:
        raise JustNow
    if len(there) >= KEPT_MAX:
        raise TooMany(number=len(there))
    if _free_bytes(config.backup_folder) < ROOM_FACTOR * _bytes_to_copy(config):
        raise NoRoom


def make(config: Config, name: str, now: datetime) -> None:
    """Make the backup of this name, unless it is there; one that was begun is made anew.

    Raises NoFolder, NoRoom, and what `back_up` raises.
    """
    if config.backup_folder is None:
        raise NoFolder
    folder = config.backup_folder / name
    if folder.is_dir():
        try:
            check(folder)
        except DamagedCopy:
            shutil.rmtree(folder)
        else:
            return
    if _free_bytes(config.backup_folder) < ROOM_FACTOR * _bytes_to_copy(config):
        raise NoRoom
    back_up(config, folder, now=now)


def _read(folder: Path) -> Kept | None:
    try:
        text = (folder / MANIFEST).read_bytes()
        manifest = msgspec.json.decode(text, type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None
    size = sum(file.size for file in manifest.files.values())
    return Kept(folder.name, manifest.made_at, size, sha256(text).hexdigest())


def _free_bytes(folder: Path) -> int:
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    return shutil.disk_usage(there).free


def _bytes_to_copy(config: Config) -> int:
    """Return the size of the databases; 0 where they are on a server."""
    address = parse(config.database_url)
    if not isinstance(address, SqliteAddress):
        return 0
    files = [path for path in sqlite_copies.places(address).values() if path.exists()]
    return sum(path.stat().st_size for path in files)
