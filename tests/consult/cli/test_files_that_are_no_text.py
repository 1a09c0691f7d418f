"""A file that is no text is refused in words by every command that reads one."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from consult.cli import main
from consult.cli.encodings import TEXT_BYTES_MAX
from tests.builders import RANKING, consultation

NO_TEXT = "Môn;12\n".encode("cp1252") * 3


@pytest.fixture
def run(services, database_url, monkeypatch) -> Any:
    consultation(services, RANKING)
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", database_url)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.parametrize("words", [("desks", "riverside"), ("lot", "riverside", "--round")])
@pytest.mark.parametrize(
    ("content", "reason"),
    [(NO_TEXT, "no UTF-8 text"), (b"1\n" * TEXT_BYTES_MAX, "larger than 10,000,000 bytes")],
    ids=["windows", "large"],
)
def test_it_is_named_with_what_to_do(services, run, tmp_path: Path, words, content, reason):
    (tmp_path / "register.txt").write_bytes(content)
    head = services.record.head()
    done = run(*words, tmp_path / "register.txt")
    assert done.exit_code == 1
    assert f"register.txt is {reason}, so nothing was done. Save it as UTF-8" in done.stderr
    assert services.record.head() == head


def test_a_register_with_a_byte_order_mark_and_any_line_ends_is_read(run, tmp_path: Path):
    (tmp_path / "register.txt").write_bytes(b"\xef\xbb\xbfLIB 1\r\nLIB 2\nLIB 3")
    done = run("desks", "riverside", tmp_path / "register.txt")
    assert done.exit_code == 0, done.output
    assert [f"line {n}: no answers" in done.stdout for n in (1, 2, 3, 4)] == [True] * 3 + [False]
