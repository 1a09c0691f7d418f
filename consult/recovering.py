"""Run long-lived work in threads that restart it after an error."""

import logging
import threading
import time
from collections.abc import Callable

from events.errors import Unavailable

LOG = logging.getLogger(__name__)

PAUSE_SECONDS = 0.5
PAUSE_SECONDS_MAX = 30.0
STEADY_SECONDS = 60.0
"""After running for so long without an error, the pause before a restart is short again."""


def recovering(name: str, work: Callable[[], object], stop: threading.Event) -> threading.Thread:
    """Start a thread that runs `work` until `stop` is set.

    Work that raises is restarted with exponentially growing pauses; each error is logged.
    """
    thread = threading.Thread(target=_work, args=(name, work, stop), name=name, daemon=True)
    thread.start()
    return thread


def _work(name: str, work: Callable[[], object], stop: threading.Event) -> None:
    pause = PAUSE_SECONDS
    while not stop.is_set():
        began_at = time.monotonic()
        try:
            work()
        except Unavailable as unavailable:
            LOG.warning("%s waits: %s", name, unavailable)
        except Exception:
            LOG.exception("%s failed and begins again.", name)
        if stop.is_set():
            return
        if time.monotonic() - began_at > STEADY_SECONDS:
            pause = PAUSE_SECONDS
        stop.wait(pause)
        pause = min(2 * pause, PAUSE_SECONDS_MAX)
