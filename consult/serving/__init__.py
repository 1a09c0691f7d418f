"""Serve the pages: web processes, a background process and a process that does jobs."""

import logging
import signal
import sys
import threading
from dataclasses import dataclass

from consult.config import Config
from consult.connections import page_threads
from consult.duties import run_background
from consult.services import Services, set_up
from consult.serving import first_link, job_process, web_process
from consult.serving.listening import CannotListen, listen
from consult.serving.supervisor import Kept, keep_running, set_up_logging

__all__ = ["Address", "CannotListen", "serve"]

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Address:
    """Where to listen. `workers`: web processes; 0 chooses for the database."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 0


def serve(config: Config, address: Address) -> None:
    """Set up, then serve until interrupted. Raises Refused if it cannot start.

    By default there are two web processes on SQLite, where more are no faster, and one for each
    processor (at least two) on PostgreSQL, with as many threads as the server has connections for.
    """
    set_up_logging()
    stop = threading.Event()
    is_starting = True

    def end(*_signal: object) -> None:
        stop.set()
        if is_starting:  # no child process runs yet that must be stopped first
            sys.exit(0)

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    with listen(address.host, address.port) as listening:
        set_up(config)
        services = Services.open(config)  # raises refusals here rather than in a child process
        try:
            first_link.tell(services)
        finally:
            services.close()
        workers, threads = page_threads(config, address.workers)
        kept = [
            Kept(f"web {number}", web_process.run, (config, listening, threads))
            for number in range(1, workers + 1)
        ]
        kept.append(Kept("background", run_background, (config,)))
        kept.append(Kept("jobs", job_process.run, (config,)))
        LOG.info("Listening on http://%s:%d", address.host, address.port)
        is_starting = False
        keep_running(kept, stop)
