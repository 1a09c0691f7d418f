"""Create the SQLAlchemy engines of read models, vault and log, with their connection settings.

On PostgreSQL every connection has the settings of `PostgresAddress.settings`, so that an
address with several hosts finds the one that accepts writes, and an unreachable server is
noticed in seconds. Errors of an unavailable database are raised as Unavailable.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.engine import URL

from events.store.database_trouble import is_trouble, refusal
from events.store.database_url import PostgresAddress
from events.store.private_files import make_file

CONNECTIONS_OVERFLOW = 64
"""Connections beyond the pool of five; a web process has a thread for each request."""


def postgres_engine(address: PostgresAddress, session: str = "", **options: Any) -> Engine:
    """Return an engine on a PostgreSQL database. `session`: its options, as in `-c name=value`.

    A connection is tested at checkout, so that none is stale after a restart of the server.
    """
    settings = address.settings()
    wanted = f"{settings.get('options', '')} {session}".strip()
    engine = create_engine(
        "postgresql+psycopg://",
        connect_args=settings | ({"options": wanted} if wanted else {}),
        pool_pre_ping=True,
        max_overflow=CONNECTIONS_OVERFLOW,
        **options,
    )
    event.listen(engine, "handle_error", _say_trouble)
    return engine


def sqlite_engine(
    file: Path,
    pragmas: Sequence[str],
    begin: Callable[[Connection], str] | None = None,
    **options: Any,
) -> Engine:
    """Return an engine on an SQLite file, created with mode 0600 if missing.

    `begin`: callback that returns the statement to begin a transaction, if not the default.
    """
    url = URL.create("sqlite", database=str(file))
    engine = create_engine(url, max_overflow=CONNECTIONS_OVERFLOW, **options)

    def make(*_: object) -> None:
        try:
            make_file(file)
        except OSError as error:
            raise refusal(error, file=file) from error

    event.listen(engine, "do_connect", make)

    def prepare(connection: Any, _record: object) -> None:
        if begin is not None:
            connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "connect", prepare)

    def say_begin(connection: Connection) -> None:
        if begin is not None:
            connection.exec_driver_sql(begin(connection))

    event.listen(engine, "begin", say_begin)
    event.listen(engine, "handle_error", lambda context: _say_trouble(context, file))
    return engine


def _say_trouble(context: ExceptionContext, file: Path | None = None) -> None:
    """Raise the refusal instead of the driver's error, except when testing a connection."""
    error = context.original_exception
    if not context.is_pre_ping and is_trouble(error):
        raise refusal(error, file=file) from error
