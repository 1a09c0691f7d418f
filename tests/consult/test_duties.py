"""What must happen without a person happens round after round, whatever one duty does."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from consult import duties, recovering
from consult.commands.answers.submitting_refusals import ConsultationClosed
from consult.recovering import recovering as kept_going
from consult.services import Services
from events import Consultation
from events.errors import RecordUnavailable
from tests.builders import consultation
from tests.conftest import only

PATIENCE_SECONDS = 60.0


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(duties, "ROUND_SECONDS", 0.01)
    monkeypatch.setattr(recovering, "PAUSE_SECONDS", 0.05)


@contextmanager
def done(services: Services, *these: duties.Duty) -> Iterator[None]:
    """Do duties as the background process does, while a test lasts."""
    stop = threading.Event()
    thread = kept_going(
        "duties", lambda: duties.do_duties(services, stop, these or duties.DUTIES), stop
    )
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


def until(happens) -> None:
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not happens():
        assert time.monotonic() < ends_at, "it did not happen"
        time.sleep(0.01)


def test_a_duty_that_fails_keeps_no_other_from_being_done_and_is_tried_again(services, caplog):
    caplog.set_level("INFO", logger="consult.duties")
    rounds: list[str] = []

    def broken(_services: Services) -> None:
        rounds.append("broken")
        raise ZeroDivisionError

    def refused(_services: Services) -> None:
        rounds.append("refused")
        raise ConsultationClosed

    def fine(_services: Services) -> None:
        rounds.append("fine")

    with done(services, broken, refused, fine):
        until(lambda: rounds.count("fine") >= 3)
    assert rounds[:6] == ["broken", "refused", "fine"] * 2
    said = [(one.levelname, one.getMessage()) for one in caplog.records]
    assert said.count(("ERROR", "broken failed and will be tried again.")) >= 2
    waits = [words for level, words in said if level == "INFO" and words.startswith("refused")]
    assert len(waits) >= 2
    assert "is not open" in waits[0]


def test_while_the_database_is_away_no_other_duty_is_tried_and_then_all_are(services, caplog):
    rounds: list[str] = []

    def asks(_services: Services) -> None:
        rounds.append("asks")
        if rounds.count("asks") < 3:
            raise RecordUnavailable

    with done(services, asks, lambda _services: rounds.append("next")):
        until(lambda: "next" in rounds)
    assert rounds[: rounds.index("next")] == ["asks"] * 3
    assert caplog.text.count("duties waits") == 2
    assert "tried again" not in caplog.text


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
        until(lambda: caplog.text.count("duties waits") >= 2)
        db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        until(lambda: _is_closed(services, asked))


def _is_closed(services: Services, asked: Consultation) -> bool:
    return services.record.get(Consultation, asked.id).state == "closed"
