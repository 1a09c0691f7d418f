"""Receipts: what a person keeps verifies offline, and a changed one does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.log.errors import LogError, MalformedError, ProofError, SignatureError, TooLargeError
from events.log.keys import VerifierKey
from events.log.note import parse_note
from events.log.proof import Receipt, parse_receipt
from events.log.signed_checkpoint import add_cosignatures, cosign
from tests.events.log.independent_tools import openssl_accepts
from tests.events.log.sample_logs import LOG_KEY, WITNESS_KEY, ballot, stored_log

LOGS = [LOG_KEY.verifier]
WITNESSES = [WITNESS_KEY.verifier]
LOG = stored_log([ballot(number) for number in range(700)])
CHECKPOINT = add_cosignatures(
    LOG.checkpoint(), cosign(LOG.checkpoint(), WITNESS_KEY, 1_790_000_000), WITNESSES[0]
)


def receipt_for(index: int) -> Receipt:
    proof = tuple(LOG.tree().prove_inclusion(index))
    return Receipt(ballot(index), index, proof, CHECKPOINT)


ENCODED = receipt_for(421).encode()


def test_a_receipt_reads_back_and_verifies_with_its_witness():
    receipt = parse_receipt(ENCODED)
    assert receipt == receipt_for(421)
    assert [item.key for item in receipt.verify(LOGS, WITNESSES).witnesses] == WITNESSES


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(ENCODED) - 1), st.integers(1, 255))
def test_no_byte_of_a_receipt_can_change_unnoticed(at, difference):
    forged = ENCODED[:at] + bytes((ENCODED[at] ^ difference,)) + ENCODED[at + 1 :]
    try:
        receipt = parse_receipt(forged)
        opened = receipt.verify(LOGS, WITNESSES)
    except LogError:
        return
    # All that may pass is a witness's line turned into that of a witness nobody knows.
    assert opened.witnesses == ()
    assert (receipt.entry, receipt.index) == (ballot(421), 421)
    assert opened.checkpoint.head == LOG.edge.head


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 699), st.integers(0, 699))
def test_a_receipt_holds_at_its_own_index_only(index, other):
    receipt = receipt_for(index)
    receipt.verify(LOGS)
    if other != index:
        with pytest.raises(ProofError):
            Receipt(receipt.entry, other, receipt.proof, CHECKPOINT).verify(LOGS)
        with pytest.raises(ProofError):
            Receipt(ballot(other), index, receipt.proof, CHECKPOINT).verify(LOGS)


def test_a_receipt_without_its_entry_needs_the_entry_brought_along():
    whole = receipt_for(3)
    bare = Receipt(None, whole.index, whole.proof, whole.checkpoint)
    assert parse_receipt(bare.encode()) == bare
    bare.verify(LOGS, entry=ballot(3))
    with pytest.raises(ProofError):
        bare.verify(LOGS)
    with pytest.raises(ProofError):
        bare.verify(LOGS, entry=ballot(4))
    with pytest.raises(ProofError):
        whole.verify(LOGS, entry=ballot(4))


def test_a_receipt_under_an_unknown_key_is_refused():
    other = VerifierKey(LOGS[0].name, LOGS[0].algorithm, WITNESSES[0].public)
    with pytest.raises(SignatureError):
        receipt_for(3).verify([other])


TEXT = ENCODED.decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT.replace("proof@v1", "proof@v2"),
        TEXT.replace("index 421\n", ""),
        TEXT.replace("index 421", "index 0421"),
        TEXT.replace("index 421", "index -1"),
        TEXT.replace("index 421", "Index 421"),
        TEXT.replace("index 421\n", "index 421\nindex 421\n"),
        TEXT.replace("extra ", "extra  "),
        TEXT.replace("\nindex", "=\nindex"),
        TEXT.replace("index 421\n", "index 421\nAAAA\n"),
        TEXT.replace("index 421\n", "index 421\n" + ("A" * 43 + "=\n") * 64),
        TEXT.split("\n\n", maxsplit=1)[0],
        TEXT.split("\n\n", maxsplit=1)[0] + "\n\n",
        TEXT.replace("\n", "\r\n"),
        " " + TEXT,
        "\ufeff" + TEXT,
    ],
)
def test_any_other_spelling_of_a_receipt_is_refused(text):
    with pytest.raises(MalformedError):
        parse_note(parse_receipt(text.encode()).checkpoint)


def test_a_receipt_over_its_limit_is_refused_unread():
    with pytest.raises(TooLargeError):
        parse_receipt(b"x" * 1_000_000)


def test_a_receipt_of_a_large_log_stays_small():
    assert len(Receipt(ballot(1), 99_999, (b"x" * 32,) * 17, CHECKPOINT).encode()) < 1_500


@pytest.mark.parametrize("index", [0, 255, 256, 421, 699])
def test_openssl_accepts_our_receipt(tmp_path, index):
    """A script that shares nothing with us but OpenSSL judges the file."""
    assert openssl_accepts(receipt_for(index).encode(), LOGS[0].vkey, tmp_path)


def test_openssl_refuses_a_changed_receipt(tmp_path):
    whole = receipt_for(421)
    swapped = (whole.proof[1], whole.proof[0], *whole.proof[2:])
    for forged in (
        Receipt(ballot(420), 421, whole.proof, CHECKPOINT),
        Receipt(whole.entry, 420, whole.proof, CHECKPOINT),
        Receipt(whole.entry, 421, swapped, CHECKPOINT),
        Receipt(whole.entry, 421, whole.proof, CHECKPOINT.replace(b"\n700\n", b"\n701\n")),
    ):
        assert not openssl_accepts(forged.encode(), LOGS[0].vkey, tmp_path)
    other = LOGS[0].vkey.replace("+1020a508+", "+1020a509+")
    assert not openssl_accepts(whole.encode(), other, tmp_path)
