"""A sheet is stored in one form, without what belongs to questions that are not asked."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.commands.answers.sheets import (
    NotDeclared,
    NothingAnswered,
    Sheet,
    UnknownArea,
    UnknownQuestion,
    check_sheet,
)
from events import Consultation
from events.consultations.terms import Terms
from events.errors import Refused
from events.kinds.answer_refusals import AnswerMissing, OtherUnwritten
from events.question import Condition, Option, Question
from tests.builders import BEGINNING, question, words

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


def as_terms(**promised: Any) -> Consultation:
    """What `asked` gives, with terms."""
    from types import SimpleNamespace

    terms = Terms(closes_at=BEGINNING, **promised)
    return SimpleNamespace(questions={"uses": QUESTIONS["uses"]}, terms=terms)


MEMBERS = (
    "Say for how many an organisation speaks, or how many met, as a whole number up to "
    "10,000,000. A person speaks for nobody else."
)
NAME = (
    "Write what the organisation or meeting is called in up to 200 characters. "
    "A person who answers for themselves gives no name."
)
WHO = "Say whether a person answers, an organisation, or a meeting of a group."


@pytest.mark.parametrize(
    ("respondent", "members", "name", "says"),
    [
        ("individual", 0, "", None),
        ("individual", 1, "", MEMBERS),
        ("individual", -1, "", MEMBERS),
        ("individual", 0, "A", NAME),
        ("individual", 0, "\0", NAME),
        ("organisation", 0, "", None),
        ("organisation", 10_000_000, "x" * 200, None),
        ("organisation", 10_000_001, "", MEMBERS),
        ("organisation", -1, "", MEMBERS),
        ("organisation", 1, "x" * 201, NAME),
        ("organisation", 1, "The \0 growers", NAME),
        ("group", 12, "Tuesday lunch", None),
        ("group", 12, "x" * 201, NAME),
        ("group", 10_000_001, "", MEMBERS),
        ("", 0, "", WHO),
        ("council", 0, "", WHO),
    ],
)
def test_who_answers_for_whom_has_its_limits(respondent, members, name, says):
    sheet = Sheet({}, respondent=respondent, members=members, organisation=name)
    if says is None:
        assert check_sheet(as_terms(), sheet) == ({}, {}, {})
        return
    with pytest.raises(Refused) as told:
        check_sheet(as_terms(), sheet)
    assert str(told.value) == says


@pytest.mark.parametrize(
    ("elsewhere", "wards", "welcome", "left_out"),
    [
        ("anybody", (), {"", "W03", "W99", "other"}, set()),
        ("connected", (), {"", "W03", "other"}, set()),
        ("nobody", (), {"", "W03"}, {"other"}),
        ("anybody", ("W03",), {"", "W03", "other"}, {"W09", "W99"}),
        ("connected", ("W03", "W09"), {"", "W03", "W09", "other"}, {"W99"}),
        ("nobody", ("W03",), {"", "W03"}, {"W09", "other"}),
    ],
)
def test_only_those_from_places_that_take_part_are_heard(elsewhere, wards, welcome, left_out):
    asked_of = as_terms(elsewhere=elsewhere, wards=wards)
    for area in welcome:
        assert check_sheet(asked_of, Sheet({}, area=area)) == ({}, {}, {}), area
    for area in left_out:
        with pytest.raises(UnknownArea) as told:
            check_sheet(asked_of, Sheet({}, area=area))
        assert str(told.value) == (
            f"“{area}” is not one of the places that take part. Choose from the list."
        )


def test_conditions_are_declared_where_there_are_any_and_nowhere_else():
    for is_asked, is_declared in ((False, False), (False, True), (True, True)):
        about = as_terms(is_declared=is_asked)
        assert check_sheet(about, Sheet({}, is_declared=is_declared)) == ({}, {}, {})
    with pytest.raises(NotDeclared) as told:
        check_sheet(as_terms(is_declared=True), Sheet({}))
    assert str(told.value) == (
        "Tick that the conditions hold. Without that these answers cannot be counted."
    )


def test_what_is_told_of_something_that_is_not_asked_is_no_longer_than_sixty_four_letters():
    for make in (
        lambda it: Sheet({it: "1"}),
        lambda it: Sheet({}, texts={it: "1"}),
        lambda it: Sheet({}, files={it: "1"}),
    ):
        for id in ("x", "x" * 64, "x" * 65):
            with pytest.raises(UnknownQuestion) as told:
                check_sheet(asked(), make(id))
            assert str(told.value) == (
                f"Question “{id[:64]}” is not part of this consultation. Start again from its page."
            )
    for area in ("y" * 64, "y" * 65):
        with pytest.raises(UnknownArea, match=f"“{'y' * 64}”"):
            check_sheet(as_terms(wards=("W03",)), Sheet({}, area=area))


def test_a_sheet_says_as_little_as_can_be_said_unless_told_otherwise():
    sheet = Sheet({})
    assert (sheet.texts, sheet.files) == ({}, {})
    assert (sheet.area, sheet.respondent, sheet.assurance) == ("", "individual", "open")
    assert (sheet.is_declared, sheet.members, sheet.organisation) == (False, 0, "")


def test_other_has_words_of_its_own_in_a_list_as_in_a_single_choice():
    words_of = {"visit": "By boat", "uses": "Kites"}
    sheet = Sheet({"visit": "other", "far": "3", "uses": ["p", "other"]}, words_of | {"why": "W"})
    checked = check_sheet(asked(), sheet)
    assert checked.texts == words_of | {"why": "W"}
    assert checked.answers["far"] == "3"
    without = Sheet({"visit": "b", "uses": ["p"]}, words_of)
    assert check_sheet(asked(), without) == ({"visit": "b", "uses": ["p"]}, {}, {})
    checked = check_sheet(asked(), Sheet({"visit": "c", "far": "3"}, files={"plan": "a file"}))
    assert checked.files == {"plan": "a file"}
