"""The time by the clock of the store, told without asking the store each time.

The store judges when a consultation opens and closes, so pages must go by its clock and not by
that of the web host they run on, which may be wrong by any amount. It is asked once at the start
and then once a minute, out of the way of the pages; in between, time is measured by a counter
that nobody sets.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from events.errors import Refused

LOG = logging.getLogger(__name__)

FRESH_SECONDS = 60.0
"""How long a reading is believed before the store is asked again."""

STEP_SECONDS = 1.0
"""A host's clock that goes so much faster or slower than the counter was set, or has slept."""

WRONG_SECONDS = 5.0
"""By so much a host's clock may be wrong before the log says so."""


def utc_now() -> datetime:
    """Return the time by this machine's clock, in UTC."""
    return datetime.now(UTC)


class _Reading(NamedTuple):
    """What the store said, with what counter and host's clock said at that moment."""

    moment: datetime
    counted: float
    host: datetime


class StoreClock:
    """Tells the time of a store that is elsewhere.

    `ask`: asks the store. `host`: the clock of this machine. `count`: seconds that only grow.
    Raises what `ask` raises when it is made, and nothing later: while the store is away its
    time goes on from the last reading.
    """

    def __init__(
        self,
        ask: Callable[[], datetime],
        host: Callable[[], datetime] = utc_now,
        count: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._host = host
        self._count = count
        self._asking = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._is_wrong = False
        self._reading = self._read()
        self._asked_at = self._reading.counted

    def __call__(self) -> datetime:
        """Return the time of the store, in UTC."""
        counted = self._count()
        if self._has_stepped(counted):
            self._ask_now()
        elif counted - self._asked_at > FRESH_SECONDS:
            self._ask_meanwhile()
        known = self._reading
        return known.moment + timedelta(seconds=self._count() - known.counted)

    def close(self) -> None:
        """Ask no more, and wait for an answer that is on its way."""
        self._is_closed = True
        thread = self._thread
        if thread is not None:
            thread.join()

    def _has_stepped(self, counted: float) -> bool:
        """Say whether the host was set or has slept: a counter can stand still in its sleep."""
        by_host = (self._host() - self._reading.host).total_seconds()
        return abs(by_host - (counted - self._reading.counted)) > STEP_SECONDS

    def _ask_now(self) -> None:
        with self._asking:
            if self._is_closed or not self._has_stepped(self._count()):
                return
            with suppress(Refused):
                self._reading = self._read()
                return
            # The store is away: the last reading goes on by the counter, with no try at each page.
            self._reading = self._reading._replace(
                moment=self._reading.moment
                + timedelta(seconds=self._count() - self._reading.counted),
                counted=self._count(),
                host=self._host(),
            )

    def _ask_meanwhile(self) -> None:
        if self._is_closed or not self._asking.acquire(blocking=False):
            return
        self._asked_at = self._count()
        self._thread = threading.Thread(target=self._refresh, name="store clock", daemon=True)
        self._thread.start()

    def _refresh(self) -> None:
        try:
            with suppress(Refused):
                self._reading = self._read()
        except Exception:
            LOG.exception("The clock of the store could not be read; it goes on as it was.")
        finally:
            self._asking.release()

    def _read(self) -> _Reading:
        before = self._count()
        moment = self._ask()
        after, host = self._count(), self._host()
        is_wrong = abs((host - moment).total_seconds()) > WRONG_SECONDS
        if is_wrong and not self._is_wrong:
            LOG.warning(
                "The clock of this machine (%s) is not that of the database (%s), which is what "
                "counts. Set it right.",
                host.isoformat(timespec="seconds"),
                moment.isoformat(timespec="seconds"),
            )
        self._is_wrong = is_wrong
        # The answer was given somewhere between the two.
        return _Reading(moment, (before + after) / 2, host)
