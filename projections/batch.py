"""The write buffer of a projection: handlers change rows here, and SQL sees them in bulk."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table

Key = Mapping[str, Any]
"""The primary key of one row: every key column, by name."""


class Batch:
    """Changes of one projection during one batch, as if each had been made at once.

    The result never depends on where one batch ends and the next begins. Every key is the
    whole primary key.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.position = 0
        """Of the fact that is being handled."""

    def insert(self, table: Table, row: Mapping[str, Any]) -> None:
        """Add a row that is not there yet; if it is, that is a defect and the projection stops."""

    def upsert(self, table: Table, key: Key, values: Mapping[str, Any]) -> None:
        """Set these columns of a row, which is made when it is missing."""

    def add(self, table: Table, key: Key, **deltas: int) -> None:
        """Increase counters of a row, which is made when it is missing.

        The row stays when its counters come back to nought, also within one batch: whether
        it is there depends on what happened, never on the batches.
        """

    def update(self, table: Table, key: Key, values: Mapping[str, Any]) -> None:
        """Set these columns of a row; nothing happens when it is missing."""

    def delete(self, table: Table, key: Key) -> None:
        """Remove a row, if it is there."""

    def get(self, table: Table, key: Key) -> dict[str, Any] | None:
        """Return the row as the changes so far leave it, or None."""
        raise NotImplementedError

    def prefetch(self, table: Table, keys: Iterable[Key]) -> None:
        """Read these rows with few queries, for `get`."""

    def flush(self) -> None:
        """Write all changes."""
