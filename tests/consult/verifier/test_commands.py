"""The verifier as people use it: one file, its commands, what it prints and how it exits."""

import ast
import functools
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consult.verifier import folkmoot_verify
from events.log.commitment import commit
from events.log.encoding import to_base64url
from events.log.entry import encode_entry
from tests.consult.verifier.verifier_logs import (
    BASKET,
    COUNTING,
    FILE,
    LOG_KEY,
    LONG_AGO,
    ORDER,
    OTHER_KEY,
    OTHER_SITE,
    SECOND,
    WITNESS,
    World,
    pack,
    policy,
    private_half,
    salt_of,
    story,
    write,
)

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "verification.json"
HOLDS, WRONG, USAGE, INCOMPLETE, UNMET = range(5)
PLAIN = [
    "1. The record: nothing in it was changed, removed or moved since it was signed.",
    "2. The answers: every answer that counts is the one that was sealed.",
    "3. The result: it is what was sealed, and follows from the answers.",
    "4. Witnesses: enough of those that you named have signed this record.",
]


def run(*words: Any, python: str = sys.executable, **settings: Any) -> subprocess.CompletedProcess:
    command = [python, str(FILE), *map(str, words)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, **settings
    )


@pytest.fixture
def world() -> World:
    return story()


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "log.vkey"
    path.write_text(f"# from the minutes\n{LOG_KEY.verifier.vkey}\n")
    return path


@pytest.fixture
def folder(tmp_path: Path, world: World) -> Path:
    return write(tmp_path / "copy", world.files(witnesses=[WITNESS]))


