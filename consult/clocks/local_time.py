"""The clock and the calendar of the people: which day a moment falls on, and when a day begins.

Moments are stored and compared in UTC. A day that somebody types or reads is one of this zone, in
which an hour after midnight in summer is still the day before in UTC.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from events.errors import Refused

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


class LeftOut(Refused):
    """A time that the change of the clocks leaves out."""

    says = "There is no such time on that day, because the clocks go forward. Choose another time."


class ComesTwice(Refused):
    """A time that the change of the clocks brings twice."""

    says = "That time comes twice on that day, because the clocks go back. Choose another time."


def only_moment_of(day: date, clock: time) -> datetime:
    """Return the moment, in UTC, of a time that somebody typed. Raises LeftOut, ComesTwice."""
    typed = datetime.combine(day, clock, ZONE)
    moment = typed.astimezone(UTC)
    if local(moment).replace(tzinfo=None) != typed.replace(tzinfo=None):
        raise LeftOut
    if typed.utcoffset() != typed.replace(fold=1).utcoffset():
        raise ComesTwice
    return moment
