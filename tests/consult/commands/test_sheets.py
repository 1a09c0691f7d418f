"""A sheet is stored in one form, without what belongs to questions that are not asked."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.commands.sheets import NothingAnswered, Sheet, UnknownQuestion, check_sheet
from events import Consultation
from events.answer_refusals import AnswerMissing, OtherUnwritten
from events.errors import Refused
from events.question import Condition, Option, Question
from tests.builders import question, words

ROWS = (Option("1", words("One")), Option("2", words("Two")))
QUESTIONS = {
    each.id: each
    for each in (
        question("visit", "single", "How?", "Bus", "Car", other=True),
        question("far", "number", "How far?", asked_when=Condition("visit", ("c", "other"))),
        question("why", "text", "Why?", asked_when=Condition("visit", ("other",))),
        question("uses", "several", "What?", "Play", "Sport", required=False, other=True),
        question(
            "grid", "matrix", "How is it?", "Good", "Bad",
            statements=ROWS, required=False, asked_when=Condition("uses", ("p",)),
        ),
        question("since", "date", "When?", required=False, asked_when=Condition("uses", ("p",))),
        question("plan", "file", "A plan", asked_when=Condition("visit", ("c",))),
    )
}  # fmt: skip


def asked(questions: dict[str, Question] = QUESTIONS) -> Consultation:
    from types import SimpleNamespace

    return SimpleNamespace(questions=questions, terms=None)


def test_what_is_not_asked_is_left_out_whatever_it_is():
    sheet = Sheet(
        {"visit": "b", "far": "nonsense", "grid": {"9": "z"}, "since": {"day": "1"}},
        texts={"why": "x" * 9_999, "visit": "Not other"},
        files={"plan": "anything"},
    )
    assert check_sheet(asked(), sheet) == ({"visit": "b"}, {}, {})


def test_what_is_required_is_so_only_for_those_who_are_asked():
    with pytest.raises(AnswerMissing, match="How far"):
        check_sheet(asked(), Sheet({"visit": "c"}))
    with pytest.raises(AnswerMissing, match="A plan"):
        check_sheet(asked(), Sheet({"visit": "c", "far": "3"}))
    with pytest.raises(AnswerMissing, match="Why"):
        check_sheet(asked(), Sheet({"visit": "other", "far": "3"}, texts={"visit": "Boat"}))


def test_other_needs_words():
    with pytest.raises(OtherUnwritten):
        check_sheet(asked(), Sheet({"visit": "other"}, texts={"visit": "  "}))
    checked = check_sheet(asked(), Sheet({"visit": "b", "uses": ["other"]}, {"uses": " Kites "}))
    assert checked.texts == {"uses": "Kites"}


def test_nothing_at_all_is_refused_and_so_is_a_question_that_is_not_there():
    optional = {"uses": QUESTIONS["uses"]}
    assert check_sheet(asked(optional), Sheet({})) == ({}, {}, {})
    with pytest.raises(AnswerMissing):
        check_sheet(asked(), Sheet({}))
    for sheet in (Sheet({"x": "1"}), Sheet({}, texts={"x": "1"}), Sheet({}, files={"x": "1"})):
        with pytest.raises(UnknownQuestion):
            check_sheet(asked(), sheet)
    assert issubclass(NothingAnswered, Refused)


ANSWERS: Any = st.fixed_dictionaries(
    {},
    optional={
        "visit": st.sampled_from(("b", "c", "other", None)),
        "far": st.sampled_from(("1", "1,000", "far", "")),
        "uses": st.lists(st.sampled_from(("p", "s", "other")), max_size=3),
        "grid": st.dictionaries(st.sampled_from("12"), st.sampled_from("gb")),
        "since": st.sampled_from(("2020-02-29", "2021-02-29")),
    },
)
TEXTS: Any = st.dictionaries(st.sampled_from(("visit", "why", "uses")), st.sampled_from(("", "A ")))
FILES: Any = st.dictionaries(st.just("plan"), st.sampled_from(("", "f")))


@given(answers=ANSWERS, texts=TEXTS, files=FILES)
def test_checking_what_was_checked_changes_nothing(answers, texts, files):
    try:
        once = check_sheet(asked(), Sheet(answers, texts, files=files))
    except Refused:
        return
    assert check_sheet(asked(), Sheet(once.answers, once.texts, files=once.files)) == once
