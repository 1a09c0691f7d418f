"""Where words are asked for because of a choice, having them tells nobody the choice."""

import json
from collections import Counter

import pytest
from msgspec.structs import replace

from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.results.counting import publish_results
from consult.sealing.public_entries.entries import Publisher
from consult.sealing.public_entries.packs import opening_lines
from consult.sealing.receipts import kept_by, private_half, public_half
from consult.verifier import folkmoot_verify
from events.question import Condition
from tests.builders import ORGANISER, close_consultation, consultation
from tests.consult.sealing.audits import RESIDENT, contents, documents
from tests.kinds import of_kind

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

COLOUR = replace(of_kind("single"), id="colour", other=True)
WHY = replace(of_kind("text"), id="why", asked_when=Condition("colour", ("a",)))
MORE = replace(of_kind("text"), id="more")


@pytest.fixture
def about(services):
    return consultation(services, COLOUR, WHY, MORE, fingerprints_accepted=True)


def answer(services, about, name: str, chosen: str, **texts: str):
    return submit_answers(
        services,
        consultation_id=about.id,
        voter=name,
        sheet=Sheet({"colour": chosen}, texts),
        actor=RESIDENT,
        command_id=name,
    )


@pytest.fixture
def receipts(services, about):
    """One alone chose something else, one alone said why, and half wrote more."""
    found = {"other": answer(services, about, "other", "other", colour="Ochre")}
    found["why"] = answer(services, about, "why", "a", why="Because", more="Thanks")
    for number in range(8):
        words = {"more": "More"} if number % 2 else {}
        found[f"{number}"] = answer(services, about, f"{number}", "ab"[number % 2], **words)
    return found


def test_whether_somebody_wrote_for_other_or_on_a_condition_shows_in_no_entry(log, seal, receipts):
    seal()
    entries = [one["x"] for one in documents(log) if one["t"] == "ballot"]
    assert len(entries) == len(receipts)
    assert all({"colour", "why"} <= set(one) for one in entries)
    assert Counter("more" in one for one in entries) == {True: 5, False: 5}
    made = [value for one in entries for value in one.values()]
    assert len(set(made)) == len(made), "what stands for no words is nobody else's"
    assert {len(value) for value in made} == {43}


def test_what_stands_for_no_words_is_the_same_whenever_the_entry_is_made(
    services, log, seal, receipts
):
    """A promise is signed over the entry before it is sealed, by another process."""
    seal()
    sealed = contents(log)
    publisher = Publisher(services.record, log.closing_of)
    for receipt in receipts.values():
        [row] = services.record.read(receipt.position - 1, 1)
        made = publisher.entry(publisher.seen(row))
        assert made.content == sealed[log.find(receipt.position)]


def test_the_holder_still_proves_their_words(services, log, seal, receipts):
    seal()
    kept = kept_by(services, log, receipts["other"].code)
    private = json.loads(private_half(services, kept))
    assert list(private["texts"]) == ["colour"]
    entry = json.loads(folkmoot_verify.Receipt(public_half(log, kept.index)).entry)
    folkmoot_verify.check_words(private["texts"], entry["x"])


def test_everybody_and_an_auditor_still_count(
    services, log, seal, receipts, about, verified, tmp_path
):
    close_consultation(services, about.id, actor=ORGANISER, goes_on=True)
    publish_results(services, about.id, actor=ORGANISER)
    services.catch_up()
    seal()
    copy = tmp_path / "openings.ndjson"
    copy.write_bytes(b"".join(opening_lines(log, about.id)))
    for more in ((), ("--openings", str(copy), "--consultation", str(about.id))):
        _, report = verified(*more)
        assert not [one for one in report["steps"] if one["findings"]]
        [tallies] = [one for one in report["steps"] if one["id"].endswith(".tallies")]
        assert tallies["state"] == "holds"
