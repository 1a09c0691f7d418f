"""A fair lock between the writing processes of one machine."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from events.store.private_files import open_private


class Turnstile:
    """A fair lock between processes: one writer at a time, in order.

    SQLite waits for another writer by sleeping and retrying, which can delay one process for
    seconds. Two file locks make a fair queue: the process that waits for the second holds the
    first, so the process that has just finished cannot overtake it.
    """

    def __init__(self, database: Path) -> None:
        self._files = [
            open_private(database.with_name(f"{database.name}-{name}")) for name in ("turn", "lock")
        ]

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock: be the only writing process."""
        turn, lock = self._files
        fcntl.flock(turn, fcntl.LOCK_EX)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
        finally:
            fcntl.flock(turn, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the lock files; idempotent."""
        while self._files:
            os.close(self._files.pop())
