"""Recognises behind an error that a database cannot work now, or that a disk is full."""

from eventsourcing.persistence import InterfaceError, OperationalError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from events.errors import DatabaseUnavailable, DiskFull, Unavailable
from events.trouble import is_full, is_trouble, refusal


def trouble_behind(error: BaseException | None) -> Unavailable | None:
    """Return what people are told when the trouble is not of our making; None when it is."""
    looked_at: set[int] = set()
    while error is not None and id(error) not in looked_at:
        looked_at.add(id(error))  # a chain of causes may lead back to where it began
        if isinstance(error, Unavailable):
            return error
        driver = error.orig if isinstance(error, DBAPIError) else error
        if driver is not None and is_trouble(driver):
            return refusal(driver)
        if isinstance(error, OSError) and is_full(error):
            return DiskFull()
        if isinstance(error, (NoConnectionFree, OperationalError, InterfaceError)):
            return DatabaseUnavailable()
        error = error.__cause__
    return None
