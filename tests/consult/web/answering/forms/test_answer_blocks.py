"""Problems lead to a control that is on the page."""

from collections.abc import Iterator

import pytest

from consult.web.answering.forms.answer_blocks import linked
from events.question import Question
from tests.kinds import of_kind


def test_a_problem_of_the_page_leads_to_its_first_control():
    questions = [of_kind("single"), of_kind("date")]
    assert linked(questions, [("", "Answer one.")], "ann") == [("q-q-single", "Answer one.")]


def test_where_nothing_is_wrong_no_question_is_looked_at():
    """Every page of a question asks, and few have a problem."""

    def never() -> Iterator[Question]:
        pytest.fail("a question was looked at")
        yield

    assert linked(never(), [], "ann") == []
