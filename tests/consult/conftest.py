"""The public log of a test's services, with its key in the test's own folder."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from consult.sealing.running import seal_now
from consult.sealing.store import LogStore
from consult.services import Services


@pytest.fixture
def log(services: Services, tmp_path: Path) -> Iterator[LogStore]:
    """The log beside the record; nothing is sealed until a test says so."""
    services.config = replace(services.config, key_file=tmp_path / "folkmoot.log.key")
    store = LogStore.open(services.config.database_url)
    yield store
    store.close()


@pytest.fixture
def seal(services: Services, log: LogStore) -> Callable[[], int]:
    """Seals everything recorded, as the background process would; gives the log's size."""
    return lambda: seal_now(services, log)
