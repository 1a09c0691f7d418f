"""A part of the ballots never passes for the whole: counts, exports and receipts refuse instead."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from consult.commands.answers.submitting import withdraw_answers
from consult.commands.data_protection.erasure import erase_by_holder, require_no_hold
from consult.commands.files.exporting import export_votes
from consult.commands.results.counting import publish_results
from consult.commands.results.recorded_ballots import BallotsMissing, recorded_ballots
from consult.commands.results.working_out import work_out
from consult.services import Services
from events import Consultation, Count
from events.errors import ReadModelsBehind
from projections import ranking
from projections.ballot_box import BallotBox
from projections.data_protection import DataProtection
from tests.builders import ORGANISER, RANKING, RESIDENT, close_consultation, consultation
from tests.consult.sealing.audits import answer
from tests.consult.web.residents import Resident

PEOPLE = 30
READ = 10


@pytest.fixture
def broken(services: Services, monkeypatch: pytest.MonkeyPatch) -> Consultation:
    """A closed consultation whose ballot box stopped at an error after a third of the ballots."""
    asked = consultation(services, RANKING)
    for number in range(READ):
        answer(services, asked, f"person-{number}", "a", "b")
    services.catch_up()

    def spoilt(*_anything: Any) -> None:
        raise ValueError("this ballot is not understood")

    with monkeypatch.context() as patch:
        patch.setattr(ranking, "tally", spoilt)
        for number in range(READ, PEOPLE):
            answer(services, asked, f"person-{number}", "b", "a")
        services.catch_up()
    close_consultation(services, asked.id, actor=ORGANISER)
    return asked


def counts(services: Services) -> list[str]:
    rows = services.record.read(0, 10_000)
    return [row.topic for row in rows if row.topic.startswith(Count.TOPIC + ".")]


def test_a_count_of_a_third_of_the_ballots_is_refused_and_nothing_is_published(
    services: Services, broken: Consultation
):
    with pytest.raises(ReadModelsBehind, match="ballot_box"):
        publish_results(services, broken.id, actor=ORGANISER)
    assert counts(services) == []


def test_after_the_repair_all_of_them_are_counted(services: Services, broken: Consultation):
    services.runner.start()
    services.catch_up()
    (result,) = publish_results(services, broken.id, actor=ORGANISER)
    assert result.outcome["ballots"] == PEOPLE
    assert result.outcome["order"][0] == ["b"]


def test_a_read_model_that_lost_rows_is_found_by_comparing_with_the_record(services: Services):
    asked = consultation(services, RANKING)
    for number in range(6):
        answer(services, asked, f"person-{number}", "a")
    services.catch_up()
    box = services.views.reader(BallotBox)
    receipt = answer(services, asked, "person-6", "b")
    services.catch_up()
    with services.views.write() as db:
        db.execute(box.ballot.delete().where(box.ballot.c.subject_id == receipt.subject_id))
    with pytest.raises(BallotsMissing, match="7 ballots and only 6"):
        work_out(services, asked.id)
    assert counts(services) == []


def test_the_record_counts_each_person_as_they_stand_at_a_position(services: Services):
    asked = consultation(services, RANKING)
    one, two = (answer(services, asked, f"person-{number}", "a") for number in range(2))
    both = services.record.head()
    answer(services, asked, "person-0", "b", "c")
    withdraw_answers(services, holder=two.holder, actor=RESIDENT, command_id="take back")
    less = services.record.head()
    answer(services, asked, "person-1", "c", "a")
    seen = services.record.get(Consultation, asked.id)
    places = (one.position, both, less, services.record.head())
    assert [recorded_ballots(services, seen, until=place) for place in places] == [1, 2, 1, 2]
    services.catch_up()
    with services.whole(BallotBox) as (db, box):
        assert [box.people(db, asked.id, as_at=place) for place in places] == [1, 2, 1, 2]


def test_ballots_are_not_exported_in_part(services: Services, broken: Consultation):
    file = io.StringIO()
    with pytest.raises(ReadModelsBehind):
        export_votes(services, broken.id, file, format="json")
    assert not file.getvalue()


def test_a_receipt_that_cannot_be_looked_up_is_not_called_unknown(
    services: Services, broken: Consultation, client: FlaskClient
):
    receipt = answer(services, broken, "person-29", "b", "a")
    somebody = Resident(client)
    page = somebody.send(somebody.open("/receipt"), "/receipt", code=receipt.code)
    assert "not everything that was recorded can be read yet" in page.words
    with pytest.raises(ReadModelsBehind):
        erase_by_holder(services, holder=receipt.holder, actor=RESIDENT)


def test_a_hold_that_cannot_be_read_is_not_taken_for_none(
    services: Services, monkeypatch: pytest.MonkeyPatch
):
    asked = consultation(services, RANKING)
    box = services.views.reader(DataProtection)
    with services.views.write() as db:
        services.views.require(db, box, services.record.head())
    monkeypatch.setattr(services.runner, "projections", {})
    answer(services, asked, "person-0", "a")
    with pytest.raises(ReadModelsBehind, match="custody"):
        require_no_hold(services, asked.id)
