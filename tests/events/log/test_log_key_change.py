"""Announcements that a log's key was changed, lost or ended with the log, and who follows them."""

import pytest

from events.log.checkpoint import Checkpoint, parse_body
from events.log.errors import LogError, MalformedError, SignatureError
from events.log.key_change import (
    KeyChange,
    Kind,
    announce,
    encode_history,
    follow,
    may_sign,
    parse_announcement,
    parse_history,
    split_history,
)
from events.log.keys import Algorithm, SignerKey
from events.log.merkle import TreeHead
from events.log.note import Note, parse_note, sign
from events.log.signed_checkpoint import open_checkpoint

ONE, TWO, THREE, THIEF = (
    SignerKey("moot.example/log", Algorithm.ED25519, bytes([n]) * 32) for n in range(1, 5)
)
OTHER = SignerKey("other.example/log", Algorithm.ED25519, bytes([9]) * 32)
WITNESS = SignerKey("moot.example/log", Algorithm.COSIGNATURE, bytes([8]) * 32)


def change(kind, size, old, new=None):
    head = TreeHead(size, bytes([size]) * 32)
    return KeyChange(kind, head, old.verifier, new.verifier if new else None)


def rotated(size, old, new):
    return announce(change(Kind.ROTATED, size, old, new), [old, new])


def lost(size, old, new):
    return announce(change(Kind.LOST, size, old, new), [new])


def retired(size, old):
    return announce(change(Kind.RETIRED, size, old), [old])


def known(key, *announcements):
    return follow({key.verifier: None}, parse_history(encode_history(announcements)))


def test_a_file_of_announcements_is_read_as_it_was_written():
    signed = [rotated(5, ONE, TWO), lost(7, TWO, THREE), retired(9, THREE)]
    assert split_history(encode_history(signed)) == signed
    assert [one.kind for one in parse_history(encode_history(signed))] == list(Kind)
    assert parse_history(b"") == []


def test_a_rotation_is_followed_from_the_old_key_and_back_from_the_new_one():
    told = rotated(5, ONE, TWO), rotated(9, TWO, THREE)
    both = {ONE.verifier: 5, TWO.verifier: 9, THREE.verifier: None}
    assert known(ONE, *told) == both
    assert known(TWO, *told) == both
    assert known(THREE, *told) == both
    assert known(THIEF, *told) == {THIEF.verifier: None}


def test_a_loss_is_not_followed_but_leads_back_from_a_key_that_somebody_trusts():
    assert known(ONE, lost(5, ONE, TWO)) == {ONE.verifier: None}
    assert known(TWO, lost(5, ONE, TWO)) == {ONE.verifier: 5, TWO.verifier: None}


def test_a_key_that_ended_may_sign_what_stood_then_and_nothing_after_it():
    keys = known(ONE, rotated(5, ONE, TWO))
    assert may_sign(keys, 5) == [ONE.verifier, TWO.verifier]
    assert may_sign(keys, 6) == [TWO.verifier]
    assert may_sign(known(ONE, retired(5, ONE)), 6) == []


@pytest.mark.parametrize("signers", [[ONE], [TWO], [ONE, THIEF], [THIEF, TWO], [OTHER], [THIEF]])
def test_a_rotation_that_not_both_keys_signed_is_refused(signers):
    text = change(Kind.ROTATED, 5, ONE, TWO).text
    note = Note(text, tuple(sign(text, key) for key in signers)).encode()
    with pytest.raises(SignatureError):
        parse_announcement(note)


def test_a_loss_by_whom_nobody_knows_and_a_retirement_by_another_are_refused():
    for told in (change(Kind.LOST, 5, ONE, TWO), change(Kind.RETIRED, 5, ONE)):
        note = Note(told.text, (sign(told.text, THIEF),)).encode()
        with pytest.raises(SignatureError):
            parse_announcement(note)


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        (Kind.ROTATED, ONE, None),
        (Kind.RETIRED, ONE, TWO),
        (Kind.LOST, ONE, ONE),
        (Kind.ROTATED, ONE, OTHER),
        (Kind.ROTATED, ONE, WITNESS),
    ],
)
def test_keys_that_do_not_belong_together_cannot_be_announced(kind, old, new):
    with pytest.raises(MalformedError):
        change(kind, 5, old, new)


def test_every_changed_byte_of_an_announcement_is_refused_or_means_the_same():
    good = rotated(5, ONE, TWO)
    meant = parse_announcement(good)
    for at in range(len(good)):
        broken = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        try:
            assert parse_announcement(broken) == meant
        except LogError:
            continue


@pytest.mark.parametrize("data", [b"x", b"\n\n", b"a\n\nb\n\nc", b"\xff\n\n\xff\n", b"x" * 200_000])
def test_what_is_no_file_of_announcements_is_refused(data):
    with pytest.raises(MalformedError):
        parse_history(data)


def test_an_announcement_is_no_checkpoint_and_a_checkpoint_is_no_announcement():
    with pytest.raises(LogError):
        parse_body(parse_note(rotated(5, ONE, TWO)).text)
    point = Checkpoint(ONE.name, 5, bytes(32)).body
    with pytest.raises(MalformedError):
        parse_announcement(Note(point, (sign(point, ONE),)).encode())


def test_a_checkpoint_with_both_signatures_is_accepted_by_whoever_has_one_key():
    body = Checkpoint(ONE.name, 5, bytes(32)).body
    note = Note(body, (sign(body, ONE), sign(body, TWO))).encode()
    for key in (ONE, TWO):
        assert open_checkpoint(note, [key.verifier]).checkpoint.size == 5
