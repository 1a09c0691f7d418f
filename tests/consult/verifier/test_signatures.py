"""Signatures, trees and tiles of the verifier against published vectors and the product."""

import hashlib
import json
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consult.verifier import folkmoot_verify as verify
from events.log.append import Edge, append
from events.log.keys import HAS_MLDSA, Algorithm
from events.log.merkle import in_memory, prove_consistency, prove_inclusion
from events.log.policy import parse_policy
from tests.consult.verifier.verifier_logs import LOG_KEY, WITNESS, Memory, World, key_of, signed
from tests.events.log.published_vectors import of_each_source, vectors


def test_plain_python_judges_signatures_as_the_library_does():
    chance = random.Random(1)
    for _ in range(12):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        public = private.public_key().public_bytes_raw()
        message = chance.randbytes(chance.randrange(80))
        signature = private.sign(message)
        assert verify.plain_ed25519(public, message, signature)
        assert verify.ed25519_holds(public, message, signature)
        for changed in (
            (public, message + b"x", signature),
            (public, message, bytes([signature[0] ^ 1]) + signature[1:]),
            (public, message, signature[:40] + bytes([signature[40] ^ 4]) + signature[41:]),
            (bytes([public[0] ^ 1]) + public[1:], message, signature),
            (public, message, signature[:-1]),
        ):
            assert not verify.plain_ed25519(*changed)
            assert not verify.ed25519_holds(*changed)


def test_a_signature_with_a_scalar_out_of_range_is_refused():
    """Otherwise one signature could be spelled in two ways (RFC 8032, 5.1.7)."""
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"x")
    scalar = int.from_bytes(signature[32:], "little") + verify._ORDER
    doubled = signature[:32] + scalar.to_bytes(32, "little")
    assert not verify.plain_ed25519(public, b"x", doubled)
    assert not verify.ed25519_holds(public, b"x", doubled)


@of_each_source
def test_key_lines_are_read_as_published(source):
    known = vectors("signed_note", source)
    for line in known["vkeys_ok"] + [one["vkey"] for one in known["valid"]]:
        assert verify.Key(line).line == line
    for line, _ in known["vkeys_bad"]:
        with pytest.raises(verify.Misused):
            verify.Key(line)


@of_each_source
def test_the_published_log_and_its_receipt_hold(source):
    log = vectors("interop_log300", source)
    trust = verify.Trust()
    trust._add_log(verify.Key(log["log_vkey"]))
    witness = verify.Key(log["witness_vkey"])
    for size, text in log["checkpoints"].items():
        checkpoint = verify.Checkpoint(text.encode())
        assert checkpoint.size == int(size)
        assert checkpoint.by(trust.logs[0]) == (True, None)
        assert checkpoint.by(witness)[0]
    receipt = verify.Receipt(log["tlog_proof_298"].encode())
    leaf = verify.leaf_of(receipt.entry)
    root = verify.inclusion_root(receipt.index, 300, leaf, receipt.proof)
    assert root == verify.Checkpoint(receipt.note).root
    leaves = [verify.leaf_of(entry.encode()) for entry in log["entries_utf8"]]
    for size, root in log["roots_hex"].items():
        assert verify.top_of(leaves[: int(size)]).hex() == root
    for case in log["inclusion"]:
        proof = [verify.thirty_two(line, "") for line in case["proof_b64"]]
        index, size = case["index"], case["size"]
        root = verify.inclusion_root(index, size, leaves[index], proof)
        assert root == verify.top_of(leaves[:size])


