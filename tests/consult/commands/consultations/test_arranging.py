"""Putting questions and options in order, and adding many options at once."""

import pytest

from consult.commands.consultations.arranging import (
    OPTIONS_AT_ONCE_MAX,
    TooManyAtOnce,
    add_options,
    move_option,
    move_question,
    moved,
)
from consult.commands.consultations.drafting import remove_question
from consult.services import Services
from events import Consultation, Refused
from events.question import Option
from tests import builders
from tests.builders import ORGANISER, question, words

QUESTIONS = (
    question("one", "single", "One?", "Yes", "No"),
    question("two", "single", "Two?", "Yes", "No"),
    question("three", "ranking", "Three?", "Apples", "Bread", "Cheese"),
)


@pytest.fixture
def draft(services: Services) -> Consultation:
    return builders.draft(services, *QUESTIONS)


@pytest.mark.parametrize(
    ("item", "to", "order"),
    [("b", 0, "bac"), ("a", 1, "bac"), ("a", 9, "bca"), ("c", -1, "cab"), ("x", 0, "abc")],
)
def test_an_item_moves_to_its_place_and_the_others_keep_theirs(item, to, order):
    assert moved("abc", item, to) == list(order)


def test_questions_change_places_and_keep_their_options(services: Services, draft: Consultation):
    after = move_question(services, draft.id, "three", to=0, actor=ORGANISER)
    assert list(after.questions) == ["three", "one", "two"]
    assert after.questions["three"] == QUESTIONS[2]
    assert list(services.record.get(Consultation, draft.id).questions) == list(after.questions)


def test_moving_to_where_it_is_records_nothing(services: Services, draft: Consultation):
    after = move_question(services, draft.id, "one", to=0, actor=ORGANISER)
    assert after.version == draft.version


def test_moving_twice_with_one_key_moves_once(services: Services, draft: Consultation):
    for _press in range(2):
        after = move_question(
            services, draft.id, "one", to=1, actor=ORGANISER, command_id="pressed-twice"
        )
    assert list(after.questions) == ["two", "one", "three"]


def test_options_change_places(services: Services, draft: Consultation):
    after = move_option(services, draft.id, "three", "c", to=0, actor=ORGANISER)
    assert [option.id for option in after.questions["three"].options] == ["c", "a", "b"]


def test_of_many_options_all_are_added_or_none(services: Services, draft: Consultation):
    new = [Option("d", words("Dates")), Option("a", words("Taken"))]
    with pytest.raises(Refused):
        add_options(services, draft.id, "three", new, actor=ORGANISER)
    assert services.record.get(Consultation, draft.id).version == draft.version
    after = add_options(services, draft.id, "three", new[:1], actor=ORGANISER)
    assert [option.id for option in after.questions["three"].options] == ["a", "b", "c", "d"]


def test_more_lines_than_anybody_checks_are_refused(services: Services, draft: Consultation):
    many = [Option(f"n{i}", words("x")) for i in range(OPTIONS_AT_ONCE_MAX + 1)]
    with pytest.raises(TooManyAtOnce):
        add_options(services, draft.id, "three", many, actor=ORGANISER)


def test_a_question_that_goes_takes_its_counting_rule_with_it(
    services: Services, draft: Consultation
):
    after = remove_question(services, draft.id, "three", actor=ORGANISER)
    assert after.terms is not None
    assert "three" not in after.terms.counting
    assert not after.missing()
