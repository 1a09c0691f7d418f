"""The write buffer of a projection: handlers change rows here, and SQL writes them in bulk."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table

from projections.engine.statements import Layout, layout_of

Key = Mapping[str, Any]
"""The primary key of one row: every key column, by name."""

KEYS_PER_QUERY_MAX = 500


class Change:
    """The pending change of one row.

    Either the row is *known*: `row` is its full content, or None if it is deleted, and `stored`
    says whether the table has it (None: unknown). Or it is *blind*: its content in the table is
    unknown, `values` are set, `deltas` added, and `makes`: whether a missing row is inserted.
    """

    __slots__ = ("deltas", "dirty", "known", "makes", "row", "stored", "values")

    def __init__(self, *, known: bool, row: dict[str, Any] | None, stored: bool | None) -> None:
        self.known = known
        self.row = row
        self.stored = stored
        self.dirty = True
        self.makes = False
        self.values: dict[str, Any] = {}
        self.deltas: dict[str, int] = {}

    def merge(self, values: Mapping[str, Any], deltas: Mapping[str, int]) -> None:
        """Merge into a blind change; later values override earlier ones."""
        if values:
            self.values.update(values)
            for column in values:
                self.deltas.pop(column, None)
        for column, delta in deltas.items():
            if column in self.values:
                self.values[column] += delta
            else:
                self.deltas[column] = self.deltas.get(column, 0) + delta

    def alter(self, values: Mapping[str, Any], deltas: Mapping[str, int]) -> None:
        """Change a known row."""
        assert self.row is not None
        self.row.update(values)
        for column, delta in deltas.items():
            self.row[column] += delta
        self.dirty = True


class Sheet:
    """The changes of one table, by primary key."""

    def __init__(self, table: Table) -> None:
        self.layout: Layout = layout_of(table)
        self.changes: dict[Any, Change] = {}
        self.counts: dict[Any, dict[str, int]] = {}
        """The deltas of rows that were only added to: a fast path for tallies."""

    def insert(self, row: Mapping[str, Any]) -> None:
        """See `Batch.insert`."""
        key = self.layout.key_of(row)
        whole = self.layout.whole(row)
        self.counts.pop(key, None)
        change = self.changes.get(key)
        if change is None or not (change.known or change.makes):
            self.changes[key] = Change(known=True, row=whole, stored=False)
            return
        assert change.known, f"{self.layout.name} {key} is there already"
        assert change.row is None, f"{self.layout.name} {key} is there already"
        change.row = whole
        change.dirty = True

    def delete(self, key: Key) -> None:
        """See `Batch.delete`."""
        of = self.layout.key_of(key)
        self.counts.pop(of, None)
        change = self.changes.get(of)
        if change is None or not change.known:
            self.changes[of] = Change(known=True, row=None, stored=None)
        else:
            change.row = None
            change.dirty = True

    def change(
        self,
        db: Connection,
        key: Key,
        values: Mapping[str, Any],
        deltas: Mapping[str, int],
        *,
        makes: bool,
    ) -> None:
        """Set values, then add deltas; `makes`: insert the row if it is missing."""
        assert len(key) == self.layout.key_length, key
        of = self.layout.key_of(key)
        self.counts.pop(of, None)
        change = self.changes.get(of)
        if change is None:
            change = self.changes[of] = Change(known=False, row=None, stored=None)
            change.makes = makes
        elif not change.known and makes and not change.makes:
            # Earlier values apply only if the row exists, so that must be known now.
            change = self.find(db, key)
        if not change.known:
            change.merge(values, deltas)
        elif change.row is not None:
            change.alter(values, deltas)
        elif makes:
            change.row = self.layout.whole({**key, **values})
            change.alter({}, deltas)

    def add(self, db: Connection, key: Key, deltas: Mapping[str, int]) -> None:
        """See `Batch.add`."""
        of = self.layout.key_of(key)
        counts = self.counts.get(of)
        if counts is not None:
            for column, delta in deltas.items():
                counts[column] = counts.get(column, 0) + delta
            return
        self.change(db, key, {}, deltas, makes=True)
        change = self.changes[of]
        if not (change.known or change.values):
            self.counts[of] = change.deltas

    def find(self, db: Connection, key: Key) -> Change:
        """Return the change of a row, read from the table if it is not known."""
        of = self.layout.key_of(key)
        self.counts.pop(of, None)
        change = self.changes.get(of)
        if change is None or not change.known:
            stored = db.execute(self.layout.select_one, dict(key)).mappings().first()
            found = self.know(of, None if stored is None else dict(stored))
            if change is not None:
                if found.row is None and change.makes:
                    found.row = self.layout.whole(key)
                if found.row is not None:
                    found.alter(change.values, change.deltas)
            return found
        return change

    def know(self, key: Any, row: dict[str, Any] | None) -> Change:
        """Cache the row as the table has it."""
        change = self.changes[key] = Change(known=True, row=row, stored=row is not None)
        change.dirty = False
        return change

    def prefetch(self, db: Connection, keys: Iterable[Key]) -> None:
        """See `Batch.prefetch`."""
        layout, changes = self.layout, self.changes
        wanted = iter(
            {layout.key_of(key): None for key in keys if layout.key_of(key) not in changes}
        )
        while some := list(islice(wanted, KEYS_PER_QUERY_MAX)):
            found = {layout.key_of(row): row for row in layout.find(db, some)}
            for key in some:
                self.know(key, found.get(key))

    def flush(self, db: Connection) -> None:
        """Write all changes of this table."""
        layout = self.layout
        inserts, replaces, deletes = [], [], []
        blind: dict[tuple[bool, tuple[str, ...], tuple[str, ...]], list[dict[str, Any]]] = {}
        for key, change in self.changes.items():
            if not change.known:
                shape = (change.makes, tuple(sorted(change.values)), tuple(sorted(change.deltas)))
                row = layout.key_row(key) | change.values | change.deltas
                blind.setdefault(shape, []).append(layout.whole(row) if change.makes else row)
            elif not change.dirty:
                continue
            elif change.row is None:
                if change.stored is not False:
                    deletes.append(layout.key_row(key))
            elif change.stored is False:
                inserts.append(change.row)
            else:
                replaces.append(change.row)
        self.changes = {}
        self.counts = {}
        layout.delete(db, deletes)
        layout.insert(db, inserts)
        layout.upsert(db, replaces, layout.others, ())
        for (makes, values, deltas), rows in blind.items():
            if makes:
                layout.upsert(db, rows, values, deltas)
            else:
                layout.update(db, rows, values, deltas)


class Batch:
    """The changes of one projection in one batch, as if each had been written immediately.

    The result never depends on the boundaries of batches. Every key is the whole primary key.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.position = 0
        """The position of the fact being handled."""
        self._sheets: dict[Table, Sheet] = {}

    def _sheet(self, table: Table) -> Sheet:
        sheet = self._sheets.get(table)
        if sheet is None:
            sheet = self._sheets[table] = Sheet(table)
        return sheet

    def insert(self, table: Table, row: Mapping[str, Any]) -> None:
        """Insert a new row; an existing one is a defect, which stops the projection."""
        self._sheet(table).insert(row)

    def upsert(self, table: Table, key: Key, values: Mapping[str, Any]) -> None:
        """Set these columns of a row, which is inserted if it is missing."""
        self._sheet(table).change(self.connection, key, values, {}, makes=True)

    def add(self, table: Table, key: Key, **deltas: int) -> None:
        """Add to counters of a row, which is inserted if it is missing.

        The row stays when its counters return to 0, also within one batch: whether it exists
        depends on the facts, never on the batches.
        """
        sheet = self._sheets.get(table) or self._sheet(table)
        sheet.add(self.connection, key, deltas)

    def update(self, table: Table, key: Key, values: Mapping[str, Any]) -> None:
        """Set these columns of a row, if it exists."""
        self._sheet(table).change(self.connection, key, values, {}, makes=False)

    def delete(self, table: Table, key: Key) -> None:
        """Delete a row, if it exists."""
        self._sheet(table).delete(key)

    def get(self, table: Table, key: Key) -> dict[str, Any] | None:
        """Return a copy of the row with the changes so far, or None."""
        row = self._sheet(table).find(self.connection, key).row
        return None if row is None else dict(row)

    def prefetch(self, table: Table, keys: Iterable[Key]) -> None:
        """Read these rows with few queries, for `get`."""
        self._sheet(table).prefetch(self.connection, keys)

    def flush(self) -> None:
        """Write all changes."""
        for sheet in self._sheets.values():
            sheet.flush(self.connection)
