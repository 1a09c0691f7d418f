"""Merkle roots and proofs: create and verify inclusion, consistency and subtree proofs.

Every proof is one walk from the root of a tree of `size` leaves down to the range `[start, end)`
that it proves: one leaf for inclusion, the old tree for consistency, a subtree otherwise. The
walk says which sibling ranges the proof carries and on which side each is joined. RFC 9162
sections 2.1.3 and 2.1.4; subtrees as in draft-ietf-plants-merkle-tree-certs.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple

from events.log.encoding import SIZE_MAX
from events.log.errors import MalformedError, ProofError
from events.log.leaf import EMPTY_ROOT, leaf_hash, node_hash, require_hash

RangeHash = Callable[[int, int], bytes]  # root of the leaves [start, end)
NodeHash = Callable[[int, int], bytes]  # root of the perfect subtree (height, index)


class TreeHead(NamedTuple):
    """The size and root of a tree: `size` leaves under a `root` of 32 bytes."""

    size: int
    root: bytes


class Subtree(NamedTuple):
    """The leaves `[start, end)` under a `root` of 32 bytes."""

    start: int
    end: int
    root: bytes


class _Join(Enum):
    """The side on which a sibling is joined to the range."""

    RIGHT = "right of the range"
    LEFT = "left of the range"
    PART = "the left part of the range itself"


_Step = tuple[_Join, int, int]  # how to join, and the sibling's own range


def split(size: int) -> int:
    """Return the largest power of two below `size`: where RFC 6962 divides a tree."""
    assert size > 1
    return 1 << (size - 1).bit_length() - 1


def perfect_parts(start: int, end: int) -> list[tuple[int, int]]:
    """Return the perfect subtrees `(height, index)` that make up `[start, end)`, largest first."""
    parts = []
    while start < end:
        height = (end - start).bit_length() - 1
        assert start % (1 << height) == 0, "not a range of the tree"
        parts.append((height, start >> height))
        start += 1 << height
    return parts


def range_hash(start: int, end: int, node: NodeHash) -> bytes:
    """Return the root of the leaves `[start, end)`, computed from perfect subtrees."""
    if start == end:
        return EMPTY_ROOT
    parts = [node(height, index) for height, index in perfect_parts(start, end)]
    root = parts.pop()
    while parts:
        root = node_hash(parts.pop(), root)
    return root


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes held in memory; the empty tree hashes to `SHA-256("")`."""
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        odd = [level.pop()] if len(level) % 2 else []
        pairs = iter(level)
        level = [node_hash(left, right) for left, right in zip(pairs, pairs, strict=True)] + odd
    return level[0]


def in_memory(hashes: Sequence[bytes]) -> RangeHash:
    """Return a RangeHash over leaf hashes held in memory, for tests and short logs."""
    return lambda start, end: root_of(hashes[start:end])


def prove_inclusion(index: int, size: int, hash_of: RangeHash) -> list[bytes]:
    """Return the sibling hashes that prove leaf `index` in a tree of `size` leaves, lowest first.

    Raises ProofError when the leaf is not in a tree of that size.
    """
    _require_index(index, size)
    return _prove(index, index + 1, size, hash_of)


def prove_consistency(old_size: int, size: int, hash_of: RangeHash) -> list[bytes]:
    """Return the hashes that prove that the tree of `old_size` leaves is a prefix of `size`.

    Raises ProofError for an old size of 0 (anything extends an empty log, so there is nothing
    to prove) or one above `size`.
    """
    _require_old_size(old_size, size)
    return _prove(0, old_size, size, hash_of)


def prove_subtree(start: int, end: int, size: int, hash_of: RangeHash) -> list[bytes]:
    """Return the hashes that prove the subtree `[start, end)` in the tree of `size` leaves.

    Raises ProofError when `[start, end)` is not a subtree.
    """
    _require_subtree(start, end, size)
    return [] if start == end else _prove(start, end, size, hash_of)


def verify_inclusion(index: int, leaf: bytes, proof: Sequence[bytes], head: TreeHead) -> None:
    """Check that the leaf hash `leaf` is at `index` of the tree.

    Raises ProofError when the proof fails, MalformedError for hashes that are not 32 bytes.
    """
    _require_index(index, head.size)
    _verify(Subtree(index, index + 1, leaf), proof, head)


def verify_entry(index: int, entry: bytes, proof: Sequence[bytes], head: TreeHead) -> None:
    """Check that the bytes `entry` are at `index` of the tree; errors as for inclusion."""
    verify_inclusion(index, leaf_hash(entry), proof, head)


