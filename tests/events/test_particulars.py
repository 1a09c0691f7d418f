"""What a partnership has to state before one of its consultations opens, one gap at a time."""

from typing import Any

import pytest
from msgspec.structs import replace

from events.particulars import (
    OF_LINES,
    OF_WORDS,
    BadParticulars,
    Particulars,
    Place,
    ProfileUnstated,
    partnership_gaps,
)
from projections.consultations import ConsultationPage
from projections.partnerships import PartnershipPage
from tests.builders import PARTICULARS, words

BOTH = ConsultationPage(languages=("en", "cy"))


def gaps(particulars: Particulars = PARTICULARS, profile: str = "wales", **about: Any) -> list[str]:
    home = PartnershipPage(profile=profile, particulars=particulars)
    asking = ConsultationPage(languages=("en", "cy"), **about)
    return [type(gap).__name__ for gap in partnership_gaps(home, asking)]


def test_who_has_stated_everything_has_no_gap():
    assert gaps() == []


@pytest.mark.parametrize(("field", "gap"), OF_LINES.items())
def test_each_line_is_missed(field: str, gap: type):
    empty = getattr(Particulars(), field)
    assert gaps(replace(PARTICULARS, **{field: empty})) == [gap.__name__]


@pytest.mark.parametrize(("field", "gap"), OF_WORDS.items())
def test_words_are_missed_in_each_language(field: str, gap: type):
    assert gaps(replace(PARTICULARS, **{field: {"en": "Said"}})) == [gap.__name__]
    assert gaps(replace(PARTICULARS, **{field: {}})) == [gap.__name__] * 2


def test_the_language_that_is_missing_is_named():
    home = PartnershipPage(
        profile="wales", particulars=replace(PARTICULARS, controller={"en": "Council"})
    )
    (gap,) = partnership_gaps(home, BOTH)
    assert str(gap) == "say in cy who is the controller of personal data"


def test_a_partnership_under_no_rules_has_to_choose_some():
    assert gaps(profile="none") == [ProfileUnstated.__name__]


def test_votes_that_were_imported_are_over_and_need_nothing():
    assert gaps(Particulars(), profile="none", source="votes.pb") == []


def test_what_is_optional_is_never_a_gap():
    bare = replace(PARTICULARS, has_paper=False, has_telephone=False, places=())
    assert gaps(bare) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"telephone": "ring us"},
        {"answer_days": 61},
        {"answer_days": -1},
        {"has_paper": False, "keys_twice": True},
        {"post": "x" * 301},
        {"controller": words("x" * 2_001)},
        {"places": (Place({}, "High Street", words("Always")),)},
        {"places": (Place(words("Library"), "", words("Always")),)},
        {"places": (Place(words("Library"), "High Street", {}),)},
        {"places": (Place(words("Library"), "High Street", words("Always")),) * 61},
    ],
)
def test_what_cannot_be_right_is_refused_in_words(wrong: dict[str, Any]):
    PARTICULARS.check()
    with pytest.raises(BadParticulars) as refused:
        replace(PARTICULARS, **wrong).check()
    assert "{" not in str(refused.value)


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("part", ["name", "address", "hours"])
def test_a_line_about_a_place_has_three_hundred_letters_at_most(part: str, language: str):
    place = Place(words("Library"), "High Street", words("Always"))

    def with_letters(number: int) -> Particulars:
        text = "x" * number
        value = text if part == "address" else {**words("Short"), language: text}
        return replace(PARTICULARS, places=(replace(place, **{part: value}),))

    with_letters(300).check()
    with pytest.raises(BadParticulars, match="300"):
        with_letters(301).check()


def test_as_much_as_may_be_stated_is_taken():
    library = Place(words("Library"), "High Street", words("Always"))
    replace(
        PARTICULARS,
        post="x" * 300,
        controller={"en": "x" * 2_000, "cy": "y" * 2_000},
        answer_days=60,
        places=(library,) * 60,
    ).check()
    replace(PARTICULARS, answer_days=0).check()
