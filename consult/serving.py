"""Serves the pages: web workers, and one background process beside them."""

import multiprocessing
import os
import threading
from dataclasses import dataclass

from granian import Granian
from granian.constants import Interfaces

from consult.config import Config
from consult.duties import run_background
from consult.services import Services, set_up
from consult.web.telling import news

THREADS_PER_WORKER = 8
"""More of them fight for the interpreter, and each waits longer for the commit they share."""

RESTART_SECONDS = 1.0


@dataclass(frozen=True)
class Address:
    """Where to listen. `workers`: web processes; 0 chooses for the database."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 0


def serve(config: Config, address: Address) -> None:
    """Set up, then serve until interrupted. Raises Refused when it cannot start.

    Two web processes fill one SQLite file best; PostgreSQL takes one for each processor.
    """
    set_up(config)
    Services.open(config).close()  # refuses here, in words, rather than in a worker
    os.environ["FOLKMOOT_DATABASE_URL"] = config.database_url
    on_sqlite = config.database_url.startswith("sqlite")
    workers = address.workers or (2 if on_sqlite else max(2, os.cpu_count() or 2))
    stop = threading.Event()
    keeper = threading.Thread(target=_keep_background, args=(config, stop), daemon=True)
    keeper.start()
    try:
        Granian(
            "consult.web.wsgi:application",
            address=address.host,
            port=address.port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS_PER_WORKER,
            respawn_failed_workers=True,
            websockets=False,
            log_access=False,
        ).serve()
    finally:
        stop.set()
        keeper.join(timeout=15)


def background(config: Config) -> None:
    """Do everything that happens without a page, mails about news included."""
    run_background(config, (news.teller(),))


def _keep_background(config: Config, stop: threading.Event) -> None:
    """Run the background process, and start it again if it dies."""
    spawn = multiprocessing.get_context("spawn")
    while not stop.is_set():
        process = spawn.Process(target=background, args=(config,), name="folkmoot-background")
        process.start()
        while process.is_alive() and not stop.wait(0.2):
            pass
        if process.is_alive():
            process.terminate()
            process.join(timeout=10)
        stop.wait(RESTART_SECONDS)
