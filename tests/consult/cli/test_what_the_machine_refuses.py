"""A full disk, a closed folder and a missing record are named, and leave nothing behind."""

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from consult.cli import main
from consult.commands.backing_up import MANIFEST
from consult.wording.refusals import says
from events.errors import DatabaseUnavailable, DiskFull, RecordUnavailable
from events.store import database_trouble
from tests.conftest import only

NOBODY = 65_534


@pytest.fixture
def consult(database_url, monkeypatch) -> Callable[..., Result]:
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", database_url)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def refused(done: Result) -> str:
    """The one sentence of a command that ended without a traceback."""
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit), done.exception
    return done.stderr


@contextmanager
def as_another_account(*places: Path) -> Iterator[None]:
    """Do something as an account that root's powers do not help."""
    if os.geteuid() != 0:
        yield
        return
    for place in places:
        os.chown(place, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def home(monkeypatch) -> Iterator[Path]:
    """A folder of an installation of another account than ours, reachable for both."""
    folder = Path(tempfile.mkdtemp())
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", f"sqlite:///{folder}/folkmoot.db")
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


def consult_here(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.parametrize("place", ["/proc/x", "MANIFEST/copy"])
def test_a_backup_into_a_place_that_takes_no_files_is_refused_in_words(
    services, consult, tmp_path: Path, place: str
):
    (tmp_path / "file").write_text("a file is no folder")
    place = place.replace("MANIFEST", str(tmp_path / "file"))
    assert f"No backup was made in {place} (" in refused(consult("backup", place))


def test_a_backup_that_fails_midway_leaves_nothing_and_works_when_repeated(
    services, consult, tmp_path: Path, monkeypatch
):
    (tmp_path / "taken").mkdir()
    for folder in (tmp_path / "new" / "copy", tmp_path / "taken"):
        with monkeypatch.context() as patch:
            patch.setattr("consult.commands.backing_up._head_in", no_room)
            said = refused(consult("backup", folder))
        assert f"No backup was made in {folder} (No space left on device)" in said
        assert not (tmp_path / "new").exists()
        assert list((tmp_path / "taken").iterdir()) == []
        done = consult("backup", folder)
        assert done.exit_code == 0, done.output
        assert (folder / MANIFEST).is_file()
        shutil.rmtree(tmp_path / "new", ignore_errors=True)


def no_room(*_given: object) -> None:
    raise OSError(28, os.strerror(28))


def test_a_backup_that_another_made_is_never_removed(services, consult, tmp_path: Path):
    assert consult("backup", tmp_path / "copy").exit_code == 0
    assert "is not empty" in refused(consult("backup", tmp_path / "copy"))
    assert (tmp_path / "copy" / MANIFEST).is_file()


@only("sqlite")
def test_before_there_is_a_record_nothing_is_backed_up_on_sqlite(
    tmp_path: Path, monkeypatch, database_url: str
):
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", f"sqlite:///{tmp_path}/none/folkmoot.db")
    done = consult_here("backup", tmp_path / "copy")
    assert "There is no record in" in refused(done)
    assert "consult init" in done.stderr
    assert not (tmp_path / "copy").exists()
    assert not (tmp_path / "none").exists()


@only("postgres")
def test_before_there_is_a_record_nothing_is_backed_up_on_postgres(
    consult, database_url: str, tmp_path: Path
):
    with psycopg.connect(database_url, autocommit=True) as db:
        db.execute("DROP SCHEMA record CASCADE")
    assert "There is no record in" in refused(consult("backup", tmp_path / "copy"))
    assert not (tmp_path / "copy").exists()


def test_a_copy_without_a_record_is_not_restored(services, consult, tmp_path: Path):
    assert consult("backup", tmp_path / "copy").exit_code == 0
    manifest = tmp_path / "copy" / MANIFEST
    changed = manifest.read_text().replace("record.", "other.")
    manifest.write_text(changed)
    assert "of a database without a record" in refused(consult("restore", tmp_path / "copy"))


@only("sqlite")
def test_a_file_or_folder_of_another_account_is_named_with_its_owner(home: Path, database_url):
    with as_another_account(home):
        assert consult_here("init").exit_code == 0
        assert consult_here("status").exit_code in (0, 1)
        (home / "folkmoot.db").chmod(0o000)
        said = refused(consult_here("status"))
        assert f"may not read and write {home}/folkmoot.db, which " in said
        assert "Try again" not in said
        (home / "folkmoot.db").chmod(0o600)
        home.chmod(0o500)
        for words in (("status",), ("member", "list", "x"), ("init",), ("backup", home / "copy")):
            assert f"may not read and write {home}, which " in refused(consult_here(*words))
        home.chmod(0o000)
        assert f"may not read and write {home}, which " in refused(consult_here("status"))


@only("sqlite")
def test_pages_never_name_the_files_of_the_server(client, monkeypatch):
    closed = database_trouble.not_for_this_account(Path("/srv/secret/folkmoot.db"))

    def away(*_given: object, **_named: object) -> None:
        raise closed

    monkeypatch.setattr(client.application, "dispatch_request", away)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "does not answer at the moment" in answer.text
    assert "secret" not in answer.text


def test_no_form_names_places_of_the_server_either(app):
    host = RecordUnavailable("{name} on {host} cannot be reached", name="f", host="10.0.0.3")
    for named in (host, database_trouble.not_for_this_account(Path("/srv/secret/folkmoot.db"))):
        with app.test_request_context("/"):
            assert says(named) == DatabaseUnavailable.says


def fill(disk: Path) -> None:
    with suppress(OSError), (disk / "fill").open("wb", buffering=0) as file:
        while file.write(bytes(4_096)):
            pass


@only("sqlite")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
@pytest.mark.in_turn
@pytest.mark.parametrize("words", [("status",), ("init",), ("serve", "--port", "8991")])
def test_a_full_disk_is_called_a_full_disk_by_every_command(tmp_path: Path, words, database_url):
    disk = tmp_path / "disk"
    disk.mkdir()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"none", bytes(disk), b"tmpfs", 0, b"size=3M,mode=700") != 0:
        pytest.skip("no disk can be mounted here")
    try:
        env = os.environ | {"FOLKMOOT_DATABASE_URL": f"sqlite:///{disk}/folkmoot.db"}
        command = [sys.executable, "-m", "consult.cli"]
        subprocess.run([*command, "init"], env=env, check=True, capture_output=True)
        fill(disk)
        done = subprocess.run(
            [*command, *words], env=env, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 1
        assert DiskFull.says in done.stderr
        assert "Traceback" not in done.stderr
    finally:
        libc.umount2(bytes(disk), 2)
