"""Files that only their owner may read: made so whatever the umask, and checked at each start."""

import grp
import os
import pwd
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
"""What stands beside an SQLite database; SQLite gives its own files the mode of the database."""


class OthersCanRead(Refused):
    """Files with personal data or keys are open to other accounts of the machine."""

    says = (
        "Other accounts of this machine can read {files}. Nothing was started. "
        "Whatever was in there may have been read; then run: {command}"
    )


class OthersCanWrite(Refused):
    """Other accounts could put files of theirs in the place of ours."""

    says = (
        "Other accounts of this machine can write in the folder {folder}, where the databases or "
        "keys are. Nothing was started. Run: chmod go-w {quoted}"
    )


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter, and its parents; one that is there stays."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(FOLDER_MODE, exist_ok=True)
    folder.chmod(FOLDER_MODE)


def open_private(path: Path, flags: int = os.O_RDWR | os.O_CREAT) -> int:
    """Open a file, which is made for its owner alone when it is not there."""
    try:
        file = os.open(path, flags | os.O_EXCL | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    except FileExistsError:
        if flags & os.O_EXCL:
            raise
        return os.open(path, (flags & ~os.O_CREAT) | os.O_CLOEXEC)
    os.fchmod(file, FILE_MODE)
    return file


def make_file(path: Path) -> None:
    """Make an empty file when there is none: to SQLite that is a new database."""
    if not path.exists():
        os.close(open_private(path))


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file for its owner alone that is there only when it is whole.

    It is written beside its place, as a file that ends in `PART`, and moved there.
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
    """Write all of a file that is there only when it is whole, as `whole_file` does."""
    with whole_file(path) as opened:
        opened.writelines(pieces)


def check_files(paths: Iterable[Path]) -> None:
    """Refuse files that others may read, those beside a database too, and folders they write in.

    Raises OthersCanRead, OthersCanWrite.
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
    """Return a file and those beside it that are there."""
    every = (path, *(path.with_name(f"{path.name}{ending}") for ending in BESIDE))
    return [each for each in every if each.is_file()]


def _others_write(folder: Path) -> bool:
    """Say whether somebody else may put files here; the group of one account is nobody else."""
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
