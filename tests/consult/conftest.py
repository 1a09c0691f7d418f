"""The public log of a test's services, with its key in the test's own folder."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from consult.log_store.store import LogStore
from consult.sealing.running import seal_now
from consult.services import Services
from consult.web import create_app

VERIFIER = Path(__file__).parents[2] / "consult" / "verifier" / "folkmoot_verify.py"


@pytest.fixture
def log(services: Services, tmp_path: Path) -> Iterator[LogStore]:
    """The log beside the record; nothing is sealed until a test says so."""
    services.config = replace(services.config, key_file=tmp_path / "folkmoot.log.key")
    store = LogStore.open(services.config.database_url)
    yield store
    store.close()


@pytest.fixture
def seal(services: Services, log: LogStore) -> Callable[[], int]:
    """Seals everything recorded, as the background process would in time; gives the log's size.

    Nobody waits for the answers of others here: tests of groups call `seal_now`.
    """
    return lambda: seal_now(services, log, group_min=1)


@pytest.fixture
def address(services: Services, log: LogStore) -> Iterator[str]:
    """Where the log is served while a test lasts."""
    server = make_server("127.0.0.1", 0, create_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    with closing(server.socket):
        yield f"http://127.0.0.1:{server.server_port}/log"
        server.shutdown()
        thread.join()


@pytest.fixture
def verified(
    services: Services, address: str, log: LogStore, tmp_path: Path
) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Runs the stand-alone verifier over the served log: exit code and report."""

    def run(
        *more: str, command: str = "recount", place: str = address
    ) -> tuple[int, dict[str, Any]]:
        key = log.document("vkey")
        assert key is not None, "seal first"
        (tmp_path / "log.vkey").write_bytes(key)
        words = [command, place, "--key", str(tmp_path / "log.vkey"), "--json", *more]
        if command in ("audit", "recount", "attest") and "--now" not in more:
            words += ["--now", f"{services.clock():%Y-%m-%dT%H:%M:%SZ}"]
        done = subprocess.run(
            [sys.executable, str(VERIFIER), *words], capture_output=True, timeout=300, check=False
        )
        return done.returncode, json.loads(done.stdout)

    return run
