"""The systemd unit of docs/service: well-formed, with few rights, and enough of them to run."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.consult.serving.sites import CONSULT, free_port, until
from tests.docs.documents import ROOT
from tests.docs.units import Unit

NOBODY = 65_534
EXPOSURE_MAX = "20"
"""Of 100: systemd's own sum of what a service may do."""


def unprivileged() -> int | None:
    """An account without rights, where this one may choose and that one can read the programs."""
    if os.geteuid() != 0:
        return None
    try:
        subprocess.run([sys.executable, "-c", ""], user=NOBODY, group=NOBODY, check=True)
    except OSError:
        return None
    return NOBODY


@pytest.fixture
def unit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    """The unit with its folders, settings and program here, and its account that of the test."""
    port, account = free_port(), unprivileged()
    place = tmp_path_factory.mktemp("service")
    folder, keys = place / "state", place / "key"
    for each in (folder, keys):
        each.mkdir(mode=0o700)
        if account is not None:
            os.chown(each, account, account)
    if account is not None:
        for parent in (place, *place.parents[:2]):
            parent.chmod(parent.stat().st_mode | 0o011)
    settings = (ROOT / "docs/service/environment").read_text()
    for old, new in {
        "/var/lib/folkmoot-key": str(keys),
        "/var/lib/folkmoot": str(folder),
    }.items():
        settings = settings.replace(old, new)
    (place / "environment").write_text(settings)
    text = (ROOT / "docs/service/folkmoot.service").read_text()
    for old, new in {
        "/etc/folkmoot/environment": str(place / "environment"),
        "/var/lib/folkmoot": str(folder),
        "/opt/folkmoot/bin/consult": str(CONSULT),
        "--port 8000": f"--port {port}",
    }.items():
        assert old in text
        text = text.replace(old, new)
    (place / "folkmoot.service").write_text(text)
    made = Unit(place / "folkmoot.service", place / "said", account=account)
    made.folder, made.keys, made.port = folder, keys, port
    yield made
    made.stop()


def asked(port: int, path: str) -> int:
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.request("GET", path, headers={"X-Forwarded-Proto": "https"})
            answer = connection.getresponse()
            answer.read()
            return answer.status
    except (OSError, HTTPException):
        return 0


def test_its_command_runs_with_its_settings_as_an_account_without_rights(unit: Unit):
    done = subprocess.run(
        [CONSULT, "init"],
        env=unit.environment,
        cwd=unit.folder,
        umask=0o077,
        capture_output=True,
        check=False,
        **unit.whose,
    )
    assert done.returncode == 0, done.stderr
    unit.start()
    until(lambda: asked(unit.port, "/healthz") == 200)
    assert asked(unit.port, "/") == 200
    assert unit.stop() == 0, unit.said()
    assert {"folkmoot.db", "folkmoot.people.db"} <= {path.name for path in unit.folder.iterdir()}
    assert (unit.keys / "log.key").is_file()
    for path in (*unit.folder.rglob("*"), *unit.keys.iterdir()):
        assert not path.stat().st_mode & 0o077, path


def test_it_starts_again_by_itself_and_waits_for_what_it_needs(unit: Unit):
    assert unit.values("Restart") == ["always"]
    assert "network-online.target" in unit.values("Wants")[0]
    assert "network-online.target" in unit.values("After")[0]
    assert unit.values("WantedBy") == ["multi-user.target"]


def test_the_folders_it_may_write_into_are_those_of_its_settings():
    unit = Unit(ROOT / "docs/service/folkmoot.service", Path(os.devnull))
    names = unit.values("StateDirectory")[0].split()
    settings = (ROOT / "docs/service/environment").read_text()
    assert {f"/var/lib/{name}/" in settings for name in names} == {True}
    assert unit.values("ProtectSystem") == ["strict"]


@pytest.fixture
def systemd() -> str:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    return program


@pytest.mark.parametrize(
    "question",
    [["verify", "--man=no"], ["security", "--offline=yes", f"--threshold={EXPOSURE_MAX}"]],
)
def test_systemd_finds_nothing_wrong_with_it(unit: Unit, systemd: str, question: list[str]):
    done = subprocess.run(
        [systemd, *question, str(unit.file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    if question[0] == "verify":
        assert str(unit.file) not in done.stderr, done.stderr
