"""Files that only their owner may read: created so for any umask, and checked at each start."""

import grp
import os
import pwd
import secrets
import shlex
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from events.errors import Refused

FILE_MODE = 0o600
FOLDER_MODE = 0o700
OF_OTHERS = 0o077
PART = ".part"
BESIDE = ("-wal", "-shm", "-journal", "-turn", "-lock")
"""Suffixes of the files beside an SQLite database; SQLite gives its own the database's mode."""


class OthersCanRead(Refused):
    """Files with personal data or keys are open to other accounts of the machine."""

    says = (
        "Other accounts of this machine can read {files}. Nothing was started. "
        "Whatever was in there may have been read; then run: {command}"
    )


class OthersCanWrite(Refused):
    """Other accounts can write in the folder, and so replace files."""

    says = (
        "Other accounts of this machine can write in the folder {folder}, where the databases or "
        "keys are. Nothing was started. Run: chmod go-w {quoted}"
    )


def make_folder(folder: Path) -> None:
    """Create a folder with mode 0700, and its parents; an existing one stays as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(FOLDER_MODE, exist_ok=True)
    folder.chmod(FOLDER_MODE)


def open_private(path: Path, flags: int = os.O_RDWR | os.O_CREAT) -> int:
    """Open a file, created with mode 0600 if missing; return its descriptor."""
    try:
        file = os.open(path, flags | os.O_EXCL | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    except FileExistsError:
        if flags & os.O_EXCL:
            raise
        return os.open(path, (flags & ~os.O_CREAT) | os.O_CLOEXEC)
    os.fchmod(file, FILE_MODE)
    return file


def make_file(path: Path) -> None:
    """Create an empty file if missing; SQLite takes it as a new database."""
    if not path.exists():
        os.close(open_private(path))


def make_once(path: Path, content: bytes) -> None:
    """Create a private file durably with this content; an existing one is never replaced."""
    make_folder(path.parent)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    file = open_private(unfinished, os.O_WRONLY | os.O_EXCL)
    try:
        os.write(file, content)
        os.fsync(file)
    finally:
        os.close(file)
    try:
        os.link(unfinished, path)  # fails if another process was first
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
    sync(path.parent)


def sync(path: Path) -> None:
    """Flush a file, or a folder, which makes the names of its new files durable."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a file with mode 0600 that appears at `path` only when it is complete.

    It is written in the same folder, under a name that ends in `PART`, and renamed.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=PART)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            yield opened
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file atomically, as `whole_file` does."""
    with whole_file(path) as opened:
        opened.writelines(pieces)


def check_files(paths: Iterable[Path]) -> None:
    """Check that other accounts can neither read these files nor write in their folders.

    Files beside a database are checked too. Raises OthersCanRead, OthersCanWrite.
    """
    there = [beside for path in paths for beside in with_beside(path)]
    for folder in dict.fromkeys(path.resolve().parent for path in there):
        if _others_write(folder):
            raise OthersCanWrite(folder=folder, quoted=shlex.quote(str(folder)))
    found = [path for path in there if path.stat().st_mode & OF_OTHERS]
    if found:
        names = shlex.join(str(path) for path in found)
        raise OthersCanRead(files=", ".join(map(str, found)), command=f"chmod 600 {names}")


def with_beside(path: Path) -> list[Path]:
    """Return those of a file and the files beside it that exist."""
    every = (path, *(path.with_name(f"{path.name}{ending}") for ending in BESIDE))
    return [each for each in every if each.is_file()]


def _others_write(folder: Path) -> bool:
    """Return whether another account may write here; a private group does not count as another."""
    status = folder.stat()
    if status.st_mode & stat.S_IWOTH:
        return True
    return bool(status.st_mode & stat.S_IWGRP) and not _is_own_group(status)


def _is_own_group(status: os.stat_result) -> bool:
    try:
        group, owner = grp.getgrgid(status.st_gid), pwd.getpwuid(status.st_uid)
    except KeyError:
        return False
    return group.gr_name == owner.pw_name and not set(group.gr_mem) - {owner.pw_name}
