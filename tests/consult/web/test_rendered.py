"""What was rendered is found again by everything it depends on, whatever that is made of."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from consult.rendered import Rendered


class Row(msgspec.Struct, frozen=True):
    words: dict[str, str]
    at: datetime


ROW = Row({"en": "Trees", "cy": "Coed"}, datetime(2026, 11, 2, 9, 0, 41, 204_917, tzinfo=UTC))


@pytest.mark.parametrize(
    ("same", "as_this", "other"),
    [
        (("pdf", "en"), ("pdf", "en"), ("pdf", "cy")),
        (
            ("pdf", (ROW,)),
            ("pdf", (Row({"cy": "Coed", "en": "Trees"}, ROW.at),)),
            ("pdf", (Row({"en": "Trees!", "cy": "Coed"}, ROW.at),)),
        ),
        (("a", {"x": [1, UUID(int=1)]}), ("a", {"x": [1, UUID(int=1)]}), ("a", {"x": [1]})),
        ([{"en": {1, 2}}], [{"en": {2, 1}}], [{"en": {1, 3}}]),
    ],
)
def test_what_depends_on_words_by_language_is_kept_like_anything_else(same, as_this, other):
    rendered = Rendered()
    rendered[same] = "page"
    assert rendered.get(as_this) == "page"
    assert rendered[as_this] == "page"
    assert rendered.get(other) is None
    rendered.forget(as_this)
    assert rendered.get(same) is None


def test_the_oldest_goes_when_there_are_too_many():
    rendered = Rendered(most=2)
    for number in range(3):
        rendered[{"number": number}] = number
    assert len(rendered) == 2
    assert [rendered.get({"number": number}) for number in range(3)] == [None, 1, 2]
