"""The process that makes large files, one at a time, without delaying pages."""

import logging
import os
import signal
import threading
import time
from pathlib import Path

from werkzeug.test import Client

from consult.config import Config
from consult.services import Services
from consult.web import create_app
from consult.web.kept_files import MAKING, Wanted, folder_of, sweep, wanted_in
from consult.web.organising.words import staff_files

LOG = logging.getLogger(__name__)

LOOK_SECONDS = 0.2
SWEEP_SECONDS = 60.0
NICENESS = 10
"""Lower priority than the web processes."""

OK = 200


def run(config: Config) -> None:
    """Make requested files until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    os.nice(NICENESS)
    folder = folder_of(config)
    app = None
    swept_at = float("-inf")
    while not stop.wait(LOOK_SECONDS):
        if time.monotonic() - swept_at > SWEEP_SECONDS:
            swept_at = time.monotonic()
            sweep(folder)
            staff_files.sweep(config)
        if staff_files.are_wanted(config):
            app = app or create_app(Services.open(config, has_background=True))
            staff_files.make_wanted(app.extensions["services"])
        for note, wanted in wanted_in(folder):
            # Opened at first use: most sites are small, and never need it.
            app = app or create_app(Services.open(config, has_background=True))
            make(app.test_client(), note, wanted)
            if stop.is_set():
                break


def make(client: Client, note: Path, wanted: Wanted) -> None:
    """Make one file, by requesting the page that serves it."""
    began_at = time.monotonic()
    answer = client.get(wanted.path, base_url=wanted.root, environ_overrides={MAKING: True})
    answer.close()
    seconds = time.monotonic() - began_at
    if answer.status_code == OK:
        LOG.info("Made %s in %.1f seconds.", wanted.path, seconds)
    else:
        LOG.warning("%s could not be made: %d.", wanted.path, answer.status_code)
    note.unlink(missing_ok=True)
