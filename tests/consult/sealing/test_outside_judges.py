"""The demo as `consult serve` serves it, judged by software that is not ours, and a forged copy.

What they judge is fetched over HTTP like anybody would; the forger has the files, or even the key.
"""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError

import pytest

from consult.sealing.key import read_key
from events.log.append import Edge, append
from events.log.bundle import parse_bundle
from events.log.checkpoint import Checkpoint
from events.log.keys import SignerKey, VerifierKey
from events.log.merkle import TreeHead
from events.log.proof import Receipt
from events.log.reader import TileTree
from events.log.signed_checkpoint import open_checkpoint, sign_checkpoint
from events.log.tiles import tiles_of
from events.log.witness import request_cosignature
from tests.events.log.independent_tools import (
    aics_accepts,
    aics_witness,
    free_port,
    go_check_kept,
    go_says,
    openssl_accepts,
    sigstore_says,
    wait_for_port,
)
from tests.tools import AICS, PABUTOOLS, need

pytestmark = pytest.mark.slow

CONSULT = [sys.executable, "-m", "consult.cli"]
SECONDS_MAX = 60
FUND = "three-wards-fund"
OLD_SIZE = 256


class Demo(NamedTuple):
    """A running demo: where it is, the folder of its databases, its key, and a witness's key."""

    address: str
    folder: Path
    key: SignerKey
    witness: VerifierKey | None

    @property
    def log(self) -> str:
        return f"{self.address}/log"

    @property
    def verifier(self) -> VerifierKey:
        return self.key.verifier

    def get(self, path: str) -> bytes:
        """Fetch a file; one that is large is made first, and the server says to come back."""
        until = time.monotonic() + SECONDS_MAX
        while True:
            try:
                with urllib.request.urlopen(f"{self.log}/{path}", timeout=60) as answer:
                    return answer.read()
            except HTTPError as error:
                if error.code != 503 or time.monotonic() > until:
                    raise
                time.sleep(min(1.0, float(error.headers["Retry-After"])))

    def tree(self, size: int) -> TileTree:
        return TileTree(size, lambda tile: self.get(tile.path))

    def head_of(self, mirror: Path) -> TreeHead:
        """The head that was served with a mirror; the log may have grown since."""
        signed = (mirror / "checkpoint").read_bytes()
        return open_checkpoint(signed, [self.verifier]).checkpoint.head


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[Demo]:
    """The demo at the end of its story, behind a real server, watched by a foreign witness."""
    folder = tmp_path_factory.mktemp("demo")
    port = free_port()
    settings = {
        "FOLKMOOT_DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
        "FOLKMOOT_KEY_FILE": str(folder / "demo.log.key"),
        "FOLKMOOT_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    environment = os.environ | settings
    for words in (["demo", "--no-serve"], ["demo", "advance", "c2"], ["seal", "--once"]):
        subprocess.run([*CONSULT, *words], env=environment, check=True, capture_output=True)
    key = read_key(folder / "demo.log.key")
    assert key is not None
    with _watched(folder, key) as (witnesses, witness):
        environment |= witnesses
        with subprocess.Popen(
            [*CONSULT, "serve", "--port", str(port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as server:
            try:
                wait_for_port(port)
                yield Demo(settings["FOLKMOOT_PUBLIC_URL"], folder, key, witness)
            finally:
                server.terminate()
                server.wait(SECONDS_MAX)


@contextmanager
def _watched(folder: Path, key: SignerKey) -> Iterator[tuple[dict[str, str], VerifierKey | None]]:
    """Run a witness if it is installed, and say how the demo asks it."""
    try:
        running = aics_witness(folder, key.name, key.verifier.vkey)
        address, witness = running.__enter__()
    except pytest.skip.Exception:
        yield {}, None
        return
    policy = folder / "witnesses.txt"
    policy.write_text(f"witness w1 {witness.vkey} {address}\ngroup all 1 w1\nquorum all\n")
    try:
        yield {"FOLKMOOT_WITNESSES": str(policy)}, witness
    finally:
        running.__exit__(None, None, None)


@pytest.fixture(scope="module")
def mirror(demo: Demo, tmp_path_factory) -> Path:
    """Everything of the log as it was served."""
    folder = tmp_path_factory.mktemp("mirror")
    checkpoint = demo.get("checkpoint")
    size = open_checkpoint(checkpoint, [demo.verifier]).checkpoint.size
    files = {tile.path: demo.get(tile.path) for tile in tiles_of(size)}
    return written(folder, {**files, "checkpoint": checkpoint})


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def entries_in(mirror: Path) -> list[bytes]:
    bundles = sorted((mirror / "tile" / "entries").rglob("*"))
    files = [path for path in bundles if path.is_file()]
    files.sort(key=lambda path: path.relative_to(mirror).as_posix().partition(".p")[0])
    return [entry for path in files for entry in parse_bundle(path.read_bytes())]


@pytest.fixture
def forged(demo: Demo, mirror: Path, tmp_path: Path) -> Path:
    """The log with one ballot of the fund changed, all hashes made anew, and signed."""
    entries = entries_in(mirror)
    online = b'"ch":"online"'
    at = next(n for n, entry in enumerate(entries) if b'"t":"ballot"' in entry and online in entry)
    entries[at] = entries[at].replace(online, b'"ch":"paper"', 1)
    grown = append(Edge(), entries)
    signed = sign_checkpoint(Checkpoint(demo.key.name, *grown.edge.head), demo.key)
    files = {tile.path: content for tile, content in grown.files}
    return written(tmp_path / "forged", {**files, "checkpoint": signed})


def copied(mirror: Path, folder: Path, name: str, at: int) -> Path:
    """A copy of a log with one bit of one file flipped."""
    files = {
        path.relative_to(mirror).as_posix(): path.read_bytes()
        for path in mirror.rglob("*")
        if path.is_file()
    }
    content = bytearray(files[name])
    content[at] ^= 1
    return written(folder / "copy", {**files, name: bytes(content)})


DAMAGED = [("tile/0/000", 5), ("tile/entries/002", 60), ("tile/1/000.p/{wide}", 40)]


@pytest.fixture
def damaged(mirror: Path, tmp_path: Path) -> Callable[[str, int], Path]:
    high = next((mirror / "tile" / "1").rglob("*.p/*"), None)
    assert high is not None
    return lambda name, at: copied(mirror, tmp_path, name.format(wide=high.name), at)


# -- Go's checksum database --


@pytest.fixture(scope="module")
def go_check() -> str:
    return go_check_kept()


def go_judges(go_check: str, folder: Path, demo: Demo) -> str:
    old_root = demo.tree(OLD_SIZE).root
    return go_says(go_check, folder, demo.verifier.vkey, OLD_SIZE, old_root)


def test_go_accepts_the_demo_s_log(demo, mirror, go_check):
    assert go_judges(go_check, mirror, demo) == f"ACCEPTED {demo.head_of(mirror).size}\n"


@pytest.mark.parametrize(("name", "at"), [*DAMAGED, ("checkpoint", 30)])
def test_go_refuses_a_changed_byte(demo, damaged, go_check, name, at):
    assert go_judges(go_check, damaged(name, at), demo).startswith("REFUSED")


def test_go_refuses_a_log_rewritten_by_who_has_the_key(demo, forged, go_check):
    assert go_judges(go_check, forged, demo).startswith("REFUSED: growth")


# -- Sigstore, OpenSSL --


def receipts_of(demo: Demo, mirror: Path, indexes: list[int]) -> list[Receipt]:
    """What a person downloads: entry, proof and the checkpoint as served."""
    checkpoint = (mirror / "checkpoint").read_bytes()
    tree = demo.tree(demo.head_of(mirror).size)
    return [
        Receipt(tree.entry(index), index, tuple(tree.prove_inclusion(index)), checkpoint)
        for index in indexes
    ]


@pytest.fixture(scope="module")
def receipts(demo, mirror) -> list[Receipt]:
    return receipts_of(demo, mirror, [0, 255, 256, 3_000, demo.head_of(mirror).size - 1])


def forgeries(whole: Receipt) -> list[Receipt]:
    """Ways to make a receipt say something else."""
    false_root = whole.checkpoint.split(b"\n")
    false_root[2] = b"AAAA" + false_root[2][4:]
    return [
        Receipt(
            whole.entry.replace(b'"s":1', b'"s":2'), whole.index, whole.proof, whole.checkpoint
        ),
        Receipt(whole.entry, whole.index + 1, whole.proof, whole.checkpoint),
        Receipt(whole.entry, whole.index, whole.proof[1:], whole.checkpoint),
        Receipt(whole.entry, whole.index, whole.proof, b"\n".join(false_root)),
    ]


def test_sigstore_accepts_receipts_of_the_demo_and_refuses_forged_ones(demo, receipts):
    assert sigstore_says(receipts, demo.verifier) == ["ACCEPTED"] * len(receipts)
    assert sigstore_says(forgeries(receipts[3]), demo.verifier) == ["REFUSED"] * 4


def test_openssl_accepts_receipts_of_the_demo_and_refuses_forged_ones(demo, receipts, tmp_path):
    vkey = demo.verifier.vkey
    assert all(openssl_accepts(one.encode(), vkey, tmp_path) for one in receipts)
    for forgery in forgeries(receipts[3]):
        assert not openssl_accepts(forgery.encode(), vkey, tmp_path)


# -- aics-tlog and aics-witness --


def test_aics_tlog_accepts_the_log_at_its_address(demo, receipts, tmp_path):
    leaf = tmp_path / "leaf"
    for receipt in receipts:
        leaf.write_bytes(receipt.entry)
        where = ("--tiles", demo.log, "--leaf", str(leaf), "--index", str(receipt.index))
        assert aics_accepts("verify-inclusion", *where, key=demo.verifier)
    leaf.write_bytes(receipts[3].entry.replace(b'"s":1', b'"s":2'))
    where = ("--tiles", demo.log, "--leaf", str(leaf), "--index", "3000")
    assert not aics_accepts("verify-inclusion", *where, key=demo.verifier)


def test_aics_tlog_refuses_damaged_tiles_and_a_rewritten_log(
    demo, mirror, damaged, forged, receipts, tmp_path
):
    leaf = tmp_path / "leaf"
    leaf.write_bytes(receipts[0].entry)
    where = ("--leaf", str(leaf), "--index", "0")
    copy = str(damaged("tile/0/000", 5))
    assert not aics_accepts("verify-inclusion", "--tiles", copy, *where, key=demo.verifier)
    growth = ("--old-checkpoint", str(mirror / "checkpoint"))
    assert aics_accepts("verify-consistency", "--tiles", demo.log, *growth, key=demo.verifier)
    assert not aics_accepts(
        "verify-consistency", "--tiles", str(forged), *growth, key=demo.verifier
    )


def test_a_foreign_witness_cosigns_what_is_served_and_refuses_a_fork(demo, forged):
    """The server asks it by itself. A fork gets 422, or 409 when the log has grown meanwhile."""
    if demo.witness is None:
        need(AICS)
    ends_at = time.monotonic() + SECONDS_MAX
    while True:
        opened = open_checkpoint(demo.get("checkpoint"), [demo.verifier], [demo.witness])
        if opened.witnesses or time.monotonic() > ends_at:
            break
        time.sleep(0.2)
    assert opened.witnesses
    policy = (demo.folder / "witnesses.txt").read_text()
    address = next(word for word in policy.split() if word.startswith("http"))
    fork = (forged / "checkpoint").read_bytes()
    size = open_checkpoint(fork, [demo.verifier]).checkpoint.size
    body = request_cosignature(size, [], fork).encode()
    request = urllib.request.Request(f"{address}/add-checkpoint", body)
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(request, timeout=30)
    with refusal.value as answer:
        assert answer.code in (409, 422)


# -- pabutools --

RECOUNT = r"""
import json, sys
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import greedy_utilitarian_welfare
from pabutools.tiebreaking import min_cost_tie_breaking

instance, profile = parse_pabulib(sys.argv[1])
result = greedy_utilitarian_welfare(
    instance, profile, sat_class=Cost_Sat, tie_breaking=min_cost_tie_breaking
)
print(json.dumps({"funded": sorted(one.name for one in result), "votes": len(profile)}))
"""


def pabutools_counts(file: Path) -> dict[str, object]:
    python = str(need(PABUTOOLS) / "bin" / "python")
    done = subprocess.run(
        [python, "-c", RECOUNT, str(file)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def fund_pack(demo, mirror) -> str:
    """Where the pack of the fund is: the one consultation with a pot."""
    for entry in entries_in(mirror):
        document = json.loads(entry)
        if document["t"] == "opened":
            pack = f"c/{document['c']}"
            if json.loads(demo.get(f"{pack}/manifest.json"))["slug"] == FUND:
                return pack
    raise AssertionError("the fund is not in the log")


def test_pabutools_recounts_the_served_ballots_to_the_published_result(demo, fund_pack, tmp_path):
    file = tmp_path / "ballots.pb"
    file.write_bytes(demo.get(f"{fund_pack}/ballots.pb"))
    [result] = json.loads(demo.get(f"{fund_pack}/result.json"))["results"].values()
    funded = sorted(result["outcome"]["funded"])
    assert pabutools_counts(file) == {"funded": funded, "votes": result["ballots"]}
    lines = file.read_text().splitlines()
    cut = lines[: lines.index("VOTES") + 200]
    file.write_text("\n".join(line.replace("num_votes;3180", "num_votes;198") for line in cut))
    assert pabutools_counts(file)["funded"] != funded, "it counts what is in the file"
