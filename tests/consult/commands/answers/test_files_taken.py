"""Files that were taken for answers which nobody records are with their draft again."""

from typing import Any

import pytest

from consult.commands.answers.attaching import attach_file
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.answers.submitting_refusals import ConsultationClosed
from consult.people.answers import attachments
from consult.people.answers.drafts import draft_id
from tests.builders import RANKING, RESIDENT, consultation, question

PLAN = question("plan", "file", "Your plan", required=False)
SECRET = "of-this-browser"


@pytest.fixture
def asked(services) -> Any:
    return consultation(services, RANKING, PLAN)


def attach(services, asked) -> str:
    kept = attach_file(
        services, asked.id, PLAN, draft_secret=SECRET, name="plan.txt", content=b"In words"
    )
    return kept.commitment


def send(services, asked, commitment: str, command_id: str = "send") -> None:
    submit_answers(
        services,
        consultation_id=asked.id,
        voter="ann",
        sheet=Sheet({"order": ["a"]}, files={"plan": commitment}),
        actor=RESIDENT,
        command_id=command_id,
    )


def in_draft(services, asked) -> list[str]:
    found = attachments.of_draft(services.vault, draft_id(SECRET), asked.id)
    return [each.commitment for each in found.values()]


def test_what_came_too_late_by_the_clock_of_the_store_stays_attached(services, asked, clock):
    commitment = attach(services, asked)
    clock.now = asked.terms.closes_at
    with pytest.raises(ConsultationClosed):
        send(services, asked, commitment)
    assert in_draft(services, asked) == [commitment]


def test_what_was_recorded_is_taken_and_is_not_given_back_by_a_repetition_that_is_late(
    services, asked, clock
):
    commitment = attach(services, asked)
    send(services, asked, commitment)
    assert in_draft(services, asked) == []
    clock.now = asked.terms.closes_at
    send(services, asked, commitment)  # the reply was lost
    with pytest.raises(ConsultationClosed):
        send(services, asked, commitment, "another")
    assert in_draft(services, asked) == [], "it belongs to the answers that stand"
