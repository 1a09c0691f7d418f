"""The short name that is proposed for a consultation from its title."""

import pytest

from consult.web.organising.draft.short_names import proposed


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ({"en": "The future of Riverside Park"}, "future-riverside-park"),
        ({"cy": "Tŷ'r Dŵr"}, "tyr-dwr"),
        ({"en": "Of the and"}, "of-the-and"),
        ({"en": "x" * 90}, "x" * 40),
        ({"en": "公园"}, ""),
        ({}, ""),
    ],
)
def test_a_short_name_is_proposed_from_the_title(title, name):
    assert proposed(title) == name
