"""Proofs of random trees hold, and nothing near them does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.log.errors import LogError, MalformedError, ProofError
from events.log.leaf import EMPTY_ROOT, leaf_hash
from events.log.merkle import (
    Subtree,
    TreeHead,
    in_memory,
    prove_consistency,
    prove_inclusion,
    prove_subtree,
    root_of,
    verify_consistency,
    verify_entry,
    verify_inclusion,
    verify_subtree,
    verify_subtree_inclusion,
)

LEAVES = [leaf_hash(b"%d" % number) for number in range(1_100)]
HASH_OF = in_memory(LEAVES)
SIZES = st.one_of(st.integers(1, 1_100), st.sampled_from([1, 2, 255, 256, 257, 511, 512, 513]))


@st.composite
def ordered(draw):
    size = draw(SIZES)
    return draw(st.integers(1, size)), size


def flipped(data: bytes, bit: int) -> bytes:
    at = bit // 8 % len(data)
    return data[:at] + bytes((data[at] ^ 1 << bit % 8,)) + data[at + 1 :]


def refused(check, *arguments) -> None:
    with pytest.raises(LogError):
        check(*arguments)


@settings(max_examples=150, deadline=None)
@given(ordered(), st.integers(0, 255), st.data())
def test_an_inclusion_proof_holds_for_its_leaf_and_for_nothing_near_it(pair, bit, data):
    number, size = pair
    index = number - 1
    head = TreeHead(size, HASH_OF(0, size))
    leaf, proof = LEAVES[index], prove_inclusion(index, size, HASH_OF)
    verify_inclusion(index, leaf, proof, head)
    refused(verify_inclusion, index, flipped(leaf, bit), proof, head)
    refused(verify_inclusion, index, leaf, proof, TreeHead(size, flipped(head.root, bit)))
    refused(verify_inclusion, index, leaf, [*proof, proof[0] if proof else leaf], head)
    other = data.draw(st.integers(0, size + 2))
    if other != index:
        refused(verify_inclusion, other, leaf, proof, head)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        changed = [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]]
        refused(verify_inclusion, index, leaf, changed, head)
        refused(verify_inclusion, index, leaf, proof[:at] + proof[at + 1 :], head)


@settings(max_examples=150, deadline=None)
@given(ordered(), st.integers(0, 255), st.data())
def test_a_consistency_proof_holds_for_its_trees_and_for_nothing_near_them(pair, bit, data):
    old_size, size = pair
    old = TreeHead(old_size, HASH_OF(0, old_size))
    new = TreeHead(size, HASH_OF(0, size))
    proof = prove_consistency(old_size, size, HASH_OF)
    verify_consistency(old, new, proof)
    refused(verify_consistency, TreeHead(old_size, flipped(old.root, bit)), new, proof)
    refused(verify_consistency, old, TreeHead(size, flipped(new.root, bit)), proof)
    refused(verify_consistency, old, new, [*proof, old.root])
    other = data.draw(st.integers(0, size))
    if other != old_size:
        refused(verify_consistency, TreeHead(other, old.root), new, proof)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        changed = [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]]
        refused(verify_consistency, old, new, changed)
        refused(verify_consistency, old, new, proof[:at] + proof[at + 1 :])


@settings(max_examples=150, deadline=None)
@given(ordered(), st.integers(0, 10), st.integers(0, 255), st.data())
def test_a_subtree_proof_holds_for_its_subtree_and_nothing_else(pair, height, bit, data):
    number, size = pair
    start = (number - 1) >> height << height
    end = min(size, start + data.draw(st.integers(1, 1 << height)))
    if start % (1 << (end - start - 1).bit_length()):
        end = start + 1
    head = TreeHead(size, HASH_OF(0, size))
    subtree = Subtree(start, end, HASH_OF(start, end))
    proof = prove_subtree(start, end, size, HASH_OF)
    verify_subtree(subtree, proof, head)
    refused(verify_subtree, Subtree(start, end, flipped(subtree.root, bit)), proof, head)
    index = data.draw(st.integers(start, end - 1))
    inside = prove_inclusion(index - start, end - start, lambda a, b: HASH_OF(start + a, start + b))
    verify_subtree_inclusion(index, LEAVES[index], inside, subtree)
    refused(verify_subtree_inclusion, index, flipped(LEAVES[index], bit), inside, subtree)
    refused(verify_subtree_inclusion, start - 1, LEAVES[index], inside, subtree)


def test_an_entry_is_hashed_as_a_leaf_so_a_node_cannot_pass_for_one():
    left, right = LEAVES[:2]
    root = root_of([left, right])
    verify_entry(0, b"0", [right], TreeHead(2, root))
    refused(verify_entry, 0, b"\x01" + left + right, [], TreeHead(1, root))


def test_the_empty_tree_proves_nothing():
    empty = TreeHead(0, EMPTY_ROOT)
    refused(verify_inclusion, 0, LEAVES[0], [], empty)
    refused(verify_consistency, empty, empty, [])
    refused(verify_consistency, empty, TreeHead(1, LEAVES[0]), [])
    with pytest.raises(ProofError):
        prove_consistency(0, 5, HASH_OF)
    with pytest.raises(ProofError):
        prove_inclusion(5, 5, HASH_OF)


@pytest.mark.parametrize("number", [-1, 2**63, True, 1.0, "1", None])
def test_numbers_outside_the_format_are_refused(number):
    with pytest.raises(MalformedError):
        verify_inclusion(number, LEAVES[0], [], TreeHead(1, LEAVES[0]))
    with pytest.raises(MalformedError):
        verify_inclusion(0, LEAVES[0], [], TreeHead(number, LEAVES[0]))


@pytest.mark.parametrize("hashed", [b"", b"short", b"x" * 31, b"x" * 33, "x" * 32, None])
def test_anything_but_32_bytes_is_not_a_hash(hashed):
    head = TreeHead(2, root_of(LEAVES[:2]))
    for leaf, proof, root in (
        (hashed, [LEAVES[1]], head.root),
        (LEAVES[0], [hashed], head.root),
        (LEAVES[0], [LEAVES[1]], hashed),
    ):
        with pytest.raises(MalformedError):
            verify_inclusion(0, leaf, proof, TreeHead(2, root))
