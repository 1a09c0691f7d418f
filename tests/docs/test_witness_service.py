"""The systemd unit of a witness: with few rights, and enough of them to cosign and to remember."""

import os
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.log.checkpoint import Checkpoint
from events.log.keys import Algorithm, SignerKey, parse_vkey
from events.log.leaf import leaf_hashes
from events.log.merkle import in_memory, prove_consistency, root_of
from events.log.signed_checkpoint import add_cosignatures, sign_checkpoint
from events.log.witness import request_cosignature
from tests.consult.serving.sites import CONSULT, free_port, until
from tests.docs.documents import ROOT
from tests.docs.test_service import EXPOSURE_MAX, unprivileged
from tests.docs.units import Unit

LOG = SignerKey("town.example/log", Algorithm.ED25519, bytes(range(32)))
FILE = "docs/service/folkmoot-witness.service"
HASHES = leaf_hashes([b"%d" % number for number in range(9)])


def request(old: int, size: int) -> bytes:
    """What the log sends for a cosignature."""
    proof = prove_consistency(old, size, in_memory(HASHES[:size])) if old else []
    return request_cosignature(old, proof, signed(size)).encode()


def signed(size: int) -> bytes:
    return sign_checkpoint(Checkpoint(LOG.name, size, root_of(HASHES[:size])), LOG)


@pytest.fixture
def unit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    """The unit with its folder and program here, and its account that of the test."""
    port, account = free_port(), unprivileged()
    place = tmp_path_factory.mktemp("witness")
    folder = place / "state"
    folder.mkdir(mode=0o700)
    if account is not None:
        os.chown(folder, account, account)
        for parent in (place, *place.parents[:2]):
            parent.chmod(parent.stat().st_mode | 0o011)
    text = (ROOT / FILE).read_text()
    for old, new in {
        "/var/lib/folkmoot-witness": str(folder),
        "/opt/folkmoot/bin/consult": str(CONSULT),
        "--port 8090": f"--port {port}",
    }.items():
        assert old in text
        text = text.replace(old, new)
    (place / "folkmoot-witness.service").write_text(text)
    made = Unit(place / "folkmoot-witness.service", place / "said", account=account)
    made.folder, made.port = folder, port
    yield made
    made.stop()


def given(unit: Unit, *words: str) -> str:
    """A command of the witness, by its account."""
    return subprocess.run(
        [CONSULT, "witness", *words, "--folder", str(unit.folder)],
        env=unit.environment,
        cwd=unit.folder,
        umask=0o077,
        capture_output=True,
        text=True,
        check=True,
        **unit.whose,
    ).stdout


def answered(unit: Unit, body: bytes) -> tuple[int, bytes]:
    """Ask for a cosignature; 0 where nobody answers."""
    asked = urllib.request.Request(f"http://127.0.0.1:{unit.port}/add-checkpoint", data=body)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
    except OSError:
        return 0, b""


def test_it_cosigns_as_an_account_without_rights_and_remembers_after_a_restart(unit: Unit):
    line = given(unit, "init", "--name", "witness.example.org")
    key = parse_vkey(line.split()[-1])
    given(unit, "add", "https://town.example/log", "--vkey", LOG.verifier.vkey)
    unit.start()
    status, body = until(lambda: (found := answered(unit, request(0, 5)))[0] and found)
    assert status == 200, body
    assert add_cosignatures(signed(5), body, key)
    assert unit.stop() == 0, unit.said()
    for path in unit.folder.iterdir():
        assert not path.stat().st_mode & 0o077, path
    unit.start()
    until(lambda: answered(unit, b"")[0])
    assert answered(unit, request(0, 9)) == (409, b"5\n")
    assert answered(unit, request(5, 9))[0] == 200
    assert unit.stop() == 0, unit.said()


def test_it_starts_again_by_itself_and_writes_only_into_its_folder():
    unit = Unit(ROOT / FILE, Path(os.devnull))
    assert unit.values("Restart") == ["always"]
    assert unit.values("ProtectSystem") == ["strict"]
    assert unit.values("StateDirectory") == ["folkmoot-witness"]
    assert unit.values("WantedBy") == ["multi-user.target"]


@pytest.mark.parametrize(
    "question",
    [["verify", "--man=no"], ["security", "--offline=yes", f"--threshold={EXPOSURE_MAX}"]],
)
def test_systemd_finds_nothing_wrong_with_it(unit: Unit, question: list[str]):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    done = subprocess.run(
        [program, *question, str(unit.file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
