"""Clients of a benchmark: whole form submissions over kept-open connections, and their cost."""

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import urlencode

from consult.connections import THREADS

TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
COMMAND = re.compile(rb'name="command"[^>]*value="([^"]+)"')
LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Load:
    """What a round of load came to."""

    seconds: float = 0.0
    processor_seconds: float = 0.0
    delays: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Submissions a second."""
        return len(self.delays) / self.seconds if self.seconds else 0.0

    @property
    def processor_ms(self) -> float:
        """Processor time of the server for one submission, in milliseconds."""
        return 1_000 * self.processor_seconds / max(1, len(self.delays))

    def delay_ms(self, part: float) -> float:
        """A quantile of how long the POST took."""
        ordered = sorted(self.delays)
        return 1_000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]

    def line(self) -> str:
        """One row of a table."""
        return (
            f"{self.rate:8,.0f}/s  POST p50 {1_000 * statistics.median(self.delays):7.1f} ms"
            f"  p99 {self.delay_ms(0.99):7.1f}  max {self.delay_ms(1):7.1f} ms"
            f"  server {self.processor_ms:6.2f} ms CPU"
        )


@contextmanager
def server(module: str, url: str, port: int, workers: int) -> Iterator[list[int]]:
    """Serve an application with granian; yields the ids of its processes."""
    environment = os.environ | {"FOLKMOOT_DATABASE_URL": url}
    is_behind_door = module.endswith(".door")
    command = [
        *(sys.executable, "-m", "granian", "--port", str(port), "--workers", str(workers)),
        *("--interface", "rsgi" if is_behind_door else "wsgi", "--no-log", "--no-ws"),
        *(() if is_behind_door else ("--blocking-threads", str(THREADS))),
        f"{module}:application",
    ]
    process = subprocess.Popen(command, env=environment)
    try:
        _wait_until_it_answers(port)
        yield [process.pid, *_children(process.pid)]
    finally:
        process.terminate()
        process.wait(timeout=20)


def run(
    clients: int,
    seconds: float,
    pids: list[int],
    submit: Callable[[], float],
    *,
    per_second: float = 0,
) -> Load:
    """Let every client submit one form after the other until the time is over.

    `per_second`: all of them together send so many a second, each at its own moments; a
    form that has to wait for the one before it counts that wait too.
    """
    load, lock = Load(), Lock()
    begins_at = time.perf_counter()
    ends_at = begins_at + seconds
    pause = clients / per_second if per_second else 0.0

    def work(number: int) -> None:
        delays = []
        due_at = begins_at + pause * number / clients
        while (now := time.perf_counter()) < ends_at:
            if pause:
                time.sleep(max(0.0, due_at - now))
                late = max(0.0, time.perf_counter() - due_at)
                due_at += pause
                delays.append(late + submit())
            else:
                delays.append(submit())
        with lock:
            load.delays += delays

    threads = [Thread(target=work, args=(number,)) for number in range(clients)]
    before, started_at = processor_seconds(pids), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - started_at
    load.processor_seconds = processor_seconds(pids) - before
    return load


class Browser:
    """Gets a form and posts it, as a person without scripts who is new each time."""

    def __init__(self, port: int, path: str, answers: list[tuple[str, str]]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.path = path
        self.answers = answers

    def submit(self) -> float:
        """Open the form and send it; returns the seconds the POST took."""
        self.connection.request("GET", self.path)
        answer = self.connection.getresponse()
        page = answer.read()
        cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
        fields = [*self.answers]
        for name, pattern in (("csrf_token", TOKEN), ("command", COMMAND)):
            found = pattern.search(page)
            if found:
                fields.append((name, found[1].decode()))
        return self.post(cookie, fields)

    def post(self, cookie: str, fields: list[tuple[str, str]]) -> float:
        """Send a form; returns the seconds it took."""
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        started_at = time.perf_counter()
        self.connection.request("POST", self.path, urlencode(fields), headers)
        answer = self.connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - started_at
        if answer.status != 303:
            raise RuntimeError(f"{answer.status}: {body[:2000]!r}")
        return took


class Poster:
    """Sends forms written beforehand: a client that leaves the processor to the server."""

    def __init__(self, port: int) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self, request: bytes) -> float:
        """Send a whole request; returns the seconds until its redirect was there."""
        started_at = time.perf_counter()
        self.connection.sendall(request)
        answer = self.connection.recv(65_536)
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        found = LENGTH.search(head)
        length = int(found[1]) if found else 0
        while len(body) < length:
            body += self._more()
        took = time.perf_counter() - started_at
        if not head.startswith(b"HTTP/1.1 303"):
            raise RuntimeError(f"{head[:200]!r}: {body[:2000]!r}")
        return took

    def _more(self) -> bytes:
        more = self.connection.recv(65_536)
        if not more:
            raise RuntimeError("the server closed the connection")
        return more


def request_of(path: str, cookie: str, fields: list[tuple[str, str]]) -> bytes:
    """Write a POST as it goes over the wire."""
    body = urlencode(fields)
    lines = (
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: {cookie}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def processor_seconds(pids: list[int]) -> float:
    """Return the processor time that these processes have used."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def _children(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = [int(child) for child in children]
    return found + [grandchild for child in found for grandchild in _children(child)]


def _wait_until_it_answers(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            time.sleep(0.3)
            return
    raise RuntimeError("the server does not answer")
