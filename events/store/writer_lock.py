"""Which process on this machine may write next, in turn."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from events.store.private_files import open_private


class Turnstile:
    """One writing process at a time, in turn.

    SQLite's own way to wait for another writer is to sleep and try again, which can leave
    one process waiting for seconds. Two file locks make a fair queue: who waits for the
    second holds the first, so who has just finished cannot pass by.
    """

    def __init__(self, database: Path) -> None:
        self._files = [
            open_private(database.with_name(f"{database.name}-{name}")) for name in ("turn", "lock")
        ]

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Be the only writing process."""
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
        """Let go of the files; repeating it does nothing."""
        while self._files:
            os.close(self._files.pop())
