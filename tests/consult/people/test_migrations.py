"""A vault of any version comes to today's tables with its rows: once, whole or not at all."""

import errno
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import NAMESPACE_DNS, UUID, uuid5

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from consult.commands.backing_up import back_up, restore
from consult.config import Config
from consult.people import tables
from consult.people.accounts.staff import find_by_email
from consult.people.migrations.versions import v0001_before_migrations
from consult.people.schema import (
    MIGRATIONS,
    NEWEST,
    UNNUMBERED,
    VERSIONS,
    VaultNewer,
    VaultOld,
    check,
    migrate,
    version_of,
)
from consult.people.site_secret import FINGERPRINT
from consult.people.vault import Vault
from consult.services import Services, set_up
from events import StaffMember
from events.store.appends import SchemaMissing
from events.store.database_url import VAULT, PostgresAddress, parse
from tests.consult.commands.elsewhere import elsewhere
from tests.consult.people.erasable import answer, asked, rows

__all__ = ["elsewhere"]

ROOT = Path(__file__).parents[3]
VAULTS = ROOT / "tests" / "golden" / "vaults"
EARLIER = ["first", "with_contacts", "before_migrations"]
"""Vaults as versions of 22 November, of the same evening, and of 28 November made them."""


def plain_engine(url: str) -> Engine:
    """An engine on the tables as they are, whatever the program thinks of them."""
    address = parse(url)
    if isinstance(address, PostgresAddress):
        return create_engine(
            "postgresql+psycopg://",
            connect_args=address.settings() | {"options": f"-c search_path={VAULT}"},
        )
    return create_engine(f"sqlite:///{address.store(VAULT)}")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = plain_engine(database_url)
    yield made
    made.dispose()


def make_vault(url: str, version: str) -> None:
    """Make the vault that an earlier version made, with a row in each of its tables."""
    address = parse(url)
    if isinstance(address, PostgresAddress):
        with psycopg.connect(url) as db:
            db.execute((VAULTS / f"{version}.postgresql.sql").read_bytes())
    else:
        with closing(sqlite3.connect(address.store(VAULT))) as db:
            db.executescript((VAULTS / f"{version}.sqlite.sql").read_text())
        address.store(VAULT).chmod(0o600)


def content(engine: Engine) -> dict[str, list[dict[str, object]]]:
    """Every row of every table, but for the number of the version."""
    with engine.connect() as db:
        names = set(inspect(db).get_table_names()) - {"alembic_version"}
        return {
            name: [dict(row) for row in db.execute(text(f"SELECT * FROM {name}")).mappings()]
            for name in names
        }


def differences(engine: Engine) -> list[object]:
    """What the tables have otherwise than the program declares them."""
    with engine.connect() as db:
        return list(compare_metadata(MigrationContext.configure(db), tables.metadata))


@pytest.mark.parametrize("version", EARLIER)
def test_a_vault_of_an_earlier_version_comes_to_todays_tables_with_its_rows(
    database_url, engine, version
):
    make_vault(database_url, version)
    before = content(engine)
    assert all(len(found) == 1 for found in before.values())
    with pytest.raises(VaultOld, match="consult init"):
        Services.open(Config(database_url=database_url))
    assert content(engine) == before
    set_up(Config(database_url=database_url))
    assert differences(engine) == []
    after = content(engine)
    assert after["key"].pop()["name"] == FINGERPRINT
    for name, table in tables.metadata.tables.items():
        kept = before.get(name, [])
        assert after[name] == [
            {column.name: row.get(column.name) for column in table.columns} for row in kept
        ]
    with closing(Services.open(Config(database_url=database_url))) as services:
        assert find_by_email(services.vault, "staff email") == uuid5(NAMESPACE_DNS, "id")
        [role] = before["role"]
        [held] = services.record.get(StaffMember, UUID(str(role["staff_id"]))).roles.items()
        assert held == (UUID(str(role["partnership_id"])), (role["role"],))


def test_a_new_vault_has_the_tables_that_the_program_declares(database_url, engine):
    """Whoever changes `consult/people/tables.py` writes a migration: docs/extending.md."""
    assert migrate(database_url)
    assert differences(engine) == []
    assert not migrate(database_url)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("version", [None, *EARLIER])
def test_the_server_keeps_no_statistics_of_what_is_personal(database_url, engine, version):
    if version is not None:
        make_vault(database_url, version)
    migrate(database_url)
    query = text(
        "SELECT attstattarget FROM pg_attribute WHERE attrelid = to_regclass(:table)"
        " AND attname = :column"
    )
    personal = [
        (table.name, column.name)
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if column.info.get("personal")
    ]
    assert len(personal) > 10
    with engine.connect() as db:
        for table, column in personal:
            values = {"table": f"{VAULT}.{table}", "column": column}
            assert db.execute(query, values).scalar() == 0, values


def test_versions_follow_each_other_in_one_line_and_are_named_by_their_number():
    """Two that follow the same one would leave two vaults that are both the newest."""
    known = ScriptDirectory(str(MIGRATIONS))
    assert known.get_heads() == [NEWEST]
    line = [each.revision for each in known.walk_revisions()]
    assert line[::-1] == VERSIONS
    assert all(len(version) == 4 and version > UNNUMBERED for version in VERSIONS)


MIGRATING = """
import sys, time
from pathlib import Path
from consult.people.schema import migrate

url, go = sys.argv[1:]
print("ready", flush=True)
while not Path(go).exists():
    time.sleep(0.01)
print(migrate(url))
"""


