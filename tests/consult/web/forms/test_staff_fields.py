"""Fields of staff forms: what is filled in and sent back untouched is the same value again."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import assume, given
from hypothesis import strategies as st

from consult.clocks.local_time import ZONE
from consult.web.forms.choices import OneOf, OneOfList, Tick, Ticks
from consult.web.forms.fields import Day, Email, Line, Lines, Moment, WholeNumber, Words
from consult.web.forms.staff_form import StaffForm

APP = Flask(__name__)
APP.config["SECRET_KEY"] = "of a test"
CHOICES = (("a", "First"), ("b", "Second", "With a hint"))
MOST = 12


class EveryField(StaffForm):
    """One of each kind."""

    line = Line("Line", most=MOST)
    lines = Lines("Lines", most=MOST)
    email = Email("Address")
    words = Words("Words", most=MOST)
    number = WholeNumber("Number", what="The number", least=1, most=90)
    one = OneOf("One", CHOICES)
    listed = OneOfList("Listed", CHOICES, nothing="None")
    some = Ticks("Some", CHOICES, stem="is")
    tick = Tick("Tick")
    day = Day("Day")
    at = Moment("At", clock="Time", clock_hint="Of ours")


class DemandingForm(StaffForm):
    """Nothing may be left out."""

    line = Line("Line", needed="Write it.")
    words = Words("Words", in_each="Write it in each.")
    whole = Words("Whole", needed="Write it at all.", is_whole=True)
    one = OneOf("One", CHOICES, needed="Choose one.")
    some = Ticks("Some", CHOICES, stem="is", needed="Choose some.")
    day = Day("Day")
    at = Moment("At", clock="Time", clock_hint="Of ours")


@contextmanager
def posting(form, typed, **declared):
    """Give the form as it is after this was posted, validated."""
    with APP.test_request_context(method="POST", data={"command": "key", **typed}):
        posted = form(languages=("en", "cy"), **declared)
        posted.validate()
        yield posted


def filled(**values):
    """What the controls of a form show that is made from values."""
    with APP.test_request_context():
        form = EveryField(languages=("en", "cy"), **values)
        return {name: text for field in form for name, text in field.typed.items()}


def kept(field, value):
    """The value of a field that was filled in with a value and posted back untouched."""
    with posting(EveryField, filled(**{field: value})) as form:
        assert form[field].errors == []
        return form[field].data


text = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=MOST)


@given(text)
def test_a_line_comes_back_as_it_was(value):
    assert kept("line", value) == kept("lines", value) == value


@given(st.dictionaries(st.sampled_from(("en", "cy")), text))
def test_words_come_back_in_each_language(value):
    assert kept("words", value) == value


@given(st.integers(1, 90))
def test_a_number_comes_back_within_its_limits(value):
    assert kept("number", value) == value


@given(st.dates(date(1000, 1, 1)))
def test_a_day_comes_back(value):
    assert kept("day", value) == value


@given(
    st.integers(631_152_000 // 60, 4_102_444_800 // 60)  # minutes of the years 1990 to 2099
)
def test_a_moment_comes_back_unless_its_local_time_comes_twice(minute):
    value = datetime.fromtimestamp(minute * 60, UTC)
    local = value.astimezone(ZONE)
    assume(local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset())
    assert kept("at", value) == value


@given(st.sampled_from(("a", "b")), st.booleans())
def test_what_is_chosen_and_ticked_comes_back(value, is_ticked):
    assert kept("one", value) == kept("listed", value) == value
    assert kept("tick", is_ticked) is is_ticked


@given(st.sets(st.sampled_from(("a", "b"))))
def test_what_is_ticked_comes_back_in_the_order_of_the_choices(value):
    assert kept("some", tuple(value)) == tuple(sorted(value))


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(max_size=10))
def test_whatever_is_typed_is_shown_again_as_it_was_typed(day, month, year, clock):
    typed = {"at-day": day, "at-month": month, "at-year": year, "clock": clock, "line": day}
    with posting(EveryField, typed) as form:
        assert {name: form.at.typed[name] for name in typed} == typed


def test_a_field_reads_what_is_pasted():
    typed = {
        "number": "\u00a0\uff17.0 ",
        "day-day": "27 Mawrth 2026",
        "at-day": "2026-07-01",
        "clock": "5.30 pm",
        "email": " Ada@EXAMPLE.org ",
        "lines": "one\r\ntwo",
    }
    with posting(EveryField, typed) as form:
        assert form.number.data == 7
        assert form.day.data == date(2026, 3, 27)
        assert form.at.data == datetime(2026, 7, 1, 16, 30, tzinfo=UTC)
        assert form.email.data == "Ada@example.org"
        assert form.lines.data == "one\ntwo"
        assert form.problems == []


@pytest.mark.parametrize(
    ("field", "control", "least", "most"),
    [
        ("line", "line", "", "x" * MOST),
        ("lines", "lines", "", "x" * MOST),
        ("words", "words-cy", "", "x" * MOST),
        ("number", "number", "1", "90"),
    ],
)
def test_every_limit_is_taken_at_its_edge_and_refused_beyond_it(field, control, least, most):
    beyond = {"1": "0", "90": "91"}
    for edge in (least, most):
        with posting(EveryField, {control: edge, **moment()}) as form:
            assert form.problems == [], edge
    for edge in {least, most} - {""}:
        with posting(EveryField, {control: beyond.get(edge, edge + "x"), **moment()}) as form:
            assert [id for id, _message in form[field].errors] == [control]
            assert [id for id, _message in form.problems] == [control]


def moment():
    """Days and a time, which are never optional."""
    boxes = {"day": "1", "month": "7", "year": "2026"}
    days = {f"{name}-{part}": text for name in ("day", "at") for part, text in boxes.items()}
    return {**days, "clock": "12:00"}


def test_a_choice_that_is_not_on_the_list_is_refused():
    with posting(EveryField, {"one": "c", "listed": "c", "is-c": "yes", **moment()}) as form:
        assert form.problems == [
            ("one", "Choose from the list."),
            ("listed", "Choose from the list."),
        ]
        assert form.some.data == ()


def test_problems_stand_in_the_order_of_the_page_each_at_its_first_control():
    with posting(DemandingForm, {}) as form:
        assert form.problems == [
            ("line", "Write it."),
            ("words-en", "Write it in each."),
            ("words-cy", "Write it in each."),
            ("whole-en", "Write it at all."),
            ("one", "Choose one."),
            ("is-a", "Choose some."),
            ("day", "Give the day, month and year."),
            ("at", "Give the day, month and year."),
            ("clock", "“” is not a time of day. Write hours and minutes, like 17:00 or 5pm."),
        ]


def test_what_is_written_in_one_language_is_needed_in_the_other():
    with posting(DemandingForm, {"whole-en": "Park"}) as form:
        assert form.whole.errors == [("whole-cy", "Write this in Cymraeg too.")]


def test_a_form_that_is_drawn_before_it_is_validated_has_no_problems():
    with APP.test_request_context(method="POST", data={"command": "key"}):
        form = DemandingForm(languages=("en", "cy"))
        assert form.problems == []
        assert form.whole.wrong == {}


def test_a_post_of_nothing_is_a_post_and_not_filled_in():
    with APP.test_request_context(method="POST"):
        form = DemandingForm(languages=("en", "cy"), line="known")
        assert not form.validate()
        assert form.problems[0] == ("line", "Write it.")


def test_a_limit_that_a_form_is_given_takes_the_place_of_what_is_declared():
    with posting(EveryField, {"number": "8", **moment()}, limits={"number": 7}) as form:
        assert form.problems == [("number", "The number must be a whole number from 1 to 7.")]


@given(st.integers(-3, 3))
def test_a_time_that_the_clocks_leave_out_or_bring_twice_is_refused_and_its_neighbours_not(hours):
    spring = datetime(2026, 3, 29, 1, 30, tzinfo=ZONE) + timedelta(hours=hours)
    autumn = datetime(2026, 10, 25, 1, 30, tzinfo=ZONE) + timedelta(hours=hours)
    for local, said in ((spring, "clocks go forward"), (autumn, "clocks go back")):
        typed = {
            "at-day": str(local.day),
            "at-month": str(local.month),
            "at-year": str(local.year),
            "clock": f"{local:%H:%M}",
        }
        with posting(EveryField, typed) as form:
            if hours == 0:
                ((control, message),) = form.at.errors
                assert control == "clock"
                assert said in message
            else:
                assert form.at.errors == []
                assert form.at.data == local.astimezone(UTC)


def test_fields_stand_in_the_order_in_which_they_are_declared():
    with APP.test_request_context():
        names = [field.name for field in EveryField()]
    places = [list(vars(EveryField)).index(name) for name in names]
    assert all(before < after for before, after in pairwise(places))


def test_choices_that_a_form_is_given_take_the_place_of_what_is_declared():
    given_choices = {"one": [("z", "Last")]}
    with posting(EveryField, {"one": "z", **moment()}, choices=given_choices) as form:
        assert form.one.data == "z"
        assert form.one.options == [("z", "Last")]
        assert form.problems == []