def verify_consistency(old: TreeHead, new: TreeHead, proof: Sequence[bytes]) -> None:
    """Check that the tree `old` is a prefix of the tree `new`.

    Raises ProofError when the proof fails, and for an old size of 0; MalformedError for hashes
    that are not 32 bytes.
    """
    _require_old_size(old.size, new.size)
    _verify(Subtree(0, old.size, old.root), proof, new)


def verify_subtree(subtree: Subtree, proof: Sequence[bytes], head: TreeHead) -> None:
    """Check that `subtree` is part of the tree.

    The empty subtree is part of every tree and needs no proof. Errors as for consistency.
    """
    _require_subtree(subtree.start, subtree.end, head.size)
    if subtree.start < subtree.end:
        _verify(subtree, proof, head)
        return
    require_hash(head.root, "The root")
    if require_hash(subtree.root, "The subtree root") != EMPTY_ROOT or proof:
        raise ProofError("An empty subtree has the empty root and an empty proof.")


def verify_subtree_inclusion(
    index: int, leaf: bytes, proof: Sequence[bytes], subtree: Subtree
) -> None:
    """Check that `leaf` is at the whole tree's `index`, by a proof that ends at `subtree`."""
    start, end, root = subtree
    _require_subtree(start, end, end)
    if index < start:
        raise ProofError(f"Leaf {index} is not in [{start}, {end}).")
    verify_inclusion(index - start, leaf, proof, TreeHead(end - start, root))


def _walk(start: int, end: int, size: int) -> tuple[list[_Step], tuple[int, int] | None]:
    """Return the joins from the range outwards, and the innermost range if the proof carries it.

    The innermost range is not carried when it is the whole of `[start, end)`: the verifier
    already holds that hash.
    """
    low, high = 0, size
    steps: list[_Step] = []
    whole = True
    while (start, end) != (low, high):
        middle = low + split(high - low)
        if end <= middle:
            steps.append((_Join.RIGHT, middle, high))
            high = middle
        elif start >= middle:
            steps.append((_Join.LEFT, low, middle))
            low = middle
        else:
            assert start == low, "a subtree that spans the middle begins at the left"
            steps.append((_Join.PART, low, middle))
            start = low = middle
            whole = False
    steps.reverse()
    return steps, None if whole else (low, high)


def _prove(start: int, end: int, size: int, hash_of: RangeHash) -> list[bytes]:
    steps, innermost = _walk(start, end, size)
    first = [] if innermost is None else [hash_of(*innermost)]
    return first + [hash_of(low, high) for _, low, high in steps]


def _verify(subtree: Subtree, proof: Sequence[bytes], head: TreeHead) -> None:
    require_hash(subtree.root, "The hash to be shown")
    require_hash(head.root, "The root")
    steps, innermost = _walk(subtree.start, subtree.end, head.size)
    expected = len(steps) + (innermost is not None)
    if len(proof) != expected:
        raise ProofError(f"The proof has {len(proof)} hashes where {expected} are needed.")
    hashes = iter([require_hash(item, "A proof hash") for item in proof])
    part = whole = subtree.root if innermost is None else next(hashes)
    for join, _, _ in steps:
        sibling = next(hashes)
        if join is _Join.RIGHT:
            whole = node_hash(whole, sibling)
            continue
        whole = node_hash(sibling, whole)
        if join is _Join.PART:
            part = node_hash(sibling, part)
    if part != subtree.root or whole != head.root:
        raise ProofError("The proof leads to another root.")


def _require_sizes(*numbers: int) -> None:
    for number in numbers:
        if type(number) is not int or not 0 <= number <= SIZE_MAX:
            raise MalformedError("An index or size is not a whole number from 0 to 2^63-1.")


def _require_index(index: int, size: int) -> None:
    _require_sizes(index, size)
    if index >= size:
        raise ProofError(f"There is no leaf {index} in a tree of {size} leaves.")


def _require_old_size(old_size: int, size: int) -> None:
    _require_sizes(old_size, size)
    if not 1 <= old_size <= size:
        raise ProofError(f"A tree of {old_size} leaves is not before one of {size} leaves.")


def _require_subtree(start: int, end: int, size: int) -> None:
    """Check that a subtree starts at a multiple of the power of two at or above its width."""
    _require_sizes(start, end, size)
    if not start <= end <= size:
        raise ProofError(f"[{start}, {end}) is not a range in a tree of {size} leaves.")
    if start < end and start % (1 << (end - start - 1).bit_length()):
        raise ProofError(f"[{start}, {end}) is not a subtree.")
