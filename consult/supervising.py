"""The supervisor: every duty in a thread of its own, and one policy for retries.

A duty is something the background does round after round. It says how one round goes and how long
the pause before the next one is. A round that raises is repeated, after longer and longer pauses;
that is logged, and reported where people look.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from events.errors import Refused, Unavailable

LOG = logging.getLogger(__name__)

PAUSE_SECONDS = 0.5
PAUSE_SECONDS_MAX = 30.0
END_SECONDS_MAX = 10.0
"""How long all rounds may take to end once the supervisor is stopped."""


class Waits(Exception):  # noqa: N818  it is the state of a duty, not an error of ours
    """A round cannot be done now, for a reason outside this program, which its text states."""


def pause_after(failures: int, longest: float = PAUSE_SECONDS_MAX) -> float:
    """Return the seconds to wait after so many failures in a row, the retry policy of all work."""
    return float(min(PAUSE_SECONDS * 2 ** min(failures - 1, 32), longest))


@dataclass(frozen=True)
class Duty:
    """Something done round after round.

    `work`: one round; it returns the seconds until the next, or None for `every_seconds`. It may
    raise anything. `longest_pause_seconds`: the limit for pauses after failures. `end`: called
    once after the last round.
    """

    name: str
    every_seconds: float
    work: Callable[[], float | None]
    longest_pause_seconds: float = PAUSE_SECONDS_MAX
    end: Callable[[], None] | None = None


class Report(Protocol):
    """Where trouble with duties is shown. Its methods may raise; they are then called again."""

    def note(self, name: str, failures: int, reason: str) -> None:
        """Show that so many rounds in a row have failed, and why the last did."""

    def end(self, name: str) -> None:
        """Stop showing it."""


def supervise(duties: Sequence[Duty], stop: threading.Event, report: Report | None = None) -> None:
    """Run duties until `stop` is set, each in its thread; return when they have ended.

    What has not ended END_SECONDS_MAX after `stop` is left behind.
    """
    threads = [
        threading.Thread(target=Keeper(duty, report).run, args=(stop,), name=duty.name, daemon=True)
        for duty in duties
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    ends_at = time.monotonic() + END_SECONDS_MAX
    for thread in threads:
        thread.join(timeout=max(0.0, ends_at - time.monotonic()))


class Keeper:
    """Runs the rounds of one duty."""

    def __init__(self, duty: Duty, report: Report | None = None) -> None:
        self.duty = duty
        self._report = report
        self._failures = 0
        self._reason = ""
        self._is_clear = False
        """Whether nothing is shown of it."""

    def run(self, stop: threading.Event) -> None:
        """Run rounds until `stop` is set."""
        try:
            while not stop.is_set():
                stop.wait(self.round())
        finally:
            if self.duty.end is not None:
                self.duty.end()

    def round(self) -> float:
        """Run one round; return the seconds until the next one."""
        try:
            pause = self.duty.work()
        except Exception as error:  # noqa: BLE001  retrying recovers from any once its cause has passed
            self._failures += 1
            self._note(self._log(error))
            return pause_after(self._failures, self.duty.longest_pause_seconds)
        self._failures, self._reason = 0, ""
        self._clear()
        return self.duty.every_seconds if pause is None else pause

    def _log(self, error: Exception) -> str:
        """Log a failure; return what is shown of it, which quotes nothing that may be personal."""
        if not isinstance(error, Unavailable | Refused | Waits):
            LOG.error("%s failed and will be tried again.", self.duty.name, exc_info=error)
            return type(error).__name__
        reason, before = str(error), self._reason
        self._reason = reason
        # What lasts, such as a mail server that is away for a day, is said once and not all day.
        level = logging.INFO if reason == before else logging.WARNING
        LOG.log(level, "%s waits: %s", self.duty.name, reason)
        return reason

    def _note(self, reason: str) -> None:
        self._is_clear = False
        if self._report is not None:
            try:
                self._report.note(self.duty.name, self._failures, reason)
            except Exception:  # noqa: BLE001  usually the trouble itself: the database is away
                LOG.info("The trouble with %s could not be shown.", self.duty.name)

    def _clear(self) -> None:
        if self._report is None or self._is_clear:
            return
        try:
            self._report.end(self.duty.name)
            self._is_clear = True
        except Exception:  # noqa: BLE001  it is tried again after the next round
            LOG.info("That %s goes on could not be shown.", self.duty.name)
