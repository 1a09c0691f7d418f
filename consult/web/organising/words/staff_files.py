"""Non-public files for staff, handed out on record.

A small file is created during the request. A large one is made by a job (`consult.jobs`) and kept
for 15 minutes: it may contain what people wrote, and this limits how long an erasure may fail to
reach it. Who takes a file is recorded before its first byte is sent.
"""

import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, NamedTuple
from uuid import UUID

from flask import Response, request
from werkzeug.wsgi import wrap_file

from consult.commands.context import Actor
from consult.commands.data_protection.takings import take_openings
from consult.commands.files.answer_rows import Wish
from consult.commands.files.exporting_answers import take_answers
from consult.jobs import result_files, words
from consult.jobs.asking import ask, queue_of, wanted
from consult.jobs.job import DONE, FAILED, Job, Wanted
from consult.jobs.kinds.answer_files import ANSWERS, OPENINGS, AnswersWanted, OpeningsWanted
from consult.jobs.kinds.kind import Kind
from consult.services import Services
from consult.web import kept_files
from consult.web import services as find_services
from consult.wording import figures
from consult.wording.drafting.answer_labels import MEDIA_TYPES
from consult.wording.language import N_
from events import Consultation, Partnership
from projections import participation
from projections.ballot_box import BallotBox
from projections.consultations import ConsultationPage
from projections.data_protection import DataProtection

LINES = "application/x-ndjson"
NOT_ASKED = N_("This file is not being made. Ask for it here.")
WAIT_SECONDS = 20
BYTES_AT_ONCE = 65_536
UNAVAILABLE = 503
_turn = threading.Lock()


class FileStanding(NamedTuple):
    """State of a large file. `size`: in words, None while it is being created; `refused`: why.

    `job`: which makes it.
    """

    size: str | None
    refused: str
    job: Job


@dataclass(frozen=True)
class StaffFile:
    """A requested file. `name`: suggested file name; `rows`: how many there are.

    `take`: records that it is taken. Raises NotYours if the actor may not have it.
    """

    kind: Kind
    wanted: AnswersWanted | OpeningsWanted
    actor: Actor
    name: str
    media_type: str
    take: Callable[[], None]

    def handed_out(self) -> Response | None:
        """Record the taking and return the file; None while it is being created.

        Raises what creating it raises; then nothing is recorded.
        """
        services = find_services()
        if not (self.wanted.rows >= kept_files.LARGE_FROM and services.has_background):
            return self._made_now(services)
        job = self._job(services)
        if job.state == FAILED:
            queue_of(services).again(job)
        if job.state != DONE:
            return None
        opened = result_files.open_result(services.config, job)
        if opened is None:
            queue_of(services).again(job)
            return None
        try:
            self.take()
        except BaseException:
            opened.close()
            raise
        # If possible the server sends the file, so that slow readers occupy no thread.
        is_sent = "wsgi.file_wrapper" in request.environ
        content = wrap_file(request.environ, opened) if is_sent else _read(opened)
        response = self._response(content, os.fstat(opened.fileno()).st_size)
        response.call_on_close(opened.close)
        return response

    def standing(self) -> FileStanding | None:
        """Return the state of the file; None if the actor has not asked for it as it would be now.

        Reading a page makes no work: a file is asked for by `handed_out` alone.
        """
        services = find_services()
        key = self._asked(services).key
        mine = queue_of(services).of(self.actor.reference)
        job = next((one for one in mine if one.wanted.key == key), None)
        if job is None:
            return None
        size = None if job.size_bytes is None else figures.file_size(job.size_bytes)
        return FileStanding(size, words.reason(job) if job.state == FAILED else "", job)

    def _asked(self, services: Services) -> Wanted:
        return wanted(
            services,
            self.kind,
            self.wanted,
            actor=self.actor,
            key=_state(services, self.wanted.consultation_id),
            consultation_id=self.wanted.consultation_id,
            total=self.wanted.rows,
        )

    def _job(self, services: Services) -> Job:
        job = ask(services, self.kind, self._asked(services), actor=self.actor)
        assert job is not None  # there is no limit for files of staff
        return job

    def _made_now(self, services: Services) -> Response:
        # Creating it occupies a thread, so only one at a time. It is complete before anything is
        # sent: a slow reader blocks nothing, and a failure never truncates a download.
        if not _turn.acquire(timeout=WAIT_SECONDS):
            return Response(status=UNAVAILABLE, headers={"Retry-After": str(WAIT_SECONDS)})
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the response
        try:
            file.writelines(self.kind.work(services, self.wanted, lambda *_done: None) or ())
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
        ANSWERS,
        AnswersWanted(page.id, format, with_words, rows),
        actor,
        f"{page.slug}-answers{'-with-words' if with_words else ''}.{format}",
        MEDIA_TYPES[format],
        lambda: take_answers(services, page.id, wish, actor=actor),
    )


def openings_of(page: ConsultationPage, actor: Actor, number: int) -> StaffFile:
    """Return the file of all openings. `number`: how many ballots they open."""
    services = find_services()
    return StaffFile(
        OPENINGS,
        OpeningsWanted(page.id, number),
        actor,
        f"{page.slug}-openings.ndjson",
        LINES,
        lambda: take_openings(services, page.id, number, actor=actor),
    )


def _read(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the content of a file, and close it afterwards."""
    with file:
        file.seek(0)
        while some := file.read(BYTES_AT_ONCE):
            yield some


def _state(services: Services, id: UUID) -> str:
    """Return everything that determines the content of a file about a consultation."""
    position = services.record.head()
    with services.whole(BallotBox, position=position) as (db, box):
        data_protection = services.views.reader(DataProtection)
        services.views.require(db, data_protection, position)
        latest, keeping = box.latest(db, id, as_at=position), data_protection.of(db, id)
        erased = data_protection.number_erased(db, id)
    consultation = services.record.refresh(Consultation, id)
    partnership = services.record.refresh(Partnership, consultation.partnership_id)
    gone = sorted(keeping.gone) if keeping else []
    state = (consultation.version, partnership.version, latest, erased, *gone)
    return "\0".join((kept_files.VERSION, *map(str, state)))
