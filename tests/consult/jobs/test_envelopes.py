"""What lies in an envelope can be read by the browser that has its key, and by nobody else."""

from consult.jobs import envelopes

CONTENT = b"0123-4567-89AB " * 1_000


def test_an_envelope_is_opened_by_its_key_alone():
    mine, other = envelopes.new_key(), envelopes.new_key()
    envelope = envelopes.close(envelopes.address_of(mine), CONTENT)
    assert CONTENT[:14] not in envelope
    assert envelopes.open_with(mine, envelope) == CONTENT
    assert envelopes.open_with(other, envelope) is None


def test_two_envelopes_with_the_same_content_have_nothing_in_common():
    address = envelopes.address_of(envelopes.new_key())
    first, second = (envelopes.close(address, CONTENT) for _ in range(2))
    assert first[:32] != second[:32]
    assert first[32:64] != second[32:64]


def test_an_envelope_of_which_a_bit_was_changed_or_a_part_is_missing_is_not_opened():
    key = envelopes.new_key()
    envelope = envelopes.close(envelopes.address_of(key), CONTENT)
    for at in (0, 31, 32, len(envelope) - 1):
        changed = bytearray(envelope)
        changed[at] ^= 1
        assert envelopes.open_with(key, bytes(changed)) is None
    assert envelopes.open_with(key, envelope[:-1]) is None
