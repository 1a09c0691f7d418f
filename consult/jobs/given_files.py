"""Copies of files that jobs are given, because the originals may go or change meanwhile.

Like the files that jobs make, they are on the disk of one machine, which is the job's place.
"""

import shutil
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from consult.config import Config
from consult.jobs.job import Job
from events.store import private_files

BYTES_AT_ONCE = 1 << 20
SPARED_SECONDS = 600.0
"""A copy is there before its job: one so young is never swept."""


def put(config: Config, digest: str, file: Path) -> None:
    """Keep a copy of a file, under the digest of its content, before its job is asked for."""
    copy = path_of(config, digest, file.name)
    private_files.make_folder(copy.parent)
    with file.open("rb") as opened:
        private_files.write_whole(copy, iter(lambda: opened.read(BYTES_AT_ONCE), b""))


def path_of(config: Config, digest: str, name: str) -> Path:
    """Return where the copy of a file of this name is."""
    return _folder_of(config) / digest / name


def remove(config: Config, digest: str) -> None:
    """Delete a copy; what is not deleted here is swept."""
    shutil.rmtree(_folder_of(config) / digest, ignore_errors=True)


def sweep(config: Config, jobs: Callable[[], Collection[Job]]) -> None:
    """Delete the copies that no job needs any more. `jobs`: returns all jobs."""
    folder, oldest = _folder_of(config), time.time() - SPARED_SECONDS
    found = list(folder.iterdir()) if folder.is_dir() else []
    needed = [job.wanted.parameters for job in jobs() if not job.has_ended] if found else []
    for path in found:
        with suppress(OSError):
            is_old = path.stat().st_mtime < oldest
            if is_old and not any(path.name in parameters for parameters in needed):
                shutil.rmtree(path)


def _folder_of(config: Config) -> Path:
    return config.files_path / "given"
