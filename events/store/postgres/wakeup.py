"""Notify other processes, and be notified by them, that a PostgreSQL record has grown.

The library notifies inside the append, which makes every commit wait for the one before it.
Here a separate connection notifies, debounced. A lost notification only costs time: waiting
threads also poll.
"""

from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Any

import psycopg

from events.errors import RecordUnavailable
from events.store.wakeup import Wakeup

CHANNEL = "record"

DEBOUNCE_SECONDS = 0.05
"""The shortest time between two notifications of one process."""

LISTEN_SECONDS = 0.2
"""How long to listen before checking whether the process is closing."""

RECONNECT_PAUSE_SECONDS = 0.5

Connect = Callable[[], "psycopg.Connection[Any]"]


class PostgresWakeup(Wakeup):
    """A Wakeup that hears other processes by LISTEN, with polling as the fallback.

    Both threads start when they are first needed, so never before a fork.
    """

    poll_seconds = 1.0

    def __init__(self, head: Callable[[], int], connect: Connect) -> None:
        super().__init__(head)
        self._connect = connect
        self._closing = Event()
        self._grown = Event()
        self._threads: dict[str, Thread] = {}
        self._threads_lock = Lock()

    def recorded(self, position: int) -> None:
        """See `Wakeup.recorded`; also notify other processes."""
        super().recorded(position)
        self._grown.set()
        self._start("announce", self._announce)

    def wait_beyond(self, position: int, timeout_seconds: float) -> bool:
        """See `Wakeup.wait_beyond`."""
        self._start("listen", self._listen)
        return super().wait_beyond(position, timeout_seconds)

    def close(self) -> None:
        """Stop both threads."""
        self._closing.set()
        self._grown.set()
        with self._threads_lock:
            for thread in self._threads.values():
                thread.join()

    def _start(self, name: str, work: Callable[[psycopg.Connection[Any]], None]) -> None:
        if name in self._threads:
            return
        with self._threads_lock:
            if name not in self._threads and not self._closing.is_set():
                thread = Thread(target=self._keep, args=(work,), name=f"record {name}", daemon=True)
                self._threads[name] = thread
                thread.start()

    def _keep(self, work: Callable[[psycopg.Connection[Any]], None]) -> None:
        """Run `work` on a connection, and on a new one whenever that is lost."""
        while not self._closing.is_set():
            try:
                with self._connect() as connection:
                    work(connection)
            except (psycopg.Error, RecordUnavailable):
                self._closing.wait(RECONNECT_PAUSE_SECONDS)

    def _announce(self, connection: psycopg.Connection[Any]) -> None:
        # A notification may be lost in a crash: a waiting process polls first.
        connection.execute("SET synchronous_commit = off")
        while not self._closing.is_set():
            self._grown.wait()
            self._grown.clear()
            try:
                connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, str(self._latest)))
            except psycopg.Error:
                self._grown.set()  # notify again, on the next connection
                raise
            self._closing.wait(DEBOUNCE_SECONDS)

    def _listen(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        while not self._closing.is_set():
            for message in connection.notifies(timeout=LISTEN_SECONDS):
                self.heard(int(message.payload))