def saved(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_an_auditor_recounts_a_downloaded_log_offline(tmp_path, world, key):
    """Story U5."""
    archive = pack(tmp_path / "log.zip", world.files())
    ended = run("recount", archive, "--key", key)
    assert ended.returncode == HOLDS, ended.stdout + ended.stderr
    assert ended.stdout.splitlines()[:3] == PLAIN[:3], "the four lines come first"
    assert ended.stdout.splitlines()[3].startswith("4. Witnesses: not checked")
    assert f"python3 folkmoot_verify.py recount {archive} --key {key}" in ended.stdout


def test_people_read_titles_and_money_and_programs_what_they_always_read(world, folder, key):
    told = run("recount", folder, "--key", key).stdout
    assert "funded: " in told
    [line] = [each.strip() for each in told.splitlines() if "funded: " in each]
    assert line == "funded: P04, P02, P01, for 900 of 900. 11 responses counted."
    assert "elected" not in told
    steps = json.loads(run("recount", folder, "--key", key, "--json").stdout)["steps"]
    reasons = " | ".join(step["reason"] for step in steps)
    assert "funded P04, P02, P01 for 900; 11 ballots; sha256:" in reasons
    assert "plain" not in steps[0]


@pytest.mark.parametrize(
    ("about", "outcome", "says"),
    [
        (
            {"money": "pence", "currency": "GBP"},
            {"spent": 24_260_050, "funded": ["a"], "elected": []},
            "funded: More homes (a), for £242,600.50 of £250,000",
        ),
        (
            {"money": "units", "currency": "PLN"},
            {"spent": 0, "funded": [], "elected": []},
            "funded: nothing, for PLN 0 of PLN 25,000,000",
        ),
        ({}, {"spent": None, "funded": [], "elected": ["a", "b"]}, "chosen: More homes (a), b"),
        ({}, {"spent": None, "funded": [], "elected": []}, "chosen: none"),
    ],
)
def test_a_result_is_said_with_titles_and_the_unit_of_its_money(about, outcome, says):
    options = [{"id": "a", "title": {"cy": "Cartrefi", "en": "More homes"}}, {"id": "b"}]
    question = {"options": options, "pot": 25_000_000}
    assert folkmoot_verify.plain_headline(about, question, outcome) == says


def test_four_plain_lines_for_councillors_with_a_policy(tmp_path, folder):
    rules = saved(tmp_path / "policy", policy(WITNESS))
    ended = run("recount", folder, "--policy", rules)
    assert ended.returncode == HOLDS
    assert [
        line for line in ended.stdout.splitlines() if line[:2] in ("1.", "2.", "3.", "4.")
    ] == PLAIN


def test_one_flipped_byte_of_the_download_fails_and_names_the_place(tmp_path, world, key):
    files = world.files()
    path = "tile/entries/000.p/24"
    at = files[path].index(b'"ch":"web"') + 6
    files[path] = files[path][:at] + b"x" + files[path][at + 1 :]
    ended = run("audit", pack(tmp_path / "log.zip", files), "--key", key)
    assert ended.returncode == WRONG
    assert "this is not the entry that was signed [entry 2]" in ended.stdout
    assert "IT WAS TAMPERED WITH" in ended.stdout


def test_without_a_key_the_signature_is_not_called_right(folder):
    ended = run("audit", folder)
    assert ended.returncode == INCOMPLETE
    assert "NOT RUN     The checkpoint is signed by the log's own key" in ended.stdout


def test_a_key_from_the_server_is_never_used(tmp_path, world):
    files = {**world.files(OTHER_KEY), "vkey": OTHER_KEY.verifier.vkey.encode()}
    ended = run("audit", write(tmp_path / "copy", files))
    assert ended.returncode == INCOMPLETE


def test_too_few_witnesses_are_unmet_and_old_ones_stale(tmp_path, folder):
    two = saved(tmp_path / "two", policy(WITNESS, SECOND))
    one = saved(tmp_path / "one", policy(WITNESS, SECOND, threshold=1))
    assert run("checkpoint", folder / "checkpoint", "--policy", two).returncode == UNMET
    assert run("checkpoint", folder / "checkpoint", "--policy", one).returncode == HOLDS
    stale = run("checkpoint", folder / "checkpoint", "--policy", one, "--max-age", "24")
    assert stale.returncode == UNMET
    assert "stale" in stale.stdout
    hours = int(time.time() - LONG_AGO) // 3600 + 2
    fresh = run("checkpoint", folder / "checkpoint", "--policy", one, "--max-age", hours)
    assert fresh.returncode == HOLDS


def test_a_forged_cosignature_is_wrong(tmp_path, folder):
    text = (folder / "checkpoint").read_text()
    head, _, blob = text.rstrip("\n").rpartition(" ")
    changed = blob[:-8] + ("B" if blob[-8] == "A" else "A") + blob[-7:]
    forged = saved(tmp_path / "forged", f"{head} {changed}\n")
    rules = saved(tmp_path / "policy", policy(WITNESS))
    assert run("checkpoint", forged, "--policy", rules).returncode == WRONG


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nonsense"],
        ["audit", "/nowhere"],
        ["audit", "ftp://example.org/log"],
        ["receipt", "/nowhere", "--key", "/nowhere"],
        ["checkpoint", "/nowhere"],
    ],
)
def test_wrong_use_is_said_and_ends_with_two(words):
    ended = run(*words)
    assert ended.returncode == USAGE
    assert ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not a key",
        f"{LOG_KEY.verifier.vkey}x",
        WITNESS.verifier.vkey,
        LOG_KEY.verifier.vkey[:-8],
    ],
)
def test_a_key_file_that_is_none_is_refused(tmp_path, folder, text):
    ended = run("checkpoint", folder / "checkpoint", "--key", saved(tmp_path / "key", text))
    assert ended.returncode == USAGE
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("quorum all\n", ""),
        lambda text: text.replace("quorum all", "quorum nobody"),
        lambda text: text.replace("group all 1", "group all 9"),
        lambda text: text.replace("group all 1 w0", "group all 1 w0 w0"),
        lambda text: text + "quorum all\n",
        lambda text: text + "something else\n",
    ],
)
def test_a_policy_that_cannot_be_used_is_refused(tmp_path, folder, change):
    rules = saved(tmp_path / "policy", change(policy(WITNESS)))
    assert run("checkpoint", folder / "checkpoint", "--policy", rules).returncode == USAGE


