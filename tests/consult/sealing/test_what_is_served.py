"""What the log hands out: its key, what was asked, and receipts under the right checkpoint."""

import json
from typing import Any

import pytest

from consult.log_store.store import Cosignature
from consult.sealing.public_entries.manifest import manifest_of
from consult.sealing.receipts import public_half
from consult.sealing.running import open_key
from events import Consultation
from events.log.note import parse_note
from events.log.proof import parse_receipt
from events.log.signed_checkpoint import parse_body
from tests.builders import RANKING, consultation, draft
from tests.consult.sealing.audits import answer


def test_the_key_that_signs_is_handed_out_and_signs_the_checkpoint(services, log, seal):
    assert log.document("vkey") is None
    seal()
    key = open_key(services.config, log).verifier
    assert log.document("vkey") == f"{key.vkey}\n".encode()
    latest = log.latest()
    assert latest is not None
    assert [found.key for found in parse_note(latest.signed).verify([key])] == [key]


@pytest.mark.parametrize(
    ("elsewhere", "told"), [("anybody", None), ("nobody", "nobody"), ("connected", "connected")]
)
def test_the_manifest_says_whether_people_from_elsewhere_take_part(services, elsewhere, told):
    drafted = draft(services, RANKING, wards=("W03",), elsewhere=elsewhere)
    found = services.record.get(Consultation, drafted.id)
    terms: dict[str, Any] = json.loads(manifest_of(found))["terms"]
    assert terms.get("elsewhere") == told
    assert terms["wards"] == ["W03"]


def test_a_receipt_is_under_a_cosigned_checkpoint_only_where_that_covers_the_entry(
    services, log, seal
):
    about = consultation(services)
    answer(services, about, "Ada")
    assert public_half(log, 1) is None, "nothing is sealed yet"
    first = seal()
    assert public_half(log, first) is None, "it comes later than the latest checkpoint"
    checkpoint = log.latest()
    assert checkpoint is not None
    log.keep_cosignature(Cosignature(first, "a witness", line_of(checkpoint), services.clock()))
    answer(services, about, "Ben")
    second = seal()
    assert second > first

    def size_under(index: int) -> int:
        proof = public_half(log, index)
        assert proof is not None
        return parse_body(parse_note(parse_receipt(proof).checkpoint).text).head.size

    assert size_under(first - 1) == first, "cosigned, though not the newest"
    assert size_under(second - 1) == second, "the cosigned one does not cover it"


def line_of(checkpoint: Any) -> bytes:
    """A line in the form of a signature; whose it is, is not looked at here."""
    signatures = parse_note(checkpoint.signed).signatures
    return signatures[0].line.encode()
