"""Auditors sign that each line of a list was sealed, and everybody who trusts them is told so."""

import json
import os
from pathlib import Path

import pytest

from consult.verifier import folkmoot_verify as verify
from events.log.keys import Algorithm, SignerKey, parse_skey, parse_vkey
from events.log.note import Note, parse_note, sign
from tests.consult.verifier.verifier_logs import LOG_KEY, World, story, write


class Auditor:
    """Somebody with the openings, a key of their own and the program."""

    def __init__(self, folder: Path, world: World, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.world, self.capsys = folder, world, capsys
        self.vote = world.votes[0]
        (folder / "log.vkey").write_text(LOG_KEY.verifier.vkey)
        (folder / "openings.ndjson").write_bytes(b"".join(self.vote.opening_lines()))
        self.served = world.files()

    def run(self, *words: str) -> int:
        self.code = verify.main([*words])
        self.said = self.capsys.readouterr().out
        return self.code

    def key(self, name: str = "auditor.example") -> str:
        """Make a key; its public line."""
        assert self.run("auditor-key", name, str(self.folder / f"{name}.key")) == 0
        return self.said.splitlines()[-1]

    def attest(self, name: str = "auditor.example", *more: str) -> int:
        log = write(self.folder / "log", self.served)
        words = ["attest", str(log), "--key", str(self.folder / "log.vkey"), "--consultation"]
        words += [self.vote.id, "--openings", str(self.folder / "openings.ndjson"), *more]
        if name:
            words += ["--signer", str(self.folder / f"{name}.key")]
        return self.run(*words, "--output", str(self.folder / f"{name}.attestation"))

    def note(self, name: str = "auditor.example") -> bytes:
        return (self.folder / f"{name}.attestation").read_bytes()

    def everybody(self, *vkeys: str) -> dict:
        """What somebody who trusts these keys is told."""
        log = write(self.folder / "log", self.served)
        words = ["recount", str(log), "--key", str(self.folder / "log.vkey"), "--json"]
        if vkeys:
            (self.folder / "auditors").write_text("\n".join(vkeys))
            words += ["--auditors", str(self.folder / "auditors")]
        self.run(*words)
        return json.loads(self.said)

    def serve(self, *notes: bytes) -> None:
        self.served[f"c/{self.vote.id}/attestations"] = b"\n".join(notes)


@pytest.fixture
def auditor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Auditor:
    return Auditor(tmp_path, story(openings="trackers"), capsys)


def attested(report: dict) -> dict:
    [step] = [one for one in report["steps"] if one["id"].startswith("attested")]
    return step


def test_what_an_auditor_signs_is_believed_by_whoever_trusts_their_key(auditor: Auditor) -> None:
    vkey = auditor.key()
    assert auditor.attest() == 0, auditor.said
    auditor.serve(auditor.note())
    report = auditor.everybody(vkey)
    assert (report["exit"], attested(report)["state"]) == (0, "holds")
    assert attested(report)["reason"] == "auditor.example"
    assert "is signed by 1 auditor." in report["summary"][1]["says"]


def test_the_text_says_of_which_log_which_list_and_how_many_lines(auditor: Auditor) -> None:
    auditor.key()
    auditor.attest()
    lines = auditor.note().decode().split("\n")
    report = auditor.everybody()
    assert lines[0] == "folkmoot/attestation/v1"
    assert lines[1:3] == [LOG_KEY.name, auditor.vote.id]
    assert lines[3:5] == [str(report["checkpoint"]["size"]), report["checkpoint"]["root"]]
    assert lines[5].startswith("sha256:")
    assert lines[6] == "11"


def test_several_auditors_are_counted_and_strangers_are_not(auditor: Auditor) -> None:
    keys = [auditor.key(name) for name in ("one.example", "two.example", "stranger.example")]
    for name in ("one.example", "two.example", "stranger.example"):
        auditor.attest(name)
    auditor.serve(*map(auditor.note, ("one.example", "two.example", "stranger.example")))
    report = auditor.everybody(*keys[:2])
    assert attested(report)["reason"] == "one.example, two.example"


def test_without_keys_of_auditors_it_is_said_that_nothing_was_asked(auditor: Auditor) -> None:
    report = auditor.everybody()
    assert report["exit"] == 0
    assert attested(report)["state"] == "not due"
    assert "only its holder and auditors can check" in report["summary"][1]["says"]


def test_where_none_of_the_named_signed_that_is_unmet(auditor: Auditor) -> None:
    vkey = auditor.key()
    report = auditor.everybody(vkey)
    assert (report["exit"], attested(report)["state"]) == (4, "unmet")


def test_an_attestation_of_another_list_proves_that_there_were_two(auditor: Auditor) -> None:
    vkey = auditor.key()
    auditor.attest()
    text, _, _ = auditor.note().decode().rpartition("\n\n")
    lines = text.split("\n")
    key = parse_skey((auditor.folder / "auditor.example.key").read_text().strip())
    for at, other in ((5, "sha256:" + "0" * 64), (6, "10"), (2, "0" * 8)):
        changed = "\n".join([*lines[:at], other, *lines[at + 1 :]]) + "\n"
        auditor.serve(Note(changed.encode(), (sign(changed.encode(), key),)).encode())
        report = auditor.everybody(vkey)
        assert attested(report)["findings"][0]["says"].endswith("another list than this")


def test_a_false_signature_or_history_is_wrong(auditor: Auditor) -> None:
    vkey = auditor.key()
    auditor.attest()
    note = auditor.note()
    auditor.serve(note.replace(b"\n11\n", b"\n12\n"))
    assert "does not verify" in attested(auditor.everybody(vkey))["findings"][0]["says"]
    key = parse_skey((auditor.folder / "auditor.example.key").read_text().strip())
    lines = note.decode().split("\n")
    changed = "\n".join([*lines[:4], "A" * 43 + "=", *lines[5:7]]) + "\n"
    auditor.serve(Note(changed.encode(), (sign(changed.encode(), key),)).encode())
    assert attested(auditor.everybody(vkey))["state"] == "wrong"


def test_an_older_attestation_holds_as_the_log_grows(auditor: Auditor) -> None:
    vkey = auditor.key()
    auditor.attest()
    for number in range(300):
        text = {"t": "partnership", "v": 1, "at": auditor.world.latest, "role": "", "p": "p"}
        auditor.world.add(text | {"f": "f", "name": str(number)})
    auditor.served = auditor.world.files()
    auditor.serve(auditor.note())
    assert attested(auditor.everybody(vkey))["state"] == "holds"


def test_nothing_is_signed_for_a_list_that_is_not_what_was_sealed(auditor: Auditor) -> None:
    auditor.key()
    name = f"c/{auditor.vote.id}/ballots.ndjson"
    lines = auditor.served[name].splitlines(keepends=True)
    line = json.loads(lines[0]) | {"t": "A" * 22}
    made = json.dumps(line, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    auditor.served[name] = b"".join(
        sorted([made, *lines[1:]], key=lambda one: json.loads(one)["t"])
    )
    assert auditor.attest() == 1
    assert not (auditor.folder / "auditor.example.attestation").exists()


def test_the_text_can_be_signed_with_another_program(auditor: Auditor) -> None:
    assert auditor.attest("") == 0
    text = auditor.note("").decode()
    assert text.startswith("folkmoot/attestation/v1\n")
    assert "give the key to sign it with" in auditor.said
    key = SignerKey("other.example", Algorithm.ED25519, os.urandom(32))
    body = text[:-1].encode()
    auditor.serve(Note(body, (sign(body, key),)).encode())
    assert attested(auditor.everybody(key.verifier.vkey))["state"] == "holds"


def test_keys_and_signatures_are_those_of_other_programs(auditor: Auditor) -> None:
    vkey = auditor.key()
    key = parse_skey((auditor.folder / "auditor.example.key").read_text().strip())
    assert key.verifier.vkey == vkey
    auditor.attest()
    [signer] = parse_note(auditor.note()).verify([parse_vkey(vkey)])
    assert signer.key.name == "auditor.example"
    for seed in (bytes(32), b"\xff" * 32, os.urandom(32)):
        known = SignerKey("a", Algorithm.ED25519, seed)
        assert verify.public_of(seed) == known.verifier.public
        assert verify.signed_by(seed, b"words") == known.sign(b"words")


def test_a_key_file_is_for_its_owner_and_never_overwritten(auditor: Auditor) -> None:
    auditor.key()
    file = auditor.folder / "auditor.example.key"
    assert file.stat().st_mode & 0o077 == 0
    assert auditor.run("auditor-key", "auditor.example", str(file)) == 2
    assert auditor.run("auditor-key", "two words", str(auditor.folder / "x")) == 2
    file.write_text(file.read_text().replace("auditor.example", "somebody.example"))
    assert auditor.attest() == 2
