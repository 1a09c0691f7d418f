"""The stand-alone verifier, written from docs/log.md alone, judges a log that we serve."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from consult.commands.results.counting import publish_results
from consult.log_store import tables
from consult.sealing.receipts import kept_by, private_half, public_half
from consult.verifier.folkmoot_verify import frames, tile_path
from projections.results import Results
from tests.builders import ORGANISER, close_consultation, consultation
from tests.consult.sealing.audits import answer
from tests.consult.verifier.lies.judging import SECOND
from tests.tools import NODE

VERIFIER = Path(__file__).parents[3] / "consult" / "verifier" / "folkmoot_verify.py"
HOLDS, WRONG, INCOMPLETE = 0, 1, 3
NOT_FOUND = 404

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def verify(*arguments) -> int:
    command = [sys.executable, str(VERIFIER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=120, check=False).returncode


@pytest.fixture
def receipts(services, seal, address):
    """A consultation of 300 people from beginning to end; some changed their minds."""
    about = consultation(services)
    for number in range(300):
        answer(services, about, f"voter {number}", "abc"[number % 3])
    seal()
    again = [answer(services, about, f"voter {number}", "b", "c") for number in range(0, 300, 7)]
    close_consultation(services, about.id, actor=ORGANISER, goes_on=True)
    publish_results(services, about.id, actor=ORGANISER)
    services.catch_up()
    seal()
    return again


@pytest.fixture
def key(log, receipts, tmp_path):
    file = tmp_path / "log.vkey"
    file.write_bytes(log.document("vkey"))
    return file


def test_it_finds_the_whole_log_true_and_counts_the_same_result(address, key):
    assert verify("audit", address, "--key", key, "--quiet") == HOLDS
    assert verify("recount", address, "--key", key, "--quiet") == HOLDS


def test_a_second_verifier_in_another_language_finds_nothing_wrong_with_it(address, key, tmp_path):
    """It was written from the documents alone, and reads what we serve as files in a folder."""
    folder = downloaded(address, tmp_path / "log")
    command = [str(NODE), str(SECOND), str(folder), str(key)]
    judged = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    told = judged.stdout.splitlines()
    assert [line for line in told if line.startswith("WRONG")] == []
    assert all("NOT RUN" in line or line.startswith("HOLDS") for line in told), told
    assert judged.returncode in (HOLDS, INCOMPLETE), judged.stderr


def downloaded(address: str, folder: Path) -> Path:
    """Every file of a log, each where its address says."""

    def take(path: str) -> bytes:
        try:
            with urllib.request.urlopen(f"{address}/{path}", timeout=60) as answer:
                content: bytes = answer.read()
        except urllib.error.HTTPError as error:
            if error.code != NOT_FOUND:
                raise
            return b""
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        return content

    size = int(take("checkpoint").split(b"\n")[1])
    entries = []
    for number in range(-(-size // 256)):
        width = min(256, size - 256 * number)
        entries += frames(take(tile_path("entries", number, width)), width)
        take(tile_path(0, number, width))
    if size >= 256:
        take(tile_path(1, 0, size // 256))
    for c in {json.loads(entry).get("c") for entry in entries} - {None}:
        for name in ("manifest.json", "ballots.ndjson", "result.json", "tallies.json"):
            take(f"c/{c}/{name}")
    return folder


def test_it_accepts_a_receipt_with_its_private_half(services, log, receipts, key, tmp_path):
    kept = kept_by(services, log, receipts[3].code)
    proof, private = tmp_path / "r.tlog-proof", tmp_path / "r.private.json"
    proof.write_bytes(public_half(log, kept.index))
    private.write_bytes(private_half(services, kept))
    assert verify("receipt", proof, "--key", key, "--private", private) == HOLDS
    private.write_bytes(private.read_bytes().replace(rb"[\"b\"", rb"[\"a\""))
    assert verify("receipt", proof, "--key", key, "--private", private) == WRONG


@pytest.mark.parametrize(
    "what", ["an entry", "a tile", "the list of ballots", "the manifest", "a result"]
)
def test_it_refuses_what_was_changed_behind_the_signature(services, log, address, key, what):
    with log.write() as db:
        if what == "an entry":
            entry = tables.entry
            changed = log_content(db, entry.c.content, entry.c.index == 100)
            changed = changed.replace(b'"s":1', b'"s":9')
            db.execute(update(entry).where(entry.c.index == 100).values(content=changed))
        elif what == "a tile":
            tile = tables.tile
            full = (tile.c.level == 0) & (tile.c.index == 0)
            changed = bytes(32) + log_content(db, tile.c.hashes, full)[32:]
            db.execute(update(tile).where(full).values(hashes=changed))
        elif what == "the list of ballots":
            listed = tables.listed
            first = listed.c.tracker == select(func.min(listed.c.tracker)).scalar_subquery()
            changed = log_content(db, listed.c.line, first)
            assert changed
            letters = changed.replace(rb"\"a\"", rb"\"z\"").replace(rb"\"b\"", rb"\"z\"")
            changed = letters.replace(rb"\"c\"", rb"\"z\"")
            db.execute(update(listed).where(first).values(line=changed))
        elif what == "the manifest":
            pack = tables.pack
            changed = log_content(db, pack.c.manifest, pack.c.openings.is_not(None))
            db.execute(update(pack).values(manifest=changed.replace(b"Buses", b"Boats")))
        else:
            with services.views.write() as views:
                result = services.views.reader(Results).result
                outcome = views.execute(select(result.c.outcome)).scalar()
                swapped = outcome.replace('"a"', '"b"')
                views.execute(update(result).values(outcome=swapped))
    assert verify("audit", address, "--key", key, "--quiet") == WRONG


def log_content(db, column, condition) -> bytes:
    return bytes(db.execute(select(column).where(condition)).scalar())