def test_a_receipt_is_in_the_log_and_its_private_half_opens_it(tmp_path, world, key):
    vote = world.votes[0]
    receipt = saved(tmp_path / "mine.tlog-proof", world.receipt(2))
    private = saved(tmp_path / "mine.json", private_half(vote, "person 0"))
    other = saved(tmp_path / "other.json", private_half(vote, "person 3"))
    ended = run("receipt", receipt, "--private", private, "--key", key)
    assert ended.returncode == HOLDS, ended.stdout
    assert "P01" not in ended.stdout
    assert run("receipt", receipt, "--private", other, "--key", key).returncode == WRONG
    forged = json.loads(private.read_text())
    forged["x"] = forged["x"].replace("P01", "P03")
    lie = saved(tmp_path / "lie.json", json.dumps(forged))
    assert run("receipt", receipt, "--private", lie, "--key", key).returncode == WRONG


def test_a_receipt_for_another_entry_place_or_log_is_wrong(tmp_path, world, key):
    text = world.receipt(2).decode()
    for changed in (
        text.replace("index 2", "index 3"),
        text.replace("extra ey", "extra eA"),
        "\n".join(line for at, line in enumerate(text.split("\n")) if at != 4),
        text.replace("/log\n24", "/log\n25"),
    ):
        path = saved(tmp_path / "changed", changed)
        assert run("receipt", path, "--key", key).returncode == WRONG, changed[:200]


def test_a_file_that_is_no_receipt_proves_nothing_wrong(tmp_path, world, key):
    private = private_half(world.votes[0], "person 0")
    for content in (b"", b"hello", private, b"\xff"):
        path = tmp_path / "file"
        path.write_bytes(content)
        ended = run("receipt", path, "--key", key)
        assert ended.returncode == USAGE, content
        assert "THIS FILE IS NO RECEIPT" in ended.stdout
        assert "PROVEN" not in ended.stdout
    receipt = saved(tmp_path / "receipt", world.receipt(2))
    ended = run("receipt", receipt, "--private", receipt, "--key", key)
    assert ended.returncode == USAGE
    assert "THE PRIVATE FILE IS NOT THE PRIVATE HALF" in ended.stdout


def test_the_key_of_another_site_proves_nothing_wrong(tmp_path, world, folder):
    other = saved(tmp_path / "other", OTHER_SITE.verifier.vkey)
    receipt = saved(tmp_path / "receipt", world.receipt(2))
    for words in (("receipt", receipt), ("checkpoint", folder / "checkpoint")):
        ended = run(*words, "--key", other)
        assert ended.returncode == USAGE, words
        assert "it is another record than that of the key that you gave." in ended.stdout
        assert "PROVEN" not in ended.stdout
    said = json.loads(run("receipt", receipt, "--key", other, "--json").stdout)
    assert (said["verdict"], said["exit"]) == ("unusable", USAGE)


def test_checkpoints_of_two_logs_cannot_be_compared_and_prove_nothing(tmp_path, world, key):
    one, two = tmp_path / "one", saved(tmp_path / "two", world.checkpoint())
    signed = world.checkpoint(OTHER_SITE)
    one.write_bytes(signed)
    for words in (
        ("evidence", one, two),
        ("evidence", one, two, "--key", key),
        ("consistency", one, two),
    ):
        ended = run(*words)
        assert ended.returncode == USAGE, words
        assert "cannot be compared" in ended.stdout
        assert "PROVEN" not in ended.stdout
    ended = run("checkpoint", two, "--known", one, "--key", key)
    assert ended.returncode == USAGE
    assert "it is another record than the one that you kept something of." in ended.stdout


def test_an_age_is_only_asked_of_witnesses(tmp_path, world, folder, key):
    point = folder / "checkpoint"
    ended = run("checkpoint", point, "--key", key, "--max-age", "1")
    assert ended.returncode == USAGE
    assert "--max-age is about witnesses" in ended.stderr
    for wrong in ("nan", "-1", "inf", "day"):
        assert run("checkpoint", point, "--key", key, "--max-age", wrong).returncode == USAGE
    none = saved(tmp_path / "policy", f"log {LOG_KEY.verifier.vkey}\nquorum none\n")
    assert run("checkpoint", point, "--policy", none).returncode == HOLDS
    ended = run("checkpoint", point, "--policy", none, "--max-age", "1")
    assert ended.returncode == INCOMPLETE
    assert "nothing says how old this record is" in " ".join(ended.stdout.split())
    assert "witness signature may be" in " ".join(run("checkpoint", "--help").stdout.split())


