"""The clock and the calendar of the people: which day a moment falls on, and when a day begins.

Moments are stored and compared in UTC. A day that somebody types or reads is one of this zone, in
which an hour after midnight in summer is still the day before in UTC.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")


def local(at: datetime) -> datetime:
    """Return an aware moment by the clock of the zone."""
    return at.astimezone(ZONE)


def day_of(at: datetime) -> date:
    """Return the day on which an aware moment falls."""
    return local(at).date()


def moment_of(day: date, clock: time = time()) -> datetime:
    """Return the moment, in UTC, of a time of a day by the clock of the zone; default midnight."""
    return datetime.combine(day, clock, ZONE).astimezone(UTC)
