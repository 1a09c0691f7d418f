"""The process that does jobs, one at a time, without delaying pages, seals or read models."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from consult.config import Config
from consult.jobs.every_kind import KINDS
from consult.jobs.worker import Worker
from consult.people.trouble import Trouble
from consult.services import Services, open_patiently
from consult.supervising import Duty, supervise
from consult.web import create_app, kept_files
from consult.web.kept_files import PUBLIC_FILE

LOOK_SECONDS = 0.5
SWEEP_SECONDS = 60.0
NICENESS = 10
"""Lower priority than the web processes."""


def run(config: Config) -> None:
    """Do jobs until SIGTERM. The one at hand is then given back."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    os.nice(NICENESS)
    services = open_patiently(config, stop, has_background=True)
    if services is None:
        return
    app = create_app(services)
    supervise(
        job_duties(services, app.app_context, stop), stop, Trouble(services.vault, services.clock)
    )
    services.close()


def job_duties(
    services: Services,
    application: Callable[[], AbstractContextManager[object]],
    stop: threading.Event,
) -> list[Duty]:
    """Return the duties of the process: do jobs, and delete what has expired.

    `application`: the context of the application, in which some jobs request pages.
    """
    worker = Worker(services, KINDS | {PUBLIC_FILE.name: PUBLIC_FILE}, stop)

    def work() -> float | None:
        with application():
            return worker.work()

    def sweep() -> None:
        worker.sweep()
        kept_files.sweep(kept_files.folder_of(services.config))

    return [
        Duty("jobs", LOOK_SECONDS, work),
        Duty("old files", SWEEP_SECONDS, sweep),
    ]
