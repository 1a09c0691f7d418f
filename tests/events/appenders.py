"""Appenders that stand before a real one and make happen what is rare."""

from collections.abc import Iterable, Sequence
from threading import Event
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from events.store.appends import Append, Appender, ReplyLost


class Before:
    """Passes everything on."""

    def __init__(self, appender: Appender) -> None:
        self.appender = appender
        self.batches: list[int] = []

    def append(self, batch: Sequence[Append]) -> dict[UUID, int]:
        self.batches.append(len(batch))
        return self.appender.append(batch)

    def reconnect(self) -> None:
        self.appender.reconnect()

    def positions_of(self, rows: Iterable[StoredEvent]) -> list[int] | None:
        return self.appender.positions_of(rows)


class Held(Before):
    """Keeps the first batch waiting until it is let go, so that others queue up behind it."""

    def __init__(self, appender: Appender) -> None:
        super().__init__(appender)
        self.entered = Event()
        self.let_go = Event()

    def append(self, batch: Sequence[Append]) -> dict[UUID, int]:
        self.entered.set()
        self.let_go.wait()
        return super().append(batch)


class Losing(Before):
    """Loses replies: `"before"` the store has seen the batch, or `"after"` it has stored it."""

    def __init__(self, appender: Appender, *when: str) -> None:
        super().__init__(appender)
        self.when = list(when)

    def append(self, batch: Sequence[Append]) -> dict[UUID, int]:
        when = self.when.pop(0) if self.when else ""
        if when == "before":
            raise ReplyLost
        versions = super().append(batch)
        if when == "after":
            for append in batch:
                append.verdict = None
            raise ReplyLost
        return versions
