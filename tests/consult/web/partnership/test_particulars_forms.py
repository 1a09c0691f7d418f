"""The form of a partnership's statement: rows of places, and what the record takes of the whole."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from consult.web.partnership.particulars_forms import EMPTY_ROWS, ParticularsForm
from events.particulars import PLACES_MAX, Particulars, Place

APP = Flask(__name__)
APP.config["SECRET_KEY"] = "of a test"
WARDS = {"ward": [("W1", "Ironstone")]}
LIBRARY = Place(
    {"en": "Library", "cy": "Llyfrgell"}, "1 High Street", {"en": "9 to 5", "cy": "9 tan 5"}, "W1"
)


def form(known=None, typed=None):
    """The form as it is filled in, or as it was posted."""
    made = {"languages": ("en", "cy"), "choices": WARDS}
    method = "GET" if typed is None else "POST"
    with APP.test_request_context(method=method, data=typed):
        one = ParticularsForm(known or Particulars(), **made)
        if typed is not None:
            one.validate()
        return one


def shown(one):
    """What all its controls show."""
    fields = [field for field in one if field.name != "place"]
    fields += [field for row in one.places.rows for field in row]
    return {name: text for field in fields for name, text in field.typed.items()}


words = st.fixed_dictionaries({"en": st.just("Here"), "cy": st.sampled_from(("Yma", "Acw"))})
places = st.builds(Place, words, st.just("1 High Street"), words, st.sampled_from(("", "W1")))


@given(st.lists(places, max_size=5).map(tuple), st.integers(0, 60), st.booleans())
def test_what_is_stated_comes_back_when_it_is_saved_untouched(places, days, has_paper):
    stated = Particulars(
        email="post@example.org", answer_days=days, has_paper=has_paper, places=places
    )
    again = form(typed=shown(form(stated)))
    assert again.problems == []
    assert again.stated() == stated


@pytest.mark.parametrize("used", [0, 1, PLACES_MAX - 1, PLACES_MAX])
def test_there_are_empty_rows_up_to_the_most_places(used):
    rows = form(Particulars(places=(LIBRARY,) * used)).places.rows
    assert len(rows) == min(used + EMPTY_ROWS, PLACES_MAX)


def test_a_row_in_the_middle_that_is_emptied_is_no_place_any_more():
    typed = shown(form(Particulars(places=(LIBRARY,) * 3)))
    typed |= dict.fromkeys((name for name in typed if name.startswith("place-2-")), "")
    assert form(typed=typed).stated().places == (LIBRARY, LIBRARY)


def test_a_place_needs_its_name_and_hours_in_every_language_and_its_address():
    assert [id for id, _message in form(typed={"place-2-name-en": "Library"}).problems] == [
        "place-2-name-cy",
        "place-2-address",
        "place-2-hours-en",
        "place-2-hours-cy",
    ]


def test_what_the_record_refuses_stands_at_its_field():
    refused = form(typed={"telephone": "ask Ann", "keys_twice": "yes"})
    assert [id for id, _message in refused.problems] == ["telephone"]
    assert [id for id, _message in form(typed={"keys_twice": "yes"}).problems] == ["keys_twice"]
