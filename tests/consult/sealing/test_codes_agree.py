"""The log of a consultation by letter: true as it is, and proven wrong when the box is stuffed."""

import pytest

from consult.commands.answers.letter_codes import issue_codes, void_codes
from consult.commands.answers.submitting import Sheet, ballot_of, submit_answers
from consult.commands.context import Actor
from consult.people.proving import letter_codes
from events import Consultation
from tests.builders import ORGANISER, RESIDENT, by_letter

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def vote(services, asked, code: str, actor: Actor = RESIDENT) -> None:
    found = letter_codes.find(services.vault, code)
    submit_answers(
        services,
        consultation_id=asked.id,
        voter=found.voter,
        sheet=Sheet({"order": ["a"]}, assurance="letter"),
        actor=actor,
        command_id="",
    )


def test_people_by_letter_are_compared_with_the_codes_that_were_issued(services, seal, verified):
    asked = by_letter(services)
    lost = issue_codes(services, asked.id, 2, actor=ORGANISER)
    vote(services, asked, lost.codes[0])
    seal()
    void_codes(services, asked.id, lost.batch_id, reason="Lost", actor=ORGANISER)
    sent_again = issue_codes(services, asked.id, 2, actor=ORGANISER)
    for code in (*sent_again.codes, lost.codes[0]):
        vote(services, asked, code, Actor("desk", "clerk-1", "telephone"))
    seal()
    report = verified(command="audit")[1]
    assert report["verdict"] == "holds"
    [reason] = [each["reason"] for each in report["steps"] if each["id"] == "record.credentials"]
    assert reason == "3 answered by one-use codes by letter, 4 were issued"


def test_an_operator_who_adds_ballots_by_letter_without_codes_is_found_out(
    services, seal, verified
):
    asked = by_letter(services)
    vote(services, asked, issue_codes(services, asked.id, 1, actor=ORGANISER).codes[0])
    consultation = services.record.get(Consultation, asked.id)
    sheet = Sheet({"order": ["b"]}, assurance="letter")
    stuffed = ballot_of(
        services, consultation, voter="nobody", sheet=sheet, by=RESIDENT.by("stuffed")
    )
    services.record.append_batch([stuffed], depends_on={asked.id: consultation.version})
    seal()
    report = verified(command="audit")[1]
    assert report["verdict"] == "wrong"
    wrong = {each["id"]: each["findings"] for each in report["steps"] if each["state"] == "wrong"}
    assert wrong.keys() == {"record.credentials"}
    [finding, *_] = wrong["record.credentials"]
    assert "2 responses came with one-use codes by letter" in finding["says"]
