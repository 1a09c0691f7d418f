"""What the sealer never signs: an old copy, another history, a record that lost facts."""

from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, select, update

from consult.log_store import tables
from consult.sealing import groups
from consult.sealing.key import KeyUnusable, Memory, MemoryLost
from consult.sealing.running import KeyMissing, seal_now
from consult.sealing.sealer import Forked, RecordRolledBack, RolledBack, Sealer
from tests.builders import consultation
from tests.consult.sealing.audits import answer, audit

OF_THE_LOG = [table for table in tables.metadata.sorted_tables if table.name != "trouble"]


def copy(log):
    with log.read() as db:
        return {table: [row._asdict() for row in db.execute(select(table))] for table in OF_THE_LOG}


def put_back(log, kept):
    with log.write() as db:
        for table, rows in kept.items():
            db.execute(delete(table))
            if rows:
                db.execute(insert(table), rows)


@pytest.fixture
def about(services, seal):
    about = consultation(services)
    answer(services, about, "Ada")
    seal()
    return about


def test_an_old_copy_of_the_log_is_refused_and_left_as_it_is(services, log, seal, about):
    old = copy(log)
    answer(services, about, "Ben")
    seal()
    newest = copy(log)
    put_back(log, old)
    answer(services, about, "Cy")
    with pytest.raises(RolledBack, match="Nothing was appended"):
        seal()
    assert copy(log) == old
    put_back(log, newest)
    size = seal()
    assert audit(services, log) == size


def test_without_comparing_with_what_was_signed_an_old_copy_would_be_signed_anew(
    services, log, seal, about, monkeypatch
):
    """What the check prevents: two logs of one size, both signed."""
    monkeypatch.setattr(groups, "shuffled", list)
    old = copy(log)
    answer(services, about, "Ben")
    answer(services, about, "Cy")
    seal()
    signed = log.latest().signed
    put_back(log, old)
    monkeypatch.setattr(Sealer, "_signed_heads", lambda sealer: [sealer._store.stored().head])
    monkeypatch.setattr(groups, "shuffled", lambda found: list(reversed(found)))
    seal()
    assert log.latest().size == log.stored().head.size
    assert log.latest().signed != signed


def test_an_empty_log_in_place_of_a_full_one_is_refused(services, log, seal, about):
    put_back(log, {table: [] for table in OF_THE_LOG})
    with pytest.raises(RolledBack):
        seal()
    assert log.latest() is None


def test_another_history_of_the_same_length_is_refused(services, log, seal, about, monkeypatch):
    # Ballots sealed together may come in the order that was signed before: not this time.
    monkeypatch.setattr(groups, "shuffled", lambda found: list(reversed(found)))
    old = copy(log)
    answer(services, about, "Ben")
    seal()
    memory = Memory(services.config.key_path).path.read_bytes()
    put_back(log, old)
    Memory(services.config.key_path).path.unlink()
    answer(services, about, "Cy")
    seal_now(
        services, log, adopt=True, group_min=1
    )  # signs the other one; what a thief of the key would do
    Memory(services.config.key_path).path.write_bytes(memory)
    answer(services, about, "Dee")
    before = copy(log)
    with pytest.raises((Forked, RolledBack)):
        seal()
    assert copy(log) == before


def test_a_changed_tile_is_refused(services, log, seal, about):
    with log.write() as db:
        tile = tables.tile
        row = db.execute(select(tile).where(tile.c.level == 0)).one()
        changed = bytes(32) + bytes(row.hashes)[32:]
        db.execute(update(tile).where(tile.c.level == 0).values(hashes=changed))
    answer(services, about, "Ben")
    with pytest.raises(Forked):
        seal()


def test_a_changed_entry_at_the_end_is_refused(services, log, seal, about):
    with log.write() as db:
        db.execute(update(tables.entry).values(content=b"{}"))
    with pytest.raises(Forked):
        seal()


def test_a_record_that_ends_before_what_was_sealed_is_refused(services, log, seal, about):
    with log.write() as db:
        db.execute(update(tables.head).values(position=1_000))
    with pytest.raises(RecordRolledBack, match="old copy of the record"):
        seal()


def test_a_record_that_holds_something_else_at_the_last_sealed_place_is_refused(
    services, log, seal, about
):
    with log.write() as db:
        db.execute(update(tables.entry).values(subject_id=uuid4()))
    answer(services, about, "Ben")
    with pytest.raises(RecordRolledBack, match="something else"):
        seal()


def test_without_its_memory_the_sealer_signs_nothing_until_told_to(services, log, seal, about):
    Memory(services.config.key_path).path.unlink()
    answer(services, about, "Ben")
    with pytest.raises(MemoryLost, match="--adopt"):
        seal()
    size = seal_now(services, log, adopt=True, group_min=1)
    assert audit(services, log) == size


def test_without_its_key_a_log_does_not_go_on_under_another_one(services, log, seal, about):
    services.config.key_path.unlink()
    with pytest.raises(KeyMissing):
        seal()


def test_a_key_that_others_can_read_is_refused(services, log, seal, about):
    services.config.key_path.chmod(0o640)
    with pytest.raises(KeyUnusable, match="chmod 600"):
        seal()


def test_key_and_memory_can_be_read_by_their_owner_only(services, log, seal, about):
    for path in (services.config.key_path, Memory(services.config.key_path).path):
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", [b"", b"\0" * 100, b"12 zz 00"])
def test_a_damaged_slot_leaves_the_head_remembered_before(tmp_path, damage):
    memory = Memory(tmp_path / "folkmoot.log.key")
    memory.begin()
    from events.log.merkle import TreeHead

    memory.remember(TreeHead(7, bytes(32)))
    memory.remember(TreeHead(9, bytes(32)))
    data = memory.path.read_bytes()
    memory.path.write_bytes(damage.ljust(256) + data[256:])
    assert Memory(tmp_path / "folkmoot.log.key").recall().size in {7, 9}
    memory.path.write_bytes(damage)
    with pytest.raises(MemoryLost):
        Memory(tmp_path / "folkmoot.log.key").recall()


@pytest.mark.parametrize("damage", [b"\xff\xfe", b"", b"PRIVATE+KEY+no+such", None])
def test_a_key_that_cannot_be_read_is_refused_without_being_quoted(
    services, log, seal, about, damage
):
    path = services.config.key_path
    if damage is None:
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(damage)
        path.chmod(0o600)
    with pytest.raises(KeyUnusable) as refused:
        seal_now(services, log, group_min=1)
    assert str(path) in str(refused.value)
    assert "no+such" not in str(refused.value)
