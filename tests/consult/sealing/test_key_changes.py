"""The log's key is changed, lost and ended, and whatever dies meanwhile, one key goes on."""

import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest

from consult.log_store.store import LogStore
from consult.log_store.writer import AnotherSealer
from consult.sealing import key_change
from consult.sealing.key import Memory, read_key
from consult.sealing.key_change import (
    KeyStillThere,
    NoLogYet,
    SealingNow,
    replace_lost,
    retire,
    rotate,
)
from consult.sealing.key_history import KeyAnnouncedTwice, KeyHistory, KeyReplaced, LogRetired
from consult.sealing.receipts import public_half
from consult.sealing.running import KeyMissing, open_sealer, seal_now
from consult.sealing.sealer import RolledBack
from events.log.key_change import (
    KeyChange,
    Kind,
    announce,
    encode_history,
    follow,
    may_sign,
    parse_history,
)
from events.log.keys import Algorithm, SignerKey
from events.log.proof import parse_receipt
from events.log.signed_checkpoint import open_checkpoint
from tests.builders import consultation
from tests.consult.sealing.audits import answer

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def about(services, seal):
    about = consultation(services)
    answer(services, about, "Ada")
    seal()
    return about


def key_of(services):
    return read_key(services.config.key_path)


def changes_of(log):
    return parse_history(log.document("keys") or b"")


def signers(log, size=None):
    """The keys of this log that have signed its checkpoint."""
    latest = log.latest() if size is None else log.checkpoint_of(size)
    keys = [key for change in changes_of(log) for key in (change.old, change.new) if key]
    return {key for key in keys if _has_signed(latest.signed, key)}


def _has_signed(signed, key):
    try:
        open_checkpoint(signed, [key])
    except ValueError:
        return False
    return True


def test_a_log_goes_on_under_a_new_key_that_both_keys_announce(services, log, seal, about, client):
    old, size = key_of(services).verifier, log.latest().size
    change = rotate(services)
    new = key_of(services).verifier
    assert new != old
    assert (change.kind, change.head.size, change.old, change.new) == (Kind.ROTATED, size, old, new)
    assert changes_of(log) == [change]
    assert client.get("/log/keys").data == log.document("keys")
    assert client.get("/log/vkey").data.decode().strip() == new.vkey
    assert signers(log) == {old, new}, "the head is signed by both"
    answer(services, about, "Ben")
    seal()
    assert log.latest().size == size + 1
    assert signers(log) == {new}
    assert log.document("vkey").decode().strip() == new.vkey


def test_receipts_from_before_a_rotation_are_still_good(services, log, seal, about):
    old = key_of(services).verifier
    size = log.latest().size
    before = public_half(log, size - 1)
    rotate(services)
    answer(services, about, "Ben")
    seal()
    keys = follow({key_of(services).verifier: None}, changes_of(log))
    receipt = parse_receipt(before)
    assert receipt.verify([old])
    assert receipt.verify(may_sign(keys, size)), "whoever has only the new key follows back"


def test_a_key_is_changed_again_and_again(services, log, seal, about):
    for number in range(3):
        rotate(services)
        answer(services, about, f"voter {number}")
        seal()
    first, *_ = changes_of(log)
    keys = follow({first.old: None}, changes_of(log))
    assert len(keys) == 4
    assert may_sign(keys, log.latest().size) == [key_of(services).verifier]


def test_a_key_cannot_be_changed_while_the_log_is_sealed_nor_before_it_began(services, log):
    with pytest.raises(NoLogYet):
        rotate(services)
    consultation(services)
    seal_now(services, log, group_min=1)
    key = key_of(services)
    sealer = open_sealer(services.config, services.record, log, services.clock)
    try:
        for change in (rotate, retire):
            with pytest.raises(SealingNow):
                change(services)
    finally:
        sealer.close()
    assert key_of(services) == key
    assert changes_of(log) == []


@sqlite
def test_a_host_with_the_old_key_file_seals_nothing_any_more(services, log, seal, about, tmp_path):
    copy = tmp_path / "other" / "folkmoot.log.key"
    copy.parent.mkdir(mode=0o700)
    copy.write_bytes(services.config.key_path.read_bytes())
    copy.chmod(0o600)
    copy.with_suffix(".state").write_bytes(Memory(services.config.key_path).path.read_bytes())
    rotate(services)
    answer(services, about, "Ben")
    size = log.latest().size
    here, services.config = services.config, replace(services.config, key_file=copy)
    with pytest.raises(KeyReplaced, match="Put the new key file here"):
        seal()
    assert log.latest().size == size
    services.config = here
    assert seal() == size + 1


def test_a_lost_key_is_replaced_and_only_the_new_one_says_so(services, log, seal, about):
    old, size = key_of(services).verifier, log.latest().size
    with pytest.raises(KeyStillThere):
        replace_lost(services)
    services.config.key_path.unlink()
    with pytest.raises(KeyMissing, match="consult log-key replace-lost"):
        seal()
    change = replace_lost(services)
    new = key_of(services).verifier
    assert (change.kind, change.head.size, change.old, change.new) == (Kind.LOST, size, old, new)
    assert follow({old: None}, changes_of(log)) == {old: None}, "nobody follows by themselves"
    answer(services, about, "Ben")
    assert seal() == size + 1
    assert signers(log) == {new}


