"""After an erasure and the documented step, the bytes are in no file of the database."""

import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from consult.commands.data_protection.erasure import erase_by_holder
from consult.people import tables
from consult.people.erasing.scrubbing import VaultBusy, empty_write_ahead_log, scrub
from events.store.database_url import parse
from tests.builders import RESIDENT
from tests.conftest import only, postgres_url
from tests.consult.people.erasable import answer, asked, held, rows, tell_more

ALONE_LOCK = 0x736372


@pytest.fixture(autouse=True)
def alone(request: pytest.FixtureRequest) -> Iterator[None]:
    """On PostgreSQL one after the other: they change a setting of the server they share."""
    if request.node.callspec.params["database_url"] == "sqlite":
        yield
        return
    server = request.getfixturevalue("postgres_server")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [ALONE_LOCK])
        yield


@pytest.fixture
def files(request: pytest.FixtureRequest, services, tmp_path: Path) -> Iterator[Path]:
    """The folder of all files that the database writes."""
    if services.vault.engine.dialect.name == "sqlite":
        yield tmp_path
        return
    server = request.getfixturevalue("postgres_server")
    with psycopg.connect(server, autocommit=True) as connection:
        recycle(server, "off")  # as docs/erasure.md advises
        [folder] = connection.execute("SHOW data_directory").fetchone()
        yield Path(folder)
        recycle(server, "on")


def recycle(server: str, wanted: str) -> None:
    """Set `wal_recycle` and wait for it: the server reloads when it comes to it, not at once."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET wal_recycle = {wanted}")
        connection.execute("SELECT pg_reload_conf()")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with psycopg.connect(server) as newcomer:
            if newcomer.execute("SHOW wal_recycle").fetchone() == (wanted,):
                return
        time.sleep(0.02)
    raise AssertionError(f"the server does not turn wal_recycle {wanted}")


def found_in(folder: Path, wanted: bytes) -> list[str]:
    """The files that hold these bytes."""
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_file() and wanted in path.read_bytes():
                found.append(str(path.relative_to(folder)))
        except FileNotFoundError:  # the server removes its own files meanwhile
            continue
    return found


def test_nothing_erased_can_be_read_in_the_files_after_the_documented_step(services, files):
    id = asked(services).id
    mark = secrets.token_hex(8)
    mine = answer(services, id, words=f"The hedge at {mark} blocks my wheelchair")
    tell_more(services, mine, f"{mark}@example.org")
    answer(services, id, "bob", "Stays")
    if services.vault.engine.dialect.name == "postgresql":
        with services.vault.transaction() as connection:
            connection.exec_driver_sql("ANALYZE people.free_text")
            connection.exec_driver_sql("ANALYZE people.contact")
    services.catch_up()
    [salt] = [bytes(row.salt) for row in rows(services, tables.free_text) if mark in row.words]
    secrets_of_theirs = [mark.encode(), salt]
    assert all(found_in(files, secret) for secret in secrets_of_theirs), "the test would see them"
    erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    assert scrub(services.vault) == []
    assert [found_in(files, secret) for secret in secrets_of_theirs] == [[], []]
    assert held(services) == (1, 0, 0)


@only("sqlite")  # PostgreSQL needs the documented step
def test_on_sqlite_an_erasure_alone_is_enough_while_nobody_else_reads(services, tmp_path):
    mark = secrets.token_hex(8)
    mine = answer(services, asked(services).id, words=mark)
    assert found_in(tmp_path, mark.encode())
    erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    assert found_in(tmp_path, mark.encode()) == []


@only("sqlite")  # PostgreSQL does not wait for its readers
def test_somebody_who_reads_without_pause_is_named_and_not_hidden(services, monkeypatch):
    monkeypatch.setattr("consult.people.erasing.scrubbing.PAUSE_SECONDS", 0.0)
    mine = answer(services, asked(services).id)
    with services.vault.engine.connect() as reading:
        reading.exec_driver_sql("BEGIN")
        reading.exec_driver_sql("SELECT * FROM free_text").all()
        erase_by_holder(services, holder=mine.holder, actor=RESIDENT)  # not kept waiting
        assert held(services)[0] == 0
        assert not empty_write_ahead_log(services.vault)
        with pytest.raises(VaultBusy):
            scrub(services.vault)
        reading.exec_driver_sql("ROLLBACK")
    assert scrub(services.vault) == []


@only("postgres")  # SQLite has no superuser
def test_on_postgresql_what_only_a_superuser_may_do_is_handed_back(services, request):
    steps = scrub(services.vault)
    assert steps[0] == "ALTER SYSTEM SET wal_recycle = off"
    assert steps[-1] == "CHECKPOINT"
    address = parse(services.config.database_url)
    with psycopg.connect(
        postgres_url(request.getfixturevalue("postgres_server"), address.dbname), autocommit=True
    ) as connection:
        kept = connection.execute(
            "SELECT attname FROM pg_attribute WHERE attstattarget = 0 "
            "AND attrelid = 'people.free_text'::regclass AND attnum > 0"
        ).fetchall()
    assert {"words", "salt"} <= {name for (name,) in kept}


def test_once_nobody_reads_the_log_is_empty_or_there_is_none(services):
    erase_by_holder(services, holder=answer(services, asked(services).id).holder, actor=RESIDENT)
    assert empty_write_ahead_log(services.vault)