@of_each_source
def test_the_openings_of_the_published_log_open_under_their_own_label_only(source):
    log = vectors("interop_log300", source)
    ours = log.get("label") == "folkmoot/commit/v1"
    for line in log["openings_ndjson"][:20]:
        opening = json.loads(line)
        made = json.loads(log["entries_utf8"][opening["i"]])["cm"]
        commitment = made[opening["k"]] if isinstance(made, dict) else made
        held = verify.unbase64url(commitment, "the commitment")
        assert verify.opens(held, opening["s"], opening["k"], opening["x"]) == ours
        assert not verify.opens(held, opening["s"], opening["k"], opening["x"] + " ")


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 31, 64, 100])
def test_every_proof_of_the_product_holds_and_no_other(size):
    leaves = [hashlib.sha256(b"%d" % n).digest() for n in range(size)]
    hashes = in_memory(leaves)
    root = verify.top_of(leaves)
    new = head(size, root)
    for index in range(size):
        proof = prove_inclusion(index, size, hashes)
        assert verify.inclusion_root(index, size, leaves[index], proof) == root
        for broken in (proof[:-1], [*proof, bytes(32)], [bytes(32), *proof[1:]]):
            if broken != proof:
                assert not leads(index, size, leaves[index], broken, root)
    for old_size in range(1, size + 1):
        proof = prove_consistency(old_size, size, hashes)
        verify.consistent(head(old_size, verify.top_of(leaves[:old_size])), new, proof)
        with pytest.raises(verify.Wrong):
            verify.consistent(head(old_size, bytes(32)), new, proof)
        with pytest.raises(verify.Wrong):
            verify.consistent(
                head(old_size, verify.top_of(leaves[:old_size])), new, [*proof, bytes(32)]
            )


def leads(index: int, size: int, leaf: bytes, proof: list[bytes], root: bytes) -> bool:
    try:
        return verify.inclusion_root(index, size, leaf, proof) == root
    except verify.Wrong:
        return False


class head:  # noqa: N801 - as short as what it stands for
    def __init__(self, size: int, root: bytes) -> None:
        self.size, self.root = size, root


@pytest.mark.parametrize(
    ("old", "size"), [(1, 300), (255, 257), (256, 700), (299, 300), (512, 1025)]
)
def test_growth_is_proven_from_tiles(old, size):
    entries = [b"%d" % n for n in range(size)]
    files = {tile.path: content for tile, content in append(Edge(), entries).files}
    leaves = [verify.leaf_of(entry) for entry in entries]
    tree = verify.TileTree(Memory(files), size)
    assert tree.consistency(old) == prove_consistency(old, size, in_memory(leaves))
    before = head(old, verify.top_of(leaves[:old]))
    verify.consistent(before, head(size, verify.top_of(leaves)), tree.consistency(old))


@of_each_source
def test_tiles_lie_where_the_specification_says(source):
    assert verify.tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    for number, path in vectors("tiles", source)["paths"].items():
        if path.count("/") < 3:
            assert verify.tile_path(3, int(number)) == f"tile/3/{path}"


@pytest.mark.skipif(not HAS_MLDSA, reason="the library here has no ML-DSA")
def test_a_cosignature_with_the_newer_algorithm_is_checked_too():
    witness = key_of("later", "later.example/w", Algorithm.MLDSA_COSIGNATURE)
    edge = append(Edge(), World().entries).edge
    checkpoint = verify.Checkpoint(signed(edge, LOG_KEY, [witness, WITNESS]))
    key = verify.Key(witness.verifier.vkey)
    assert checkpoint.by(key)[0]
    checkpoint.root = bytes(32)
    with pytest.raises(verify.Wrong):
        checkpoint.by(key)


LOG_LINE = f"log {LOG_KEY.verifier.vkey}\n"
WITNESS_LINE = f"witness a {WITNESS.verifier.vkey}"


@pytest.mark.parametrize(
    "lines",
    [
        "quorum none\n",
        f"{WITNESS_LINE} https://w.example\nquorum a\n",
        f"{WITNESS_LINE}\ngroup g any a\nquorum g\n",
        f"{WITNESS_LINE}\ngroup g 1 a\ngroup h all g\nquorum h\n",
    ],
)
def test_policies_mean_what_they_mean_to_the_product(tmp_path, lines):
    known = parse_policy(f"{LOG_LINE}{lines}".encode())
    path = tmp_path / "policy"
    path.write_text(f"# ours\n{LOG_LINE}{lines}")
    trust = verify.Trust.read(policy_file=path)
    assert trust.is_met({}) == known.is_met([])
    assert trust.is_met({"a": 1}) == known.is_met([WITNESS.verifier])
