"""The calendar of a demo site, which is a number of days in the past until the demo moves on.

The demo's fund is open, and a command closes and counts it. A consultation cannot close before
its time and no fact is in the future, so the demo's clock is in the past until then. The vault
stores the number of days; on every other site it is 0, and the clock is the real one.
"""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from consult.people import watermarks
from consult.people.vault import Vault
from events.errors import DatabaseUnavailable

MARK = "days behind"
LOOK_SECONDS = 1.0
"""How often a process checks whether the demo has moved on."""


def put_behind(vault: Vault, days: int) -> None:
    """Set how many days the calendar of this site is in the past; 0: the real one."""
    with vault.transaction() as connection:
        watermarks.move(vault, connection, MARK, days)


def behind(vault: Vault) -> int:
    """Return how many days the calendar of this site is in the past, nearly always 0."""
    return watermarks.position(vault, MARK)


class StoryClock:
    """The time by the calendar of the site; changes take effect in running processes."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._days = behind(vault)
        self._looked_at = time.monotonic()

    @property
    def days_behind(self) -> int:
        """How many days it is in the past, cached for LOOK_SECONDS."""
        now = time.monotonic()
        if self._days and now - self._looked_at > LOOK_SECONDS:
            self._looked_at = now
            try:
                self._days = behind(self._vault)
            except (SQLAlchemyError, DatabaseUnavailable):  # keep the last known value
                return self._days
        return self._days

    def __call__(self) -> datetime:
        """Return the time by this calendar, in UTC."""
        return datetime.now(UTC) - timedelta(days=self.days_behind)
