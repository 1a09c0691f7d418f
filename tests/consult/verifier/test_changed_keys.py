"""A log whose key was changed, lost or ended, judged by the verifier from any one of its keys."""

import pytest

from events.log.key_change import KeyChange, Kind, announce, encode_history
from events.log.leaf import leaf_hashes
from events.log.merkle import TreeHead, root_of
from events.log.note import Note, sign
from tests.consult.verifier.test_commands import HOLDS, INCOMPLETE, UNMET, USAGE, WRONG, run, saved
from tests.consult.verifier.verifier_logs import (
    LOG_KEY,
    ORIGIN,
    OTHER_KEY,
    OTHER_SITE,
    World,
    key_of,
    story,
    write,
)

OLD, NEW = LOG_KEY, OTHER_KEY
THIRD = key_of("verifier tests: third", ORIGIN)
THIEF = key_of("verifier tests: thief", ORIGIN)


@pytest.fixture(scope="module")
def world() -> World:
    return story()


def change(world, kind, size, old, new=None, *, root=None):
    head = TreeHead(size, root or root_of(leaf_hashes(world.entries[:size])))
    return KeyChange(kind, head, old.verifier, new.verifier if new else None)


def rotated(world, size, old=OLD, new=NEW, **more):
    return announce(change(world, Kind.ROTATED, size, old, new, **more), [old, new])


def lost(world, size, old=OLD, new=NEW):
    return announce(change(world, Kind.LOST, size, old, new), [new])


def retired(world, size, old=OLD):
    return announce(change(world, Kind.RETIRED, size, old), [old])


@pytest.fixture
def audit(tmp_path, world):
    """Audit a copy of the log that a key signed, with announcements, from a key that is known."""

    def asked(*announcements, signed_by=NEW, known=OLD, command="audit"):
        files = {**world.files(signed_by), "keys": encode_history(announcements)}
        folder = write(tmp_path / "copy", files)
        key = saved(tmp_path / "log.vkey", known.verifier.vkey)
        return run(command, folder, "--key", key)

    return asked


@pytest.mark.parametrize("command", ["audit", "recount", "checkpoint"])
def test_whoever_has_only_the_old_key_follows_to_the_new_one(audit, world, command):
    ended = audit(rotated(world, 10), command=command)
    assert ended.returncode == HOLDS, ended.stdout
    assert "rotated after 10 entries" in ended.stdout


def test_a_chain_of_rotations_is_followed_from_both_ends(audit, world):
    told = rotated(world, 5), rotated(world, 10, NEW, THIRD)
    for known in (OLD, NEW, THIRD):
        assert audit(*told, signed_by=THIRD, known=known).returncode == HOLDS


def test_without_an_announcement_another_key_is_not_that_of_the_log(audit):
    assert audit().returncode == WRONG


def test_an_announcement_that_not_both_keys_signed_is_wrong(audit, world):
    text = change(world, Kind.ROTATED, 10, OLD, NEW).text
    for keys in ([NEW], [OLD], [NEW, THIEF], [THIEF]):
        ended = audit(Note(text, tuple(sign(text, key) for key in keys)).encode())
        assert ended.returncode == WRONG
        assert "A CHANGE OF ITS KEY IS NOT SIGNED BY WHOM IT MUST BE" in ended.stdout


def test_what_is_no_announcement_is_wrong(audit, world):
    good = rotated(world, 10)
    for broken in (
        good[:-9],
        b"x",
        b"\xff\n\n\xff\n",
        good.replace(b"rotated", b"spun"),
        b"a\n\nb\n",
    ):
        assert audit(broken).returncode == WRONG, broken


def test_the_old_key_signs_nothing_after_it_was_replaced(audit, world):
    ended = audit(rotated(world, 10), signed_by=OLD)
    assert ended.returncode == WRONG
    assert "a key that was to sign nothing beyond 10 entries" in " ".join(ended.stdout.split())


def test_a_record_that_is_not_the_one_the_old_key_ended_with_is_found(audit, world):
    ended = audit(rotated(world, 10, root=bytes(32)))
    assert ended.returncode == WRONG
    assert "are not those of the announcement of its key" in " ".join(ended.stdout.split())


def test_a_log_that_is_shorter_than_its_announcement_is_stale(audit, world):
    assert audit(rotated(world, 99, root=bytes(32))).returncode == UNMET


def test_a_lost_key_is_not_followed_and_proves_nothing_wrong(audit, world):
    ended = audit(lost(world, 10))
    assert ended.returncode == INCOMPLETE, ended.stdout
    assert "only the new one vouches for that" in " ".join(ended.stdout.split())
    assert NEW.verifier.vkey in ended.stdout
    assert audit(lost(world, 10), known=NEW).returncode == HOLDS, "who was told the new key"


def test_somebody_who_never_had_the_key_cannot_announce_that_it_was_lost_and_be_believed(
    audit, world
):
    ended = audit(lost(world, 10, OLD, THIEF), signed_by=THIEF)
    assert ended.returncode == INCOMPLETE


def test_a_retired_log_holds_and_one_that_goes_on_after_it_does_not(audit, world):
    whole = len(world.entries)
    assert audit(retired(world, whole), signed_by=OLD).returncode == HOLDS
    ended = audit(retired(world, 10), signed_by=OLD)
    assert ended.returncode == WRONG


def test_receipts_from_before_hold_with_either_key(tmp_path, world):
    receipt = saved(tmp_path / "mine.tlog-proof", world.receipt(2))
    history = saved(tmp_path / "keys", encode_history([rotated(world, len(world.entries))]))
    for known in (OLD, NEW):
        key = saved(tmp_path / "log.vkey", known.verifier.vkey)
        assert run("receipt", receipt, "--key", key, "--keys", history).returncode == HOLDS
    assert run("receipt", receipt, "--key", key).returncode == WRONG, "without announcements"
    early = saved(tmp_path / "keys", encode_history([rotated(world, 3)]))
    assert run("receipt", receipt, "--key", key, "--keys", early).returncode == WRONG


def test_announcements_of_another_log_change_nothing(tmp_path, audit, world):
    other = key_of("verifier tests: another site, later", OTHER_SITE.name)
    told = rotated(world, 10, OTHER_SITE, other)
    assert audit(told, signed_by=OLD).returncode == HOLDS
    assert audit(told).returncode == WRONG
    assert run("audit", tmp_path / "copy", "--keys", "/nowhere").returncode == USAGE
