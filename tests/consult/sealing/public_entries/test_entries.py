"""What each public fact becomes in the log, which facts stay private, and in which order."""

import unicodedata

import pytest

from consult.commands.answers.letter_codes import issue_codes, void_codes
from consult.commands.answers.submitting import withdraw_answers
from consult.commands.consultations.opening import withdraw_consultation
from consult.commands.results.counting import publish_results
from consult.sealing import groups as public_module
from consult.sealing.public_entries.entries import PUBLIC
from consult.sealing.public_entries.entry_values import WORDS_MAX
from events.base import FACTS
from events.log.bundle import ENTRY_BYTES_MAX
from events.log.entry import decode_entry
from tests.builders import EVERY_KIND, ORGANISER, close_consultation, consultation, draft, words
from tests.consult.sealing.audits import RESIDENT, answer, contents, documents

PRIVATE = {
    "consult.approval.asked.v1",
    "consult.approval.carried_out.v1",
    "consult.approval.declined.v1",
    "consult.approval.expired.v1",
    "consult.approval.given.v1",
    "consult.approval.taken_alone.v1",
    "consult.consultation.drafted.v1",
    "consult.consultation.described.v1",
    "consult.consultation.question_added.v1",
    "consult.consultation.question_changed.v1",
    "consult.consultation.question_removed.v1",
    "consult.consultation.option_added.v1",
    "consult.consultation.option_changed.v1",
    "consult.consultation.option_removed.v1",
    "consult.consultation.terms_fixed.v1",
    "consult.disclosure.legal_hold_set.v1",
    "consult.disclosure.legal_hold_lifted.v1",
    "consult.disclosure.retention_run.v1",
    "consult.disclosure.words_read.v1",
    "consult.disclosure.words_exported.v1",
    "consult.disclosure.file_taken.v1",
    "consult.disclosure.copy_given.v1",
    "consult.disclosure.references_looked_up.v1",
    "consult.disclosure.count_read.v1",
    "consult.partnership.look_set.v1",
    "consult.short_name.taken.v1",
    "consult.staff.account_made.v1",
    "consult.staff.role_ended.v1",
    "consult.staff.role_granted.v1",
}
"""Facts that nobody outside sees: what came before opening, and the keeping of records."""


def test_of_every_fact_somebody_has_decided_whether_it_is_public():
    ours = {topic for topic in FACTS if topic.startswith("consult.")}
    assert ours - PUBLIC == PRIVATE
    assert ours >= PUBLIC


def kinds(log):
    return [document["t"] for document in documents(log)]


def test_a_whole_consultation_becomes_these_entries(services, log, seal):
    about = consultation(services)
    receipt = answer(services, about, "Ada")
    seal()
    withdraw_answers(services, holder=receipt.holder, actor=RESIDENT, command_id="w")
    seal()
    answer(services, about, "Ada", "c")
    close_consultation(services, about.id, actor=ORGANISER)
    publish_results(services, about.id, actor=ORGANISER)
    seal()
    assert kinds(log) == [
        "log.open",
        "partnership",
        "opened",
        "ballot",
        "withdrawn",
        "ballot",
        "closed",
        "counted",
        "published",
        "tallies",
    ]
    listed = documents(log)
    first, back, second = listed[3:6]
    assert first["b"] == back["b"] == second["b"]
    assert [entry["s"] for entry in (first, back, second)] == [1, 2, 3]
    assert first["d"] == "2026-11-02", "the day, not the second"
    assert {entry.get("c") for entry in listed[2:]} == {str(about.id)}
    for entry in contents(log):
        decode_entry(entry)  # canonical


def test_words_are_committed_to_and_never_logged(services, log, seal):
    from consult.commands.answers.submitting import Sheet, submit_answers

    about = consultation(services, *EVERY_KIND)
    answers = {"visit": "d", "views": {"s": 3, "c": 4}, "order": ["a"], "share": {"b": 10}}
    submit_answers(
        services,
        consultation_id=about.id,
        voter="Ada",
        sheet=Sheet(
            answers={**answers, "support": ["a"], "money": ["k"]},
            texts={"more": "I live at Lock 4"},
        ),
        actor=RESIDENT,
        command_id="1",
    )
    seal()
    ballot = documents(log)[-1]
    assert list(ballot["x"]) == ["more"]
    assert len(ballot["x"]["more"]) == 43
    assert not any(b"Lock 4" in entry for entry in contents(log))


def test_what_was_never_open_is_never_public(services, log, seal):
    drafted = draft(services)
    withdraw_consultation(services, drafted.id, reason=words("No money"), actor=ORGANISER)
    seal()
    assert kinds(log) == ["log.open", "partnership"]


def test_a_consultation_that_was_stopped_says_why_in_both_languages(services, log, seal):
    about = consultation(services)
    long = {"en": "e\u0301" * 20_000, "cy": "Na"}
    withdraw_consultation(services, about.id, reason=long, actor=ORGANISER)
    seal()
    stopped = documents(log)[-1]
    assert stopped["reason"]["cy"] == "Na"
    assert len(stopped["reason"]["en"]) <= WORDS_MAX == 2_000
    assert unicodedata.is_normalized("NFC", stopped["reason"]["en"])
    assert len(contents(log)[-1]) <= ENTRY_BYTES_MAX


def test_of_a_long_reason_two_thousand_letters_are_public(services, log, seal):
    about = consultation(services)
    withdraw_consultation(services, about.id, reason=words("x" * 2_001), actor=ORGANISER)
    seal()
    assert documents(log)[-1]["reason"]["en"] == "x" * 2_000


def test_codes_are_public_before_the_opening_and_so_is_that_some_were_lost(services, log, seal):
    drafted = draft(services, identity=("letter",), wards=True)
    batch = issue_codes(services, drafted.id, 3, actor=ORGANISER, ward="W03")
    void_codes(services, drafted.id, batch.batch_id, reason="Lost", actor=ORGANISER)
    seal()
    issued, voided = documents(log)[-2:]
    assert {**issued, "at": ""} == {
        "t": "issued", "v": 1, "c": str(drafted.id), "at": "", "role": "organiser",
        "batch": batch.batch_id, "level": "letter", "number": 3,
    }  # fmt: skip
    assert (voided["t"], voided["batch"], voided["reason"]) == (
        "codes_voided",
        batch.batch_id,
        "Lost",
    )
    assert not any(code.encode() in entry for code in batch.codes for entry in contents(log))


def test_the_shuffle_is_not_one_that_can_be_foreseen():
    import secrets

    assert public_module.secrets.SystemRandom is secrets.SystemRandom


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_receipt_finds_its_entry_although_it_was_shuffled(services, log, seal):
    about = consultation(services)
    receipts = [answer(services, about, f"voter {number}") for number in range(30)]
    seal()
    listed = documents(log)
    places = [log.find(receipt.position) for receipt in receipts]
    assert sorted(places) == list(range(3, 33))
    assert places != sorted(places)
    pseudonyms = {
        services.vault.pseudonym(about.id, f"voter {number}"): places[number]
        for number in range(30)
    }
    assert {listed[place]["b"]: place for place in places} == pseudonyms
