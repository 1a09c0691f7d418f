"""What came of it is in the public log, each version once, and the verifier follows it."""

import json

import pytest
from msgspec.structs import replace

from consult.commands.results.counting import publish_results
from consult.commands.results.follow_up import change_follow_up, publish_follow_up
from consult.verifier.folkmoot_verify import Record, Report
from events.log.entry import encode_entry
from tests.builders import ORGANISER, close_consultation, consultation
from tests.consult.commands.results.test_follow_up import ROW, said
from tests.consult.sealing.audits import answer, contents, documents

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def told(services, log, seal):
    about = consultation(services)
    answer(services, about, "Ada")
    close_consultation(services, about.id, actor=ORGANISER, goes_on=True)
    publish_results(services, about.id, actor=ORGANISER)
    row = publish_follow_up(services, about.id, ROW, actor=ORGANISER)
    change_follow_up(services, row.id, replace(ROW, did=said("It runs")), actor=ORGANISER)
    seal()
    return log


def judged(entries: list[bytes]) -> list[str]:
    report = Report("audit", [])
    record = Record(report, json.loads(entries[0])["origin"])
    for index, entry in enumerate(entries):
        record.read(index, entry)
    steps = (record.form, record.gaps, record.life)
    return [step.id for step in steps if step.found]


def test_each_version_is_an_entry_with_its_words_in_every_language(told):
    first, second = documents(told)[-2:]
    assert (first["t"], first["s"], second["s"]) == ("follow_up", 1, 2)
    assert first["f"] == second["f"]
    assert second["did"] == {"cy": "It runs (Cymraeg)", "en": "It runs"}
    assert (second["status"], second["on"], second["why"]) == ("under_way", "2026-12-01", {})


def test_the_verifier_takes_them_and_misses_one_that_was_left_out(told):
    entries = contents(told)
    assert judged(entries) == []
    assert judged([*entries[:-2], entries[-1]]) == ["record.versions"]


def test_the_verifier_refuses_one_before_the_result_or_with_another_status(told):
    entries = contents(told)
    assert "record.life" in judged([*entries[:4], entries[-2]])
    strange = documents(told)[-1] | {"status": "perhaps", "s": 3}
    assert judged([*entries, encode_entry(strange)]) == ["record.form"]
