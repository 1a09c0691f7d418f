"""Apply a batch of facts to projections and advance their positions, in one transaction."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from events.errors import Unavailable
from events.store.database_trouble import is_trouble
from projections.engine.batch import Batch
from projections.engine.generations import Generation, advance
from projections.engine.projection import Projection, Row, Source, Undecodable, decode

Advance = Callable[[Connection, Sequence[Generation], int, str], bool]


class Follower(NamedTuple):
    """A projection on the tables of one of its generations."""

    row: Generation
    projection: Projection


class Overtaken(Exception):  # noqa: N818  no error: the work is done
    """Another worker has applied these facts."""


class Spoilt(Exception):  # noqa: N818  it names the projections that failed
    """A fact at this position cannot be applied to these followers."""

    def __init__(self, followers: Sequence[Follower], position: int, error: Exception) -> None:
        super().__init__(str(error))
        self.followers = followers
        self.position = position
        self.error = error


class Place(Protocol):
    """A database in which tables are filled: the read models themselves, or a workshop."""

    def write(self) -> AbstractContextManager[Connection]:
        """Yield a connection in a transaction that is committed at the end."""


def apply(
    place: Place, followers: Sequence[Follower], rows: Sequence[Row], move: Advance = advance
) -> None:
    """Apply rows to followers that are all at the same position, and commit.

    Raises Overtaken or Spoilt; nothing is changed then.
    """
    topics = frozenset(topic for follower in followers for topic in follower.projection.handlers)
    try:
        events = decode(rows, topics)
    except Undecodable as error:
        hit = [follower for follower in followers if error.topic in follower.projection.handlers]
        raise Spoilt(hit, error.position, error) from error
    with place.write() as db:
        moving = [follower.row for follower in followers]
        if not move(db, moving, rows[-1].position, anchor_of(rows[-1])):
            raise Overtaken
        for follower in followers:
            batch = Batch(db)
            try:
                follower.projection.handle(batch, events)
                batch.flush()
            except MemoryError:
                raise
            except Exception as error:
                if is_trouble_of_the_database(error):
                    raise
                raise Spoilt([follower], batch.position, error) from error


def anchor_of(row: Row) -> str:
    """Return a digest of a stored fact with its subject and version."""
    told = f"{row.subject_id} {row.version} {row.topic} ".encode() + row.state
    return hashlib.sha256(told).hexdigest()[:32]


def is_made_from(source: Source, row: Generation) -> bool:
    """Return whether the record holds the last fact that a generation has applied.

    It does not if it is another record, or was restored from a backup and then diverged.
    """
    if row.position == 0:
        return True
    found = source.read(row.position - 1, 1, until=row.position)
    return [anchor_of(last) for last in found] == [row.anchor]


def is_trouble_of_the_database(error: Exception) -> bool:
    """Return whether an error comes from an unavailable database, not from a projection."""
    # COPY bypasses SQLAlchemy, so its errors are not wrapped.
    original = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(error, Unavailable) or (original is not None and is_trouble(original))
