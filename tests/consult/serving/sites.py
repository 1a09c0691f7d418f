"""A real `consult serve` of a test's own, on a port of this machine."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psutil

CONSULT = Path(sys.executable).with_name("consult")
PATIENCE_SECONDS = 300
"""A busy machine is no failure."""


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(happens: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """Wait for something to be true, and give it."""
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        found = happens()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"it did not happen in {seconds} seconds")


class Site:
    """One `consult serve` and everything it started."""

    def __init__(self, database_url: str, folder: Path, port: int = 0, **environment: str) -> None:
        self.port = port or free_port()
        self.log_file = folder / f"serve-{self.port}.log"
        self._log = self.log_file.open("a")
        settings = {"FOLKMOOT_DATABASE_URL": database_url, **environment}
        settings.setdefault("FOLKMOOT_KEY_FILE", str(folder / "log.key"))
        self.process = subprocess.Popen(
            [CONSULT, "serve", "--port", str(self.port)],
            env=os.environ | settings,
            stdout=self._log,
            stderr=self._log,
            cwd=folder,
        )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def get(self, path: str = "/", timeout: float = 30, **headers: str) -> tuple[int, str]:
        """Status and text of a page; 0 where nobody answers."""
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as connection:
                connection.request("GET", path, headers=headers)
                answer = connection.getresponse()
                return answer.status, answer.read().decode()
        except (OSError, HTTPException) as error:
            return 0, str(error)

    def health(self) -> dict[str, Any]:
        status, text = self.get("/healthz")
        return {"http": status, **(json.loads(text) if status else {})}

    def ready(self) -> "Site":
        """Wait until pages are shown."""

        def shown() -> bool:
            assert self.process.poll() is None, self.log
            return self.get("/")[0] == 200

        until(shown)
        return self

    def processes(self, name: str) -> list[psutil.Process]:
        """Its web processes, or its background process, as the supervisor named them."""
        found = []
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children():
                with suppress(psutil.Error):
                    if b"spawn_main" in " ".join(child.cmdline()).encode():
                        found.append(child)
        listens = [child for child in found if _listens(child)]
        return listens if name == "web" else [child for child in found if child not in listens]

    def end(self) -> int:
        """End it as a service unit does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=PATIENCE_SECONDS)
        finally:
            self._log.close()


def _listens(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return any(c.status == psutil.CONN_LISTEN for c in process.net_connections(kind="tcp"))
    return False


@contextmanager
def running(database_url: str, folder: Path, **more: Any) -> Iterator[Site]:
    """Serve while a test lasts, and leave nothing behind."""
    site = Site(database_url, folder, **more)
    family = psutil.Process(site.process.pid)
    try:
        yield site
    finally:
        children = family.children(recursive=True) if family.is_running() else []
        if site.process.poll() is None:
            site.end()
        site._log.close()
        for child in children:
            with suppress(psutil.Error):
                child.kill()
