"""A file is there whole or not at all, and nothing of an attempt stays behind."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.store.private_files import write_whole


def test_a_file_is_written_whole_for_its_owner_alone(tmp_path: Path):
    write_whole(tmp_path / "file", [b"one ", b"two"])
    assert (tmp_path / "file").read_bytes() == b"one two"
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_what_breaks_off_leaves_what_was_there_and_no_part_of_the_new(
    tmp_path: Path, error: type[BaseException]
):
    def pieces() -> Iterator[bytes]:
        yield b"new " * 100_000
        raise error

    write_whole(tmp_path / "file", [b"old"])
    with pytest.raises(error):
        write_whole(tmp_path / "file", pieces())
    assert (tmp_path / "file").read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
