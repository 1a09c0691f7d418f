"""Software that is not ours, and shares no code with us, accepts our log and refuses forgeries."""

import urllib.error
import urllib.request
from functools import cache
from pathlib import Path

import pytest

from events.log.proof import Receipt
from events.log.signed_checkpoint import add_cosignatures, open_checkpoint
from events.log.witness import origin_directory, parse_size, request_cosignature
from tests.events.log.independent_tools import (
    aics_accepts,
    aics_witness,
    go_check_kept,
    go_says,
    sigstore_says,
)
from tests.events.log.sample_logs import (
    FORGED_ENTRY,
    LOG_KEY,
    ORIGIN,
    StoredLog,
    ballot,
    stored_log,
)

SIZE, OLD_SIZE = 70_000, 511
VKEY = LOG_KEY.verifier.vkey

pytestmark = pytest.mark.slow


@cache
def our_log() -> StoredLog:
    return stored_log([ballot(number) for number in range(SIZE)], batch=7_000)


def write(log: StoredLog, folder: Path) -> Path:
    for name, content in {**log.files, "checkpoint": log.checkpoint()}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def change(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


@pytest.fixture
def folder(tmp_path) -> Path:
    return write(our_log(), tmp_path / "log")


TAMPERED = [
    ("tile/0/000", 5),
    ("tile/0/273.p/112", 3_000),
    ("tile/1/000", 40),
    ("tile/2/000.p/1", 0),
    ("tile/entries/000", 30),
    ("tile/entries/273.p/112", 100),
    ("checkpoint", 40),
]


@pytest.fixture(scope="session")
def go_check() -> str:
    return go_check_kept()


def go_verdict(go_check: str, folder: Path) -> str:
    return go_says(go_check, folder, VKEY, OLD_SIZE, our_log().tree(OLD_SIZE).root)


def test_go_s_checksum_database_accepts_our_log(go_check, folder):
    assert go_verdict(go_check, folder) == f"ACCEPTED {SIZE}\n"


@pytest.mark.parametrize(("name", "at"), TAMPERED)
def test_go_s_checksum_database_refuses_a_changed_byte(go_check, folder, name, at):
    change(folder / name, at)
    assert go_verdict(go_check, folder).startswith("REFUSED")


def test_go_s_checksum_database_refuses_a_log_rewritten_and_signed_again(go_check, tmp_path):
    entries = [ballot(number) for number in range(SIZE)]
    entries[300] = FORGED_ENTRY
    folder = write(stored_log(entries, batch=7_000), tmp_path / "forged")
    assert go_verdict(go_check, folder).startswith("REFUSED: growth")


def sigstore_verdicts(receipts: list[Receipt]) -> list[str]:
    return sigstore_says(receipts, LOG_KEY.verifier)


def receipt_for(index: int) -> Receipt:
    proof = tuple(our_log().tree().prove_inclusion(index))
    return Receipt(ballot(index), index, proof, our_log().checkpoint())


def test_sigstore_s_verifier_accepts_our_receipts():
    indexes = [0, 1, 255, 256, 65_535, 65_536, SIZE - 1]
    verdicts = sigstore_verdicts([receipt_for(index) for index in indexes])
    assert verdicts == ["ACCEPTED"] * len(indexes)


def test_sigstore_s_verifier_refuses_forged_receipts():
    whole = receipt_for(12_345)
    index, proof, checkpoint = whole.index, whole.proof, whole.checkpoint
    forged = [
        Receipt(FORGED_ENTRY, index, proof, checkpoint),
        Receipt(whole.entry, index + 1, proof, checkpoint),
        Receipt(whole.entry, index, proof[::-1], checkpoint),
        Receipt(whole.entry, index, proof[1:], checkpoint),
        Receipt(whole.entry, index, proof, checkpoint.replace(b"\n70000\n", b"\n70001\n")),
        Receipt(whole.entry, index, proof, checkpoint.replace(b"/log\n", b"/lag\n", 1)),
    ]
    assert sigstore_verdicts(forged) == ["REFUSED"] * len(forged)


def aics_verdict(*arguments: str) -> bool:
    return aics_accepts(*arguments, key=LOG_KEY.verifier)


def aics_inclusion(folder: Path, index: int, entry: bytes) -> bool:
    leaf = folder.parent / "leaf"
    leaf.write_bytes(entry)
    where = ("--tiles", str(folder), "--leaf", str(leaf), "--index", str(index))
    return aics_verdict("verify-inclusion", *where)


@pytest.mark.parametrize("index", [0, 255, 256, 69_999])
def test_aics_tlog_finds_our_entries_in_our_tiles(folder, index):
    assert aics_inclusion(folder, index, ballot(index))
    assert not aics_inclusion(folder, index, FORGED_ENTRY)


def test_aics_tlog_accepts_our_growth_and_refuses_a_rewritten_log(folder, tmp_path):
    older = stored_log([ballot(number) for number in range(OLD_SIZE)])
    saved = tmp_path / "older"
    saved.write_bytes(older.checkpoint())
    where = ("verify-consistency", "--tiles", str(folder), "--old-checkpoint", str(saved))
    assert aics_verdict(*where)
    forged = stored_log([*(ballot(number) for number in range(OLD_SIZE - 1)), FORGED_ENTRY])
    saved.write_bytes(forged.checkpoint())
    assert not aics_verdict(*where)


def test_aics_tlog_refuses_changed_tiles_and_checkpoints(folder):
    change(folder / "tile/0/273.p/112", 3_000)
    assert not aics_inclusion(folder, SIZE - 1, ballot(SIZE - 1))
    change(folder / "checkpoint", 40)
    assert not aics_verdict("verify-checkpoint", "--tiles", str(folder))


@pytest.fixture
def witness(tmp_path):
    """A running witness that trusts our log: its address and its verifier key."""
    with aics_witness(tmp_path, ORIGIN, VKEY) as running:
        yield running


def ask(address: str, old_size: int, log: StoredLog) -> tuple[int, bytes]:
    proof = log.tree().prove_consistency(old_size) if old_size else []
    body = request_cosignature(old_size, proof, log.checkpoint()).encode()
    request = urllib.request.Request(f"{address}/add-checkpoint", body)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read()


def test_aics_witness_cosigns_our_growth_and_refuses_our_fork(witness):
    address, key = witness
    small = stored_log([ballot(number) for number in range(500)])
    large = stored_log([ballot(number) for number in range(1_000)])
    fork = stored_log([*(ballot(number) for number in range(999)), FORGED_ENTRY])

    status, answer = ask(address, 0, small)
    assert status == 200
    cosigned = add_cosignatures(small.checkpoint(), answer, key)
    assert open_checkpoint(cosigned, [LOG_KEY.verifier], [key]).witnesses

    status, answer = ask(address, 0, large)
    assert (status, parse_size(answer)) == (409, 500)
    status, answer = ask(address, 500, large)
    assert status == 200
    assert ask(address, 1_000, fork)[0] == 422

    place = f"{address}/{origin_directory(ORIGIN)}/checkpoint"
    with urllib.request.urlopen(place, timeout=30) as served:
        opened = open_checkpoint(served.read(), [LOG_KEY.verifier], [key])
    assert opened.checkpoint.head == large.edge.head
    assert opened.witnesses
