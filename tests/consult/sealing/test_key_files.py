"""The two files beside the log: its key, which is never replaced, and what was signed last."""

import os
import stat
import threading
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import pytest

from consult.config import Config
from consult.sealing import key as key_files
from consult.sealing.key import (
    SLOT_BYTES,
    KeyUnusable,
    Memory,
    MemoryLost,
    make_key,
    origin_of,
    read_key,
)
from events.log.keys import Algorithm, SignerKey, parse_skey
from events.log.leaf import EMPTY_ROOT
from events.log.merkle import TreeHead

NAME = "moot.example/log"


def head(size: int) -> TreeHead:
    return TreeHead(size, bytes([size % 256]) * 32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "folkmoot.log.key"


@pytest.fixture
def memory(path: Path) -> Memory:
    path.parent.mkdir()
    return Memory(path)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://moot.example", "moot.example/log"),
        ("https://moot.example/", "moot.example/log"),
        ("http://localhost:8000", "localhost:8000/log"),
    ],
)
def test_a_log_is_called_after_the_host_it_is_served_from(url, origin):
    assert origin_of(replace(Config(), public_url=url)) == origin


def test_a_key_is_made_once_for_its_owner_alone_and_read_again(path):
    assert read_key(path) is None
    made = make_key(path, NAME)
    assert (made.name, made.algorithm) == (NAME, Algorithm.ED25519)
    assert read_key(path) == made
    assert path.read_text() == f"{made.skey}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name], "nothing else is left"
    assert make_key(path, "another.example/log") == made, "a key is never replaced"
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert make_key(path.with_name("other.key"), NAME) != made


def test_of_many_who_make_it_at_once_all_get_the_same(path):
    start, got = threading.Barrier(8), []

    def make() -> None:
        start.wait()
        got.append(make_key(path, NAME))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(got) == 8
    assert len({made.skey for made in got}) == 1
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_key_and_a_memory_are_on_the_disk_before_they_are_used(path, monkeypatch):
    synced: list[int] = []
    for name in ("fsync", "fdatasync"):
        really = getattr(os, name)

        def note(file: int, _really=really) -> None:
            synced.append(os.fstat(file).st_ino)
            _really(file)

        monkeypatch.setattr(key_files.os, name, note)
    make_key(path, NAME)
    folder, key_file = path.parent.stat().st_ino, path.stat().st_ino
    assert synced == [key_file, folder], "the file, then the folder with its name"
    synced.clear()
    memory = Memory(path)
    memory.begin()
    memory_file = memory.path.stat().st_ino
    assert synced == [memory_file, folder]
    memory.begin()
    assert len(synced) == 2, "it is begun once"
    memory.remember(head(5))
    assert synced[2:] == [memory_file]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o610, 0o602, 0o777])
def test_a_key_that_others_can_reach_is_not_used(path, mode):
    make_key(path, NAME)
    path.chmod(mode)
    with pytest.raises(KeyUnusable) as told:
        read_key(path)
    assert str(told.value) == (
        f"The log's key file {path} cannot be used: other people can read it (chmod 600)."
    )


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_key_that_only_its_owner_reaches_is_used(path, mode):
    made = make_key(path, NAME)
    path.chmod(mode)
    assert read_key(path) == made


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\xfe", b"PRIVATE+KEY+x+y+z"])
def test_a_damaged_key_is_told_without_a_letter_of_it(path, content):
    make_key(path, NAME)
    path.write_bytes(content)
    with pytest.raises(KeyUnusable) as told:
        read_key(path)
    assert str(told.value).startswith(f"The log's key file {path} cannot be used: ")
    if content:
        assert content.decode("latin-1") not in str(told.value)


def test_a_folder_in_the_place_of_a_key_is_told(path):
    path.mkdir(parents=True)
    with pytest.raises(KeyUnusable, match="cannot be used: Is a directory"):
        read_key(path)


def test_a_key_with_spaces_around_it_is_the_same_key(path):
    made = make_key(path, NAME)
    path.write_text(f"\n  {made.skey}  \n\n")
    assert read_key(path) == made == parse_skey(made.skey)
    assert isinstance(made, SignerKey)


def test_what_was_signed_last_is_remembered_by_whoever_comes_next(path, memory):
    with pytest.raises(MemoryLost) as told:
        memory.recall()
    assert str(memory.path) in str(told.value)
    assert "consult seal --adopt" in str(told.value)
    memory.begin()
    assert memory.recall() == TreeHead(0, EMPTY_ROOT)
    for size in (1, 2, 3, 300, 301):
        memory.remember(head(size))
        assert memory.recall() == head(size)
        assert Memory(path).recall() == head(size)
        memory.begin()
        assert memory.recall() == head(size), "it is begun once"
    assert memory.path == path.with_suffix(".state")
    assert stat.S_IMODE(memory.path.stat().st_mode) == 0o600
    assert memory.path.stat().st_size == 2 * SLOT_BYTES == 512


def test_each_process_that_comes_next_writes_over_the_older_slot(path, memory):
    memory.begin()
    for size in range(1, 8):
        later = Memory(path)
        assert later.recall().size == size - 1
        later.remember(head(size))
        later.remember(head(size))
        assert Memory(path).recall() == head(size)
    slots = memory.path.read_bytes()
    for at in (0, SLOT_BYTES):
        line, _, check = slots[at : at + SLOT_BYTES].decode().rstrip().rpartition(" ")
        assert line == f"7 {head(7).root.hex()}"
        assert check == f"{crc32(line.encode()):08x}"


@pytest.mark.parametrize("cut", [0, 1, 40, 70, 80])
def test_a_write_that_was_cut_off_leaves_the_one_before(path, memory, cut):
    """The newer slot is broken at every kind of place; the older one stands."""
    memory.begin()
    memory.remember(head(1))
    memory.remember(head(2))
    data = bytearray(memory.path.read_bytes())
    [at] = [at for at in (0, SLOT_BYTES) if data[at : at + 2] == b"2 "]
    data[at + cut] ^= 1
    memory.path.write_bytes(data)
    assert Memory(path).recall() == head(1)
    data[SLOT_BYTES - at + 3] ^= 1
    memory.path.write_bytes(data)
    with pytest.raises(MemoryLost):
        Memory(path).recall()


@pytest.mark.parametrize("content", [b"", b"\0" * 512, b"\xff" * 512, b"3 zz 00000000\n", b"1\n"])
def test_a_memory_without_a_whole_slot_is_lost(path, memory, content):
    memory.path.write_bytes(content)
    with pytest.raises(MemoryLost):
        memory.recall()
