"""The time by the clock of the store, without querying the store each time.

The store decides when a consultation opens and closes, so pages must use its clock and not that
of the web host, which may be wrong by any amount. It is queried once at the start and then once
a minute in a background thread; in between, time is measured by a monotonic counter.
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
"""How long a reading is used before the store is queried again."""

STEP_SECONDS = 1.0
"""If the host's clock and the counter differ by more, the clock was set or the host has slept."""

WRONG_SECONDS = 5.0
"""If the host's clock is wrong by more, a warning is logged."""


def utc_now() -> datetime:
    """Return the time by this machine's clock, in UTC."""
    return datetime.now(UTC)


class _Reading(NamedTuple):
    """The time of the store, with the counter and the host's clock at that time."""

    moment: datetime
    counted: float
    host: datetime


class StoreClock:
    """Tells the time of a store on another machine.

    `ask`: queries the store. `host`: the clock of this machine. `count`: monotonic seconds.
    The constructor raises what `ask` raises; calls raise nothing: while the store is
    unavailable, its time is extrapolated from the last reading.
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
        """Stop querying, and wait for a running query."""
        self._is_closed = True
        thread = self._thread
        if thread is not None:
            thread.join()

    def _has_stepped(self, counted: float) -> bool:
        """Return whether the host's clock was set or it has slept, which may stop the counter."""
        by_host = (self._host() - self._reading.host).total_seconds()
        return abs(by_host - (counted - self._reading.counted)) > STEP_SECONDS

    def _ask_now(self) -> None:
        with self._asking:
            if self._is_closed or not self._has_stepped(self._count()):
                return
            with suppress(Refused):
                self._reading = self._read()
                return
            # The store is unavailable: extrapolate from the last reading, without a retry per page.
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
        # The store answered at some time between the two.
        return _Reading(moment, (before + after) / 2, host)
