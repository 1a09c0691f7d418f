"""Non-public files for staff, handed out on record.

A small file is created during the request. A large one is noted as wanted, created by a separate
process (`consult.serving.file_maker`), and cached on disk for 15 minutes: it may contain what
people wrote, and this limits how long an erasure may fail to reach it. Who takes a file is
recorded before its first byte is sent.
"""

import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, NamedTuple
from uuid import UUID

import msgspec
from flask import Response, request
from werkzeug.wsgi import wrap_file

from consult.commands.context import Actor
from consult.commands.data_protection.takings import take_openings
from consult.commands.files.answer_rows import Wish
from consult.commands.files.exporting_answers import take_answers, write_answers
from consult.config import Config
from consult.sealing.log_store.store import LogStore
from consult.sealing.public_entries import packs
from consult.services import Services
from consult.web import kept_files
from consult.web import services as find_services
from consult.web.kept_files import WANTED
from consult.wording import figures, language
from consult.wording.drafting.answer_labels import MEDIA_TYPES, labels
from consult.wording.language import in_language
from consult.wording.refusals import says
from events import Consultation, Partnership
from events.errors import Refused
from events.store.private_files import make_folder, write_whole
from projections import participation
from projections.ballot_box import BallotBox
from projections.consultations import ConsultationPage
from projections.data_protection import DataProtection

KEEP_SECONDS = 15 * 60
LINES = "application/x-ndjson"
REFUSED = ".refused"
WAIT_SECONDS = 20
BYTES_AT_ONCE = 65_536
UNAVAILABLE = 503
_turn = threading.Lock()


class Wanted(msgspec.Struct, frozen=True):
    """Content of a file. `language`: of its headings."""

    consultation_id: UUID
    what: Literal["answers", "openings"]
    format: str
    with_words: bool
    language: str


class FileStanding(NamedTuple):
    """State of a large file. `size`: in words, None while it is being created; `refused`: why."""

    size: str | None
    refused: str


@dataclass(frozen=True)
class StaffFile:
    """A requested file. `name`: suggested file name; `rows`: how many there are.

    `take`: records that it is taken.
    """

    wanted: Wanted
    name: str
    media_type: str
    rows: int
    take: Callable[[], None]

    def handed_out(self) -> Response | None:
        """Record the taking and return the file; None while it is being created.

        Raises what creating it raises; then nothing is recorded.
        """
        services = find_services()
        if not (self.rows >= kept_files.LARGE_FROM and services.has_background):
            return self._made_now(services)
        path = _path(services, self.wanted)
        try:
            opened = path.open("rb")
        except FileNotFoundError:
            kept_files.note_wanted(path.with_suffix(WANTED), self.wanted)
            return None
        self.take()
        # If possible the server sends the file, so that slow readers occupy no thread.
        is_sent = "wsgi.file_wrapper" in request.environ
        content = wrap_file(request.environ, opened) if is_sent else _read(opened)
        response = self._response(content, os.fstat(opened.fileno()).st_size)
        response.call_on_close(opened.close)
        return response

    def standing(self) -> FileStanding:
        """Return the state of the file; request it if it is not wanted yet."""
        path = _path(find_services(), self.wanted)
        with suppress(FileNotFoundError):
            return FileStanding(figures.file_size(path.stat().st_size), "")
        with suppress(FileNotFoundError):
            refused = path.with_suffix(REFUSED)
            said = refused.read_text()
            refused.unlink()
            return FileStanding(None, said)
        kept_files.note_wanted(path.with_suffix(WANTED), self.wanted)
        return FileStanding(None, "")

    def _made_now(self, services: Services) -> Response:
        # Creating it occupies a thread, so only one at a time. It is complete before anything is
        # sent: a slow reader blocks nothing, and a failure never truncates a download.
        if not _turn.acquire(timeout=WAIT_SECONDS):
            return Response(status=UNAVAILABLE, headers={"Retry-After": str(WAIT_SECONDS)})
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the response
        try:
            file.writelines(_pieces(services, self.wanted))
            self.take()
        except BaseException:
            file.close()
            raise
        finally:
            _turn.release()
        response = self._response(_read(file), file.tell())
        response.call_on_close(file.close)
        return response

    def _response(self, content: Iterable[bytes], size_bytes: int) -> Response:
        response = Response(content, content_type=self.media_type, direct_passthrough=True)
        response.content_length = size_bytes
        response.headers["Content-Disposition"] = f'attachment; filename="{self.name}"'
        response.headers["Cache-Control"] = "no-store"
        return response