def test_a_lost_key_is_not_replaced_under_an_old_copy_of_the_log(services, log, about):
    memory = Memory(services.config.key_path)
    head = memory.recall()
    memory.remember(head._replace(size=head.size + 5))
    services.config.key_path.unlink()
    with pytest.raises(RolledBack):
        replace_lost(services)
    assert not services.config.key_path.exists()
    assert changes_of(log) == []


def test_nothing_is_appended_to_a_log_that_was_retired(services, log, seal, about, client):
    answer(services, about, "Ben")
    change = retire(services)
    size = log.latest().size
    assert (change.kind, change.head.size, change.new) == (Kind.RETIRED, size, None)
    assert changes_of(log) == [change]
    answer(services, about, "Cai")
    with pytest.raises(LogRetired, match=f"retired at {size} entries"):
        seal()
    with pytest.raises(LogRetired):
        rotate(services)
    assert log.latest().size == size
    assert client.get("/log/checkpoint").status_code == 200


@sqlite
def test_announcements_whose_file_is_lost_are_those_that_the_log_serves(services, log, seal, about):
    rotate(services)
    services.config.key_path.with_suffix(".keys").unlink()
    answer(services, about, "Ben")
    seal()
    rotate(services)
    assert [change.kind for change in changes_of(log)] == [Kind.ROTATED] * 2


@sqlite
def test_an_older_file_of_announcements_shortens_nothing_that_is_served(services, log, seal, about):
    file = services.config.key_path.with_suffix(".keys")
    rotate(services)
    older = file.read_bytes()
    rotate(services)
    served = log.document("keys")
    file.write_bytes(older)
    answer(services, about, "Ben")
    seal()
    assert log.document("keys") == served
    rotate(services)
    assert [change.kind for change in changes_of(log)] == [Kind.ROTATED] * 3


@sqlite
def test_a_key_that_announced_two_successors_is_reported_and_nothing_is_replaced(
    services, log, seal, about
):
    path, old = services.config.key_path, key_of(services)
    rotate(services)
    served, latest = log.document("keys"), log.latest()
    # Somebody with a copy of the old key announces another one, and puts it in its place.
    new = SignerKey(old.name, Algorithm.ED25519, bytes(32))
    path.write_text(f"{new.skey}\n")
    change = KeyChange(Kind.ROTATED, changes_of(log)[0].head, old.verifier, new.verifier)
    path.with_suffix(".keys").write_bytes(encode_history([announce(change, [old, new])]))
    with pytest.raises(KeyAnnouncedTwice, match="tell the witnesses"):
        seal()
    assert log.document("keys") == served
    assert log.latest() == latest


@sqlite
def test_a_host_that_waits_to_seal_writes_nothing(services, log, seal, about, monkeypatch):
    rotate(services)
    written = []
    with closing(open_sealer(services.config, services.record, log, services.clock)):
        keep = LogStore.keep_document
        monkeypatch.setattr(
            LogStore, "keep_document", lambda *given: (written.append(given[1]), keep(*given))
        )
        for _ in range(3):
            with pytest.raises(AnotherSealer):
                open_sealer(services.config, services.record, log, services.clock)
    assert written == []


STEPS = [
    (key_change, "make_key"),
    (KeyHistory, "add"),
    (key_change, "_take_over"),
    (LogStore, "sign_again"),
    (LogStore, "keep_document"),
]
KILLED = """
import os, sys
from consult.config import Config
from consult.log_store.writer import AnotherSealer
from consult.sealing import key_change
from consult.sealing.key_history import KeyHistory
from consult.log_store.store import LogStore
from consult.services import Services
owner, name, when, change = sys.argv[1:]
owner = {"key_change": key_change, "KeyHistory": KeyHistory, "LogStore": LogStore}[owner]
real = getattr(owner, name)
def dies(*given, **more):
    if when == "after":
        real(*given, **more)
    os._exit(9)
services = Services.open(Config.from_environment())
setattr(owner, name, dies)
getattr(key_change, change)(services)
"""


def killed(services, place, name, when, change):
    """Change the key in a process of its own that dies at a step; return how it ended."""
    settings = {
        "FOLKMOOT_DATABASE_URL": services.config.database_url,
        "FOLKMOOT_KEY_FILE": str(services.config.key_path),
        "FOLKMOOT_PUBLIC_URL": services.config.public_url,
    }
    words = [place.__name__.rpartition(".")[2], name, when, change]
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, *words], env=settings, capture_output=True, check=False
    )
    assert ended.returncode == 9, ended.stderr.decode()


@sqlite
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("place", "name"), STEPS, ids=[name for _, name in STEPS])
@pytest.mark.parametrize("change", ["rotate", "replace_lost"])
def test_a_change_that_is_killed_at_any_step_leaves_one_key_that_goes_on(
    services, log, seal, about, place, name, when, change
):
    path, old = services.config.key_path, key_of(services).verifier
    if change == "replace_lost":
        path.unlink()
    killed(services, place, name, when, change)
    if not path.exists():
        with pytest.raises(KeyMissing):
            seal()
        replace_lost(services)
    answer(services, about, "Ben")
    seal()
    current = key_of(services).verifier
    history = changes_of(log)
    assert (current == old) == (history == []), "what is served leads to the key that signs"
    assert all(one.new == current for one in history[-1:])
    latest = log.latest().signed
    assert open_checkpoint(latest, [current])
    others = {one.old for one in history} - {current}
    assert not any(_has_signed(latest, key) for key in others), "exactly one key goes on"
    rotate(services)
    answer(services, about, "Cai")
    seal()
    keys = follow({current: None}, changes_of(log))
    assert may_sign(keys, log.latest().size) == [key_of(services).verifier]
