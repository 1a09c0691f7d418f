"""Keys, signed notes and checkpoints: one spelling each, and every forged line refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.log.checkpoint import Checkpoint, parse_body
from events.log.errors import (
    KeyFormatError,
    LogError,
    MalformedError,
    SignatureError,
    TooLargeError,
)
from events.log.keys import HAS_MLDSA, Algorithm, SignerKey, parse_skey, parse_vkey
from events.log.leaf import EMPTY_ROOT
from events.log.note import Note, parse_note, sign
from events.log.signed_checkpoint import (
    add_cosignatures,
    cosign,
    open_checkpoint,
    same_log_fork,
    sign_checkpoint,
)
from tests.events.log.sample_logs import LOG_KEY, ORIGIN, WITNESS_KEY, key_from

ROOT = bytes(range(32))
CHECKPOINT = Checkpoint(ORIGIN, 9, ROOT)
SIGNED = sign_checkpoint(CHECKPOINT, LOG_KEY)
LOGS = [LOG_KEY.verifier]
WITNESSES = [WITNESS_KEY.verifier]
needs_mldsa = pytest.mark.skipif(
    not HAS_MLDSA, reason="the installed cryptography library has no ML-DSA"
)


def test_a_signed_checkpoint_opens_with_its_key_and_no_other():
    assert open_checkpoint(SIGNED, LOGS).checkpoint == CHECKPOINT
    stranger = key_from("another key", ORIGIN, Algorithm.ED25519)
    with pytest.raises(SignatureError):
        open_checkpoint(SIGNED, [stranger.verifier])
    with pytest.raises(SignatureError):
        open_checkpoint(SIGNED, [])


def test_a_checkpoint_of_another_log_is_refused_even_if_well_signed():
    other = key_from("TEST log key", "elsewhere.example/log", Algorithm.ED25519)
    signed = sign_checkpoint(Checkpoint("elsewhere.example/log", 9, ROOT), other)
    with pytest.raises(SignatureError):
        open_checkpoint(signed, LOGS)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_no_byte_of_a_signed_checkpoint_can_change(at, difference):
    forged = SIGNED[:at] + bytes((SIGNED[at] ^ difference,)) + SIGNED[at + 1 :]
    with pytest.raises(LogError):
        open_checkpoint(forged, LOGS)


def test_a_key_change_is_signed_by_both_keys_and_opens_with_either():
    new = key_from("the next key", ORIGIN, Algorithm.ED25519)
    note = parse_note(SIGNED)
    both = note.with_signatures([sign(note.text, new)]).encode()
    for keys in (LOGS, [new.verifier], [*LOGS, new.verifier]):
        assert open_checkpoint(both, keys).checkpoint == CHECKPOINT


def test_a_witness_s_line_is_added_and_its_time_read():
    answer = cosign(SIGNED, WITNESS_KEY, 1_790_000_000)
    stranger = key_from("?", "unknown.example/w", Algorithm.COSIGNATURE)
    merged = add_cosignatures(SIGNED, cosign(SIGNED, stranger, 5) + answer, WITNESS_KEY.verifier)
    assert merged == SIGNED + answer
    (witnessed,) = open_checkpoint(merged, LOGS, WITNESSES).witnesses
    assert (witnessed.key, witnessed.time) == (WITNESS_KEY.verifier, 1_790_000_000)
    assert open_checkpoint(merged, LOGS).witnesses == ()


def test_a_newer_cosignature_replaces_the_older_one():
    first = add_cosignatures(SIGNED, cosign(SIGNED, WITNESS_KEY, 1), WITNESS_KEY.verifier)
    second = add_cosignatures(first, cosign(SIGNED, WITNESS_KEY, 2), WITNESS_KEY.verifier)
    assert [item.time for item in open_checkpoint(second, LOGS, WITNESSES).witnesses] == [2]


def test_a_cosignature_of_another_checkpoint_is_refused():
    other = sign_checkpoint(Checkpoint(ORIGIN, 10, ROOT), LOG_KEY)
    answer = cosign(other, WITNESS_KEY, 1_790_000_000)
    with pytest.raises(SignatureError):
        add_cosignatures(SIGNED, answer, WITNESS_KEY.verifier)
    with pytest.raises(SignatureError):
        add_cosignatures(SIGNED, b"", WITNESS_KEY.verifier)
    with pytest.raises(SignatureError):
        open_checkpoint(SIGNED + answer, LOGS, WITNESSES)


def test_a_cosignature_s_time_cannot_be_moved():
    line = cosign(SIGNED, WITNESS_KEY, 1_790_000_000)
    (signature,) = parse_note(SIGNED + line).signatures[1:]
    for time in (0, 1_790_000_001, 2**63):
        moved = time.to_bytes(8) + signature.signature[8:]
        with pytest.raises(SignatureError):
            WITNESS_KEY.verifier.verify(CHECKPOINT.body, moved)


def test_log_and_witness_keys_do_not_change_places():
    with pytest.raises(KeyFormatError):
        open_checkpoint(SIGNED, WITNESSES)
    with pytest.raises(KeyFormatError):
        open_checkpoint(SIGNED, LOGS, LOGS)


@needs_mldsa
def test_a_post_quantum_cosignature_is_made_read_and_refused_when_changed():
    witness = key_from("pq", "scrutiny.example.org/pq", Algorithm.MLDSA_COSIGNATURE)
    assert parse_vkey(witness.verifier.vkey) == witness.verifier
    assert parse_skey(witness.skey) == witness
    merged = add_cosignatures(SIGNED, cosign(SIGNED, witness, 1_790_000_000), witness.verifier)
    (witnessed,) = open_checkpoint(merged, LOGS, [witness.verifier]).witnesses
    assert witnessed.time == 1_790_000_000
    signature = witness.sign(CHECKPOINT.body, 7)
    other = Checkpoint(ORIGIN, 10, ROOT)
    with pytest.raises(SignatureError):
        witness.verifier.verify(other.body, signature)
    with pytest.raises(SignatureError):
        witness.verifier.verify(b"not a checkpoint\n", signature)


def test_a_fork_is_two_roots_at_one_size():
    here = open_checkpoint(SIGNED, LOGS)
    there = open_checkpoint(sign_checkpoint(Checkpoint(ORIGIN, 9, EMPTY_ROOT), LOG_KEY), LOGS)
    later = open_checkpoint(sign_checkpoint(Checkpoint(ORIGIN, 10, ROOT), LOG_KEY), LOGS)
    assert same_log_fork(here, there)
    assert not same_log_fork(here, later)
    assert not same_log_fork(here, here)


def test_an_empty_log_has_the_empty_root():
    signed = sign_checkpoint(Checkpoint(ORIGIN, 0, EMPTY_ROOT), LOG_KEY)
    assert open_checkpoint(signed, LOGS).checkpoint.size == 0
    with pytest.raises(MalformedError):
        open_checkpoint(sign_checkpoint(Checkpoint(ORIGIN, 0, ROOT), LOG_KEY), LOGS)


BODY = CHECKPOINT.body.decode()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n",
        BODY[:-1],
        BODY + "\n",
        BODY.replace("\n9\n", "\n09\n"),
        BODY.replace("\n9\n", "\n-9\n"),
        BODY.replace("\n9\n", "\n+9\n"),
        BODY.replace("\n9\n", "\n 9\n"),
        BODY.replace("\n9\n", "\n٩\n"),
        BODY.replace("\n9\n", "\n9223372036854775808\n"),
        BODY.replace(ORIGIN, ""),
        BODY.replace(ORIGIN, "a b"),
        BODY.replace(ORIGIN, "a+b"),
        BODY.replace(ORIGIN, "x" * 256),
        BODY.replace("=\n", "\n"),
        BODY.replace("8=\n", "9=\n"),
        BODY.replace("=\n", "==\n"),
        f"{ORIGIN}\n9\n{'A' * 40}\n",
        BODY + "\n".join("extension" for _ in range(17)) + "\n",
        BODY + "x" * 5_000 + "\n",
    ],
)
def test_any_other_spelling_of_a_checkpoint_is_refused(body):
    with pytest.raises(MalformedError):
        parse_body(body.encode())


def test_extension_lines_are_kept_and_signed():
    extended = Checkpoint(ORIGIN, 9, ROOT, ("more", "lines"))
    assert parse_body(extended.body) == extended
    assert open_checkpoint(sign_checkpoint(extended, LOG_KEY), LOGS).checkpoint == extended


LINE = SIGNED.decode().split("\n\n")[1]


@pytest.mark.parametrize(
    "note",
    [
        "",
        BODY,
        BODY + "\n",
        "\n\n" + LINE,
        BODY + LINE,
        BODY + "\n" + LINE[:-1],
        BODY + "\n" + LINE + "\n",
        BODY + "\n" + LINE.replace("— ", "- "),
        BODY + "\n" + LINE.replace("— ", "—  "),
        BODY + "\n" + LINE.replace(" c", "+ c"),
        BODY + "\n" + LINE.replace("\n", " \n"),
        BODY + "\n" + LINE.replace("\n", "\r\n"),
        BODY + "\n— name AAAAAA==\n",
        BODY + "\n— name AAAAAAB=\n",
        BODY + "\n— na\u00a0me AAAAAAA=\n",
        BODY + "\n" + LINE * 33,
        BODY + "\t\n" + LINE,
    ],
)
def test_any_other_spelling_of_a_note_is_refused(note):
    with pytest.raises(MalformedError):
        parse_note(note.encode())


def test_a_note_that_is_not_text_or_too_long_is_refused():
    with pytest.raises(MalformedError):
        parse_note(b"\xff\n\n" + LINE.encode())
    with pytest.raises(TooLargeError):
        parse_note(b"x" * 200_000)


def test_the_last_blank_line_separates_text_from_signatures():
    text = b"First paragraph.\n\nSecond one.\n"
    note = Note(text, (sign(text, LOG_KEY),))
    assert parse_note(note.encode()) == note
    assert note.verify(LOGS)


def test_one_key_signing_twice_counts_once():
    note = Note(CHECKPOINT.body, (sign(CHECKPOINT.body, LOG_KEY),) * 2)
    assert len(note.verify(LOGS)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "",
        "name",
        "name+00000000",
        "name+00000000+",
        LOG_KEY.verifier.vkey[:-1],
        LOG_KEY.verifier.vkey.replace("+1020a508+", "+1020A508+"),
        LOG_KEY.verifier.vkey.replace("+1020a508+", "+1020a509+"),
        LOG_KEY.verifier.vkey.replace("consult", "consulf"),
        LOG_KEY.verifier.vkey + "\n",
        "na me+00000000+AQ==",
        "x" * 3_000,
    ],
)
def test_any_other_spelling_of_a_key_is_refused(line):
    with pytest.raises(KeyFormatError):
        parse_vkey(line)
    with pytest.raises(KeyFormatError):
        parse_skey(line)


@pytest.mark.parametrize("key", [LOG_KEY, WITNESS_KEY], ids=["log", "witness"])
def test_keys_read_back_from_their_lines_and_the_secret_is_not_shown(key):
    assert parse_vkey(key.verifier.vkey) == key.verifier
    assert parse_skey(key.skey) == key
    assert repr(key.seed) not in repr(key)
    with pytest.raises(KeyFormatError):
        SignerKey(key.name, key.algorithm, b"short")
