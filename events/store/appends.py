"""One save as the store sees it: its rows, the versions and times it requires, its verdict."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import NamedTuple, Protocol
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from events.errors import Conflict, OutcomeUnknown, Refused


class StaleSubject(Conflict):
    """The subject has newer facts than the caller had loaded.

    `subject_id`, `expected` and `found`: versions; `found` is what the store has.
    """


class StaleDependency(Conflict):
    """A subject that the save depends on has changed since: `subject_id`."""

    says = "What this was checked against has changed, so nothing was recorded. Look at it again."


class TooLate(Refused):
    """The store's clock was past `not_after` when the save was about to be stored."""

    says = "The closing time has passed, so nothing was recorded."


class TooEarly(Refused):
    """The store's clock was before `not_before` when the save was about to be stored."""

    says = "It is not time for this yet, so nothing was recorded."


class LossAccepted(Refused):
    """A database setting could lose acknowledged facts in a power cut, which was not accepted."""

    says = (
        "The database would lose recorded facts in a power cut: {setting} is {found}, and has to "
        "be {wanted}. Change it, or set FOLKMOOT_ACCEPT_LOSS if this is not a real record."
    )


class SchemaMissing(Refused):
    """The schema of the record does not exist in the database."""

    says = "There is no record in {place} yet. Create it once with: consult init"


class SchemaOld(SchemaMissing):
    """An earlier version of the program created the record."""

    says = (
        "The record in {place} was created by an earlier version. Everything in it stays. "
        "Bring it up to date once with: consult init"
    )


class ReplyLost(Exception):  # noqa: N818  not an error until the store has been asked again
    """The store was asked to commit and did not answer; internal to the writer."""


class Row(NamedTuple):
    """One stored fact, raw. `position`: its place in the one total order, from 1, no gaps."""

    position: int
    subject_id: UUID
    version: int
    topic: str
    state: bytes


class Append:
    """One save to be stored.

    `expected`: the required version of every stream it names, its own and its dependencies.
    `written`: the versions of its own streams afterwards. `verdict`: the positions, a
    refusal, or None while it waits.
    """

    __slots__ = ("expected", "not_after", "not_before", "rows", "signal", "verdict", "written")

    def __init__(
        self,
        rows: Sequence[StoredEvent],
        depends_on: Mapping[UUID, int] | None = None,
        not_after: datetime | None = None,
        not_before: datetime | None = None,
    ) -> None:
        assert rows
        for limit in (not_before, not_after):
            assert limit is None or limit.tzinfo is not None, "a limit needs a time zone"
        self.rows = rows
        self.not_before = not_before
        self.not_after = not_after
        self.expected: dict[UUID, int] = {}
        self.written: dict[UUID, int] = {}
        self.verdict: Sequence[int] | Exception | None = None
        for row in rows:
            stream, version = row.originator_id, row.originator_version
            assert isinstance(stream, UUID)
            if stream not in self.written:
                self.expected[stream] = version - 1
            else:
                assert version == self.written[stream] + 1, "a fact is missing or repeated"
            self.written[stream] = version
        for stream, version in (depends_on or {}).items():
            if self.expected.setdefault(stream, version) != version:
                raise StaleDependency(
                    subject_id=stream, expected=version, found=self.expected[stream]
                )
        self.signal = Lock()
        self.signal.acquire()

    def moved(self, versions: Mapping[UUID, int]) -> Conflict | None:
        """Return the conflict if these versions are not the expected ones; own streams first."""
        for stream, version in self.expected.items():
            found = versions[stream]
            if found != version:
                kind = StaleSubject if stream in self.written else StaleDependency
                return kind(subject_id=stream, expected=version, found=found)
        return None

    def outrun(self, known: Mapping[UUID, int]) -> Conflict | None:
        """Return the conflict if known versions, which only grow, exceed the expected ones."""
        behind = {s: v for s, v in known.items() if v > self.expected.get(s, v)}
        return self.moved(self.expected | behind) if behind else None

    def untimely(self, moment: datetime) -> TooEarly | TooLate | None:
        """Return the refusal if the time of the append is not within the limits."""
        if self.not_before is not None and moment < self.not_before:
            return TooEarly(not_before=self.not_before, moment=moment)
        if self.not_after is not None and moment > self.not_after:
            return TooLate(not_after=self.not_after, moment=moment)
        return None

    def positions(self) -> Sequence[int]:
        """Return the positions of the facts, or raise the refusal or OutcomeUnknown."""
        if isinstance(self.verdict, Exception):
            raise self.verdict
        if self.verdict is None:
            raise OutcomeUnknown
        return self.verdict


class Appender(Protocol):
    """A database that can append a batch of saves in one transaction."""

    def append(self, batch: Sequence[Append]) -> dict[UUID, int]:
        """Check and store a batch; set every verdict only once it is durable.

        No save in the batch names a stream that an earlier one writes. Return the versions
        of the named streams afterwards, as far as they are known.
        Raises ReplyLost, Refused (nothing is recorded).
        """
        ...

    def reconnect(self) -> None:
        """Open a fresh connection. Raises RecordUnavailable."""
        ...

    def positions_of(self, rows: Iterable[StoredEvent]) -> list[int] | None:
        """Return the positions if exactly these facts, byte for byte, are stored, else None."""
        ...
