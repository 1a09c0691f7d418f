"""One rule for the connections to PostgreSQL: all processes of a host stay below a number.

A thread of pages holds at most one connection of each store at a time, and the stores of views
and vault are as wide as the threads of their process, so no thread waits for another. Record and
log are read by single statements, for which threads take turns. So the number of threads decides
how many connections a process can open, and what the server allows decides the threads. SQLite
has no such limit.
"""

import os

from consult.config import Config
from events.errors import Refused
from events.store.database_url import PostgresAddress, parse
from events.store.engines import LEAF_CONNECTIONS, SPARE_CONNECTIONS
from events.store.postgres.appender import connect
from events.store.postgres.record import READING_MAX

THREADS = 8
"""Of a web process; more contend for the interpreter lock, and wait longer for the group commit."""

THREADS_MIN = 2
WORKERS_MIN = 2
DUTY_THREADS = 2
"""What the processes of duties and jobs count as: nearly all of their threads sleep."""

DUTY_PROCESSES = 2
"""The background and the process of jobs, beside the web processes."""

WIDE, LEAVES, LONE = 2, 2, 2
"""Stores as wide as the threads (views, vault); engines of the log; the record's writer and ear."""

LEFT_FREE = 7
"""Of what the server allows: for commands, backups and whoever looks into the database."""

ALLOWED = """
SELECT coalesce(sum(CASE WHEN name = 'max_connections' THEN setting::int ELSE -setting::int END), 0)
FROM pg_settings WHERE name IN
    ('max_connections', 'superuser_reserved_connections', 'reserved_connections')
"""


class TooFewConnections(Refused):
    """The server does not allow as many connections as the processes need."""

    says = (
        "{workers} web processes need at least {least} connections to the database, and this host "
        "may open {most}. Allow more (max_connections of the server, which is then restarted, or "
        "FOLKMOOT_DATABASE_CONNECTIONS), or start fewer: consult serve --workers 1"
    )


def web_processes(config: Config) -> int:
    """Return how many web processes make it faster, where nobody says how many."""
    on_sqlite = not isinstance(parse(config.database_url), PostgresAddress)
    return WORKERS_MIN if on_sqlite else max(WORKERS_MIN, os.cpu_count() or WORKERS_MIN)


def of_process(threads: int) -> int:
    """Return how many connections a process with so many threads can have open at once."""
    wide, leaves = WIDE * (threads + SPARE_CONNECTIONS), LEAVES * LEAF_CONNECTIONS
    return wide + leaves + READING_MAX + LONE


def of_host(threads: int, workers: int) -> int:
    """Return how many connections a host with so many web processes can have open at once."""
    return workers * of_process(threads) + DUTY_PROCESSES * of_process(DUTY_THREADS)


def page_threads(config: Config, workers: int = 0) -> tuple[int, int]:
    """Return how many web processes to start, each with how many threads.

    So this host stays below its number, which is what the server allows but for a few, or
    FOLKMOOT_DATABASE_CONNECTIONS if that is less. `workers`: as many as somebody asked for; 0
    starts no more than fit. Raises TooFewConnections, RecordUnavailable.
    """
    address, chosen = parse(config.database_url), workers or web_processes(config)
    if not isinstance(address, PostgresAddress):
        return chosen, THREADS
    most = allowed(address) - LEFT_FREE
    most = min(most, config.database_connections or most)
    while not workers and chosen > WORKERS_MIN and of_host(THREADS_MIN, chosen) > most:
        chosen -= 1
    return chosen, fitting(most, chosen)


def fitting(most: int, workers: int) -> int:
    """Return the threads of each web process of a host that may open so many connections.

    Raises TooFewConnections.
    """
    for threads in range(THREADS, THREADS_MIN - 1, -1):
        if of_host(threads, workers) <= most:
            return threads
    raise TooFewConnections(workers=workers, least=of_host(THREADS_MIN, workers), most=most)


def allowed(address: PostgresAddress) -> int:
    """Return how many connections the server allows an ordinary account.

    Raises RecordUnavailable.
    """
    with connect(address) as connection:
        row = connection.execute(ALLOWED).fetchone()
    assert row is not None
    return int(row[0])
