"""All processes of a host together stay below the connections that the database allows."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.config import Config
from consult.connections import (
    LEFT_FREE,
    THREADS,
    THREADS_MIN,
    TooFewConnections,
    allowed,
    fitting,
    of_host,
    page_threads,
    web_processes,
)
from events.store.database_url import parse
from events.store.postgres.appender import connect
from tests.conftest import only
from tests.consult.serving.sites import running

VISITORS = 40
SERVER_DEFAULT = 97
"""What PostgreSQL allows an ordinary account unless somebody changes it."""

OPEN = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


@given(st.integers(0, 1_000), st.integers(1, 16))
def test_a_host_never_needs_more_than_its_number(most, workers):
    try:
        threads = fitting(most, workers)
    except TooFewConnections:
        assert of_host(THREADS_MIN, workers) > most
    else:
        assert THREADS_MIN <= threads <= THREADS
        assert of_host(threads, workers) <= most
        assert threads == THREADS or of_host(threads + 1, workers) > most


def test_two_processors_fit_a_server_as_it_comes():
    assert fitting(SERVER_DEFAULT - LEFT_FREE, 2) >= 4


def test_what_cannot_fit_is_said_with_what_to_do():
    with pytest.raises(TooFewConnections, match="max_connections"):
        fitting(of_host(THREADS_MIN, 2) - 1, 2)


@only("postgres")
def test_the_server_is_asked_and_a_smaller_number_of_the_host_is_kept(database_url, monkeypatch):
    config = Config(database_url=database_url)
    most = allowed(parse(database_url))
    assert page_threads(config, 2) == (2, fitting(most - LEFT_FREE, 2))
    small = of_host(THREADS_MIN, 2)
    tight = Config(database_url=database_url, database_connections=small)
    assert page_threads(tight, 2) == (2, THREADS_MIN)
    monkeypatch.setattr("consult.connections.os.cpu_count", lambda: 8)
    assert page_threads(tight) == (2, THREADS_MIN), "no more than fit, however many processors"
    with pytest.raises(TooFewConnections):
        page_threads(tight, 8)
    huge = Config(database_url=database_url, database_connections=9_999)
    assert page_threads(huge, 2) == page_threads(config, 2)


@only("postgres")
def test_a_site_with_many_visitors_keeps_its_number(database_url, tmp_path: Path):
    config = Config(database_url=database_url)
    most = of_host(THREADS_MIN, web_processes(config))
    with running(database_url, tmp_path, FOLKMOOT_DATABASE_CONNECTIONS=str(most)) as site:
        site.ready()
        seen = []
        with ThreadPoolExecutor(VISITORS) as visitors, connect(parse(database_url)) as watch:
            answers = [visitors.submit(site.get, "/") for _ in range(10 * VISITORS)]
            while not all(answer.done() for answer in answers):
                seen.append(watch.execute(OPEN).fetchone()[0])
        assert {answer.result()[0] for answer in answers} == {200}
        assert site.health()["http"] == 200
    assert 0 < max(seen) <= most
