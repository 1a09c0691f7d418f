"""Numbers, dates, matrices, areas and other: read leniently, stored in one form; routing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import Refused
from events.kinds.answer_refusals import (
    AnswerMissing,
    DateTooEarly,
    DateTooLate,
    NotADate,
    NotAnAnswer,
    NotANumber,
    NumberTooLarge,
    NumberTooSmall,
    UnknownOption,
)
from events.kinds.checks import check
from events.question import OTHER, Condition, Option, Question, asked_of

TITLE = {"en": "Which?"}
AB = (Option("a", TITLE), Option("b", TITLE))
ROWS = (Option("r", TITLE), Option("s", TITLE))


def question(kind: str, id: str = "q", **limits) -> Question:
    limits.setdefault("options", AB if kind in {"single", "several", "matrix", "area"} else ())
    limits.setdefault("statements", ROWS if kind == "matrix" else ())
    return Question(id, kind, TITLE, **limits)


@pytest.mark.parametrize(
    ("kind", "limits", "answer", "stored"),
    [
        ("number", {}, "12", "12"),
        ("number", {}, " 1,200 ", "1200"),
        ("number", {}, "007", "7"),
        ("number", {}, "12.0", "12"),
        ("number", {}, "١٢", "12"),
        (
            "number",
            {"unit": {"en": "miles", "cy": "milltir"}},
            "\u00a01,200.0 Milltir\u200b",
            "1200",
        ),
        ("date", {}, {"day": "27", "month": "Mawrth", "year": "2026"}, "2026-03-27"),
        ("date", {}, "27/3/2026", "2026-03-27"),
        ("number", {"decimals": 2}, "12.5", "12.50"),
        ("number", {"decimals": 2}, "-0.5", "-0.50"),
        ("number", {"least": "-5", "most": "5"}, "-5", "-5"),
        ("date", {}, "2026-03-27", "2026-03-27"),
        ("matrix", {}, {"s": "a", "r": "b"}, {"r": "b", "s": "a"}),
        ("area", {}, "a", "a"),
        ("area", {}, OTHER, OTHER),
        ("single", {"other": True}, OTHER, OTHER),
        ("several", {"other": True}, [OTHER, "a", "b"], ["a", "b", OTHER]),
    ],
)
def test_a_good_answer_is_stored_in_its_one_form(kind, limits, answer, stored):
    assert check(question(kind, **limits), answer) == stored


@pytest.mark.parametrize(
    ("kind", "limits", "answer", "refusal"),
    [
        ("number", {}, "twelve", NotANumber),
        ("number", {}, "1.5", NotANumber),
        ("number", {}, "1e3", NotANumber),
        ("number", {}, "1" * 16, NotANumber),
        ("number", {}, 12, NotANumber),
        ("number", {"decimals": 1}, "1.55", NotANumber),
        ("number", {"least": "3"}, "2", NumberTooSmall),
        ("number", {"most": "3.5", "decimals": 1}, "3.6", NumberTooLarge),
        ("date", {}, "2026-02-30", NotADate),
        ("date", {}, "0026-02-03", NotADate),
        ("date", {}, {"day": "31", "month": "2", "year": "2026"}, NotADate),
        ("date", {"least": "2026-01-01"}, "2025-12-31", DateTooEarly),
        ("date", {"most": "2026-01-01"}, "2026-01-02", DateTooLate),
        ("matrix", {}, {"r": "a"}, AnswerMissing),
        ("matrix", {}, {"x": "a"}, UnknownOption),
        ("matrix", {"required": False}, {"r": "x"}, UnknownOption),
        ("matrix", {}, {"r": 1}, NotAnAnswer),
        ("area", {}, "x", UnknownOption),
        ("single", {}, OTHER, UnknownOption),
        ("several", {}, [OTHER], UnknownOption),
    ],
)
def test_a_bad_answer_is_refused(kind, limits, answer, refusal):
    with pytest.raises(refusal):
        check(question(kind, **limits), answer)


def test_an_optional_matrix_may_have_empty_rows():
    assert check(question("matrix", required=False), {"s": "a"}) == {"s": "a"}


texts = st.text(max_size=8) | st.from_regex(r"-?[0-9,]{1,8}(\.[0-9]{1,3})?", fullmatch=True)
answers = (
    texts | st.dates().map(str) | st.dictionaries(st.sampled_from("rsx"), st.sampled_from("abx"))
)


@given(
    kind=st.sampled_from(("number", "date", "matrix", "area", "single")),
    answer=answers,
    decimals=st.integers(0, 4),
    required=st.booleans(),
)
def test_what_is_stored_is_an_answer_in_the_same_form(kind, answer, decimals, required):
    asked = question(kind, decimals=decimals, required=required, other=kind == "single")
    try:
        stored = check(asked, answer)
    except Refused:
        return
    assert stored is None or check(asked, stored) == stored


@given(value=st.integers(-(10**14), 10**14), decimals=st.integers(0, 4))
def test_a_number_is_the_same_number_after_it_is_stored(value, decimals):
    from events.kinds.answer_values import scaled, written

    assert scaled(written(value, decimals), decimals) == value


CHAIN = {
    each.id: each
    for each in (
        question("single", "one"),
        question("several", "two", asked_when=Condition("one", ("a",))),
        question("number", "three", asked_when=Condition("two", ("b",))),
        question("text", "four"),
    )
}


@pytest.mark.parametrize(
    ("given_answers", "asked"),
    [
        ({}, ["one", "four"]),
        ({"one": "b"}, ["one", "four"]),
        ({"one": "a"}, ["one", "two", "four"]),
        ({"one": "a", "two": ["a", "b"]}, ["one", "two", "three", "four"]),
        ({"one": "b", "two": ["b"]}, ["one", "four"]),
    ],
)
def test_a_question_is_asked_of_those_who_gave_the_answer_it_depends_on(given_answers, asked):
    assert list(asked_of(CHAIN, given_answers)) == asked


@given(
    one=st.sampled_from(("a", "b", None)),
    two=st.lists(st.sampled_from("ab"), unique=True),
    three=st.sampled_from(("1", None)),
)
def test_leaving_out_what_is_not_asked_changes_nothing_more(one, two, three):
    typed = {"one": one, "two": two, "three": three}
    kept = {id: answer for id, answer in typed.items() if id in asked_of(CHAIN, typed)}
    assert asked_of(CHAIN, kept) == asked_of(CHAIN, typed)
