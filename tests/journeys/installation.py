"""An installation as its operator has it: programs, a port, files, and the clock of the machine."""

import http.client
import os
import pty
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

START_SECONDS_MAX = 120.0
ANSWER_SECONDS_MAX = 120.0
REDIRECTS_MAX = 5
SHORT_PROFILE = """
{
  "id": "short",
  "title": {"en": "Short, for tests", "cy": "Byr, ar gyfer profion"},
  "names": {"partnership": {"en": "Partnership", "cy": "Partneriaeth"}},
  "consultation": {
    "days_min": 0,
    "words": {"en": "Nobody waits four weeks for a test.", "cy": "Nid oes aros am brawf."},
    "source": "tests"
  },
  "sources": {"tests": {"title": {"en": "The tests", "cy": "Y profion"}}}
}
"""
"""A framework profile of an operator's own, without a least number of days."""

FACTS = """
email = "hello@mill.example.org"
telephone = "01632 960 123"
post = "Town Hall, Mill Valley"
officer_email = "dpo@mill.example.org"
answer_days = 7
has_paper = true
has_telephone = true

[controller]
en = "Mill Council"
cy = "Cyngor Melin"
[officer]
en = "The data protection office"
cy = "Y swyddfa diogelu data"
[lawful_basis]
en = "a public task"
cy = "tasg gyhoeddus"
[regulator]
en = "the Information Commissioner"
cy = "y Comisiynydd Gwybodaeth"
[accessibility_regulator]
en = "the Equality Commission"
cy = "y Comisiwn Cydraddoldeb"

[[places]]
address = "High Street"
name.en = "Library"
name.cy = "Llyfrgell"
hours.en = "Weekdays"
hours.cy = "Dyddiau gwaith"
"""
"""What a partnership states before anything opens."""


SETUP_LINK = re.compile(r"http://127\.0\.0\.1:\d+/set-up/\S+")


@contextmanager
def at_a_terminal(
    start: Callable[[int], "subprocess.Popen[bytes]"], printed: re.Pattern[str]
) -> Iterator[str]:
    """Start a program as somebody does who sits before it; yield what it printed.

    `start`: begins it with the file to print into. It is ended at the end.
    """
    mine, theirs = pty.openpty()
    process = start(theirs)
    os.close(theirs)
    try:
        said, until = "", time.monotonic() + START_SECONDS_MAX
        while not printed.search(said) and time.monotonic() < until:
            said += os.read(mine, 10_000).decode()
        found = printed.search(said)
        assert found, said
        yield found[0]
    finally:
        process.terminate()
        process.wait(timeout=ANSWER_SECONDS_MAX)
        os.close(mine)


class Answer:
    """What came over the wire, as the helpers of residents and organisers read it."""

    def __init__(self, status: int, address: str, headers: Any, body: bytes) -> None:
        self.status_code, self.headers, self.data = status, headers, body
        self.request = SimpleNamespace(path=urlsplit(address).path)
        self.kind = (headers.get("Content-Type") or "").partition(";")[0]

    def get_data(self, *, as_text: bool = False) -> Any:
        return self.data.decode() if as_text else self.data


class Browser:
    """Somebody's browser without scripts, over a socket: keeps cookies, follows where it is led."""

    def __init__(self, home: str) -> None:
        self.home = home
        self._cookies: dict[str, str] = {}

    def get(self, address: str, *, follow_redirects: bool = False) -> Answer:
        return self._open("GET", address, None, {}, follow_redirects)

    def post(
        self,
        address: str,
        *,
        data: Any = None,
        follow_redirects: bool = False,
        content_type: str = "application/x-www-form-urlencoded",
    ) -> Answer:
        if not isinstance(data, bytes):
            many = data.to_dict(flat=False) if hasattr(data, "to_dict") else data or {}
            data = urlencode(many, doseq=True).encode()
        headers = {"Content-Type": content_type}
        return self._open("POST", address, data, headers, follow_redirects)

    def _open(
        self,
        method: str,
        address: str,
        body: bytes | None,
        headers: dict[str, str],
        follow: bool,  # noqa: FBT001  as Playwright calls it
    ) -> Answer:
        for _turn in range(REDIRECTS_MAX):
            answer = self._ask(method, urljoin(self.home, address), body, headers)
            if not (follow and 300 <= answer.status_code < 400):
                return answer
            address = urljoin(address, answer.headers["Location"])
            if answer.status_code != 307:
                method, body, headers = "GET", None, {}
        raise AssertionError(f"led on and on from {address}")

    def _ask(self, method: str, whole: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        parts = urlsplit(whole)
        connection = http.client.HTTPConnection(parts.netloc, timeout=ANSWER_SECONDS_MAX)
        held = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, path, body, headers | ({"Cookie": held} if held else {}))
        response = connection.getresponse()
        content = response.read()
        for line in response.headers.get_all("Set-Cookie", []):
            for name, cookie in SimpleCookie(line).items():
                self._cookies[name] = cookie.value
        connection.close()
        return Answer(response.status, whole, response.headers, content)


