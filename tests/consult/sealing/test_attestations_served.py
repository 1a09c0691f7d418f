"""An auditor signs for the list that we serve, and the operator serves what was signed."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from consult.cli import main
from consult.sealing.public_entries.packs import opening_lines
from tests.builders import ORGANISER, close_consultation, consultation
from tests.consult.sealing.audits import answer

VERIFIER = Path(__file__).parents[3] / "consult" / "verifier" / "folkmoot_verify.py"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def verify(*words) -> str:
    command = [sys.executable, str(VERIFIER), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, 3), done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def consult(services, monkeypatch):
    """Runs the command line: exit code and output."""
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", services.config.database_url)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, list(words))
        return done.exit_code, done.output

    return run


@pytest.fixture
def about(services, seal):
    opened = consultation(services)
    for number in range(6):
        answer(services, opened, f"voter {number}", "abc"[number % 3])
    close_consultation(services, opened.id, actor=ORGANISER, goes_on=True)
    services.catch_up()
    seal()
    return opened


@pytest.fixture
def attest(address, log, about, tmp_path):
    """Makes a key and signs for the list: the file and the public key."""

    def run(name: str = "auditor.example") -> tuple[Path, str]:
        key, vkey = tmp_path / f"{name}.key", tmp_path / "log.vkey"
        vkey.write_bytes(log.document("vkey"))
        copy, file = tmp_path / "openings.ndjson", tmp_path / f"{name}.attestation"
        copy.write_bytes(b"".join(opening_lines(log, about.id)))
        public = verify("auditor-key", name, key).splitlines()[-1]
        words = ["attest", address, "--key", vkey, "--consultation", about.id]
        verify(*words, "--openings", copy, "--signer", key, "--output", file)
        return file, public

    return run


def test_what_an_auditor_signed_is_served_and_believed(
    consult, client, verified, attest, about, tmp_path
):
    path = f"/log/c/{about.id}/attestations"
    assert client.get(path).data == b""
    keys = []
    for name in ("one.example", "two.example"):
        file, vkey = attest(name)
        keys.append(vkey)
        code, said = consult("attestation", "add", str(file), "--vkey", vkey)
        assert (code, said.strip()) == (0, f"Served at {path}: signed by {name}.")
    auditors = tmp_path / "auditors"
    auditors.write_text("\n".join(keys))
    _code, report = verified("--auditors", str(auditors))
    [step] = [one for one in report["steps"] if one["id"].startswith("attested")]
    assert (step["state"], step["reason"]) == ("holds", "one.example, two.example")


def test_what_is_not_about_our_list_is_not_served(consult, client, attest, about, tmp_path):
    file, vkey = attest()
    signed = file.read_bytes()
    _other, strange = attest("stranger.example")
    for content, key in (
        (signed.replace(b"\n6\n", b"\n7\n"), vkey),
        (signed, strange),
        (b"hello\n", vkey),
        (signed.replace(b"attestation/v1", b"attestation/v2"), vkey),
    ):
        file.write_bytes(content)
        assert consult("attestation", "add", str(file), "--vkey", key)[0] != 0
    assert client.get(f"/log/c/{about.id}/attestations").data == b""


def test_what_an_auditor_signs_again_takes_the_place_of_the_first(consult, client, attest, about):
    file, vkey = attest()
    for _ in range(2):
        assert consult("attestation", "add", str(file), "--vkey", vkey)[0] == 0
    assert client.get(f"/log/c/{about.id}/attestations").data == file.read_bytes()