@pytest.mark.parametrize(
    ("manifest", "amount", "said"),
    [
        ({"money": "units", "decimals": 3}, 1005, "1.005"),
        ({"money": "units", "decimals": 3}, 5, "0.005"),
        ({"money": "pence", "currency": "GBP"}, 550, "£5.50"),
        ({"money": "units", "currency": "EUR"}, 1_200, "€1,200"),
        ({"money": "units", "decimals": 99}, 7, "7"),
    ],
)
def test_money_is_said_with_as_many_decimals_as_the_manifest_states(manifest, amount, said):
    assert folkmoot_verify._money(manifest, amount) == said


def test_an_old_receipt_still_holds_against_the_log_of_today(tmp_path, world, key):
    receipt = saved(tmp_path / "old", world.receipt(2))
    for _ in range(600):
        world.add(
            {"t": "key_destroyed", "v": 1, "c": world.votes[0].id, "at": "2027-01-01T00:00:00Z"}
        )
    today = write(tmp_path / "today", world.files())
    assert run("receipt", receipt, "--key", key, "--log", today).returncode == HOLDS
    forked = story()
    forked.entries[3], forked.entries[4] = forked.entries[4], forked.entries[3]
    forked.entries += world.entries[24:]
    elsewhere = write(tmp_path / "elsewhere", forked.files())
    assert run("receipt", receipt, "--key", key, "--log", elsewhere).returncode == WRONG


def test_growth_is_proven_from_the_tiles_and_a_fork_is_found(tmp_path, world, key):
    old = saved(tmp_path / "old", world.checkpoint())
    world.entries += world.entries[3:] * 30
    today = write(tmp_path / "today", world.files())
    assert run("consistency", old, today, "--key", key).returncode == HOLDS
    assert run("consistency", old, today / "checkpoint", "--key", key).returncode == INCOMPLETE
    world.entries[5] = b"{}"
    forked = write(tmp_path / "forked", world.files())
    assert run("consistency", old, forked, "--key", key).returncode == WRONG
    ended = run("audit", forked, "--known", old, "--key", key)
    assert "the log forked" in ended.stdout
    assert ended.returncode == WRONG


def test_a_checkpoint_that_is_older_than_a_kept_one_is_stale(tmp_path, world, key):
    older = write(tmp_path / "older", world.files())
    world.add({"t": "key_destroyed", "v": 1, "c": world.votes[0].id, "at": "2027-01-01T00:00:00Z"})
    kept = saved(tmp_path / "kept", world.checkpoint())
    ended = run("audit", older, "--known", kept, "--key", key)
    assert ended.returncode == UNMET
    assert "stale or rolled back" in ended.stdout


def test_without_comparing_with_kept_checkpoints_a_fork_and_an_old_log_would_pass(
    tmp_path, world, key, monkeypatch, capsys
):
    older = write(tmp_path / "older", world.files())
    world.entries += world.entries[3:] * 30
    kept = saved(tmp_path / "kept", world.checkpoint())
    old = saved(tmp_path / "old", story().checkpoint())
    world.entries[5] = b"{}"
    forked = write(tmp_path / "forked", world.files())

    def says(folder: Path, known: Path) -> str:
        folkmoot_verify.main([*map(str, ("audit", folder, "--known", known, "--key", key))])
        return capsys.readouterr().out

    assert "the log forked" in says(forked, old)
    assert "stale or rolled back" in says(older, kept)
    monkeypatch.setattr(folkmoot_verify.Audit, "check_kept_root", lambda *_: None)
    monkeypatch.setattr(
        folkmoot_verify, "check_kept", lambda report, *_: (report.step("x", ""), [])
    )
    assert "the log forked" not in says(forked, old)
    assert "stale or rolled back" not in says(older, kept)


def test_evidence_of_two_irreconcilable_checkpoints_has_all_a_third_party_needs(
    tmp_path, world, key
):
    one = saved(tmp_path / "a", world.checkpoint())
    world.entries[5] = b"{}"
    two = saved(tmp_path / "b", world.checkpoint())
    ended = run("evidence", one, two, "--key", key, "--json")
    assert ended.returncode == WRONG
    evidence = json.loads(ended.stdout)["evidence"]
    assert evidence["checkpoints"] == [one.read_text(), two.read_text()]
    assert evidence["keys"] == [LOG_KEY.verifier.vkey]
    assert "same size and different roots" in evidence["statement"]
    assert run("evidence", one, one, "--key", key).returncode == HOLDS
    unsigned = json.loads(run("evidence", one, two, "--json").stdout)
    assert "evidence" not in unsigned


