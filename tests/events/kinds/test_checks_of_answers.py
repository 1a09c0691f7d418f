"""An answer is stored as cast, or refused with a sentence that says what to change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import Refused
from events.kinds.answer_refusals import (
    AnswerMissing,
    DuplicateRank,
    NotAnAnswer,
    OverBudget,
    TooFewPicks,
    TooManyPicks,
    TooManyPoints,
    UnknownOption,
)
from events.kinds.checks import check
from events.question import Option, Question

IDS = ("a", "b", "c", "d")
KINDS: tuple[str, ...] = (
    "single", "several", "rating", "ranking", "points", "approval", "basket"
)  # fmt: skip


def question(kind: str, **limits) -> Question:
    options = tuple(Option(id, {"en": id.upper()}, cost=10) for id in IDS)
    pot = 25 if kind == "basket" else None
    return Question("q", kind, {"en": "Which?"}, options=options, pot=pot, **limits)


@pytest.mark.parametrize(
    ("kind", "answer", "stored"),
    [
        ("single", "b", "b"),
        ("several", ["c", "a", "a"], ["a", "c"]),
        ("approval", ["b", "a"], ["a", "b"]),
        ("basket", ["d", "a"], ["a", "d"]),
        ("ranking", ["c", "a"], ["c", "a"]),
        ("points", {"b": 0, "a": 2}, {"a": 2}),
        ("rating", {"d": 1, "a": 4, "b": 2, "c": 3}, {"a": 4, "b": 2, "c": 3, "d": 1}),
    ],
)
def test_a_good_answer_is_stored_in_its_one_form(kind, answer, stored):
    assert check(question(kind), answer) == stored


@pytest.mark.parametrize(
    ("kind", "limits", "answer", "refusal", "words"),
    [
        ("single", {}, "z", UnknownOption, "not on this ballot"),
        ("approval", {"picks_max": 2}, ["a", "b", "c"], TooManyPicks, "Choose up to 2"),
        ("approval", {"picks_min": 2}, ["a"], TooFewPicks, "Choose at least 2"),
        ("basket", {}, ["a", "b", "c"], OverBudget, "cost 5 more than the budget"),
        ("ranking", {}, ["a", "b", "a"], DuplicateRank, "more than once"),
        ("ranking", {}, ["a", ["b", "c"]], NotAnAnswer, "could not read"),
        ("ranking", {"ranks_max": 1}, ["a", "b"], TooManyPicks, "Choose up to 1"),
        ("points", {"points": 10}, {"a": 8, "b": 3}, TooManyPoints, "Take away 1"),
        ("points", {}, {"a": -1}, NotAnAnswer, "could not read"),
        ("points", {}, {"a": 1.5}, NotAnAnswer, "could not read"),
        ("points", {}, {"a": True}, NotAnAnswer, "could not read"),
        ("rating", {}, {"a": 5, "b": 1, "c": 1, "d": 1}, NotAnAnswer, "could not read"),
        ("rating", {}, {"a": 1}, AnswerMissing, "Answer the question"),
        ("single", {}, "", AnswerMissing, "Answer the question"),
        ("several", {}, "abc", NotAnAnswer, "could not read"),
        ("ranking", {}, {"a": 1}, NotAnAnswer, "could not read"),
        ("approval", {}, [["a"]], NotAnAnswer, "could not read"),
    ],
)
def test_a_bad_answer_is_refused_with_what_to_change(kind, limits, answer, refusal, words):
    with pytest.raises(refusal, match=words):
        check(question(kind, **limits), answer)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_nothing_is_an_answer_only_where_none_is_required(kind, nothing):
    assert check(question(kind, required=False), nothing) is None
    with pytest.raises(AnswerMissing):
        check(question(kind), nothing)


def test_a_shared_rank_is_kept_where_it_is_allowed():
    allowed = question("ranking", equal_ranks=True)
    assert check(allowed, [["b", "a"], "c", ["d"]]) == [["a", "b"], "c", "d"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
    | st.sampled_from(IDS),
    lambda inner: st.lists(inner, max_size=5)
    | st.dictionaries(st.sampled_from(IDS) | st.text(max_size=2), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(kind=st.sampled_from(KINDS), answer=anything, required=st.booleans())
def test_whatever_is_sent_is_stored_in_its_one_form_or_refused(kind, answer, required):
    asked = question(kind, required=required)
    try:
        stored = check(asked, answer)
    except Refused:
        return
    assert stored is None or check(asked, stored) == stored
