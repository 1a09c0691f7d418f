"""Supervise child processes: restart one that ends, with growing pauses, and log it."""

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any

from consult.supervising import pause_after

LOG = logging.getLogger(__name__)

SPAWN = multiprocessing.get_context("spawn")
ROUND_SECONDS = 0.1
STEADY_SECONDS = 60.0
"""After running for so long, the count of consecutive failures is reset."""

END_SECONDS_MAX = 15.0
"""How long a process may take to terminate."""


@dataclass
class Kept:
    """One supervised process: a module-level function with its arguments."""

    name: str
    work: Callable[..., None]
    arguments: Sequence[Any] = ()
    process: BaseProcess | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    failures: int = 0

    def look_after(self, now: float) -> None:
        """Start it when it is due; schedule a restart when it has ended."""
        if self.process is None:
            if now >= self.due_at:
                self._start(now)
        elif not self.process.is_alive():
            self._has_ended(now)

    def _start(self, now: float) -> None:
        name = f"folkmoot-{self.name}"
        self.process = SPAWN.Process(target=_run, args=(self.work, *self.arguments), name=name)
        self.process.start()
        self.started_at = now

    def _has_ended(self, now: float) -> None:
        assert self.process is not None
        code = self.process.exitcode
        self.process.close()
        self.process = None
        if now - self.started_at >= STEADY_SECONDS:
            self.failures = 0
        self.failures += 1
        pause = pause_after(self.failures)
        self.due_at = now + pause
        LOG.error(
            "The process %s ended (%s), time %d in a row; it starts again in %.1f seconds.",
            self.name,
            f"signal {-code}" if code is not None and code < 0 else f"exit code {code}",
            self.failures,
            pause,
        )


def keep_running(all_kept: Sequence[Kept], stop: threading.Event) -> None:
    """Keep processes running until `stop` is set, then terminate them, and kill any left."""
    try:
        while not stop.is_set():
            now = time.monotonic()
            for kept in all_kept:
                kept.look_after(now)
            stop.wait(ROUND_SECONDS)
    finally:
        running = [kept.process for kept in all_kept if kept.process is not None]
        for process in running:
            process.terminate()
        ends_at = time.monotonic() + END_SECONDS_MAX
        for process in running:
            process.join(timeout=max(0.0, ends_at - time.monotonic()))
            if process.is_alive():
                LOG.warning("%s does not end by itself and is ended.", process.name)
                process.kill()
                process.join()


def _run(work: Callable[..., None], *arguments: Any) -> None:
    """Run the work of a child process, which ends with its parent."""
    # Ctrl+C reaches all processes of a terminal; the parent terminates this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_up_logging()
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()
    try:
        work(*arguments)
    except BaseException:
        LOG.exception("The process stopped.")
        logging.shutdown()
        os._exit(1)
    logging.shutdown()
    os._exit(0)  # without freeing memory, which would take seconds


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(END_SECONDS_MAX)
    os._exit(1)


def set_up_logging() -> None:
    """Log warnings and errors to standard error, each line with its time and process."""
    logging.basicConfig(
        format="%(asctime)s %(levelname)s %(processName)s %(name)s: %(message)s",
        level=logging.WARNING,
    )
    for name in ("consult.serving", "consult.security_log"):
        logging.getLogger(name).setLevel(logging.INFO)
