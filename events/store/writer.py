"""Group commit: all waiting saves share one transaction, each with its own verdict.

There is no writer thread. A save that finds no active writer becomes the writer: it stores all
waiting saves in one transaction, then passes the role to the next waiting one. A single save
needs no thread switch; many concurrent saves share one flush.
"""

from collections.abc import Sequence
from threading import Lock
from uuid import UUID

from events.errors import OutcomeUnknown, Overloaded, RecordUnavailable, Refused
from events.store.appends import Append, Appender, ReplyLost

WAITING_MAX = 2_000
"""Saves that may wait in one process; further ones raise Overloaded."""

BATCH_ROWS_MAX = 2_000
"""Facts in one transaction; a longer one would delay the others too much."""

WAIT_SECONDS_MAX = 30.0


class Writer:
    """Passes the saves of all threads to the store, in order, in shared transactions."""

    def __init__(
        self,
        appender: Appender,
        *,
        waiting_max: int = WAITING_MAX,
        wait_seconds_max: float = WAIT_SECONDS_MAX,
    ) -> None:
        self._appender = appender
        self._waiting_max = waiting_max
        self._wait_seconds_max = wait_seconds_max
        self._waiting: list[Append] = []
        self._promoted: Append | None = None
        self._busy = False
        self._lock = Lock()

    def append(self, append: Append) -> Sequence[int]:
        """Store the facts of one save; durable when it returns the positions.

        Raises StaleSubject, StaleDependency, TooEarly, TooLate, Overloaded, RecordUnavailable
        (then nothing of it is stored) or OutcomeUnknown.
        """
        with self._lock:
            if len(self._waiting) >= self._waiting_max:
                raise Overloaded
            self._waiting.append(append)
            my_turn = not self._busy
            self._busy = True
        if my_turn or self._wait(append):
            self._write_all_that_wait(append)
        return append.positions()

    def _wait(self, append: Append) -> bool:
        """Wait; return True for the writer role, False for a verdict. Raises Overloaded."""
        try:
            answered = append.signal.acquire(timeout=self._wait_seconds_max)
        except BaseException:
            self._withdraw(append)
            raise
        with self._lock:
            if self._promoted is append:
                self._promoted = None
                return True
            if not answered and append in self._waiting:
                self._waiting.remove(append)
                raise Overloaded
        return False

    def _withdraw(self, append: Append) -> None:
        """Leave the queue on an interrupt; pass on the writer role if it was received."""
        with self._lock:
            if append in self._waiting:
                self._waiting.remove(append)
            mine = self._promoted is append
        if mine:
            self._hand_over([], {})

    def _write_all_that_wait(self, mine: Append) -> None:
        with self._lock:
            batch = self._take()
        known: dict[UUID, int] = {}
        try:
            known = self._write(batch)
        except OutcomeUnknown:
            _settle(batch, OutcomeUnknown)
        except RecordUnavailable as refused:
            # Details that name files are for the operator, who sees them when a command opens them.
            _settle(batch, RecordUnavailable if refused.values else type(refused))
        except BaseException:
            _settle(batch, OutcomeUnknown)
            raise
        finally:
            batch.remove(mine)
            self._hand_over(batch, known)

    def _take(self) -> list[Append]:
        """Take the waiting saves that can share a transaction off the queue.

        A save that names a stream which an earlier save in the batch writes waits for the next
        batch: it must be checked against that write, or a ballot that was checked before the
        closing would be stored after it.
        """
        batch: list[Append] = []
        left: list[Append] = []
        written: set[UUID] = set()
        rows = 0
        for append in self._waiting:
            full = batch and rows + len(append.rows) > BATCH_ROWS_MAX
            if full or not written.isdisjoint(append.expected):
                left.append(append)
                continue
            batch.append(append)
            rows += len(append.rows)
            written.update(append.written)
        self._waiting = left
        return batch

    def _write(self, batch: list[Append]) -> dict[UUID, int]:
        try:
            return self._appender.append(batch)
        except ReplyLost:
            return self._write_again(batch)

    def _write_again(self, batch: list[Append]) -> dict[UUID, int]:
        """Retry a batch whose reply was lost. Raises OutcomeUnknown.

        The retry is idempotent: each save names the versions it builds on, so it takes effect
        once at most, even if the lost attempt is still running and commits later. A save
        refused now may have been recorded by the lost attempt: then its facts are stored.
        """
        try:
            self._appender.reconnect()
            known = self._appender.append(batch)
            for append in batch:
                if isinstance(append.verdict, Exception):
                    append.verdict = self._appender.positions_of(append.rows) or append.verdict
        except (ReplyLost, RecordUnavailable) as error:
            raise OutcomeUnknown from error
        return known

    def _hand_over(self, batch: list[Append], known: dict[UUID, int]) -> None:
        """Pass the writer role to the next waiting save, then release those with a verdict."""
        answered = list(batch)
        with self._lock:
            for append in list(self._waiting) if known else ():
                append.verdict = append.outrun(known)
                if append.verdict is not None:
                    self._waiting.remove(append)
                    answered.append(append)
            following = self._promoted = self._waiting[0] if self._waiting else None
            self._busy = following is not None
        if following is not None:
            following.signal.release()
        for append in answered:
            append.signal.release()


def _settle(batch: list[Append], refusal: type[Refused]) -> None:
    for append in batch:
        append.verdict = refusal()
