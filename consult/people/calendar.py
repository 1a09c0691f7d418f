"""The calendar of a site that plays a story: days behind the real one until the story moves on.

The demo's fund is open, and a command closes it and counts it. Nobody closes a consultation
before its time and nothing in a record lies in the future, so the demo plays in the past until
then. The vault says so; on every other site it says nothing, and the clock is the real one.
"""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from consult.people import watermarks
from consult.people.vault import Vault
from events.errors import DatabaseUnavailable

MARK = "days behind"
LOOK_SECONDS = 1.0
"""How often a process looks whether the story has moved on."""


def put_behind(vault: Vault, days: int) -> None:
    """Let the calendar of this site be so many days behind; 0 for the real one."""
    with vault.transaction() as connection:
        watermarks.move(vault, connection, MARK, days)


def behind(vault: Vault) -> int:
    """Return how many days the calendar of this site is behind, nearly always 0."""
    return watermarks.position(vault, MARK)


class StoryClock:
    """The time by the calendar of the site, which catches up in a process that runs."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._days = behind(vault)
        self._looked_at = time.monotonic()

    @property
    def days_behind(self) -> int:
        """Return how many days it is behind."""
        now = time.monotonic()
        if self._days and now - self._looked_at > LOOK_SECONDS:
            self._looked_at = now
            try:
                self._days = behind(self._vault)
            except (SQLAlchemyError, DatabaseUnavailable):  # as it was when it was last seen
                return self._days
        return self._days

    def __call__(self) -> datetime:
        """Return what this calendar shows now, in UTC."""
        return datetime.now(UTC) - timedelta(days=self.days_behind)
