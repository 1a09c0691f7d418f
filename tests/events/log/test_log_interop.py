"""A log of 300 entries made by other programs, reproduced here byte for byte."""

import base64
import hashlib
import hmac
from typing import Any

import pytest

from events.log.append import load_edge
from events.log.bundle import encode_bundle, parse_bundle
from events.log.checkpoint import Checkpoint
from events.log.commitment import _message, parse_opening
from events.log.encoding import to_base64url
from events.log.entry import decode_entry, encode_entry
from events.log.errors import EdgeError
from events.log.merkle import TreeHead, verify_consistency, verify_entry
from events.log.note import parse_note
from events.log.proof import Receipt, parse_receipt
from events.log.signed_checkpoint import cosign, open_checkpoint, sign_checkpoint
from events.log.tiles import parse_path, tiles_of
from tests.events.log.published_vectors import SOURCES, unb64, vectors
from tests.events.log.sample_logs import LOG_KEY, ORIGIN, WITNESS_KEY, StoredLog


@pytest.fixture(scope="module", params=SOURCES)
def made(request) -> dict[str, Any]:
    """The log that the other software made."""
    return vectors("interop_log300", request.param)


@pytest.fixture(scope="module")
def entries(made) -> list[bytes]:
    return [text.encode() for text in made["entries_utf8"]]


@pytest.fixture(scope="module")
def log(entries) -> StoredLog:
    log = StoredLog()
    for start, end in ((0, 1), (1, 150), (150, 300)):
        log.add(entries[start:end])
    return log


def test_the_root_at_every_published_size_is_reproduced(made, entries):
    log = StoredLog()
    for number, entry in enumerate(entries, start=1):
        log.add([entry])
        if str(number) in made["roots_hex"]:
            assert log.edge.root.hex() == made["roots_hex"][str(number)]


def test_every_tile_and_bundle_is_reproduced(made, log):
    written = {path: hashlib.sha256(content).hexdigest() for path, content in log.files.items()}
    assert written == made["files_sha256"]
    assert {tile.path for tile in tiles_of(300)} <= set(written)
    for path in written:
        assert parse_path(path).path == path


def test_bundles_read_back_as_the_entries(entries, log):
    read = [
        entry
        for path in ("tile/entries/000", "tile/entries/001.p/44")
        for entry in parse_bundle(log.files[path], parse_path(path).width)
    ]
    assert read == entries
    assert encode_bundle(entries[:256]) == log.files["tile/entries/000"]


def test_every_entry_is_in_our_canonical_form(entries):
    for entry in entries:
        assert encode_entry(decode_entry(entry)) == entry


@pytest.mark.parametrize("size", [1, 150, 300])
def test_checkpoints_signed_with_the_same_keys_are_the_same_bytes(made, log, size):
    published = made["checkpoints"][str(size)].encode()
    checkpoint = Checkpoint(ORIGIN, size, log.tree(size).root)
    signed = sign_checkpoint(checkpoint, LOG_KEY)
    (witnessed,) = open_checkpoint(published, [LOG_KEY.verifier], [WITNESS_KEY.verifier]).witnesses
    assert witnessed.time is not None
    assert signed + cosign(signed, WITNESS_KEY, witnessed.time) == published
    assert parse_note(published).encode() == published


def test_the_keys_have_the_published_spelling(made):
    assert LOG_KEY.verifier.vkey == made["log_vkey"]
    assert WITNESS_KEY.verifier.vkey == made["witness_vkey"]


def test_inclusion_proofs_are_the_same_and_verify(made, entries, log):
    for case in made["inclusion"]:
        proof = log.tree(case["size"]).prove_inclusion(case["index"])
        assert [base64.b64encode(item).decode() for item in proof] == case["proof_b64"]
        head = TreeHead(case["size"], log.tree(case["size"]).root)
        verify_entry(case["index"], entries[case["index"]], proof, head)


def test_consistency_proofs_are_the_same_and_verify(made, entries):
    log = StoredLog()
    roots = {}
    for entry in entries:  # one at a time, so every size keeps its partial tiles
        log.add([entry])
        roots[log.edge.size] = log.edge.root
    for case in made["consistency"]:
        old, new = case["old"], case["new"]
        proof = log.tree(new).prove_consistency(old)
        assert proof == [unb64(text) for text in case["proof_b64"]]
        verify_consistency(TreeHead(old, roots[old]), TreeHead(new, roots[new]), proof)


def test_the_receipt_is_reproduced_and_verifies(made, entries, log):
    published = made["tlog_proof_298"].encode()
    checkpoint = made["checkpoints"]["300"].encode()
    proof = tuple(log.tree().prove_inclusion(298))
    assert Receipt(entries[298], 298, proof, checkpoint).encode() == published
    receipt = parse_receipt(published)
    opened = receipt.verify([LOG_KEY.verifier], [WITNESS_KEY.verifier])
    assert opened.checkpoint.size == 300
    assert [item.key for item in opened.witnesses] == [WITNESS_KEY.verifier]


def test_the_edge_is_read_back_and_a_damaged_one_is_refused(log):
    assert load_edge(log.edge.head, log.read) == log.edge
    for path in ("tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"):
        damaged = dict(log.files)
        damaged[path] = bytes((damaged[path][0] ^ 1,)) + damaged[path][1:]
        with pytest.raises(EdgeError):
            load_edge(log.edge.head, lambda tile, files=damaged: files[tile.path])


def test_openings_open_the_commitments_under_that_log_s_own_label(made, entries):
    label = made.get("label", "ccp/commit/v1").encode()
    for text in made["openings_ndjson"]:
        opening = parse_opening(text.encode())
        assert opening.line == text.encode() + b"\n"
        message = _message(opening.klass, opening.value.encode(), label)
        made = to_base64url(hmac.digest(opening.salt, message, "sha256"))
        commitment = decode_entry(entries[opening.index])["cm"]
        assert made == (commitment[opening.klass] if isinstance(commitment, dict) else commitment)
