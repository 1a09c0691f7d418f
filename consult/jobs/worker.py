"""Do jobs, one at a time: claim one, renew its lease meanwhile, and note what became of it."""

import logging
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Self

import msgspec

from consult.jobs import given_files, result_files, words
from consult.jobs.asking import queue_of
from consult.jobs.job import Job
from consult.jobs.kinds.kind import Kind
from consult.jobs.queue import LEASE_TIME, Lost, Queue
from consult.services import Services
from consult.wording.language import in_language
from events.errors import Conflict, OutcomeUnknown, Overloaded, Refused, Unavailable

LOG = logging.getLogger(__name__)

JOBS, OLD_FILES = "jobs", "old files"
"""The duties of the process that does jobs, under which trouble with them is shown."""

RENEW_SECONDS = LEASE_TIME.total_seconds() / 3
REPORT_SECONDS = 1.0
"""How often progress is written at most."""


class Stopping(Exception):  # noqa: N818  it states what happens
    """The process is told to stop: the job goes back into the queue."""


class Worker:
    """Does jobs of some kinds. `stop`: when it is set, the job at hand is given back."""

    def __init__(
        self, services: Services, kinds: Mapping[str, Kind], stop: threading.Event
    ) -> None:
        self._services = services
        self._kinds = kinds
        self._stop = stop
        self._queue = queue_of(services)
        self._place = result_files.place_of(services.config)

    def work(self) -> float | None:
        """Do the next job; return 0 if there was one: a round of a duty. Raises Unavailable."""
        job = self._queue.claim(tuple(self._kinds), self._place)
        if job is None:
            return None
        with suppress(Lost):
            self.do(job)
        return 0.0

    def sweep(self) -> None:
        """Delete expired jobs with their files: a round of a duty."""
        self._queue.forget_expired(tuple(self._kinds), self._place)
        result_files.sweep(self._services.config, self._queue.all)
        given_files.sweep(self._services.config, self._queue.all)

    def do(self, job: Job) -> None:
        """Do a claimed job and note what became of it. Raises Lost, and Unavailable.

        While the database is unavailable nothing is noted: it is tried again after its lease.
        """
        kind = self._kinds[job.wanted.kind]
        began_at = time.monotonic()
        with Lease(self._queue, job, self._stop) as lease:
            try:
                with in_language(job.wanted.language):
                    self._do(kind, job, lease)
            except Stopping:
                self._queue.release(job)
            except (Lost, Unavailable):
                raise
            except (Conflict, Overloaded, OutcomeUnknown) as passing:
                LOG.warning("The job %s (%s) is tried again: %s", job.id, kind.name, passing)
                self._queue.put_off(job, self._why(job, passing))
            except Refused as refused:
                LOG.warning("The job %s (%s) is not possible: %s", job.id, kind.name, refused)
                self._queue.fail(job, self._why(job, refused), kind.keep)
            except Exception as error:
                LOG.exception("The job %s (%s) failed, try %d.", job.id, kind.name, job.tries)
                self._queue.put_off(job, type(error).__name__)
            else:
                seconds = time.monotonic() - began_at
                LOG.info("The job %s (%s) took %.1f seconds.", job.id, kind.name, seconds)

    def _why(self, job: Job, refused: Refused) -> str:
        with in_language(job.wanted.language):
            return words.packed(refused)

    def _do(self, kind: Kind, job: Job, lease: "Lease") -> None:
        parameters = msgspec.json.decode(job.wanted.parameters, type=kind.parameters)
        pieces = kind.work(self._services, parameters, lease.report)
        if pieces is None:
            self._queue.finish(job, kind.keep)
            return
        size, digest = result_files.write(
            self._services.config, job, (lease.checked(piece) for piece in pieces)
        )
        self._queue.finish(job, kind.keep, size_bytes=size, digest=digest)


class Lease:
    """Renews the lease of a job in a thread, as long as the job is being done."""

    def __init__(
        self, queue: Queue, job: Job, stop: threading.Event, renew_seconds: float | None = None
    ) -> None:
        self._queue = queue
        self._job = job
        self._stop = stop
        self._renew_seconds = renew_seconds or RENEW_SECONDS
        self._is_over = threading.Event()
        self._is_lost = threading.Event()
        self._reported_at = time.monotonic()
        self._thread = threading.Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        self._thread.join()

    def report(self, done: int, total: int) -> None:
        """Note how far the job is, at most every REPORT_SECONDS. Raises Lost, Stopping."""
        self._check()
        now = time.monotonic()
        if now - self._reported_at >= REPORT_SECONDS:
            self._reported_at = now
            self._queue.progress(self._job, done, total)

    def checked(self, piece: bytes) -> bytes:
        """Pass on a piece of the file. Raises Lost, Stopping."""
        self._check()
        return piece

    def _check(self) -> None:
        """Raise Lost if another worker has the job, Stopping if this one is told to stop."""
        if self._is_lost.is_set():
            raise Lost
        if self._stop.is_set():
            raise Stopping

    def _renew(self) -> None:
        while not self._is_over.wait(self._renew_seconds):
            try:
                self._queue.renew(self._job)
            except Lost:
                self._is_lost.set()
                return
            except Unavailable as away:  # it lasts, and the job may still be done in time
                LOG.warning("The lease of a job could not be renewed: %s", away)
            except Exception:
                LOG.exception("The lease of a job could not be renewed.")