@pytest.mark.parametrize("version", [None, "first"])
def test_of_processes_that_start_at_once_one_migrates(database_url, engine, tmp_path, version):
    if version is not None:
        make_vault(database_url, version)
    go = tmp_path / "go"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATING, database_url, str(go)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for each in processes:
        assert each.stdout.readline() == "ready\n"
    go.touch()
    said = [each.communicate(timeout=120) for each in processes]
    assert sorted(out for out, _ in said) == ["False\n"] * 3 + ["True\n"], said
    assert differences(engine) == []
    with engine.connect() as db:
        assert db.execute(text("SELECT version_num FROM alembic_version")).all() == [(NEWEST,)]


DYING = """
import os, signal, sys
import alembic.op
from consult.people.schema import migrate

def die(*_given, **_named):
    os.kill(os.getpid(), signal.SIGKILL)

alembic.op.add_column = die
migrate(sys.argv[1])
"""


def test_a_process_that_dies_in_the_middle_leaves_the_vault_as_it_was(database_url, engine):
    make_vault(database_url, "first")
    before = content(engine)
    ended = subprocess.run(
        [sys.executable, "-c", DYING, database_url], cwd=ROOT, check=False, capture_output=True
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert content(engine) == before
    assert migrate(database_url)
    assert differences(engine) == []


def put_version(engine: Engine, version: str) -> None:
    with engine.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def test_a_vault_that_is_newer_than_the_program_is_refused_in_words(database_url, engine):
    set_up(Config(database_url=database_url))
    put_version(engine, "9999")
    before = content(engine)
    for attempt in (set_up, Services.open):
        with pytest.raises(VaultNewer, match=r"version 9999.*Nothing was changed"):
            attempt(Config(database_url=database_url))
    assert content(engine) == before


def test_a_vault_that_nobody_made_is_missing(database_url):
    with (
        closing(Vault(database_url, Path("no.secret"))) as vault,
        pytest.raises(SchemaMissing, match="consult init"),
    ):
        check(vault.engine)


def go_back_to_before_migrations(url: str) -> None:
    """Make a vault what it was before it had versions."""
    engine = plain_engine(url)
    with engine.begin() as db:
        db.execute(text("DROP TABLE alembic_version"))
        first = v0001_before_migrations.metadata.tables
        for name, table in tables.metadata.tables.items():
            if name not in first:
                db.execute(text(f"DROP TABLE {name}"))
                continue
            for column in set(table.columns.keys()) - set(first[name].columns.keys()):
                db.execute(text(f"ALTER TABLE {name} DROP COLUMN {column}"))
    engine.dispose()


def test_a_backup_of_an_earlier_vault_comes_back_where_a_later_empty_one_is(
    services, log, seal, elsewhere, clock, tmp_path
):
    answer(services, asked(services).id)
    seal()
    go_back_to_before_migrations(services.config.database_url)
    back_up(services.config, tmp_path / "copy", now=clock())
    if isinstance(parse(elsewhere.database_url), PostgresAddress):
        set_up(elsewhere)  # on SQLite a file that is there is never written over
        later = plain_engine(elsewhere.database_url)
        with later.begin() as db:
            db.execute(text("ALTER TABLE free_text ADD COLUMN later TEXT NOT NULL"))
        later.dispose()
    restore(elsewhere, tmp_path / "copy")
    with closing(Services.open(elsewhere, clock)) as there:
        assert len(rows(there, tables.free_text)) == 1


def test_when_migrating_a_restored_vault_fails_everything_is_there_to_try_it_again(
    services, log, seal, elsewhere, clock, tmp_path, monkeypatch
):
    answer(services, asked(services).id)
    seal()
    back_up(services.config, tmp_path / "copy", now=clock())

    def fail(_url: str) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("consult.commands.backing_up.schema.migrate", fail)
        with pytest.raises(OSError, match="No space"):
            restore(elsewhere, tmp_path / "copy")
    set_up(elsewhere)
    assert elsewhere.key_path.read_bytes() == services.config.key_path.read_bytes()
    with closing(Services.open(elsewhere, clock)) as there:
        assert len(rows(there, tables.free_text)) == 1


@pytest.mark.parametrize("version", [UNNUMBERED, NEWEST])
def test_a_backup_of_an_earlier_vault_is_restored_and_migrated(
    services, log, seal, elsewhere, clock, tmp_path, version
):
    answer(services, asked(services).id)
    seal()
    if version == UNNUMBERED:
        go_back_to_before_migrations(services.config.database_url)
    back_up(services.config, tmp_path / "copy", now=clock())
    restore(elsewhere, tmp_path / "copy")
    with closing(Services.open(elsewhere, clock)) as there:
        assert len(rows(there, tables.free_text)) == 1
        with there.vault.engine.connect() as db:
            assert version_of(db) == NEWEST


def test_a_backup_of_a_newer_vault_is_refused_before_anything_is_restored(
    services, log, seal, elsewhere, clock, tmp_path
):
    answer(services, asked(services).id)
    seal()
    numbered = plain_engine(services.config.database_url)
    put_version(numbered, "9999")
    numbered.dispose()
    back_up(services.config, tmp_path / "copy", now=clock())
    with pytest.raises(VaultNewer):
        restore(elsewhere, tmp_path / "copy")
    with pytest.raises(SchemaMissing):
        Services.open(elsewhere, clock)
