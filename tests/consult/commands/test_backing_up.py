"""A backup fits together, comes back as it was, and a stale one cannot pass for the live log."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from consult.commands.backing_up import (
    MANIFEST,
    DamagedCopy,
    NotEmpty,
    OtherKey,
    back_up,
    check,
    restore,
)
from consult.commands.data_protection.erasure import erase_by_holder
from consult.commands.results.working_out import work_out
from consult.copies import sqlite
from consult.log_store.store import LogStore
from consult.people import tables
from consult.sealing.key import make_key
from consult.sealing.running import seal_now
from consult.sealing.sealer import RolledBack
from consult.services import Services
from events.store.database_url import parse
from tests.builders import BEGINNING, RESIDENT
from tests.conftest import only
from tests.consult.commands.elsewhere import elsewhere
from tests.consult.people.erasable import WORDS, answer, asked, rows, tell_more

__all__ = ["elsewhere"]


def test_what_comes_back_is_what_was_there_with_the_same_tree_head(
    services, log, seal, elsewhere, clock, tmp_path
):
    id = asked(services).id
    for name in ("ann", "bob", "cyd"):
        tell_more(services, answer(services, id, name, f"Words of {name}"), f"{name}@example.org")
    seal()
    head = log.stored()
    manifest = back_up(services.config, tmp_path / "copy", now=clock())
    assert (manifest.log_size, manifest.log_root) == (head.head.size, head.head.root.hex())
    before = work_out(services, id).outcome.as_json()
    answer(services, id, "dan", "Came after the backup")

    restored = restore(elsewhere, tmp_path / "copy")
    assert not restored.has_own_key
    there = Services.open(elsewhere, clock)
    copy = LogStore.open(elsewhere.database_url)
    try:
        assert copy.stored() == head
        assert work_out(there, id).outcome.as_json() == before
        assert len(rows(there, tables.free_text)) == 3
        assert there.vault.pseudonym(id, "ann") == services.vault.pseudonym(id, "ann")
        receipt = answer(there, id, "eve")  # it goes on
        assert receipt.position
        assert seal_now(there, copy, group_min=1) == head.head.size + 1
    finally:
        copy.close()
        there.close()


def test_a_stale_backup_under_the_live_name_is_refused_by_the_sealer(
    services, log, seal, elsewhere, clock, tmp_path
):
    id = asked(services).id
    answer(services, id)
    seal()
    back_up(services.config, tmp_path / "old", now=clock())
    answer(services, id, "bob")
    seal()
    # The live key and the sealer's memory survive; only the databases are replaced by old ones.
    live = replace(elsewhere, key_file=services.config.key_file)
    assert restore(live, tmp_path / "old").has_own_key
    there = Services.open(live, clock)
    copy = LogStore.open(live.database_url)
    try:
        with pytest.raises(RolledBack):
            seal_now(there, copy, group_min=1)
    finally:
        copy.close()
        there.close()


@only("sqlite")  # on PostgreSQL vault and record are restored together
def test_an_old_vault_beside_the_live_record_is_erased_again(services, clock, tmp_path):
    url = services.config.database_url
    mine = answer(services, asked(services).id)
    back_up(services.config, tmp_path / "old", now=clock())
    erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    services.vault.close()
    vault = sqlite.places(parse(url))["people"]
    with closing(sqlite3.connect(tmp_path / "old" / "people.db")) as old:
        assert old.execute("SELECT words FROM free_text").fetchall() == [(WORDS,)]
        with closing(sqlite3.connect(vault)) as live:
            old.backup(live)
    again = Services.open(services.config, clock)
    assert rows(again, tables.free_text) == []
    again.close()


def test_nothing_is_written_over(services, log, seal, clock, tmp_path):
    answer(services, asked(services).id)
    seal()
    back_up(services.config, tmp_path / "copy", now=clock())
    with pytest.raises(NotEmpty):
        back_up(services.config, tmp_path / "copy", now=clock())
    with pytest.raises(NotEmpty):
        restore(services.config, tmp_path / "copy")


def test_another_key_is_noticed_before_anything_is_written(
    services, log, seal, elsewhere, clock, tmp_path
):
    answer(services, asked(services).id)
    seal()
    back_up(services.config, tmp_path / "copy", now=clock())
    make_key(elsewhere.key_path, "example.org/log")
    with pytest.raises(OtherKey):
        restore(elsewhere, tmp_path / "copy")
    restore(replace(elsewhere, key_file=tmp_path / "third" / "log.key"), tmp_path / "copy")


@pytest.mark.parametrize("damage", ["flip", "cut", "remove", "manifest"])
def test_a_damaged_copy_is_refused_and_named(services, elsewhere, clock, tmp_path, damage):
    answer(services, asked(services).id)
    folder = tmp_path / "copy"
    manifest = back_up(services.config, folder, now=clock())
    name = max(manifest.files, key=lambda name: manifest.files[name].size)
    path = folder / (MANIFEST if damage == "manifest" else name)
    data = path.read_bytes()
    if damage == "flip":
        middle = len(data) // 2
        path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    elif damage == "remove":
        path.unlink()
    else:
        path.write_bytes(data[: len(data) // 2])
    with pytest.raises(DamagedCopy, match=path.name):
        restore(elsewhere, folder)


def test_only_the_owner_can_read_a_copy(services, log, seal, tmp_path):
    answer(services, asked(services).id)
    seal()
    folder = tmp_path / "copy"
    back_up(services.config, folder, now=BEGINNING)
    assert folder.stat().st_mode & 0o077 == 0
    names = {path.name for path in folder.iterdir()} - {MANIFEST}
    assert {"log.key", "log.state"} <= names
    assert set(check(folder).files) == names
    back_up(services.config, tmp_path / "other", now=BEGINNING, with_key=False)
    assert not (tmp_path / "other" / "log.key").exists()
