"""What must happen without a person happens round after round, whatever one duty does."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from consult import duties, supervising
from consult.log_store.store import LogStore
from consult.people.trouble import Trouble, failing
from consult.services import Services
from consult.supervising import supervise
from events import Consultation
from tests.builders import consultation
from tests.conftest import only

PATIENCE_SECONDS = 60.0


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(duties, "ROUND_SECONDS", 0.01)
    monkeypatch.setattr(supervising, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(supervising, "PAUSE_SECONDS_MAX", 0.1)


@contextmanager
def done(services: Services) -> Iterator[None]:
    """Do what is not sealing or keeping read models up, while a test lasts."""
    stop = threading.Event()
    log = LogStore.open(services.config.database_url)
    names = {"closing in time", "erasures", "old codes", "retention"}
    these = [each for each in duties.all_duties(services, log) if each.name in names]
    assert len(these) == len(names)
    report = Trouble(services.vault, services.clock)
    thread = threading.Thread(target=supervise, args=(these, stop, report))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()
        log.close()


def until(happens) -> None:
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not happens():
        assert time.monotonic() < ends_at, "it did not happen"
        time.sleep(0.01)


def test_a_consultation_is_closed_by_itself_and_no_sooner(services, clock):
    asked = consultation(services, days=1)
    with done(services):
        time.sleep(0.1)
        assert services.record.get(Consultation, asked.id).state == "open"
        clock.now = asked.terms.closes_at
        until(lambda: services.catch_up() and _is_closed(services, asked))
    facts = [event.fact for event in services.record.events.get(asked.id)]
    assert [fact.by.role for fact in facts if isinstance(fact, Consultation.Closed)] == ["system"]


@only("postgres")
def test_what_became_due_while_the_database_was_away_is_done_when_it_is_back(
    services, clock, database_url, monkeypatch, caplog
):
    monkeypatch.setattr("events.store.postgres.appender.RECONNECT_SECONDS_MAX", 0.2)
    monkeypatch.setattr("events.store.postgres.record.READ_PAUSE_SECONDS", 0.01)
    asked = consultation(services, days=1)
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    admin = database_url.replace(f"/{name}?", "/postgres?")
    with psycopg.connect(admin, autocommit=True) as db, done(services):
        db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        clock.now = asked.terms.closes_at
        until(lambda: "closing in time waits" in caplog.text)
        db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        until(lambda: _is_closed(services, asked))
        until(lambda: failing(services.vault) == ())


def _is_closed(services: Services, asked: Consultation) -> bool:
    return services.record.get(Consultation, asked.id).state == "closed"
