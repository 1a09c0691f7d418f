"""While a database cannot work, pages say so, keep what was sent, and go on when it is back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event

from consult.services import Services
from events.store.database_trouble import trouble_behind
from tests.builders import consultation, question
from tests.conftest import only
from tests.consult.web.residents import Page, Resident

AWAY = "does not answer at the moment"


@pytest.fixture
def away(services: Services, database_url: str, monkeypatch) -> Callable[[], object]:
    """Takes the database away for a while, as when its server is restarted."""
    monkeypatch.setattr("events.store.postgres.appender.RECONNECT_SECONDS_MAX", 0.2)
    monkeypatch.setattr("events.store.postgres.record.READ_PAUSE_SECONDS", 0.01)

    @contextmanager
    def take_away() -> Iterator[None]:
        name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
        admin = database_url.replace(f"/{name}?", "/postgres?")
        with psycopg.connect(admin, autocommit=True) as db:
            db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )
            yield
            db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    return take_away


@only("postgres")
def test_every_page_without_a_parameter_answers_503_and_when_to_try_again(
    app: Flask, services: Services, away, caplog
):
    consultation(services)
    client = app.test_client()
    with client.session_transaction() as session:
        session["staff"] = "nobody"
    addresses = [
        str(rule.rule).replace("<slug>", "riverside")
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments - {"slug"}
    ]
    assert len(addresses) > 30
    with away():
        answers = {address: client.get(address) for address in addresses}
    assert {a.status_code for a in answers.values()} & {500} == set()
    unavailable = [a for a in answers.values() if a.status_code == 503]
    assert len(unavailable) > 10
    assert all(int(a.headers["Retry-After"]) > 0 for a in unavailable)
    assert AWAY in Page(answers["/"]).words
    assert client.get("/").status_code == 200
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@only("postgres")
@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_what_was_sent_while_it_was_away_is_kept_on_the_page_and_counts_once(
    app: Flask, services: Services, away, submissions, prefix: str
):
    consultation(services)
    resident = Resident(app.test_client())
    page = resident.open(f"{prefix}/c/riverside/all")
    with away():
        kept = resident.send(page, q__order=["b", "a"])
    assert kept.status == 503
    assert kept.headers["Retry-After"]
    assert not kept.faults
    assert kept.form()[1].getlist("q-order") == ["b", "a"]
    sent = Page(resident.client.post(page.form()[0], data=kept.form()[1], follow_redirects=True))
    assert sent.status == 200
    [given] = submissions()
    assert given.answers == {"order": ["b", "a"]}


@only("sqlite")
def test_a_full_disk_is_called_a_full_disk(app: Flask, services: Services):
    consultation(services, question("more", "text", "What else?", length_max=20_000))
    resident = Resident(app.test_client())
    page = resident.open("/c/riverside/q/more")

    @event.listens_for(services.vault.engine, "checkout")
    def no_room(connection, *_others) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    full = resident.send(page, q__more="x" * 19_000)
    assert full.status == 503
    assert "The disk of the server is full" in full.words
    assert full.form()[1]["q-more"] == "x" * 19_000


def test_a_chain_of_causes_that_leads_back_to_its_beginning_is_looked_through_once():
    first, second = ValueError("one"), KeyError("two")
    first.__cause__, second.__cause__ = second, first
    assert trouble_behind(first) is None
    first.__cause__ = first
    assert trouble_behind(first) is None
