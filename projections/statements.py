"""The SQL that writes and finds rows of a read model in bulk, alike on SQLite and PostgreSQL."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

Rows = Sequence[dict[str, Any]]

COPY_ROWS_MIN = 50
"""From here on COPY is faster than INSERT in spite of its two more round trips."""
MISSING = object()


def layout_of(table: Table) -> "Layout":
    """Return the layout of a table, made once."""
    layout = table.info.get("layout")
    if layout is None:
        layout = table.info["layout"] = Layout(table)
    assert isinstance(layout, Layout)
    return layout


class Layout:
    """One table: which columns are its key, what a left out column becomes, its statements.

    Keys travel as what `key_of` makes of a row: the value of a single key column, or a tuple.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.name = table.name
        self.columns = tuple(column.key for column in table.columns)
        self.keys = tuple(column.key for column in table.primary_key)
        self.key_length = len(self.keys)
        self.others = tuple(name for name in self.columns if name not in self.keys)
        self.key_of: Callable[[Mapping[str, Any]], Any] = itemgetter(*self.keys)
        self.defaults = {
            column.key: getattr(column.default, "arg", None) for column in table.columns
        }
        assert not any(callable(default) for default in self.defaults.values()), self.name
        key = list(table.primary_key)
        self.select_one = select(table).where(*(column == bindparam(column.key) for column in key))
        keys = key[0] if len(key) == 1 else tuple_(*key)
        self.select_many = select(table).where(keys.in_(bindparam("keys", expanding=True)))
        self.statements: dict[Any, Any] = {}
        self.processors: dict[str, Any] = {}

    def whole(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the row with every column."""
        whole = {**self.defaults, **row}
        assert len(whole) == len(self.columns), f"{self.name}: {row.keys() - set(self.columns)}"
        return whole

    def key_row(self, key: Any) -> dict[str, Any]:
        """Undo `key_of`."""
        if self.key_length == 1:
            return {self.keys[0]: key}
        return dict(zip(self.keys, key, strict=True))

    def insert(self, db: Connection, rows: Rows) -> None:
        """Write whole rows that are not there."""
        if db.dialect.name == "postgresql" and len(rows) >= COPY_ROWS_MIN:
            self._copy(db, rows)
        elif rows:
            self._write(db, "insert", self.table.insert, rows)

    def upsert(
        self, db: Connection, rows: Rows, values: tuple[str, ...], deltas: tuple[str, ...]
    ) -> None:
        """Write whole rows; where one is there, set `values` and add `deltas` only."""

        def make() -> Any:
            dialect = postgresql if db.dialect.name == "postgresql" else sqlite
            insert = dialect.insert(self.table)
            sets = {name: insert.excluded[name] for name in values}
            sets |= {name: self.table.c[name] + insert.excluded[name] for name in deltas}
            if sets:
                return insert.on_conflict_do_update(index_elements=list(self.keys), set_=sets)
            return insert.on_conflict_do_nothing(index_elements=list(self.keys))

        if rows:
            self._write(db, (values, deltas), make, rows)

    def _write(self, db: Connection, name: Any, make: Callable[[], Any], rows: Rows) -> None:
        """Run an INSERT of whole rows, made once."""
        cached = self.statements.get(name)
        if db.dialect.name == "postgresql":
            if cached is None:
                cached = self.statements[name] = make()
            db.execute(cached, rows)  # in statements of a thousand rows each
            return
        if cached is None:
            compiled = make().compile(dialect=db.dialect, column_keys=list(self.columns))
            assert compiled.positiontup == list(self.columns)
            cached = self.statements[name] = str(compiled)
        db.exec_driver_sql(cached, list(self._tuples(db, rows)))

    def _tuples(self, db: Connection, rows: Rows) -> Iterable[tuple[Any, ...]]:
        """Return the values as the driver wants them.

        SQLAlchemy can do this too, but takes most of the time of a rebuild for it.
        """
        columns = []
        for column in self.table.columns:
            values = [row[column.key] for row in rows]
            processor = self.processors.get(column.key, MISSING)
            if processor is MISSING:
                processor = column.type.dialect_impl(db.dialect).bind_processor(db.dialect)
                self.processors[column.key] = processor
            columns.append(values if processor is None else list(map(processor, values)))
        return zip(*columns, strict=True)

    def _copy(self, db: Connection, rows: Rows) -> None:
        prepare = db.dialect.identifier_preparer
        names = ", ".join(prepare.quote(name) for name in self.columns)
        connection = db.connection.driver_connection
        assert connection is not None
        copy_in = f"COPY {prepare.format_table(self.table)} ({names}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(copy_in) as copy:
            for values in self._tuples(db, rows):
                copy.write_row(values)

    def update(
        self, db: Connection, rows: Rows, values: tuple[str, ...], deltas: tuple[str, ...]
    ) -> None:
        """Change rows by key, those that are there."""
        sets: dict[str, Any] = {name: bindparam(f"new_{name}") for name in values}
        sets |= {name: self.table.c[name] + bindparam(f"new_{name}") for name in deltas}
        if rows and sets:
            statement = update(self.table).where(*self._by_key()).values(sets)
            db.execute(statement, [self._renamed(row) for row in rows])

    def delete(self, db: Connection, rows: Rows) -> None:
        """Remove rows by key, those that are there."""
        if rows:
            statement = delete(self.table).where(*self._by_key())
            db.execute(statement, [self._renamed(row) for row in rows])

    def _by_key(self) -> list[Any]:
        return [column == bindparam(f"key_{column.key}") for column in self.table.primary_key]

    def _renamed(self, row: Mapping[str, Any]) -> dict[str, Any]:
        # SQLAlchemy keeps bare column names in an UPDATE for itself.
        return {f"{'key' if name in self.keys else 'new'}_{name}": row[name] for name in row}
