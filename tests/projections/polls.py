"""A small record of polls and its read models, for testing the engine that runs them."""

import os
import random
import signal
import threading
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Column, Connection, Index, String, Uuid, select

from events.base import By, Fact, derived_id, fact
from events.store.appends import Row
from projections.engine.database import Views
from projections.engine.projection import Batch, Projection, Seen, TableMaker, counter, on
from projections.engine.runner import Runner

NOON = datetime(2026, 5, 1, 12, 0, 3, 350_149, tzinfo=UTC)
CHOICES = ("ash", "beech", "cherry", "damson")


@fact("test.vote.given.v1", starts=True)
class Given(Fact, frozen=True):
    choice: str
    weight: int = 1


@fact("test.vote.altered.v1")
class Altered(Fact, frozen=True):
    choice: str
    weight: int = 1


@fact("test.vote.removed.v1")
class Removed(Fact, frozen=True):
    pass


@fact("test.poll.noted.v1")
class Noted(Fact, frozen=True):
    """Nobody handles it."""


class MemorySource:
    """A record in memory; `positions` may have gaps as in a real one."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.rows = list(rows)

    def read(self, after: int, limit: int = 1000, *, until: int | None = None) -> Sequence[Row]:
        last = len(self.rows) if until is None else min(until, len(self.rows))
        return self.rows[after : min(after + limit, last)]

    def head(self) -> int:
        return len(self.rows)

    def wait_beyond(self, position: int, timeout_seconds: float) -> bool:
        if self.head() <= position:
            threading.Event().wait(min(timeout_seconds, 0.01))
        return self.head() > position

    def append(self, subject_id: UUID, version: int, stored: Fact) -> int:
        position = len(self.rows) + 1
        state = msgspec.json.encode(stored)
        self.rows.append(Row(position, subject_id, version, stored.TOPIC, state))
        return position


Command = tuple[str, int, int, int]
"""What, which voter, which choice, which weight."""


def record_of(commands: Iterable[Command]) -> MemorySource:
    """Write the facts of those commands that make sense after the ones before."""
    source = MemorySource()
    versions: dict[int, int] = {}
    present: set[int] = set()
    for what, voter, choice, weight in commands:
        common: dict[str, Any] = {"at": NOON, "by": By(role="resident")}
        if what == "note":
            stored: Fact = Noted(**common)
        elif what == "remove":
            if voter not in present:
                continue
            present.remove(voter)
            stored = Removed(**common)
        else:
            kind = Given if voter not in versions else Altered
            present.add(voter)
            stored = kind(choice=CHOICES[choice % len(CHOICES)], weight=weight, **common)
        versions[voter] = versions.get(voter, 0) + 1
        source.append(derived_id("voter", str(voter)), versions[voter], stored)
    return source


def random_record(count: int, seed: int = 7, voters: int | None = None) -> MemorySource:
    chance = random.Random(seed)
    return record_of(
        (
            chance.choices(("give", "remove", "note"), (8, 1, 1))[0],
            chance.randrange(voters or count),
            chance.randrange(len(CHOICES)),
            chance.randrange(1, 9),
        )
        for _ in range(count)
    )


class VoteBox(Projection):
    """Who votes for what now, and the totals."""

    name = "vote_box"
    version = 1

    def define(self, table: TableMaker) -> None:
        self.vote = table(
            "vote",
            Column("voter_id", Uuid, primary_key=True),
            Column("choice", String, nullable=False),
            Column("weight", BigInteger, nullable=False),
            Column("valid_from", BigInteger, nullable=False),
            counter("changes"),
            Index("by_choice", "choice"),
        )
        self.tally = table(
            "tally",
            Column("choice", String, primary_key=True),
            counter("votes"),
            counter("weight"),
        )

    def prefetch(self, batch: Batch, events: Sequence[Seen[Any]]) -> None:
        batch.prefetch(self.vote, [{"voter_id": seen.subject_id} for seen in events])

    @on(Given, Altered)
    def give(self, batch: Batch, given: Seen[Given]) -> None:
        self.remove(batch, given)
        row = {
            "voter_id": given.subject_id,
            "choice": given.fact.choice,
            "weight": given.fact.weight,
            "valid_from": given.position,
            "changes": given.version - 1,
        }
        batch.insert(self.vote, row)
        batch.add(self.tally, {"choice": given.fact.choice}, votes=1, weight=given.fact.weight)

    @on(Removed)
    def remove(self, batch: Batch, removed: Seen[Any]) -> None:
        if removed.position == int(os.environ.get("TEST_CRASH_AT", "0")):
            os.kill(os.getpid(), signal.SIGKILL)
        key = {"voter_id": removed.subject_id}
        earlier = batch.get(self.vote, key)
        if earlier is not None:
            batch.delete(self.vote, key)
            choice = {"choice": earlier["choice"]}
            batch.add(self.tally, choice, votes=-1, weight=-earlier["weight"])

    def totals(self, db: Connection) -> dict[str, tuple[int, int]]:
        rows = db.execute(select(self.tally).where(self.tally.c.votes != 0))
        return {choice: (votes, weight) for choice, votes, weight in rows}


class History(Projection):
    """How often each voter chose each thing; keys of two columns and blind writes only."""

    name = "history"
    version = 1

    def define(self, table: TableMaker) -> None:
        self.times = table(
            "times",
            Column("voter_id", Uuid, primary_key=True),
            Column("choice", String, primary_key=True),
            counter("times"),
            Column("last_position", BigInteger),
        )
        self.total = table("total", Column("what", String, primary_key=True), counter("facts"))

    @on(Given, Altered)
    def chosen(self, batch: Batch, given: Seen[Given]) -> None:
        key = {"voter_id": given.subject_id, "choice": given.fact.choice}
        batch.add(self.times, key, times=1)
        batch.update(self.times, key, {"last_position": given.position})
        batch.add(self.total, {"what": given.fact.TOPIC}, facts=1)


class Fragile(Projection):
    """Fails at one position, as long as it is told to."""

    name = "fragile"
    version = 1
    fails_at = 0

    def define(self, table: TableMaker) -> None:
        self.seen = table("seen", Column("position", BigInteger, primary_key=True))

    @on(Given, Altered)
    def see(self, batch: Batch, given: Seen[Given]) -> None:
        batch.insert(self.seen, {"position": given.position})
        if given.position == type(self).fails_at:
            raise ZeroDivisionError("a defect")


def expected_totals(source: MemorySource) -> dict[str, tuple[int, int]]:
    """Work the totals out in the plainest way."""
    votes: dict[UUID, Any] = {}
    for row in source.rows:
        if row.topic == Removed.TOPIC:
            votes.pop(row.subject_id, None)
        elif row.topic != Noted.TOPIC:
            votes[row.subject_id] = msgspec.json.decode(row.state)
    totals: dict[str, tuple[int, int]] = {}
    for vote in votes.values():
        count, weight = totals.get(vote["choice"], (0, 0))
        totals[vote["choice"]] = (count + 1, weight + vote.get("weight", 1))
    return totals


def totals(views: Views) -> dict[str, tuple[int, int]]:
    box = views.reader(VoteBox)
    with views.connect() as db:
        return box.totals(db)


def catch_up_in_a_process(database_url: str, events: int, limit: int, crash_at: int = 0) -> None:
    """What a second worker on the same read models does."""
    os.environ["TEST_CRASH_AT"] = str(crash_at)
    source = random_record(events)
    views = Views.open(database_url)
    runner = Runner(source, views, [VoteBox, History])
    runner.start()
    runner.catch_up(limit=limit)
    views.close()
