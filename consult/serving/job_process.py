"""The process that does jobs, one at a time, without delaying pages, seals or read models."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cache

from consult.config import Config
from consult.connections import DUTY_THREADS
from consult.jobs.kinds.every_kind import KINDS
from consult.jobs.kinds.kind import Report
from consult.jobs.worker import JOBS, OLD_FILES, Worker
from consult.people.trouble import Trouble
from consult.services import Services, open_patiently
from consult.supervising import Duty, supervise
from consult.web import create_app, kept_files
from consult.web.kept_files import PUBLIC_FILE, FileWanted

LOOK_SECONDS = 0.5
SWEEP_SECONDS = 60.0
NICENESS = 10
"""Lower priority than the web processes."""


def run(config: Config) -> None:
    """Do jobs until SIGTERM. The one at hand is then given back."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    os.nice(NICENESS)
    services = open_patiently(config, stop, has_background=True, threads=DUTY_THREADS)
    if services is None:
        return
    # Most jobs need no page, so the application is made when the first one does.
    application = cache(lambda: create_app(services))
    duties = job_duties(services, lambda: application().app_context(), stop)
    supervise(duties, stop, Trouble(services.vault, services.clock))
    services.close()


def job_duties(
    services: Services,
    application: Callable[[], AbstractContextManager[object]],
    stop: threading.Event,
) -> list[Duty]:
    """Return the duties of the process: do jobs, and delete what has expired.

    `application`: returns the context of the application, for the jobs that request a page of it.
    """

    def request(services: Services, wanted: FileWanted, report: Report) -> None:
        with application():
            PUBLIC_FILE.work(services, wanted, report)

    public_file = replace(PUBLIC_FILE, work=request)
    worker = Worker(services, KINDS | {public_file.name: public_file}, stop)

    def sweep() -> None:
        worker.sweep()
        kept_files.sweep(kept_files.folder_of(services.config))

    return [
        Duty(JOBS, LOOK_SECONDS, worker.work),
        Duty(OLD_FILES, SWEEP_SECONDS, sweep),
    ]
