"""Which ballots are opened when a consultation closes, as the verifier that is not ours sees it."""

import json

import pytest

from consult.commands.answers.submitting import withdraw_answers
from consult.commands.consultations.opening import withdraw_consultation
from consult.commands.data_protection.erasure import erase_by_holder
from consult.commands.results.counting import publish_results
from consult.sealing.public_entries.packs import opening_lines, pack_of
from tests.builders import ORGANISER, close_consultation, consultation, words
from tests.consult.sealing.audits import RESIDENT, answer, documents, set_aside

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def about(services):
    return consultation(services)


def opened(log, about) -> dict[str, list[str]]:
    """Whose answers are opened, by pseudonym, and what they say."""
    listed = documents(log)
    lines = b"".join(opening_lines(log, about.id)).splitlines()
    found = [json.loads(line) for line in lines]
    return {listed[line["i"]]["b"]: json.loads(line["x"])["order"] for line in found}


def test_what_stands_or_was_set_aside_is_opened_and_what_was_taken_back_is_not(
    services, log, seal, about
):
    receipts = {name: answer(services, about, name) for name in ("Ada", "Bea", "Cai", "Dee", "Eve")}
    answer(services, about, "Ada", "c", "b")
    withdraw_answers(services, holder=receipts["Bea"].holder, actor=RESIDENT, command_id="back")
    set_aside(services, about, "Cai")
    erase_by_holder(services, holder=receipts["Dee"].holder, actor=RESIDENT)
    close_consultation(services, about.id, actor=ORGANISER, goes_on=True)
    seal()
    who = {name: services.vault.pseudonym(about.id, name) for name in receipts}
    assert opened(log, about) == {
        who["Ada"]: ["c", "b"],
        who["Cai"]: ["a", "b"],
        who["Dee"]: ["a", "b"],
        who["Eve"]: ["a", "b"],
    }
    assert pack_of(log, about.id).openings == 4


def test_who_answers_again_after_being_set_aside_has_the_new_answers_opened(
    services, log, seal, about
):
    answer(services, about, "Ada")
    set_aside(services, about, "Ada")
    answer(services, about, "Ada", "b")
    close_consultation(services, about.id, actor=ORGANISER, goes_on=True)
    seal()
    assert [*opened(log, about).values()] == [["b"]]


def test_what_is_set_aside_after_closing_counts_and_the_auditors_copy_tells_what_that_changed(
    services, log, seal, about, verified, tmp_path
):
    for name in ("Ada", "Bea"):
        answer(services, about, name, "a")
    answer(services, about, "Cai", "b")
    set_aside(services, about, "Cai")
    answer(services, about, "Dee", "c")
    close_consultation(services, about.id, actor=ORGANISER, goes_on=True)
    publish_results(services, about.id, actor=ORGANISER)
    set_aside(services, about, "Bea")
    services.catch_up()
    seal()
    code, report = verified()
    assert code == 0, [s for s in report["steps"] if s["findings"]]
    assert report["recounts"][0]["variants"] == {}, "one alone would be pointed at"
    copy = tmp_path / "openings.ndjson"
    copy.write_bytes(b"".join(opening_lines(log, about.id)))
    code, report = verified("--openings", str(copy), "--consultation", str(about.id))
    assert code == 0, [s for s in report["steps"] if s["findings"]]
    [recount] = report["recounts"]
    assert recount["outcome"]["ballots"] == 3
    ballots = {how: one["outcome"]["ballots"] for how, one in recount["variants"].items()}
    assert ballots == {
        "without ballots voided after closing": 2,
        "with ballots voided before closing": 4,
    }


def test_a_consultation_that_was_stopped_opens_nothing(services, log, seal, about):
    answer(services, about, "Ada")
    withdraw_consultation(services, about.id, reason=words("No money"), actor=ORGANISER)
    seal()
    assert pack_of(log, about.id).openings is None
