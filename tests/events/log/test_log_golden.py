"""Every format we write, pinned in `tests/golden/log`: a byte that moves breaks old receipts.

The files are made with keys and salts that only tests use. A pinned file is never rewritten; a
format that must change gets a new version with a file of its own.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from events.log.commitment import Opening, commit, parse_opening, tracker_of
from events.log.entry import decode_entry, encode_entry
from events.log.keys import parse_skey, parse_vkey
from events.log.proof import Receipt, parse_receipt
from events.log.signed_checkpoint import add_cosignatures, cosign, open_checkpoint
from events.log.witness import parse_request, request_cosignature
from tests.events.log.sample_logs import LOG_KEY, ORIGIN, WITNESS_KEY, ballot, stored_log

GOLDEN = Path(__file__).parents[2] / "golden" / "log"
WITNESS = WITNESS_KEY.verifier
SALT = hashlib.sha256(b"TEST salt").digest()

DOCUMENTS = [
    {"origin": ORIGIN, "t": "log.open", "v": 1},
    {"cm": commit(SALT, "ballot", b'["c","a"]'), "q": -3, "t": "ballot.cast", "v": 1},
    {"t": "result", "title": "Café — 3 €", "tie": None, "final": True, "order": [["a", "b"], "c"]},
]
ENTRIES = [encode_entry(document) for document in DOCUMENTS]
ENTRIES += [ballot(number) for number in range(len(ENTRIES), 600)]
LOG = stored_log(ENTRIES, batch=300)
CHECKPOINT = add_cosignatures(
    LOG.checkpoint(), cosign(LOG.checkpoint(), WITNESS_KEY, 1_790_000_000), WITNESS
)


def lines(*items: str) -> bytes:
    return "".join(f"{item}\n" for item in items).encode()


def openings() -> bytes:
    values = ['["c","a"]', '{"q1":3}', 'a "quote",\na line and Ł']
    classes = ["ballot", "answers", "text"]
    return b"".join(
        Opening(index, klass, SALT, value).line
        for index, (klass, value) in enumerate(zip(classes, values, strict=True))
    )


WRITTEN: dict[str, Callable[[], bytes]] = {
    "entries.ndjson": lambda: b"".join(entry + b"\n" for entry in ENTRIES[:5]),
    "openings.ndjson": openings,
    "commitments.txt": lambda: lines(
        *(commit(SALT, "ballot", value) for value in (b"", b"[]", b'["a","c"]'))
    ),
    "keys.txt": lambda: lines(
        LOG_KEY.skey, LOG_KEY.verifier.vkey, WITNESS_KEY.skey, WITNESS_KEY.verifier.vkey
    ),
    "roots.txt": lambda: lines(
        *(f"{size} {LOG.tree(size).root.hex()}" for size in (1, 2, 3, 255, 256, 257, 512, 600))
    ),
    "tiles.txt": lambda: lines(
        *(f"{path} {hashlib.sha256(data).hexdigest()}" for path, data in sorted(LOG.files.items()))
    ),
    "checkpoint.txt": lambda: CHECKPOINT,
    "receipt.tlog-proof": lambda: Receipt(
        ENTRIES[421], 421, tuple(LOG.tree().prove_inclusion(421)), CHECKPOINT
    ).encode(),
    "add-checkpoint.txt": lambda: request_cosignature(
        257, LOG.tree().prove_consistency(257), LOG.checkpoint()
    ).encode(),
}


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_what_is_written_today_is_what_was_pinned(name):
    assert WRITTEN[name]() == (GOLDEN / name).read_bytes()


def test_every_pinned_file_is_tested():
    assert {path.name for path in GOLDEN.iterdir()} == set(WRITTEN)


def test_what_was_pinned_can_still_be_read():
    for line in (GOLDEN / "entries.ndjson").read_bytes().splitlines():
        decode_entry(line)
    for line in (GOLDEN / "openings.ndjson").read_bytes().split(b"\n")[:-1]:
        parse_opening(line)
    keys = (GOLDEN / "keys.txt").read_text().splitlines()
    assert parse_skey(keys[0]).verifier == parse_vkey(keys[1])
    assert parse_skey(keys[2]).verifier == parse_vkey(keys[3])
    log, witness = parse_vkey(keys[1]), parse_vkey(keys[3])
    opened = open_checkpoint((GOLDEN / "checkpoint.txt").read_bytes(), [log], [witness])
    assert opened.checkpoint.size == 600
    receipt = parse_receipt((GOLDEN / "receipt.tlog-proof").read_bytes())
    assert receipt.verify([log], [witness]).checkpoint == opened.checkpoint
    assert parse_request((GOLDEN / "add-checkpoint.txt").read_bytes()).old_size == 257


def test_the_document_has_a_commitment_and_a_tracker_to_compare_with():
    document = (Path(__file__).parents[3] / "docs" / "log.md").read_text()
    salt, value = bytes(range(32)), b'{"order":["a","b"]}'
    assert f"`{tracker_of(salt)}`" in document
    assert f"`{commit(salt, 'B', value)}`" in document
    assert f"`{value.decode()}`" in document
