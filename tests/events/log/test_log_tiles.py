"""Tiles: names, widths, and a tree grown from its edge that is the tree grown at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.log.append import Edge, append, load_edge
from events.log.bundle import encode_bundle, parse_bundle
from events.log.errors import EdgeError, EntryError, MalformedError
from events.log.leaf import HASH_BYTES, leaf_hash, leaf_hashes
from events.log.merkle import TreeHead, root_of, verify_consistency, verify_inclusion
from events.log.reader import TileTree
from events.log.tiles import (
    Tile,
    inclusion_tiles,
    parse_path,
    partial_bundle,
    right_edge,
    tiles_of,
)
from tests.events.log.sample_logs import StoredLog, ballot, stored_log


@given(st.integers(0, 7), st.integers(0, (2**63 - 1) // 256), st.integers(1, 256))
def test_a_tile_s_name_reads_back(level, index, width):
    tile = Tile(level, index, width)
    assert parse_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/0",
        "tile/0/1234",
        "tile/00/000",
        "tile/8/000",
        "tile/-1/000",
        "tile/0/x000/001",
        "tile/0/x001/x002/003/",
        "tile/0/001/002",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/07",
        "tile/0/000.p/300",
        "tile/0/000.P/3",
        "tile/entries/000.p",
        "tile/Entries/000",
        "tile/0/000\n",
        "tile/0/\u0660\u0660\u0660",
        "/tile/0/000",
        "tile/0/../000",
        "tile/0/x999/x999/x999/x999/x999/999",
    ],
)
def test_any_other_spelling_of_a_tile_is_refused(path):
    with pytest.raises(MalformedError):
        parse_path(path)


@pytest.mark.parametrize(
    ("size", "paths"),
    [
        (0, []),
        (1, ["tile/entries/000.p/1", "tile/0/000.p/1"]),
        (255, ["tile/entries/000.p/255", "tile/0/000.p/255"]),
        (256, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]),
        (
            257,
            [
                "tile/entries/000",
                "tile/0/000",
                "tile/entries/001.p/1",
                "tile/0/001.p/1",
                "tile/1/000.p/1",
            ],
        ),
    ],
)
def test_a_size_has_exactly_its_tiles(size, paths):
    assert [tile.path for tile in tiles_of(size)] == paths


def test_65_536_leaves_fill_a_tile_of_tiles():
    names = [tile.path for tile in tiles_of(65_536)]
    assert len(names) == 256 + 256 + 1 + 1
    assert names[-2:] == ["tile/1/000", "tile/2/000.p/1"]
    assert [tile.path for tile in right_edge(65_536)] == ["tile/2/000.p/1"]
    assert partial_bundle(65_536) is None


@pytest.mark.parametrize("size", [255, 256, 257, 65_535, 65_536, 65_537])
def test_a_log_of_a_critical_size_is_complete_and_provable(size):
    entries = [b"%d" % number for number in range(size)]
    log = stored_log(entries, batch=999)
    assert log.edge.root == root_of(leaf_hashes(entries)) == log.tree().root
    assert load_edge(log.edge.head, log.read) == log.edge
    assert {tile.path for tile in tiles_of(size)} <= set(log.files)
    for index in {0, 1, 254, 255, size // 2, size - 2, size - 1} & set(range(size)):
        proof = log.tree().prove_inclusion(index)
        verify_inclusion(index, leaf_hash(entries[index]), proof, log.edge.head)
        assert log.tree().entry(index) == entries[index]
    for old_size in {1, 254, 255, 256, size - 1, size} & set(range(1, size + 1)):
        old = TreeHead(old_size, log.tree(old_size).root)
        verify_consistency(old, log.edge.head, log.tree().prove_consistency(old_size))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=8))
def test_growing_in_batches_gives_the_tree_grown_at_once(batches):
    log, count = StoredLog(), 0
    for batch in batches:
        before = log.edge.size
        log.add([ballot(number) for number in range(before, before + batch)])
        count += batch
    at_once = append(Edge(), [ballot(number) for number in range(count)])
    assert log.edge == at_once.edge
    assert log.edge.root == root_of(at_once.leaf_hashes)
    assert all(log.files[tile.path] == content for tile, content in at_once.files)
    assert load_edge(log.edge.head, log.read) == log.edge


def test_appending_nothing_writes_nothing():
    edge = append(Edge(), [b"one"]).edge
    assert append(edge, []).files == ()
    assert append(edge, []).edge == edge


def test_an_older_size_is_proven_from_newer_tiles():
    log = stored_log([ballot(number) for number in range(700)], batch=700)
    for size in (1, 255, 300, 699):
        head = TreeHead(size, log.tree(size).root)
        verify_consistency(head, log.edge.head, log.tree().prove_consistency(size))
        proof = log.tree(size).prove_inclusion(size - 1)
        verify_inclusion(size - 1, leaf_hash(ballot(size - 1)), proof, head)


def test_an_edge_that_does_not_fit_its_size_is_refused():
    edge = append(Edge(), [b"one", b"two"]).edge
    with pytest.raises(EdgeError):
        Edge(3, edge.partials, edge.bundle)
    log = stored_log([b"one", b"two"])
    with pytest.raises(EdgeError):
        load_edge(TreeHead(2, b"x" * 32), log.read)
    with pytest.raises(EdgeError):
        load_edge(log.edge.head, lambda _: b"")


def test_an_edge_is_read_from_storage_that_a_crash_left_ahead():
    log = stored_log([ballot(number) for number in range(260)])
    before = log.edge
    log.add([ballot(number) for number in range(260, 400)])
    for tile in (*right_edge(260), partial_bundle(260)):
        del log.files[tile.path]
    log.files["tile/1/000.p/1"] = before.partials[1]
    assert load_edge(before.head, log.read) == before


def test_a_short_tile_is_refused_and_not_read_as_a_smaller_tree():
    log = stored_log([ballot(number) for number in range(300)])
    with pytest.raises(EdgeError):
        _ = TileTree(300, lambda tile: log.read(tile)[:-32]).root
    with pytest.raises(EdgeError):
        TileTree(300, lambda _: encode_bundle([b"only one"])).entry(299)


def test_an_entry_of_65_535_bytes_is_the_longest():
    longest = b"x" * 65_535
    assert parse_bundle(encode_bundle([longest, b""]), 2) == [longest, b""]
    with pytest.raises(EntryError):
        append(Edge(), [longest + b"x"])


@pytest.mark.parametrize(
    ("data", "width"),
    [
        (b"", 1),
        (b"\0", 1),
        (b"\0\x02a", 1),
        (b"\0\x01a", 2),
        (b"\0\x01a\0", 1),
        (b"\0\0" * 257, 257),
    ],
)
def test_a_bundle_that_is_cut_or_miscounted_is_refused(data, width):
    with pytest.raises(MalformedError):
        parse_bundle(data, width)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 700, 65_536, 65_793, 70_000])
def test_a_proof_reads_its_own_tiles_and_the_edge_and_no_others(size):
    read: list[Tile] = []

    class Zeros(TileTree):
        def __init__(self):
            super().__init__(size, lambda tile: read.append(tile) or bytes(HASH_BYTES * tile.width))

    for index in {0, size // 3, size - 1}:
        read.clear()
        Zeros().prove_inclusion(index)
        assert set(read) <= set(inclusion_tiles(index, size))