class Installation:
    """A folder with everything that one installation keeps. `home`: where it is served."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.home = f"http://127.0.0.1:{self.port}"
        (folder / "frameworks").mkdir()
        (folder / "frameworks" / "short.json").write_text(SHORT_PROFILE)
        kept = {name: value for name, value in os.environ.items() if name[:9] != "FOLKMOOT_"}
        self.environment = kept | {
            "FOLKMOOT_DATABASE_URL": f"sqlite:///{folder}/folkmoot.db",
            "FOLKMOOT_PUBLIC_URL": self.home,
            "FOLKMOOT_OUTBOX": "yes",
            "FOLKMOOT_FRAMEWORKS": str(folder / "frameworks"),
        }

    def consult(self, *words: str) -> str:
        """Give a command as an operator types it; returns what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "consult.cli", *words],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=ANSWER_SECONDS_MAX,
        )
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return done.stdout

    def set_up(self, facts: str) -> None:
        """Do what comes before anybody can sign in, from nothing."""
        (self.folder / "facts.toml").write_text(facts)
        (self.folder / "wards.csv").write_text(
            "code,name,name_cy,population\nW03,Canal Side,Glan y Gamlas,16400\n"
            "W09,Ironstone,Carreg Haearn,16900\n"
        )
        names = ("--name", "Mill Together", "--name-cy", "Melin Ynghyd")
        area = ("--area", "Mill Valley", "--area-cy", "Cwm Melin")
        self.consult("init")
        self.consult("partnership", "form", "mill", *names, *area, "--profile", "short")
        self.consult("partnership", "state", "mill", "facts.toml")
        self.consult("partnership", "wards", "mill", "wards.csv", "--source", "invented")
        who = ("--name", "Jo", "--role", "organiser", "--partnership", "mill")
        self.consult("member", "add", "jo@example.org", *who)

    def sign_in_link(self, email: str = "jo@example.org") -> str:
        """The address that an operator hands to the first organiser."""
        return urlsplit(self.consult("sign-in", email).strip()).path

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve it, until it answers and as long as the test lasts."""
        errors = (self.folder / "serve.log").open("wb")
        words = ("serve", "--port", str(self.port), "--workers", "1")
        process = subprocess.Popen(
            [sys.executable, "-m", "consult.cli", *words],
            env=self.environment,
            cwd=self.folder,
            stdout=errors,
            stderr=errors,
        )
        try:
            self._wait_until_it_answers(process)
            yield
        finally:
            process.terminate()
            process.wait(timeout=ANSWER_SECONDS_MAX)
            errors.close()

    @contextmanager
    def serving_at_a_terminal(self) -> Iterator[str]:
        """Serve it likewise, as somebody does who sits before it; yield the set-up link."""
        words = ("serve", "--port", str(self.port), "--workers", "1")
        with (self.folder / "serve.log").open("wb") as errors:

            def start(terminal: int) -> "subprocess.Popen[bytes]":
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "consult.cli", *words],
                    env=self.environment,
                    cwd=self.folder,
                    stdout=terminal,
                    stderr=errors,
                )
                return self._process

            with at_a_terminal(start, SETUP_LINK) as link:
                self._wait_until_it_answers(self._process)
                yield link

    def said(self) -> str:
        """What the server wrote for its operator."""
        return (self.folder / "serve.log").read_text()

    def _wait_until_it_answers(self, process: "subprocess.Popen[bytes]") -> None:
        until = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < until:
            assert process.poll() is None, self.said()
            try:
                if Browser(self.home).get("/").status_code == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"it does not answer: {self.said()}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
