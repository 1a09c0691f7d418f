"""SQL to write and find rows of a read model in bulk, on SQLite and PostgreSQL."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    and_,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

Rows = Sequence[dict[str, Any]]

COPY_ROWS_MIN = 50
"""From this number on, COPY is faster than INSERT despite two more round trips."""
MISSING = object()


def layout_of(table: Table) -> "Layout":
    """Return the layout of a table, cached."""
    layout = table.info.get("layout")
    if layout is None:
        layout = table.info["layout"] = Layout(table)
    assert isinstance(layout, Layout)
    return layout


class Layout:
    """The layout of one table: its key columns, defaults of omitted columns, cached statements.

    Keys have the form that `key_of` returns: the value of a single key column, or a tuple.
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
        self.statements: dict[Any, Any] = {}
        self.processors: dict[str, Any] = {}

    def whole(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the row with every column, with defaults for omitted ones."""
        whole = {**self.defaults, **row}
        assert len(whole) == len(self.columns), f"{self.name}: {row.keys() - set(self.columns)}"
        return whole

    def key_row(self, key: Any) -> dict[str, Any]:
        """Return the key columns of a key: the inverse of `key_of`."""
        if self.key_length == 1:
            return {self.keys[0]: key}
        return dict(zip(self.keys, key, strict=True))

    def find(self, db: Connection, keys: Sequence[Any]) -> Iterator[dict[str, Any]]:
        """Return the existing rows with these keys."""
        columns = list(self.table.primary_key)
        values = (
            [list(keys)]
            if len(columns) == 1
            else [list(column) for column in zip(*keys, strict=True)]
        )
        on_postgres = db.dialect.name == "postgresql"
        query = self.statements.get("find")
        if query is None:
            # Not `(a, b) IN (...)`: SQLite scans the whole table for that.
            join = _unnested(columns) if on_postgres else _from_json(columns)
            query = select(self.table).select_from(join[0]).join(self.table, and_(*join[1]))
            self.statements["find"] = query
        if on_postgres:
            parameters: dict[str, Any] = {f"key_{place}": of for place, of in enumerate(values)}
        else:
            processed = [
                self._processed(db, column, of) for column, of in zip(columns, values, strict=True)
            ]
            rows = list(zip(*processed, strict=True))
            parameters = {"keys": msgspec.json.encode(rows).decode()}
        return map(dict[str, Any], db.execute(query, parameters).mappings())

    def insert(self, db: Connection, rows: Rows) -> None:
        """Insert whole rows."""
        if db.dialect.name == "postgresql" and len(rows) >= COPY_ROWS_MIN:
            self._copy(db, rows)
        elif rows:
            self._write(db, "insert", self.table.insert, rows)

    def upsert(
        self, db: Connection, rows: Rows, values: tuple[str, ...], deltas: tuple[str, ...]
    ) -> None:
        """Insert whole rows; on conflict, only set `values` and add `deltas`."""

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
        """Run an INSERT of whole rows, its statement cached."""
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
        """Return the values in the driver's form.

        SQLAlchemy could do this, but it would take most of the time of a rebuild.
        """
        columns = [
            self._processed(db, column, [row[column.key] for row in rows])
            for column in self.table.columns
        ]
        return zip(*columns, strict=True)

    def _processed(self, db: Connection, column: Column[Any], values: list[Any]) -> list[Any]:
        processor = self.processors.get(column.key, MISSING)
        if processor is MISSING:
            processor = column.type.dialect_impl(db.dialect).bind_processor(db.dialect)
            self.processors[column.key] = processor
        return values if processor is None else list(map(processor, values))

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
        """Update the existing rows with these keys."""
        sets: dict[str, Any] = {name: bindparam(f"new_{name}") for name in values}
        sets |= {name: self.table.c[name] + bindparam(f"new_{name}") for name in deltas}
        if rows and sets:
            statement = update(self.table).where(*self._by_key()).values(sets)
            db.execute(statement, [self._renamed(row) for row in rows])

    def delete(self, db: Connection, rows: Rows) -> None:
        """Delete the existing rows with these keys."""
        if rows:
            statement = delete(self.table).where(*self._by_key())
            db.execute(statement, [self._renamed(row) for row in rows])

    def _by_key(self) -> list[Any]:
        return [column == bindparam(f"key_{column.key}") for column in self.table.primary_key]

    def _renamed(self, row: Mapping[str, Any]) -> dict[str, Any]:
        # SQLAlchemy reserves bare column names as parameters of an UPDATE.
        return {f"{'key' if name in self.keys else 'new'}_{name}": row[name] for name in row}


Join = tuple[Any, list[ColumnElement[bool]]]
"""The FROM clause with the wanted keys, and the conditions that join it to the table."""


def _unnested(columns: Sequence[Column[Any]]) -> Join:
    names = [f"key_{place}" for place in range(len(columns))]
    arrays = [
        bindparam(name, type_=postgresql.ARRAY(column.type))
        for name, column in zip(names, columns, strict=True)
    ]
    wanted = func.unnest(*arrays).table_valued(*names, name="wanted")
    wanted = wanted.render_derived()
    return wanted, [column == wanted.c[name] for name, column in zip(names, columns, strict=True)]


def _from_json(columns: Sequence[Column[Any]]) -> Join:
    wanted = func.json_each(bindparam("keys", type_=String)).table_valued("value", name="wanted")
    return wanted, [
        column == func.json_extract(wanted.c.value, f"$[{place}]", type_=column.type)
        for place, column in enumerate(columns)
    ]
