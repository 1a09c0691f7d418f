"""Large public files: created once, cached on disk, and served from there.

Writing the ballots of a large consultation takes seconds and as much memory as a hundred pages. So
a web process does not create such a file: a job does (`consult.jobs`), by requesting its page, and
until then people are asked to come again. The file name is a digest of everything that determines
the content, so there is one job for it, whatever address people came by.
"""

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import msgspec
from flask import Response, current_app, request
from werkzeug.wsgi import wrap_file

from consult.config import Config
from consult.jobs.asking import ask, wanted
from consult.jobs.kinds.kind import Kind, Report
from consult.services import Services
from consult.web import services as find_services
from consult.wording import language
from consult.wording.language import N_
from consult.wording.refusals import STATUS
from events.errors import Refused
from events.store import private_files

LARGE_FROM = 2_000
"""From this number of ballots the separate process writes the file; fewer are fast enough."""

WANTED_MAX = 200
"""Limit of files that may wait to be created."""

LISTED_TIME = timedelta(seconds=5)
"""How long a job is listed whose file is made; the file itself tells that it is."""

AGAIN_SECONDS_MAX = 15
"""Who waits for a file is told to come again after as long as it has been waited for, within this:
one that is made in a second is not waited for much longer, and a large one is asked for seldom."""

KEEP_SECONDS = 14 * 24 * 3600
MAKING = "folkmoot.makes_files"
"""Set in the WSGI environment of the process that creates files."""

OK = 200
DIGEST = "sha256"
VERSION = version("folkmoot")
"""Another version may write the same data differently."""
Make = Callable[[], Iterable[bytes]]


class BeingMade(Refused):
    """A large file is not ready yet. `seconds`: after how many to ask again."""

    says = N_(
        "This file is large and is being made now, which takes from a few seconds to some "
        "minutes. Load this page again, and you get it as soon as it is there."
    )

    @property
    def seconds(self) -> int:
        """After how many seconds to ask again."""
        return int(self.values["seconds"])


STATUS[BeingMade] = 503


class FileWanted(msgspec.Struct, frozen=True):
    """A file to be created: the address of the page that serves it."""

    path: str
    root: str


class NotMadeError(Exception):
    """The page that serves a file did not respond with it."""


def _request(_services: Services, wanted: FileWanted, _report: Report) -> None:
    """Request the page that creates a file, in the context of the application."""
    client = current_app.test_client()
    answer = client.get(wanted.path, base_url=wanted.root, environ_overrides={MAKING: True})
    answer.close()
    if answer.status_code != OK:
        raise NotMadeError(f"{wanted.path}: {answer.status_code}")


PUBLIC_FILE = Kind(
    "public file", FileWanted, _request, LISTED_TIME, makes_file=True, most=WANTED_MAX
)


def folder_of(config: Config) -> Path:
    """Return the folder of cached files, readable only by its owner; create it if missing."""
    folder = config.files_path
    private_files.make_folder(folder)
    return folder


def kept(kind: str, key: Iterable[str], make: Make, *, ballots: int) -> Response:
    """Respond with a file, created if necessary. Raises BeingMade, and what `make` raises.

    `key`: everything that determines the content. `ballots`: how many the file covers.
    """
    config = find_services().config
    folder = folder_of(config)
    told = "\0".join((VERSION, config.public_url, kind, language.current(), *key)).encode()
    file = folder / hashlib.sha256(told).hexdigest()
    if not file.exists():
        services = find_services()
        is_large = ballots >= LARGE_FROM and services.has_background
        if is_large and not request.environ.get(MAKING):
            raise BeingMade(seconds=_want(services, file.name))
        with _single_flight(file):
            if not file.exists():
                _write(file, make())
    with suppress(OSError):
        os.utime(file)  # marks it as used: unused files are swept
    return _given(file, kind)


def _given(file: Path, kind: str) -> Response:
    digest = (file.with_suffix(f".{DIGEST}")).read_text()
    if request.if_none_match.contains(digest):
        response = Response(status=304)
    elif request.environ.get(MAKING):
        response = Response(content_type=kind)
    elif "wsgi.file_wrapper" in request.environ:  # sent by the server without a thread of ours
        opened = file.open("rb")
        content = wrap_file(request.environ, opened)
        response = Response(content, content_type=kind, direct_passthrough=True)
        response.content_length = os.fstat(opened.fileno()).st_size
    else:
        response = Response(file.read_bytes(), content_type=kind)
    response.set_etag(digest)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _write(file: Path, pieces: Iterable[bytes]) -> None:
    """Write a file, preceded by the file with its digest."""
    digest = hashlib.sha256()

    def noted() -> Iterator[bytes]:
        for piece in pieces:
            digest.update(piece)
            yield piece
        private_files.write_whole(file.with_suffix(f".{DIGEST}"), [digest.hexdigest().encode()])

    private_files.write_whole(file, noted())


@contextmanager
def _single_flight(file: Path) -> Iterator[None]:
    """Let one thread of one process create a file; the others wait and then find it."""
    lock = file.with_suffix(".lock")
    with os.fdopen(private_files.open_private(lock), "w") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def _want(services: Services, name: str) -> int:
    """Queue the file; return after how many seconds to ask again."""
    query = request.query_string.decode("latin-1")
    path = f"{request.script_root}{request.path}{f'?{query}' if query else ''}"
    address = FileWanted(path, request.host_url)
    # One that has ended failed, or its file has gone since: who asks now must not wait for it.
    job = ask(services, PUBLIC_FILE, wanted(services, PUBLIC_FILE, address, name=name), anew=True)
    if job is None:  # too many files are wanted at this moment
        return AGAIN_SECONDS_MAX
    waited = (services.record.moment() - job.asked_at).total_seconds()
    return int(min(max(1.0, waited), AGAIN_SECONDS_MAX))


def sweep(folder: Path, keep_seconds: float = KEEP_SECONDS) -> None:
    """Delete files unused for `keep_seconds`, and partial files left by a crash."""
    oldest = time.time() - keep_seconds
    for path in folder.iterdir():
        with suppress(OSError):
            is_file = not path.suffix or path.suffix == private_files.PART
            if is_file and path.stat().st_mtime < oldest:
                path.unlink()
                path.with_suffix(f".{DIGEST}").unlink(missing_ok=True)
