"""What the public does not get leaves a fact when staff take it, also at the command line."""

import io
import json
import re

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from consult.cli import main
from consult.commands.answers.submitting import Sheet, submit_answers
from consult.commands.consultations.drafting import fix_terms
from consult.commands.consultations.opening import (
    open_consultation,
    pause_consultation,
    withdraw_consultation,
)
from consult.commands.data_protection.takings import take_count, take_openings, take_votes
from events import DataProtectionCase
from events.errors import RecordUnavailable
from tests.builders import (
    AUDITOR,
    ORGANISER,
    RANKING,
    RESIDENT,
    close_consultation,
    consultation,
    draft,
    question,
    words,
)
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


def answered_while_open(services, *questions, **how):
    about = consultation(services, *(questions or (RANKING,)), **how)
    submit_answers(
        services,
        consultation_id=about.id,
        voter="ann",
        sheet=Sheet({"order": ["b", "a"]}),
        actor=RESIDENT,
        command_id="ann",
    )
    return about


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
    assert topic == DataProtectionCase.CopyGiven.TOPIC
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
    assert [topic for topic, _fact in found] == [DataProtectionCase.FileTaken.TOPIC] * facts
    assert all(fact["what"] == "ballots" and fact["number"] == 1 for _topic, fact in found)


def test_nothing_is_handed_out_that_could_not_be_recorded(services, answered, monkeypatch):
    about, _receipt = answered(ballots_public=False)

    def fail(*_given, **_more):
        raise RecordUnavailable("The database is away.")

    monkeypatch.setattr(services.record, "save", fail)
    taken = io.StringIO()
    with pytest.raises(RecordUnavailable):
        take_votes(services, about.id, taken, format="csv", question_id="order", actor=AUDITOR)
    assert taken.getvalue() == ""


def test_every_answer_is_recorded_as_taken_from_the_command_line(services, answered, consult):
    answered()
    head = services.record.head()
    assert consult("export", "riverside", "--format", "json").exit_code == 0
    [(topic, fact)] = left(services, head)
    assert (topic, fact["what"]) == (DataProtectionCase.FileTaken.TOPIC, "answers")


def test_each_time_is_a_fact_of_its_own(services, answered):
    about, _receipt = answered()
    head = services.record.head()
    for _ in range(3):
        take_openings(services, about.id, 1, actor=AUDITOR)
    assert len(left(services, head)) == 3


COUNTS = (
    ("count", "riverside"),
    ("count", "riverside", "--json"),
    ("count", "riverside", "--as-at", "1000", "--json"),
    ("count", "riverside", "--rule", "approval", "--json"),
)


@pytest.mark.parametrize("words_given", COUNTS)
@pytest.mark.parametrize("is_paused", [False, True])
def test_nobody_is_told_how_it_stands_while_the_terms_keep_it_hidden(
    services, consult, words_given, is_paused
):
    about = answered_while_open(services)
    if is_paused:
        pause_consultation(services, about.id, reason=words("A price"), actor=ORGANISER)
    head = services.record.head()
    refused = consult(*words_given)
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert re.search(
        r"riverside is open, and its terms keep hidden how it stands until it closes, so nothing "
        r"was counted. It closes by itself at \d{4}-\d\d-\d\d \d\d:\d\d UTC; count after that.",
        refused.stderr,
    )
    assert left(services, head) == []


def test_who_counts_while_people_can_still_answer_is_recorded_with_what_was_counted(
    services, consult
):
    about = answered_while_open(services, interim="shown")
    head = services.record.head()
    counted = json.loads(consult("count", "riverside", "--json").stdout)
    assert counted["order"][0] == ["b"]
    [(topic, fact)] = left(services, head)
    assert topic == DataProtectionCase.CountRead.TOPIC
    assert fact["consultation_id"] == str(about.id)
    assert (fact["question_id"], fact["rule"], fact["ballots"]) == ("order", "points-3", 1)
    assert fact["cutoff"] == counted["cutoff"] == head
    assert fact["by"]["role"] == "operator"


@pytest.mark.parametrize(("is_public", "facts"), [(True, 0), (False, 1)])
def test_after_closing_a_count_is_recorded_where_the_public_cannot_make_it(
    services, answered, consult, is_public, facts
):
    answered(ballots_public=is_public)
    head = services.record.head()
    assert consult("count", "riverside").exit_code == 0
    found = left(services, head)
    assert [topic for topic, _fact in found] == [DataProtectionCase.CountRead.TOPIC] * facts
    assert consult("count", "riverside", "--question", "nothing").exit_code == 1
    assert left(services, head) == found, "what was not counted was not seen"


@pytest.mark.parametrize(("is_accepted", "facts"), [(True, 0), (False, 1)])
def test_a_count_beside_numbers_that_are_hidden_is_recorded(services, consult, is_accepted, facts):
    visit = question("visit", "single", "How often?", "Daily", "Weekly", required=False)
    about = answered_while_open(services, RANKING, visit, fingerprints_accepted=is_accepted)
    close_consultation(services, about.id)
    services.catch_up()
    head = services.record.head()
    assert consult("count", "riverside", "--question", "order").exit_code == 0
    assert len(left(services, head)) == facts


def test_no_count_is_shown_that_could_not_be_recorded(services, answered, consult, monkeypatch):
    about, _receipt = answered(ballots_public=False)

    def fail(*_given, **_more):
        raise RecordUnavailable("The database is away.")

    monkeypatch.setattr(services.record, "save", fail)
    with pytest.raises(RecordUnavailable):
        take_count(services, about.id, actor=AUDITOR)


def test_what_never_opened_or_was_withdrawn_has_nothing_to_count(services, consult):
    draft(services, slug="begun")
    about = answered_while_open(services, interim="shown")
    withdraw_consultation(services, about.id, reason=words("It is gone."), actor=ORGANISER)
    assert "begun has not opened" in consult("count", "begun").stderr
    assert "nothing of it is counted" in consult("count", "riverside").stderr


def test_a_question_without_a_rule_is_counted_by_one_that_is_named(services, consult):
    unruled = question("visit", "single", "How often?", "Daily", "Weekly")
    drafted = draft(services, unruled, RANKING)
    ruled = {"order": drafted.terms.counting["order"]}
    fix_terms(services, drafted.id, replace(drafted.terms, counting=ruled), actor=ORGANISER)
    open_consultation(services, drafted.id, actor=ORGANISER)
    close_consultation(services, drafted.id)
    services.catch_up()
    assert json.loads(consult("count", "riverside", "--json").stdout)["rule"] == "points-3"
    refused = consult("count", "riverside", "--question", "visit")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "The terms name no rule for question visit. Count it by one: --rule" in refused.stderr
    counted = consult("count", "riverside", "--question", "visit", "--rule", "approval", "--json")
    assert json.loads(counted.stdout)["rule"] == "approval"