def answers_of(page: ConsultationPage, actor: Actor, format: str, *, with_words: bool) -> StaffFile:
    """Return the file of all answers. `with_words`: only for an actor who may read them."""
    services = find_services()
    box = services.views.reader(BallotBox)
    with services.views.connect() as db:
        rows = sum(participation.by(db, box.turnout, page.id, "channel").values())
    wish = Wish(format, with_words)
    return StaffFile(
        Wanted(page.id, "answers", format, with_words, language.current()),
        f"{page.slug}-answers{'-with-words' if with_words else ''}.{format}",
        MEDIA_TYPES[format],
        rows,
        lambda: take_answers(services, page.id, wish, actor=actor),
    )


def openings_of(page: ConsultationPage, actor: Actor, number: int) -> StaffFile:
    """Return the file of all openings. `number`: how many ballots they open."""
    services = find_services()
    return StaffFile(
        Wanted(page.id, "openings", "ndjson", with_words=False, language=language.DEFAULT),
        f"{page.slug}-openings.ndjson",
        LINES,
        number,
        lambda: take_openings(services, page.id, number, actor=actor),
    )


def are_wanted(config: Config) -> bool:
    """Return whether any file is wanted."""
    return any(_folder(config).glob(f"*{WANTED}"))


def make_wanted(services: Services) -> int:
    """Create every wanted file, oldest request first; return how many."""
    folder = _folder(services.config)
    notes = sorted(folder.glob(f"*{WANTED}"), key=lambda note: note.stat().st_mtime)
    for note in notes:
        with suppress(msgspec.DecodeError):
            _make(services, note, msgspec.json.decode(note.read_bytes(), type=Wanted))
        note.unlink(missing_ok=True)
    return len(notes)


def sweep(config: Config, keep_seconds: float = KEEP_SECONDS) -> None:
    """Delete files older than `keep_seconds`, and what a crash left behind."""
    oldest = time.time() - keep_seconds
    for path in _folder(config).iterdir():
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def _read(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the content of a file, and close it afterwards."""
    with file:
        file.seek(0)
        while some := file.read(BYTES_AT_ONCE):
            yield some


def _make(services: Services, note: Path, wanted: Wanted) -> None:
    path = note.with_suffix("")
    try:
        write_whole(path, _pieces(services, wanted))
    except Refused as refused:
        with in_language(wanted.language):
            write_whole(path.with_suffix(REFUSED), [says(refused).encode()])


def _pieces(services: Services, wanted: Wanted) -> Iterator[bytes]:
    if wanted.what == "openings":
        log = LogStore.open(services.config.database_url)
        try:
            yield from packs.opening_lines(log, wanted.consultation_id)
        finally:
            log.close()
        return
    with in_language(wanted.language):
        wish = Wish(wanted.format, wanted.with_words, labels())
    yield from write_answers(services, wanted.consultation_id, wish)


def _folder(config: Config) -> Path:
    folder = kept_files.folder_of(config) / "staff"
    make_folder(folder)
    return folder


def _path(services: Services, wanted: Wanted) -> Path:
    """Return the path of a file: a digest of everything that determines its content."""
    id, position = wanted.consultation_id, services.record.head()
    with services.whole(BallotBox, position=position) as (db, box):
        data_protection = services.views.reader(DataProtection)
        services.views.require(db, data_protection, position)
        latest, keeping = box.latest(db, id, as_at=position), data_protection.of(db, id)
        erased = data_protection.number_erased(db, id)
    consultation = services.record.refresh(Consultation, id)
    partnership = services.record.refresh(Partnership, consultation.partnership_id)
    gone = sorted(keeping.gone) if keeping else []
    state = (consultation.version, partnership.version, latest, erased, *gone)
    told = [kept_files.VERSION, msgspec.json.encode(wanted).decode(), *map(str, state)]
    return _folder(services.config) / hashlib.sha256("\0".join(told).encode()).hexdigest()
