"""The record: the only source of truth, stored durably and in one total order."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar, cast
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import (
    ApplicationRecorder,
    Mapper,
    PersistenceError,
    Recording,
    StoredEvent,
)
from eventsourcing.utils import Environment, EnvType

from events.base import Subject, replay
from events.errors import Conflict, NotFound, RecordUnavailable
from events.store.appends import (
    Append,
    LossAccepted,
    Row,
    SchemaMissing,
    StaleDependency,
    StaleSubject,
    TooEarly,
    TooLate,
)
from events.store.database_url import SqliteAddress, UnknownDatabase, parse
from events.store.mapper import FactMapper
from events.store.postgres import record as postgres
from events.store.schema import create_schema
from events.store.sqlite import record as sqlite

__all__ = [
    "LossAccepted",
    "Record",
    "RecordUnavailable",
    "Row",
    "SchemaMissing",
    "StaleDependency",
    "StaleSubject",
    "TooEarly",
    "TooLate",
    "UnknownDatabase",
    "create_schema",
]

S = TypeVar("S", bound=Subject)

CACHED_MAX = 1_000
"""Subjects kept for `cached`; the least recently refreshed is dropped first."""

IMPORT_ROWS = 2_000
"""Facts in one transaction of an import: enough to amortise the flush, few enough not to delay
concurrent saves noticeably."""


class Record(Application[UUID]):
    """The only source of truth: stores facts durably, in one total order.

    `database_url`: sqlite:///folkmoot.db or postgresql://user:password@host:5432/name.
    `accept_loss`: start although the settings of the database could lose acknowledged facts in
    a power cut. `clock`: for `not_before` and `not_after`, instead of the database's own.

    Create it after the last fork. Raises UnknownDatabase, SchemaMissing, LossAccepted,
    RecordUnavailable.
    """

    _store: sqlite.SharedSqliteRecorder | postgres.SharedPostgresRecorder

    def __init__(
        self,
        database_url: str,
        *,
        accept_loss: bool = False,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._address = parse(database_url)
        self._accept_loss = accept_loss
        self._clock = clock
        self._process = os.getpid()
        self._cached: dict[UUID, Subject] = {}
        self._cached_lock = Lock()
        super().__init__()
        self._wakeup = self._store.wakeup(self.head)

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:  # noqa: ARG002  as the library calls it
        """Ignore the process environment, whose variables may be meant for other programs."""
        if isinstance(self._address, SqliteAddress):
            return Environment(name, sqlite.environment(self._address))
        return Environment(name, postgres.environment(self._address))

    def construct_mapper(self) -> Mapper[UUID]:
        """Return the mapper of our own serialisation."""
        return FactMapper()

    def construct_recorder(self) -> ApplicationRecorder:
        """Open the recorder with group commit."""
        datastore: Any = cast("Any", self.factory).datastore
        settings: Any = {"accept_loss": self._accept_loss, "clock": self._clock}
        if isinstance(self._address, SqliteAddress):
            self._store = sqlite.open_sqlite(self._address, datastore, **settings)
        else:
            self._store = postgres.open_postgres(self._address, datastore, **settings)
        return self._store

    # The library's method accepts events and aggregates of any kind, and any keyword.
    def save(  # type: ignore[override]
        self,
        *subjects: Subject,
        depends_on: Mapping[UUID, int] | None = None,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
    ) -> list[Recording[UUID]]:
        """Store what the subjects have recorded in one transaction; durable when it returns.

        `depends_on`: versions that other subjects must still have at that time.
        `not_before`, `not_after`: the first and the last time, by the store's clock, at
        which this may be recorded.
        Each Recording has its position as `notification.id`. A subject whose save is
        refused no longer matches the record: load it again.

        Raises StaleSubject, StaleDependency, TooEarly, TooLate, Overloaded, RecordUnavailable
        (then nothing was recorded) or OutcomeUnknown.
        """
        assert os.getpid() == self._process, "the record was opened before a fork"
        assert not any(self._cached.get(s.id) is s for s in subjects), "cached is read-only"
        try:
            # As in the library, without its inspection of the type of each object.
            facts: Any = [event for subject in subjects for event in subject.collect_events()]
            recordings = self.events.put(
                facts, depends_on=depends_on, not_before=not_before, not_after=not_after
            )
        except Conflict as stale:
            self._forget(stale.values["subject_id"])
            raise
        for subject in subjects:
            self._forget(subject.id)
        if recordings:
            self._wakeup.recorded(recordings[-1].notification.id)
        return recordings

    def append_batch(
        self,
        subjects: Iterable[Subject],
        *,
        depends_on: Mapping[UUID, int] | None = None,
        not_after: datetime | None = None,
    ) -> int:
        """Store many subjects in few transactions; return the last position.

        Each transaction is checked like a `save`. After a refusal, earlier transactions stay
        recorded.
        """
        position = self.head()
        for rows in self._in_batches(subjects):
            position = self._store.writer.append(Append(rows, depends_on, not_after))[-1]
            self._wakeup.recorded(position)
        return position

    def get(self, kind: type[S], id: UUID) -> S:
        """Return a subject as the store has it now. Raises NotFound."""
        found = self.find(kind, id)
        if found is None:
            raise NotFound(what=kind.__name__.lower(), reference=id)
        return found

    def find(self, kind: type[S], id: UUID) -> S | None:
        """Return a subject as the store has it now, or None."""
        try:
            with _readable():
                found: Any = self.repository.get(id, projector_func=cast("Any", replay))
        except AggregateNotFoundError:
            return None
        return found if isinstance(found, kind) else None

    def cached(self, kind: type[S], id: UUID) -> S:
        """Return a shared instance that must not be changed and may be out of date.

        For checks before a save with `depends_on`. Raises NotFound.
        """
        found = self._cached.get(id)
        return found if isinstance(found, kind) else self.refresh(kind, id)

    def refresh(self, kind: type[S], id: UUID) -> S:
        """Bring the shared instance up to date and return it. Raises NotFound.

        Other threads may be reading the old instance, so it is replaced, never changed.
        """
        found = self._cached.get(id)
        if not isinstance(found, kind) or self._has_grown(found):
            found = self.get(kind, id)
            with self._cached_lock:
                self._cached.pop(id, None)
                self._cached[id] = found
                if len(self._cached) > CACHED_MAX:
                    self._cached.pop(next(iter(self._cached)))
        return found

    @property
    def has_clock_elsewhere(self) -> bool:
        """Whether the store uses the clock of another machine."""
        return self._clock is None and not isinstance(self._address, SqliteAddress)

    def moment(self) -> datetime:
        """Return the time by the store's clock, which every time limit is checked against."""
        with _readable():
            return self._store.moment()

    def head(self) -> int:
        """Return the last position, 0 when nothing is recorded."""
        with _readable():
            return self.recorder.max_notification_id() or 0

    def read(self, after: int, limit: int = 1_000, *, until: int | None = None) -> list[Row]:
        """Return up to `limit` stored facts in order, with `after` < position <= `until`."""
        with _readable():
            return self._store.read(after, limit, until)

    def position_of(self, subject_id: UUID, version: int) -> int:
        """Return the position of one version of a subject. Raises NotFound."""
        with _readable():
            found = self._store.position_of(subject_id, version)
        if found is None:
            raise NotFound(what="fact", reference=f"{subject_id}/{version}")
        return found

    def wait_beyond(self, position: int, timeout_seconds: float) -> bool:
        """Return True as soon as later facts may be readable, False after the timeout."""
        return self._wakeup.wait_beyond(position, timeout_seconds)

    def close(self) -> None:
        """Close the database; idempotent."""
        if hasattr(self, "_wakeup"):
            self._wakeup.close()
        if hasattr(self, "_store"):
            self._store.close()
        super().close()

    def _has_grown(self, subject: Subject) -> bool:
        with _readable():
            return any(self.events.get(subject.id, gt=subject.version, limit=1))

    def _forget(self, id: UUID) -> None:
        with self._cached_lock:
            self._cached.pop(id, None)

    def _in_batches(self, subjects: Iterable[Subject]) -> Iterator[list[StoredEvent]]:
        rows: list[StoredEvent] = []
        for subject in subjects:
            rows += map(self.mapper.to_stored_event, subject.collect_events())
            if len(rows) >= IMPORT_ROWS:
                yield rows
                rows = []
        if rows:
            yield rows


@contextmanager
def _readable() -> Iterator[None]:
    """Raise RecordUnavailable if the store does not answer after the library's own retries."""
    try:
        yield
    except PersistenceError as error:
        raise RecordUnavailable(
            "The record cannot be read at the moment. Try again soon."
        ) from error
