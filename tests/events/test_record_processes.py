"""Several processes, and the sudden death of any of them."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from events.store.record import Record, SchemaMissing, create_schema
from tests.events.questions import Answer, Question

QUESTIONS = Path(__file__).with_name("questions.py")
PROJECT = Path(__file__).resolve().parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(PROJECT)}

START = "import sys; from events.store.record import create_schema; create_schema(sys.argv[1])"

DYING = """
import os, sys
sys.path.insert(0, {tests!r})
from uuid import UUID
from tests.events.questions import Answer
from events.store.record import Record
record = Record(sys.argv[1])
appender = record._store.appender
proper = getattr(appender, sys.argv[2])
def dying(*arguments):
    if sys.argv[3] == "after":
        proper(*arguments)
    os.kill(os.getpid(), 9)
setattr(appender, sys.argv[2], dying)
record.save(*[Answer.give(id=UUID(id)) for id in sys.argv[4:]])
"""


class Answering:
    """A process that answers without end, until it is killed."""

    def __init__(self, database_url: str, question: Question) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(QUESTIONS), database_url, str(question.id)],
            stdout=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        )

    def kill(self) -> list[tuple[int, UUID]]:
        """Kill it at once; return what the record had acknowledged to it."""
        self.process.kill()
        acknowledged, _ = self.process.communicate()
        whole = [line.split() for line in acknowledged.splitlines(keepends=True) if "\n" in line]
        return [(int(position), UUID(answer)) for position, answer in whole]


def wait_until_recorded(record: Record, position: int) -> None:
    while not record.wait_beyond(position, timeout_seconds=1):
        pass


def test_every_acknowledged_save_survives_the_death_of_its_process(record, database_url):
    question = Question.ask()
    record.save(question)
    acknowledged: list[tuple[int, UUID]] = []
    for _ in range(3):
        answering = [Answering(database_url, question) for _ in range(2)]
        wait_until_recorded(record, record.head() + 40)
        for each in answering:
            acknowledged += each.kill()
    stored = {row.position: row.subject_id for row in record.read(0, limit=1_000_000)}
    assert len(acknowledged) > 60
    assert [stored[position] for position, _ in acknowledged] == [id for _, id in acknowledged]
    assert sorted(stored) == list(range(1, len(stored) + 1))
    assert record.save(Answer.give())[0].notification.id == len(stored) + 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_death_at_the_commit_leaves_a_save_whole_or_absent(record, database_url, when):
    step = "_commit" if database_url.startswith("sqlite") else "_call"
    identities = [uuid4() for _ in range(20)]
    program = DYING.format(tests=str(QUESTIONS.parent))
    arguments = [database_url, step, when, *map(str, identities)]
    died = subprocess.run([sys.executable, "-c", program, *arguments], env=ENVIRONMENT, check=False)
    assert died.returncode == -9
    stored = [row.subject_id for row in record.read(0)]
    assert stored == (identities if when == "after" else [])
    assert len(record.save(Answer.give())) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_processes_that_write_to_one_file_take_turns(record, database_url):
    question = Question.ask()
    record.save(question)
    answering = [Answering(database_url, question) for _ in range(2)]
    first = wait_for_both(record, answering)
    wait_until_recorded(record, first + 400)
    shares = [sum(position > first for position, _ in each.kill()) for each in answering]
    assert min(shares) > sum(shares) * 0.05, shares


def wait_for_both(record: Record, answering: list[Answering]) -> int:
    """Wait until both have started to record; return the position by then."""
    for each in answering:
        assert each.process.stdout is not None
        each.process.stdout.readline()
    return record.head()


@pytest.fixture
def empty_database(database_url: str, tmp_path: Path) -> Iterator[str]:
    """A database without a record."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/new/folkmoot.db"
        return
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA record CASCADE")
    yield database_url


def test_eight_processes_may_create_the_record_at_once(empty_database):
    with pytest.raises(SchemaMissing):
        Record(empty_database)
    starting = [
        subprocess.Popen([sys.executable, "-c", START, empty_database], env=ENVIRONMENT)
        for _ in range(8)
    ]
    assert [process.wait() for process in starting] == [0] * 8
    with closing(Record(empty_database)) as record:
        record.save(Answer.give())
        create_schema(empty_database)
        assert record.head() == 1


def test_what_was_opened_before_a_fork_is_not_written_after_it(record, monkeypatch):
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with pytest.raises(AssertionError, match="fork"):
        record.save(Answer.give())


def test_reading_along_while_others_write_never_misses_a_position(
    record, database_url, another_record, together
):
    writers = [another_record() for _ in range(2)]
    others = Answering(database_url, asked(record))
    seen: list[int] = []
    last = 400

    def write(to: Record) -> Callable[[], None]:
        def saves() -> None:
            while to.head() < last:
                to.save(Answer.give(), Answer.give())

        return saves

    def read_along() -> None:
        while len(seen) < last:
            record.wait_beyond(len(seen), timeout_seconds=1)
            rows = record.read(seen[-1] if seen else 0)
            seen.extend(row.position for row in rows)

    together(read_along, *[write(to) for to in writers * 2])
    others.kill()
    assert seen == list(range(1, len(seen) + 1))


def asked(record: Record) -> Question:
    question = Question.ask()
    record.save(question)
    return question


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_writer_that_dies_in_its_turn_does_not_keep_the_others_waiting(record, database_url):
    question = asked(record)
    for _ in range(5):
        answering = Answering(database_url, question)
        wait_for_both(record, [answering])
        time.sleep(0.01)  # somewhere in the middle of something
        answering.kill()
        record.save(Answer.give())
