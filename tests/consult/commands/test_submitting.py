"""Sending answers: once, in time, and told the truth about it."""

import pytest

from consult.commands.sheets import Sheet, UnknownQuestion
from consult.commands.submitting import (
    ConsultationClosed,
    Receipt,
    UnknownReceipt,
    replace_answers,
    submit_answers,
    withdraw_answers,
)
from consult.services import Services
from events import Ballot, Consultation
from events.answer_refusals import UnknownOption
from tests.builders import (
    ORGANISER,
    RANKING,
    RESIDENT,
    Clock,
    close_consultation,
    consultation,
    question,
)


def send(services: Services, id, order, *, voter="resident/1", key="key-1") -> Receipt:
    return submit_answers(
        services,
        consultation_id=id,
        voter=voter,
        sheet=Sheet({"order": order}),
        actor=RESIDENT,
        command_id=key,
    )


def test_the_same_sending_twice_is_one_fact_with_one_receipt(services: Services):
    asked = consultation(services, RANKING)
    first = send(services, asked.id, ["a"])
    head = services.record.head()
    again = send(services, asked.id, ["a"])
    assert (again.code, again.version) == (first.code, 1)
    assert services.record.head() == head


def test_a_repetition_after_the_closing_still_says_that_it_was_in_time(services: Services):
    asked = consultation(services, RANKING)
    first = send(services, asked.id, ["a"])
    close_consultation(services, asked.id, actor=ORGANISER)
    services.record.refresh(Consultation, asked.id)
    assert send(services, asked.id, ["a"]).code == first.code
    with pytest.raises(ConsultationClosed):
        send(services, asked.id, ["b"], key="key-2")


def test_later_answers_replace_earlier_ones_and_get_a_receipt_of_their_own(services: Services):
    asked = consultation(services, RANKING)
    first = send(services, asked.id, ["a"])
    second = send(services, asked.id, ["b"], key="key-2")
    assert second.is_change
    assert second.code != first.code
    ballot = services.record.get(Ballot, second.subject_id)
    assert (ballot.version, ballot.answers) == (2, {"order": ["b"]})


def test_nothing_is_accepted_after_the_hour_even_before_it_is_closed(
    services: Services, clock: Clock
):
    asked = consultation(services, RANKING, days=1)
    clock.move(days=1)
    head = services.record.head()
    with pytest.raises(ConsultationClosed):
        send(services, asked.id, ["a"])
    assert services.record.head() == head


def test_a_draft_takes_no_answers(services: Services):
    from tests.builders import draft

    drafted = draft(services, RANKING)
    with pytest.raises(ConsultationClosed):
        send(services, drafted.id, ["a"])


@pytest.mark.parametrize(
    ("answers", "refusal"),
    [({"order": ["z"]}, UnknownOption), ({"other": ["a"]}, UnknownQuestion)],
)
def test_a_refused_sheet_leaves_no_trace(services: Services, answers, refusal):
    asked = consultation(services, RANKING)
    head = services.record.head()
    with pytest.raises(refusal):
        submit_answers(
            services,
            consultation_id=asked.id,
            voter="resident/1",
            sheet=Sheet(answers),
            actor=RESIDENT,
            command_id="key-1",
        )
    assert services.record.head() == head


def test_answers_are_changed_and_taken_back_with_the_receipt_alone(services: Services):
    asked = consultation(services, RANKING)
    code = send(services, asked.id, ["a"]).code
    misread = code.lower().replace("0", "o").replace("1", "l")
    changed = replace_answers(
        services,
        code=misread,
        sheet=Sheet({"order": ["c"]}),
        actor=RESIDENT,
        command_id="key-2",
    )
    assert changed.version == 2
    withdrawn = withdraw_answers(services, code=changed.code, actor=RESIDENT, command_id="key-3")
    assert withdrawn.state == "withdrawn"
    with pytest.raises(UnknownReceipt):
        withdraw_answers(services, code="AAAA-BBBB-CCCC-DDDD", actor=RESIDENT, command_id="key-4")


def test_two_people_have_two_ballots_and_no_name_is_recorded(services: Services):
    asked = consultation(services, RANKING)
    send(services, asked.id, ["a"], voter="ann@example.org")
    send(services, asked.id, ["b"], voter="bob@example.org")
    stored = b"".join(row.state for row in services.record.read(0, 1_000))
    assert b"example.org" not in stored


def test_what_is_written_in_words_is_not_in_the_record(services: Services):
    more = question("more", "text", "Anything else?", required=False)
    asked = consultation(services, RANKING, more)
    submit_answers(
        services,
        consultation_id=asked.id,
        voter="resident/1",
        sheet=Sheet({"order": ["a"]}, texts={"more": "My neighbour is loud"}),
        actor=RESIDENT,
        command_id="key-1",
    )
    stored = b"".join(row.state for row in services.record.read(0, 1_000))
    assert b"neighbour" not in stored
