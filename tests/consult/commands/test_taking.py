"""What the public does not get leaves a fact when staff take it, also at the command line."""

import io
import json

import pytest
from click.testing import CliRunner

from consult.cli import main
from consult.commands.submitting import Sheet, submit_answers
from consult.commands.taking import take_openings, take_votes
from events import Disclosure
from events.errors import RecordUnavailable
from tests.builders import ORGANISER, RANKING, RESIDENT, close_consultation, consultation
from tests.conftest import only

pytestmark = only("sqlite")


@pytest.fixture
def answered(services):
    """Makes a closed consultation with one answer; gives its receipt."""

    def make(**how):
        about = consultation(services, RANKING, **how)
        receipt = submit_answers(
            services,
            consultation_id=about.id,
            voter="ann",
            sheet=Sheet({"order": ["a"]}),
            actor=RESIDENT,
            command_id="ann",
        )
        close_consultation(services, about.id)
        services.catch_up()
        return about, receipt

    return make


@pytest.fixture
def consult(services):
    run = CliRunner(env={"FOLKMOOT_DATABASE_URL": services.config.database_url})
    return lambda *words: run.invoke(main, list(words), catch_exceptions=False)


def left(services, after):
    """The facts after a position: topic and content."""
    rows = services.record.read(after, 100)
    return [(row.topic, json.loads(row.state)) for row in rows]


def test_a_copy_of_somebodys_data_names_whose_it_is_and_who_took_it(services, answered, consult):
    _about, receipt = answered()
    head = services.record.head()
    done = consult("disclose", receipt.code)
    assert json.loads(done.output)["history"][0]["answers"] == {"order": ["a"]}
    [(topic, fact)] = left(services, head)
    assert topic == Disclosure.CopyGiven.TOPIC
    assert fact["submission_id"] == str(receipt.subject_id)
    assert fact["version"] == 1
    assert fact["by"]["role"] == "operator"
    wrong = consult("disclose", "AAAA-AAAA-AAAA-AAAA")
    assert wrong.exit_code == 1
    assert len(left(services, head)) == 1, "nothing was taken"


@pytest.mark.parametrize(("is_public", "facts"), [(True, 0), (False, 1)])
def test_single_ballots_are_recorded_as_taken_where_the_terms_keep_them_back(
    services, answered, consult, is_public, facts
):
    answered(ballots_public=is_public)
    head = services.record.head()
    assert "a" in consult("export", "riverside", "--question", "order", "--format", "csv").output
    found = left(services, head)
    assert [topic for topic, _fact in found] == [Disclosure.FileTaken.TOPIC] * facts
    assert all(fact["what"] == "ballots" and fact["number"] == 1 for _topic, fact in found)


def test_nothing_is_handed_out_that_could_not_be_recorded(services, answered, monkeypatch):
    about, _receipt = answered(ballots_public=False)

    def fail(*_given, **_more):
        raise RecordUnavailable("The database is away.")

    monkeypatch.setattr(services.record, "save", fail)
    taken = io.StringIO()
    with pytest.raises(RecordUnavailable):
        take_votes(services, about.id, taken, format="csv", question_id="order", actor=ORGANISER)
    assert taken.getvalue() == ""


def test_every_answer_is_recorded_as_taken_from_the_command_line(services, answered, consult):
    answered()
    head = services.record.head()
    assert consult("export", "riverside", "--format", "json").exit_code == 0
    [(topic, fact)] = left(services, head)
    assert (topic, fact["what"]) == (Disclosure.FileTaken.TOPIC, "answers")


def test_each_time_is_a_fact_of_its_own(services, answered):
    about, _receipt = answered()
    head = services.record.head()
    for _ in range(3):
        take_openings(services, about.id, 1, actor=ORGANISER)
    assert len(left(services, head)) == 3
