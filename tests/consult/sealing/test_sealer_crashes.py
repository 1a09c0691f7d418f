"""A sealer whose writes fail, each in both ways, and one that is killed: the log stays true."""

import random
import subprocess
import sys
import time

import psycopg
import pytest

from consult.log_store.store import LogStore
from consult.log_store.waiting import waiting_facts
from consult.log_store.writer import AnotherSealer, Writer
from consult.sealing import sealer as sealer_module
from consult.sealing.key import Memory
from consult.sealing.running import open_sealer, seal_now
from events.errors import DatabaseUnavailable
from tests.builders import close_consultation, consultation
from tests.consult.sealing.audits import answer, audit
from tests.consult.sealing.broken_writes import Broken, breaks

WRITES = [
    (Writer, "append"),
    (Writer, "advance"),
    (Writer, "keep_openings"),
    (Memory, "remember"),
    (LogStore, "publish"),
    (LogStore, "keep_document"),
    (LogStore, "end_trouble"),
]
"""Every durable write of a sealer's round. What an archive serves is what `publish` wrote."""


@pytest.fixture
def signed(monkeypatch):
    """Every root that was ever signed, by size."""
    roots: dict[int, set[bytes]] = {}
    sign = sealer_module.sign_checkpoint

    def note(checkpoint, *more):
        roots.setdefault(checkpoint.size, set()).add(checkpoint.root)
        return sign(checkpoint, *more)

    monkeypatch.setattr(sealer_module, "sign_checkpoint", note)
    return roots


def play(services, about):
    """Everything that leads to each kind of write: private facts too, and a closing."""
    from tests.builders import ORGANISER, draft

    answer(services, about, "Ada")
    answer(services, about, "Ben")
    draft(services, slug="another")
    answer(services, about, "Ada", "c")
    close_consultation(services, about.id, actor=ORGANISER)


@pytest.mark.parametrize("when", ["lost", "reported lost"])
@pytest.mark.parametrize(
    ("place", "name"), WRITES, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_write_that_fails_leaves_a_log_that_goes_on_correctly(
    services, log, seal, signed, monkeypatch, place, name, when
):
    about = consultation(services)
    seal()
    monkeypatch.setattr(sealer_module, "FACTS_MAX", 1)
    play(services, about)
    left = breaks(monkeypatch, place, name, when)
    with pytest.raises(Broken):
        seal()
    assert not left
    size = seal()
    assert audit(services, log) == size
    assert all(len(roots) == 1 for roots in signed.values()), "one root for each size, ever"


@pytest.mark.parametrize("when", ["lost", "reported lost"])
@pytest.mark.parametrize(
    ("place", "name"), [WRITES[0], WRITES[3], WRITES[4]], ids=["append", "remember", "publish"]
)
def test_the_very_first_write_may_fail_too(
    services, log, seal, signed, monkeypatch, place, name, when
):
    consultation(services)
    breaks(monkeypatch, place, name, when)
    with pytest.raises(Broken):
        seal()
    size = seal()
    assert audit(services, log) == size
    assert all(len(roots) == 1 for roots in signed.values())


def test_nothing_is_published_before_it_is_stored(services, log, seal, monkeypatch):
    about = consultation(services)
    before = seal()
    answer(services, about, "Ada")
    breaks(monkeypatch, LogStore, "publish", "lost")
    with pytest.raises(Broken):
        seal()
    assert log.stored().head.size == before + 1
    assert log.latest().size == before


def test_only_one_process_seals_at_a_time(services, log):
    first = open_sealer(services.config, services.record, log, services.clock)
    with pytest.raises(AnotherSealer):
        open_sealer(services.config, services.record, log, services.clock)
    first.close()
    open_sealer(services.config, services.record, log, services.clock).close()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_lock_that_was_lost_without_notice_appends_nothing(services, log, database_url):
    about = consultation(services)
    first = open_sealer(services.config, services.record, log, services.clock)
    first.seal_all(1)
    backend = first.writer._connection.connection.driver_connection.info.backend_pid
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 20000)", (backend,))
    second = open_sealer(services.config, services.record, log, services.clock)
    answer(services, about, "Ada")
    with pytest.raises(DatabaseUnavailable):
        first.seal(1)
    second.seal_all(1)
    first.close()
    second.close()
    audit(services, log)


SEAL = """
import sys
from consult.config import Config
from consult.sealing.running import seal_now
from consult.log_store.store import LogStore
from consult.services import Services
from pathlib import Path
config = Config(database_url=sys.argv[1], key_file=Path(sys.argv[2]))
services = Services.open(config)
log = LogStore.open(config.database_url)
print("ready", flush=True)
while True:
    seal_now(services, log, group_min=1)
"""


@pytest.mark.slow
def test_a_sealer_that_is_killed_again_and_again_leaves_a_true_log(services, log):
    about = consultation(services)
    chance = random.Random(7)
    for round in range(8):
        command = [sys.executable, "-c", SEAL, services.config.database_url]
        process = subprocess.Popen(
            [*command, str(services.config.key_file)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "ready\n"
        ends_at = time.monotonic() + chance.uniform(0.01, 0.2)
        number = 0
        while time.monotonic() < ends_at:
            answer(services, about, f"{round}/{number}")
            number += 1
        process.kill()
        process.wait()
        process.stdout.close()
    give_up_at = time.monotonic() + 10
    while True:  # PostgreSQL notices a dead client, and lets go of its lock, in its own time
        try:
            audited = seal_now(services, log)
            break
        except AnotherSealer:
            assert time.monotonic() < give_up_at
    assert audit(services, log) == audited
    services.clock.move(hours=1)
    size = seal_now(services, log)
    assert audit(services, log) == size
    assert waiting_facts(log) == []
