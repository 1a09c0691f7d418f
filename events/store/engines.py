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

KEPT_CONNECTIONS = 3
"""Of a store, which stay open when nobody uses them."""

SPARE_CONNECTIONS = 2
"""Of a store as wide as the threads: for what is no page, such as a look at the generations."""

LEAF_CONNECTIONS = 3
"""Of a store that threads take turns in: who holds one of these waits for no other."""

FILE_CONNECTIONS = 64
"""Of a file, which has no server that counts them."""

WIDE_CONNECTIONS = 10
"""Of a store as wide as the threads, where nobody says how many threads there are."""


def postgres_engine(
    address: PostgresAddress,
    session: str = "",
    *,
    connections: int = LEAF_CONNECTIONS,
    **options: Any,
) -> Engine:
    """Return an engine on a PostgreSQL database. `session`: its options, as in `-c name=value`.

    `connections`: the most that are open at once; who asks for another waits for one of them.
    A connection is tested at checkout, so that none is stale after a restart of the server.
    """
    settings = address.settings()
    wanted = f"{settings.get('options', '')} {session}".strip()
    engine = create_engine(
        "postgresql+psycopg://",
        connect_args=settings | ({"options": wanted} if wanted else {}),
        pool_pre_ping=True,
        **_pool(connections),
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
    engine = create_engine(url, **_pool(FILE_CONNECTIONS), **options)

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


def _pool(connections: int) -> dict[str, int]:
    kept = min(KEPT_CONNECTIONS, connections)
    return {"pool_size": kept, "max_overflow": connections - kept}


def _say_trouble(context: ExceptionContext, file: Path | None = None) -> None:
    """Raise the refusal instead of the driver's error, except when testing a connection."""
    error = context.original_exception
    if not context.is_pre_ping and is_trouble(error):
        raise refusal(error, file=file) from error
