"""Files that jobs have made, on the disk of the machine that made them.

Several hosts may share a queue and not a disk. So each folder has an id, its place, and a job that
makes a file is done where it was asked for.
"""

import hashlib
import os
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from consult.config import Config
from consult.jobs.job import Job
from events.store import private_files

PLACE = "place"
BYTES_AT_ONCE = 1 << 20


def folder_of(config: Config) -> Path:
    """Return the folder of the results, readable only by its owner; create it if missing."""
    folder = config.files_path / "jobs"
    private_files.make_folder(folder)
    return folder


def place_of(config: Config) -> str:
    """Return the id of the folder, made at first use."""
    file = folder_of(config) / PLACE
    with suppress(FileNotFoundError):
        return file.read_text()
    mine = file.with_name(f"{PLACE}.{uuid4().hex}")
    with suppress(FileExistsError, FileNotFoundError):  # another process was first, and swept
        private_files.write_whole(mine, [uuid4().hex.encode()])
        os.link(mine, file)
    mine.unlink(missing_ok=True)
    return file.read_text()


def write(config: Config, job: Job, pieces: Iterable[bytes]) -> tuple[int, str]:
    """Write the file of a claimed job; return its size in bytes and its SHA-256 digest."""
    digest, size = hashlib.sha256(), 0
    with private_files.whole_file(_path(config, job)) as opened:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            opened.write(piece)
    return size, digest.hexdigest()


def open_result(config: Config, job: Job) -> BinaryIO | None:
    """Open the file of a done job; None if it is not what was made, or not here."""
    try:
        opened = _path(config, job).open("rb")
    except FileNotFoundError:
        return None
    digest = hashlib.sha256()
    while piece := opened.read(BYTES_AT_ONCE):
        digest.update(piece)
    if digest.hexdigest() == job.digest:
        opened.seek(0)
        return opened
    opened.close()
    return None


def remove(config: Config, job: Job) -> None:
    """Delete the file of a job that is no more; what is not deleted here is swept."""
    with suppress(OSError):
        _path(config, job).unlink()


def sweep(config: Config, jobs: Callable[[], Collection[Job]]) -> None:
    """Delete the files of jobs that are no more, and what a crash left behind.

    `jobs`: returns all jobs. It is called once it is known which files there are: a job is there
    before its file, so the file of a job that comes meanwhile stays.
    """
    found = list(folder_of(config).iterdir())
    kept = {_path(config, job).name for job in jobs()}
    for path in found:
        name = path.name.partition(".")[0]  # of the file that a part is to become
        if path.name != PLACE and name not in kept:
            with suppress(OSError):
                path.unlink()


def _path(config: Config, job: Job) -> Path:
    """Return the path: another one for each claim, so that who lost a job harms nothing."""
    return folder_of(config) / f"{job.id.hex}-{job.tries}"
