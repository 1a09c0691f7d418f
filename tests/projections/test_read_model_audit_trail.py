"""The trail keeps what a fact says, as long as it is short, and never what people answered."""

from datetime import UTC, datetime

import msgspec
import pytest

from events.base import By
from events.consultations.consultation_facts import Withdrawn
from projections.audit_trail import DETAIL_BYTES_MAX, _detail

NOON = datetime(2026, 5, 1, 12, 0, 3, 350_149, tzinfo=UTC)
FRAME = len(b'{"reason":{"en":""}}')


def withdrawn(length: int) -> Withdrawn:
    return Withdrawn(at=NOON, by=By("organiser"), reason={"en": "x" * (length - FRAME)})


@pytest.mark.parametrize(
    ("length", "is_kept"),
    [
        (FRAME, True),
        (DETAIL_BYTES_MAX - 1, True),
        (DETAIL_BYTES_MAX, True),
        (DETAIL_BYTES_MAX + 1, False),
        (DETAIL_BYTES_MAX * 3, False),
    ],
)
def test_what_a_fact_says_is_kept_up_to_a_length(length, is_kept):
    detail = _detail(withdrawn(length))
    assert (detail is not None) == is_kept
    if detail is not None:
        assert len(detail) == length
        assert set(msgspec.json.decode(detail)) == {"reason"}, "who and when have columns"
