"""Whoever watches the service, and whoever works with it, hears that something has stopped."""

import json
import time

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import update

from consult.cli import main
from consult.duties import all_duties
from consult.log_store.store import LogStore
from consult.people.trouble import Trouble
from consult.services import Services
from projections.ballot_box import BallotBox
from projections.engine.generations import all_generations, bookkeeping, note
from tests.builders import consultation
from tests.conftest import only
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Page


def stop(services: Services) -> None:
    """Set a read model aside, as the runner does at a fact that it cannot apply."""
    with services.views.write() as db:
        row = next(row for row in all_generations(db) if row.name == BallotBox.name)
        note(db, row.name, row.generation, error="KeyError: 'w'", error_position=3)
    services.views.tell()


def health(client) -> tuple[int, dict[str, object]]:
    client.application.extensions.pop("health", None)
    answer = client.get("/healthz")
    return answer.status_code, json.loads(answer.data)


def test_the_health_page_is_well_and_says_how_far_pages_are(client, services):
    consultation(services)
    status, said = health(client)
    assert (status, said["status"], said["stopped"]) == (200, "ok", [])
    assert said["record"] == said["read_models"] == services.record.head()


def test_the_health_page_tells_a_program_what_has_stopped_and_keeps_the_reason(client, services):
    consultation(services)
    stop(services)
    status, said = health(client)
    assert (status, said["status"]) == (503, "trouble")
    assert said["stopped"] == [{"name": "ballot_box", "position": services.record.head()}]
    assert "KeyError" not in json.dumps(said)


def test_pages_that_nobody_keeps_up_are_not_well(client, services, monkeypatch):
    monkeypatch.setattr("consult.health.MOVES_SECONDS_MAX", 0.05)
    consultation(services)
    with services.views.write() as db:
        db.execute(update(bookkeeping(db)).values(position=1))
    services.views.tell()
    status, said = health(client)
    assert (status, said["is_stuck"], said["read_models"]) == (503, True, 1)


@only("sqlite")
@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_staff_see_on_their_pages_that_something_has_stopped_and_residents_do_not(
    app, services, prefix
):
    consultation(services)
    organiser = sign_in(app, services)
    words = {"": "Some pages are out of date.", "/cy": "heb eu diweddaru"}[prefix]
    assert words not in organiser.open(f"{prefix}/organise").words
    stop(services)
    page = organiser.open(f"{prefix}/organise")
    assert words in page.words
    assert "ballot_box" in page.words
    assert not page.faults
    assert words not in Page(app.test_client().get(f"{prefix}/")).text


@only("sqlite")
def test_the_command_says_why_and_ends_with_1(services, database_url, monkeypatch, tmp_path):
    consultation(services)
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", database_url)
    well = CliRunner().invoke(main, ["status"])
    assert well.exit_code == 0, well.output
    assert f"up to {services.record.head():,}" in well.output
    stop(services)
    ill = CliRunner().invoke(main, ["status"])
    assert ill.exit_code == 1
    assert "STOPPED: ballot_box" in ill.output
    assert "KeyError: 'w'" in ill.output


@only("sqlite")
def test_the_log_says_again_and_again_what_has_stopped(services, caplog):
    consultation(services)
    stop(services)
    duties = all_duties(services, LogStore.open(services.config.database_url))
    [tidying] = [each for each in duties if each.name == "old read models"]
    for _ in range(2):
        tidying.work()
    assert caplog.text.count("still stands") == 2


@only("sqlite")
def test_what_the_background_tries_in_vain_is_told_and_pages_are_served_all_the_same(
    client, services, database_url, monkeypatch
):
    consultation(services)
    assert health(client)[1]["failing"] == []
    Trouble(services.vault, services.clock).note("mails", 3, "The mail server does not answer.")
    status, said = health(client)
    assert (status, said["status"]) == (200, "ok")
    [one] = said["failing"]
    assert (one["name"], one["failures"], one["since"]) == (
        "mails",
        3,
        services.clock().isoformat(),
    )
    assert "mail server" not in json.dumps(said), "the reason is not for everybody"
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", database_url)
    told = CliRunner().invoke(main, ["status"])
    assert told.exit_code == 0, told.output
    assert "FAILING: mails, 3 times in a row since" in told.output
    assert "The mail server does not answer." in told.output


@only("postgres")
def test_a_database_that_is_away_is_said_before_a_watcher_gives_up(services, client, database_url):
    assert client.get("/healthz").status_code == 200
    client.application.extensions.pop("health")
    with psycopg.connect(database_url, autocommit=True) as db:
        name = db.info.dbname
    admin = database_url.replace(f"/{name}?", "/postgres?")
    with psycopg.connect(admin, autocommit=True) as db:
        db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )
            began_at = time.monotonic()
            answer = client.get("/healthz")
            took = time.monotonic() - began_at
        finally:
            db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert answer.status_code == 503
    assert answer.json["status"] == "unavailable"
    assert took < 4
