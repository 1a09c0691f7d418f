"""Another, empty installation, into which a copy can be restored."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from consult.config import Config
from tests.conftest import postgres_url


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, services, tmp_path: Path) -> Iterator[Config]:
    """Settings of another, empty installation on the same kind of database, with our secret."""
    key = tmp_path / "elsewhere" / "folkmoot.log.key"
    key.parent.mkdir(0o700)
    shutil.copy(services.config.secret_path, key.with_suffix(".secret"))
    if services.config.database_url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path}/elsewhere/folkmoot.db"
        yield replace(services.config, database_url=url, key_file=key)
        return
    server, name = request.getfixturevalue("postgres_server"), f"restored_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        url = postgres_url(server, name)
        yield replace(services.config, database_url=url, key_file=key)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
