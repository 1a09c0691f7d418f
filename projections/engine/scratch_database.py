"""A temporary SQLite file in which tables are filled during a rebuild.

Filled in place, a million rows with random keys would go through the write-ahead log page by
page, and the runner of the live tables would wait for every batch. The temporary file has no
crash protection, because a rebuild that crashed starts again anyway.
"""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, MetaData, create_engine, event, select
from sqlalchemy.engine import URL
from sqlalchemy.schema import CreateTable

from projections.engine.applying import Follower
from projections.engine.database import Views
from projections.engine.generations import Generation, advance

CACHE_KIB = 192 * 1024


class Workshop:
    """A database in a temporary file beside the read models, with the followers' tables.

    Everything is one transaction: after a failure, create another workshop.
    """

    def __init__(self, views: Views, followers: Sequence[Follower]) -> None:
        beside = views.engine.url.database
        assert not views.on_postgres
        assert beside is not None
        self._views = views
        self._directory = tempfile.TemporaryDirectory(
            prefix="folkmoot-rebuild-", dir=Path(beside).resolve().parent
        )
        self.file = Path(self._directory.name) / "workshop.db"
        self.engine = create_engine(URL.create("sqlite", database=str(self.file)))
        event.listen(self.engine, "connect", _prepare)
        event.listen(self.engine, "begin", _begin)
        self._db = self.engine.connect()
        for follower in followers:
            for table in follower.projection.tables:
                copy = table.to_metadata(MetaData())
                # Rows are appended, and only the index on the key is filled in random order:
                # it is small enough to stay in memory.
                copy.dialect_options["sqlite"]["with_rowid"] = True
                self._db.execute(CreateTable(copy))

    def close(self) -> None:
        """Close the database and delete its file."""
        self._db.close()
        self.engine.dispose()
        self._directory.cleanup()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield the one connection, in the one transaction."""
        yield self._db

    def bring_home(self, followers: Sequence[Follower], position: int, anchor: str) -> None:
        """Copy the rows into the read models, in key order, and advance their positions."""
        self._db.commit()
        self._db.close()
        self.engine.dispose()
        with self._views.engine.connect() as db:
            raw = db.connection.driver_connection
            assert raw is not None
            raw.execute("ATTACH DATABASE ? AS workshop", (str(self.file),))
            try:
                with db.begin():
                    for row, projection in followers:
                        for table in projection.tables:
                            there = table.to_metadata(MetaData(), schema="workshop")
                            rows = select(there).order_by(*there.primary_key)
                            db.execute(table.insert().from_select(list(there.columns), rows))
                        moved = advance(db, [row._replace(position=0)], position, anchor)
                        assert moved, row
            finally:
                raw.execute("DETACH DATABASE workshop")


def stay(_db: Connection, _rows: Sequence[Generation], _position: int, _anchor: str) -> bool:
    """Advance no position: a workshop has only one worker."""
    return True


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
