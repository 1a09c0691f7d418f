"""Which question is counted when none is named, and when one is that is not there."""

import io
from typing import Any

import pytest

from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.files.exporting import export_votes
from consult.commands.results.working_out import work_out
from events.store.record import NotFound
from tests.builders import RANKING, RESIDENT, close_consultation, consultation, question

READ = question("more", "text", "Anything else?", required=False)
PARKS = question("parks", "approval", "Which parks?", "Lower", "Upper", "Middle")
LAST = question("last", "approval", "Which bridges?", "Old", "New")


@pytest.fixture
def asked(services) -> Any:
    about = consultation(services, READ, PARKS, RANKING, LAST)
    submit_answers(
        services,
        consultation_id=about.id,
        voter="ann",
        sheet=Sheet({"parks": ["l"], "order": ["a", "b", "c"], "last": ["n"]}),
        actor=RESIDENT,
        command_id="ann",
    )
    return close_consultation(services, about.id)


def test_the_first_that_a_rule_counts_is_counted_unless_another_is_named(services, asked):
    assert work_out(services, asked.id).question.id == "parks"
    assert work_out(services, asked.id, question_id="order").question.id == "order"
    assert work_out(services, asked.id, question_id="last").outcome.elected == ("n",)


def test_the_same_question_is_written_into_a_file(services, asked):
    written = io.StringIO()
    export_votes(services, asked.id, written, format="csv")
    assert "Lower" in written.getvalue()
    assert "New" not in written.getvalue()


@pytest.mark.parametrize("named", ["more", "nowhere"])
def test_what_no_rule_counts_or_nobody_asked_is_not_counted(services, asked, named: str):
    with pytest.raises(NotFound):
        work_out(services, asked.id, question_id=named)
