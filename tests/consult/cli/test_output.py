"""What commands write is whole or not there, readable by its owner alone, and refused in words."""

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consult.cli import main
from consult.cli.output import FileNotMade, written_to
from tests.builders import close_consultation, consultation, question
from tests.conftest import only
from tests.consult.cli.test_votes import SMALL

RANKED = question("order", "ranking", "Which first?", "Park", "Quay")


@pytest.fixture
def consult(services, monkeypatch):
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", services.config.database_url)

    def run(*words: object) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words])

    return run


@pytest.fixture
def small(consult, tmp_path: Path) -> str:
    """An imported fund, by its short name."""
    file = tmp_path / "small.pb"
    file.write_text(SMALL)
    slug: str = json.loads(consult("import", file, "--json").stdout)["slug"]
    return slug


def process(*words: str, **how: object) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, whose output is a real one."""
    return subprocess.run(
        [sys.executable, "-m", "consult.cli", *words],
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
        **how,
    )


def named(words: tuple[str, ...], slug: str) -> list[str]:
    return [slug if word == "SLUG" else word for word in words]


def test_a_refused_export_leaves_the_file_that_was_there(services, consult, tmp_path: Path):
    about = consultation(services, RANKED)
    close_consultation(services, about.id)
    kept = tmp_path / "keep.pb"
    kept.write_text("precious")
    done = consult("export", about.slug, "--format", "pabulib", "--output", kept)
    assert done.exit_code == 1
    assert "cannot be written as a Pabulib file" in done.stderr
    assert kept.read_text() == "precious"
    assert list(tmp_path.glob("keep.pb.*")) == []


@pytest.mark.parametrize("format", ["pabulib", "csv", "json", "xlsx"])
def test_an_exported_file_is_for_its_owner_alone_whatever_was_there(
    consult, small, tmp_path: Path, format: str
):
    file = tmp_path / "votes"
    file.write_text("old")
    file.chmod(0o644)
    before = os.umask(0o022)
    try:
        done = consult("export", small, "--format", format, "--output", file)
    finally:
        os.umask(before)
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() != b"old"


def test_a_link_stays_a_link_to_what_was_written(consult, small, tmp_path: Path):
    real = tmp_path / "real.json"
    (tmp_path / "link.json").symlink_to(real)
    real.write_text("old")
    done = consult("export", small, "--format", "json", "--output", tmp_path / "link.json")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "link.json").is_symlink()
    assert '"responses"' in real.read_text()


@pytest.mark.parametrize("format", ["pabulib", "json"])
def test_a_pipe_is_written_straight_into_and_stays(consult, small, tmp_path: Path, format: str):
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    done = consult("export", small, "--format", format, "--output", pipe)
    assert done.exit_code == 0, done.output
    reader.join(30)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert len(got[0]) > 100
    assert list(tmp_path.glob("pipe.*")) == []


@pytest.mark.parametrize("format", ["pabulib", "json"])
@pytest.mark.parametrize(
    ("place", "reason"),
    [("nodir/a.csv", "No such file or directory"), ("small.pb/a.csv", "Not a directory")],
)
def test_a_place_where_no_file_can_be_is_named_and_nothing_is_recorded(
    services, consult, small, tmp_path: Path, format: str, place: str, reason: str
):
    before = services.record.head()
    done = consult("export", small, "--format", format, "--output", tmp_path / place)
    assert done.exit_code == 1
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert f"{place} could not be written ({reason})" in done.stderr
    assert services.record.head() == before


def test_a_file_with_no_room_is_refused_and_not_kept(tmp_path: Path, monkeypatch):
    import resource
    import signal

    kept = tmp_path / "keep"
    kept.write_text("precious")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    was = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(FileNotMade, match="File too large"), written_to(kept) as file:
            file.writelines([b"x" * 1_000] * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, was)
    assert kept.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [kept]


def test_trouble_of_somebody_else_is_not_called_trouble_with_the_file(tmp_path: Path):
    with pytest.raises(ConnectionResetError), written_to(tmp_path / "file"):
        raise ConnectionResetError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.in_turn
@only("sqlite")  # no database is asked anything new
@pytest.mark.parametrize(
    "words",
    [
        ("export", "SLUG", "--format", "pabulib"),
        ("export", "SLUG", "--format", "json"),
        ("export", "SLUG", "--format", "json", "--output", "/dev/stdout"),
        ("count", "SLUG"),
        ("results", "SLUG"),
        ("openings", "SLUG"),
    ],
)
def test_a_full_standard_output_is_said_in_words(consult, small, words):
    assert consult("publish", small).exit_code == 0
    assert consult("seal", "--once").exit_code == 0
    with Path("/dev/full").open("w") as full:
        done = process(*named(words, small), stdout=full)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "Standard output could not be written (No space left on device)" in done.stderr


@pytest.mark.in_turn
@only("sqlite")  # no database is asked anything new
@pytest.mark.parametrize(
    "words", [("export", "SLUG", "--format", "json"), ("count", "SLUG"), ("openings", "SLUG")]
)
def test_a_closed_standard_output_is_said_in_words(consult, small, words):
    assert consult("seal", "--once").exit_code == 0
    done = process(*named(words, small), preexec_fn=lambda: os.close(1))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "Standard output could not be written (it is closed)" in done.stderr


@only("sqlite")
def test_a_reader_that_has_had_enough_ends_a_command_quietly(consult, small):
    reading, writing = os.pipe()
    os.close(reading)
    done = process("export", small, "--format", "json", stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


@only("sqlite")
def test_what_is_printed_to_a_file_is_whole(consult, small, tmp_path: Path):
    with (tmp_path / "out").open("w") as file:
        done = process("export", small, "--format", "pabulib", stdout=file)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out").read_text() == consult("export", small, "--format", "pabulib").stdout
