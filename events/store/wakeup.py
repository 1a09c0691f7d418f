"""Wake threads that wait for new facts in the record."""

import time
from collections.abc import Callable
from threading import Condition


class Wakeup:
    """Tracks the last position: known from this process, polled for other processes.

    `head`: callback that returns the last position in the store.
    """

    poll_seconds = 0.05
    """The interval of polling for facts of other processes."""

    def __init__(self, head: Callable[[], int]) -> None:
        self._head = head
        self._latest = 0
        self._condition = Condition()

    def recorded(self, position: int) -> None:
        """Note that this process has recorded up to a position."""
        self.heard(position)

    def heard(self, position: int) -> None:
        """Note that everything up to a position is readable, and wake waiting threads."""
        with self._condition:
            if position > self._latest:
                self._latest = position
                self._condition.notify_all()

    def wait_beyond(self, position: int, timeout_seconds: float) -> bool:
        """Return True as soon as later facts may be readable, False after the timeout."""
        ends_at = time.monotonic() + timeout_seconds
        while self._latest <= position:
            self.heard(self._head())
            remaining_seconds = ends_at - time.monotonic()
            if self._latest <= position and remaining_seconds <= 0:
                return False
            with self._condition:
                if self._latest <= position:
                    self._condition.wait(min(remaining_seconds, self.poll_seconds))
        return True

    def close(self) -> None:
        """Stop listening."""
