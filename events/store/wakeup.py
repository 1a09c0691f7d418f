"""Waking whoever waits for something new in the record, instead of letting them ask in a loop."""

import time
from collections.abc import Callable
from threading import Condition


class Wakeup:
    """Knows the last position of this process, and asks the store for those of others.

    `head`: asks the store for the last position.
    """

    poll_seconds = 0.05
    """How often to ask for what other processes have recorded."""

    def __init__(self, head: Callable[[], int]) -> None:
        self._head = head
        self._latest = 0
        self._condition = Condition()

    def recorded(self, position: int) -> None:
        """Say that this process has recorded up to this position."""
        self.heard(position)

    def heard(self, position: int) -> None:
        """Say that everything up to this position is readable."""
        with self._condition:
            if position > self._latest:
                self._latest = position
                self._condition.notify_all()

    def wait_beyond(self, position: int, timeout_seconds: float) -> bool:
        """Return True as soon as something later may be readable, False after the timeout."""
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
