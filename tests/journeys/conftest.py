"""A whole site for journeys in a browser, on embedded SQLite."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from consult.config import Config
from consult.services import Services
from consult.web import create_app
from tests.builders import Clock


@dataclass
class Site:
    """A served site. `address`: without a slash at the end."""

    address: str
    services: Services
    clock: Clock


@pytest.fixture
def site(
    tmp_path: Path,
    sqlite_prepared: Path,
    serve: Callable[[Flask], str],
    built_assets: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    """An empty site; what tests build by commands shows at once."""
    monkeypatch.setattr("consult.web.consultation_lookup.FRESH_SECONDS", -1.0)
    monkeypatch.setattr("consult.web.layout.header.FRESH_SECONDS", -1.0)
    shutil.copytree(sqlite_prepared, tmp_path, dirs_exist_ok=True)
    clock = Clock()
    services = Services.open(Config(database_url=f"sqlite:///{tmp_path}/folkmoot.db"), clock)
    yield Site(serve(create_app(services)), services, clock)
    services.close()