def test_evidence_of_different_sizes_needs_the_log(tmp_path, world, key):
    one = saved(tmp_path / "a", world.checkpoint())
    world.entries[5] = b"{}"
    world.entries += world.entries[6:9]
    forked = write(tmp_path / "forked", world.files())
    two = forked / "checkpoint"
    assert run("evidence", one, two, "--key", key).returncode == INCOMPLETE
    ended = run("evidence", one, two, "--key", key, "--log", forked)
    assert ended.returncode == WRONG
    assert "does not begin with the older one" in ended.stdout


class Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        if self.path.startswith("/away/"):
            self.send_response(302)
            self.send_header("Location", "http://elsewhere.invalid/")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path.startswith("/round/"):
            self.send_response(302)
            self.send_header("Location", self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            super().do_GET()


@pytest.fixture
def site(folder: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_log_is_audited_over_the_web(site, key):
    assert run("recount", site, "--key", key).returncode == HOLDS
    assert run("checkpoint", f"{site}/checkpoint", "--key", key).returncode == HOLDS


def test_a_site_that_is_gone_or_sends_us_elsewhere_leaves_it_incomplete(site, key):
    for place in ("http://127.0.0.1:9", f"{site}/away", f"{site}/round", f"{site}/nothing"):
        ended = run("audit", place, "--key", key)
        assert ended.returncode == INCOMPLETE, place
        assert "Traceback" not in ended.stderr


def test_a_file_larger_than_it_may_be_is_refused(tmp_path, world, key):
    files = world.files()
    files["tile/0/000.p/24"] = bytes(1_000_000)
    assert run("audit", write(tmp_path / "a", files), "--key", key).returncode == WRONG
    files = world.files()
    files["checkpoint"] += b"x" * 200_000
    assert run("audit", write(tmp_path / "b", files), "--key", key).returncode == WRONG


def with_words(said: str) -> tuple[World, dict[str, object]]:
    """A ballot with a commitment to some words, and a private half that says these."""
    world = World()
    vote = world.vote([BASKET, ORDER], COUNTING).open()
    index = vote.ballot("Ada", pot=["P01"], order=["a"])
    entry = json.loads(world.entries[index])
    salt = salt_of("words", 1)
    entry["x"] = {"more": commit(salt, "T", b"Lock 4 is dark")}
    world.entries[index] = encode_entry(entry)
    half = json.loads(private_half(vote, "Ada"))
    half["texts"] = {"more": {"salt": to_base64url(salt), "x": said}}
    return world, half


@pytest.mark.parametrize(
    ("said", "code"), [("Lock 4 is dark", HOLDS), ("Lock 4 is light", WRONG), (None, WRONG)]
)
def test_the_words_of_a_private_half_are_those_that_were_sealed(tmp_path, key, said, code):
    world, half = with_words(said)
    (tmp_path / "r").write_bytes(world.receipt(2))
    (tmp_path / "p").write_text(json.dumps(half))
    done = run("receipt", tmp_path / "r", "--private", tmp_path / "p", "--key", key)
    assert done.returncode == code
    assert "Lock 4" not in done.stdout


def test_whoever_reads_only_the_first_lines_gets_no_error_for_that(folder, key):
    words = [sys.executable, str(FILE), "recount", ".", "--key", "../log.vkey", "--json"]
    with subprocess.Popen(
        words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        program.stdout.close()
        assert program.stderr is not None
        assert program.stderr.read() == b""
    assert program.returncode == 3
    assert key.is_file()


def test_every_report_says_which_program_made_it(tmp_path, folder, key):
    """By the digest of the file that ran, also where somebody changed it."""
    mine = tmp_path / "folkmoot_verify.py"
    mine.write_bytes(FILE.read_bytes() + b"# as somebody changed it\n")
    for file in (FILE, mine):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        command = [sys.executable, str(file), "audit", str(folder), "--key", str(key)]
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        assert f"Checked with folkmoot_verify.py 1, sha256:{digest}" in told
        told = subprocess.run([*command, "--json"], capture_output=True, check=False).stdout
        assert json.loads(told)["program"]["sha256"] == digest
        told = subprocess.run([*command[:2], "--version"], capture_output=True, check=False).stdout
        assert told.decode().split() == ["folkmoot_verify.py", "1,", f"sha256:{digest}"]


def test_the_report_for_programs_stays_as_it_was(tmp_path, folder, key):
    """Run with FOLKMOOT_WRITE_GOLDEN=1 to keep a new form of the report."""
    words = ["recount", ".", "--key", "../log.vkey", "--json"]
    found = json.loads(run(*words, cwd=folder).stdout)
    found["program"]["sha256"] = "of the file that ran"
    assert key.is_file()
    if os.environ.get("FOLKMOOT_WRITE_GOLDEN"):
        GOLDEN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    assert found == json.loads(GOLDEN.read_text())


def pythons() -> list[Any]:
    """This Python, and the oldest and newest that the file is for, where the machine has them."""
    places = Path.home() / ".pyenv" / "versions"
    found = [pytest.param(sys.executable, id="this")]
    for wanted in ("3.9", "3.13"):
        versions = sorted(places.glob(f"{wanted}.*/bin/python3"))
        path = str(versions[-1]) if versions else shutil.which(f"python{wanted}") or ""
        absent = pytest.mark.skipif(not path, reason=f"Python {wanted} is not on this machine")
        found.append(pytest.param(path, id=wanted, marks=absent))
    return found


@pytest.mark.parametrize("python", pythons())
def test_it_runs_under_the_oldest_and_newest_python_with_nothing_installed(
    tmp_path, folder, key, world, python
):
    alone = tmp_path / "python"
    alone.write_text(f'#!/bin/sh\nexec {python} -I -S "$@"\n')
    alone.chmod(0o755)
    python = str(alone)
    ended = run("recount", folder, "--key", key, python=python)
    assert ended.returncode == HOLDS, ended.stdout + ended.stderr
    forged = write(tmp_path / "forged", world.files(OTHER_KEY))
    assert run("audit", forged, "--key", key, python=python).returncode == WRONG


def test_the_file_imports_nothing_of_ours():
    lines = FILE.read_text().splitlines()
    imported = {
        line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))
    }
    assert imported <= {*sys.stdlib_module_names, "__future__"}
    indented = [line for line in lines if line.startswith("    from ") and " import " in line]
    assert all("cryptography" in line for line in indented)


def test_every_step_names_the_command_that_repeats_it(folder, key):
    report = json.loads(run("audit", folder, "--key", key, "--json").stdout)
    assert all(
        step["reproduce"].startswith("python3 folkmoot_verify.py audit ")
        for step in report["steps"]
    )


def test_the_auditor_recounts_with_the_copy_that_only_the_auditor_has(tmp_path, key):
    world = story()
    vote = world.votes[0]
    vote.openings_for = "auditor"
    entry = json.loads(world.entries[1])
    entry["manifest"] = "sha256:" + hashlib.sha256(vote.manifest).hexdigest()
    world.entries[1] = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
    files = world.files()
    copy = saved(tmp_path / "openings", files.pop(f"c/{vote.id}/openings.ndjson"))
    folder = write(tmp_path / "log", files)
    without = run("recount", folder, "--key", key)
    assert without.returncode == INCOMPLETE
    assert "RESTRICTED" in without.stdout
    assert run("recount", folder, "--key", key, "--openings", copy).returncode == HOLDS
    saved(copy, copy.read_bytes().replace(b"P01", b"P03", 1))
    assert run("recount", folder, "--key", key, "--openings", copy).returncode == WRONG


def test_no_name_of_the_program_is_taken_twice():
    """A second function of one name silently takes the place of the first."""
    names = [
        name
        for statement in ast.parse(FILE.read_bytes()).body
        for name in (
            [statement.name]
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef))
            else [each.id for each in ast.walk(statement) if _is_set(each)]
        )
    ]
    assert {name for name in names if names.count(name) > 1} == set()


def _is_set(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
