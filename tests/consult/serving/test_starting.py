"""No page is shown before the read models hold what the record held at the start."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from werkzeug.test import Client

from consult.config import Config
from consult.services import Services
from consult.serving.opening import Opening
from tests.builders import consultation
from tests.conftest import only
from tests.consult.serving.sites import until
from tests.consult.web.residents import Page

STARTING = {"": "The service is starting", "/cy": "Mae’r gwasanaeth yn cychwyn"}


class Process:
    """What a web process serves: the opening, and the application once it is accepted."""

    def __init__(self, database_url: str) -> None:
        self.application: Any = Opening(Config(database_url=database_url), self.accept)
        self.opening = self.application
        self.accepted = threading.Event()

    def accept(self, application: Any) -> None:
        self.application = application
        self.accepted.set()

    def client(self) -> Client:
        def whatever_it_is_now(*request: Any) -> Any:
            return self.application(*request)

        return Client(whatever_it_is_now)


@contextmanager
def opening(database_url: str) -> Iterator[Process]:
    process = Process(database_url)
    thread = threading.Thread(target=process.opening.run)
    thread.start()
    try:
        yield process
    finally:
        process.opening.stop.set()
        thread.join()
        if process.opening.services is not None:
            process.opening.services.close()


def forget_what_was_read(services: Services) -> None:
    """As after a restore: the record is there, and the read models are empty."""
    from sqlalchemy import MetaData

    with services.views.write() as db:
        everything = MetaData(schema=services.views.schema)
        everything.reflect(db)
        everything.drop_all(db)
    services.views.close()
    services.views = type(services.views).open(services.config.database_url)
    services.runner.views = services.views
    services.runner.start()


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_a_site_whose_read_models_are_behind_says_so_until_they_are_not(
    services: Services, database_url: str, prefix: str
):
    consultation(services)
    forget_what_was_read(services)
    with opening(database_url) as process:
        client = process.client()
        until(lambda: process.opening.services)
        early = Page(client.get(f"{prefix}/c/riverside"))
        assert early.status == 503
        assert (
            early.heading
            == {"": "The service is starting", "/cy": "Mae’r gwasanaeth yn cychwyn"}[prefix]
        )
        assert int(early.headers["Retry-After"]) > 0
        assert not early.faults
        health = client.get("/healthz")
        assert (health.status_code, json.loads(health.data)["status"]) == (503, "starting")
        assert not process.accepted.wait(0.3)
        services.runner.catch_up(until=services.record.head() - 1)
        assert not process.accepted.wait(0.3), "it is not all there yet"
        services.runner.catch_up()
        assert process.accepted.wait(60)
        assert Page(client.get(f"{prefix}/c/riverside")).status == 200


def test_what_is_sent_meanwhile_is_kept_on_the_page(services: Services, database_url: str):
    consultation(services)
    forget_what_was_read(services)
    with opening(database_url) as process:
        page = Page(
            process.client().post("/c/riverside/send", data={"q-order": ["b", '"><b>'], "x": "é"})
        )
    assert page.status == 503
    assert page.form()[1].getlist("q-order") == ["b", '"><b>']
    assert page.form()[1]["x"] == "é"


@only("postgres")
def test_a_web_process_that_starts_while_the_database_is_away_opens_when_it_is_back(
    services: Services, database_url: str
):
    consultation(services)
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    with psycopg.connect(database_url.replace(f"/{name}?", "/postgres?"), autocommit=True) as db:
        db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        with opening(database_url) as process:
            client = process.client()
            until(lambda: "cannot reach its database" in client.get("/").text)
            db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            assert process.accepted.wait(60)
            assert client.get("/c/riverside").status_code == 200
