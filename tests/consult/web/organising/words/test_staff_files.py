"""Large files for staff are made out of the way of the pages, and handed out on the record."""

import json
from datetime import timedelta

import pytest

from consult.commands.answers.submitting import Sheet, submit_answers
from consult.commands.data_protection.erasure import erase_by_holder
from consult.jobs import result_files
from consult.jobs.kinds.answer_files import KEEP_TIME
from consult.serving import job_process
from consult.web import kept_files
from events import DataProtectionCase
from tests.builders import ORGANISER, RANKING, RESIDENT, close_consultation, consultation, question
from tests.conftest import only
from tests.consult.jobs.workers import do_jobs, duties_of
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Page

pytestmark = only("sqlite")
MORE = question("more", "text", "Anything else?", required=False)
EXPORT = "/organise/c/riverside/export/"
PEOPLE = 6


@pytest.fixture
def receipts(services):
    about = consultation(services, RANKING, MORE)
    return [
        submit_answers(
            services,
            consultation_id=about.id,
            voter=f"voter {number}",
            sheet=Sheet({"order": ["a"]}, texts={"more": f"Thought {number}"}),
            actor=RESIDENT,
            command_id=f"{number}",
        )
        for number in range(PEOPLE)
    ]


@pytest.fixture
def site(app, services, receipts, seal, monkeypatch):
    """A web process beside others, with a closed consultation that counts as large."""
    close_consultation(services, receipts[0].consultation_id, actor=ORGANISER)
    seal()
    services.catch_up()
    monkeypatch.setattr(kept_files, "LARGE_FROM", PEOPLE)
    services.has_background = True
    monkeypatch.setattr(
        services.runner,
        "wait_for",
        lambda goal, _seconds: not (services.runner.catch_up(until=goal)),
    )
    return app


@pytest.fixture
def organiser(site, services):
    return sign_in(site, services)


@pytest.fixture
def auditor(site, services):
    return sign_in(site, services, role="auditor", email="audit@example.org")


def taken(services):
    """Topic and content of every fact about a file that was taken."""
    topics = {DataProtectionCase.FileTaken.TOPIC, DataProtectionCase.WordsExported.TOPIC}
    rows = services.record.read(0, 10_000)
    return [(row.topic, json.loads(row.state)) for row in rows if row.topic in topics]


def press(person, page):
    """Press the download button of a page, and read what comes."""
    given = person.fill(page)
    assert given.data
    return given


@pytest.mark.parametrize("prefix", ["", "/cy"])
@pytest.mark.parametrize("with_words", [False, True])
def test_an_organiser_is_told_that_it_is_made_and_then_takes_it(
    app, services, organiser, with_words, prefix
):
    form = organiser.open(f"{prefix}{EXPORT}")
    page = organiser.send(form, format="json", words="yes" if with_words else None)
    assert page.address == f"{prefix}{EXPORT}waiting"
    assert page.status == 200
    assert not page.faults
    assert not [each for each in page.tree.iter("form") if each.get("id") == "form"]
    asked = f"{page.address}?format=json{'&words=yes' if with_words else ''}"
    assert not taken(services), "nothing was handed out"
    assert do_jobs(app) == 1
    ready = organiser.open(asked)
    assert not ready.faults
    assert "kB" in ready.words
    assert not taken(services)
    given = press(organiser, ready)
    assert given.headers["Content-Disposition"].endswith('.json"')
    assert given.headers["Cache-Control"] == "no-store"
    assert len(given.json["responses"]) == PEOPLE
    assert ("Thought 3" in given.text) == with_words
    [(topic, fact)] = taken(services)
    kind = DataProtectionCase.WordsExported if with_words else DataProtectionCase.FileTaken
    assert topic == kind.TOPIC
    assert fact["by"]["role"] == "organiser"
    if prefix and with_words:
        assert "Eich ffeil" in ready.words


def test_an_auditor_takes_openings_and_answers_the_same_way(app, services, auditor):
    room = auditor.open("/scrutiny/riverside/")
    address, values = room.form("openings.ndjson")
    waits = Page(auditor.client.post(address, data=values, follow_redirects=True))
    assert waits.address == "/scrutiny/riverside/waiting"
    assert "being made now" in waits.words
    assert do_jobs(app) == 1
    ready = auditor.open("/scrutiny/riverside/waiting?what=openings")
    lines = press(auditor, ready).text.splitlines()
    assert len(lines) == PEOPLE
    assert auditor.send(room, format="csv").address == "/scrutiny/riverside/waiting"
    do_jobs(app)
    table = press(auditor, auditor.open("/scrutiny/riverside/waiting?what=csv"))
    assert len(table.text.splitlines()) == PEOPLE + 1
    facts = [(fact["what"], fact["format"], fact["number"]) for _topic, fact in taken(services)]
    assert facts == [("openings", "ndjson", PEOPLE), ("answers", "csv", PEOPLE)]
    assert {fact["by"]["role"] for _topic, fact in taken(services)} == {"auditor"}


def test_however_often_it_is_asked_for_it_is_made_once_and_each_taking_recorded(
    app, services, organiser
):
    form = organiser.open(EXPORT)
    for _ in range(4):
        organiser.send(form, format="csv")
    assert do_jobs(app) == 1
    for _ in range(3):
        assert press(organiser, organiser.open(f"{EXPORT}waiting?format=csv")).status_code == 200
    assert do_jobs(app) == 0
    assert len(taken(services)) == 3
    page = organiser.open(f"{EXPORT}waiting?format=csv")
    press(organiser, page)
    press(organiser, page)
    assert len(taken(services)) == 5, "also when the same page is used again"


def test_what_was_erased_since_is_not_in_the_file_that_is_handed_out(
    app, services, organiser, receipts
):
    organiser.send(organiser.open(EXPORT), format="json", words="yes")
    do_jobs(app)
    address = f"{EXPORT}waiting?format=json&words=yes"
    ready = organiser.open(address)
    erase_by_holder(services, holder=receipts[3].holder, actor=RESIDENT)
    again = organiser.fill(ready)
    assert again.status_code == 303, "it is made anew"
    assert not taken(services)
    do_jobs(app)
    given = press(organiser, organiser.open(address))
    assert "Thought 2" in given.text
    assert "Thought 3" not in given.text


def test_a_file_is_gone_after_a_quarter_of_an_hour_and_readable_by_its_owner_alone(
    app, services, organiser, clock
):
    organiser.send(organiser.open(EXPORT), format="csv", words="yes")
    do_jobs(app)
    folder = result_files.folder_of(services.config)
    [file] = [path for path in folder.iterdir() if path.name != "place"]
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    sweep = duties_of(app)[1].work
    sweep()
    assert file.exists()
    clock.now += KEEP_TIME
    sweep()
    assert not file.exists()
    assert timedelta(minutes=15) >= KEEP_TIME
    assert job_process.SWEEP_SECONDS <= 60


def test_a_file_that_is_not_what_was_made_is_not_handed_out_but_made_again(
    app, services, organiser
):
    organiser.send(organiser.open(EXPORT), format="csv")
    do_jobs(app)
    ready = organiser.open(f"{EXPORT}waiting?format=csv")
    folder = result_files.folder_of(services.config)
    [file] = [path for path in folder.iterdir() if path.name != "place"]
    file.write_bytes(b"other answers")
    assert organiser.fill(ready).status_code == 303
    assert not taken(services)
    assert do_jobs(app) == 1
    assert press(organiser, organiser.open(f"{EXPORT}waiting?format=csv")).status_code == 200


def test_what_one_person_asked_for_is_not_the_job_of_another(app, services, organiser):
    organiser.send(organiser.open(EXPORT), format="csv")
    other = sign_in(app, services, email="other@example.org")
    other.send(other.open(EXPORT), format="csv")
    assert do_jobs(app) == 2


def test_why_a_file_could_not_be_made_is_said_on_the_page(app, services, organiser, monkeypatch):
    organiser.send(organiser.open(EXPORT), format="csv")
    with monkeypatch.context() as patch:
        patch.setattr(
            "consult.commands.files.exporting_answers.recorded_ballots", lambda *_a, **_m: 7
        )
        assert do_jobs(app) == 1
    page = organiser.open(f"{EXPORT}waiting?format=csv")
    assert "The record holds 7 responses and only 6 can be read" in page.words
    assert "could not be made" in organiser.open(f"{EXPORT}waiting?format=csv").words
    organiser.send(organiser.open(EXPORT), format="csv")
    do_jobs(app)
    assert press(organiser, organiser.open(f"{EXPORT}waiting?format=csv")).status_code == 200


def test_no_page_writes_a_large_file_itself(services, organiser, monkeypatch):
    def refuse(*_anything):
        raise AssertionError("a page wrote a large file")

    monkeypatch.setattr("consult.jobs.kinds.answer_files.write_answers", refuse)
    page = organiser.send(organiser.open(EXPORT), format="xlsx")
    assert page.address == f"{EXPORT}waiting"
    organiser.open(f"{EXPORT}waiting?format=xlsx")


def test_reading_the_page_of_a_file_makes_no_work(app, organiser, auditor):
    """As a browser does that opens its tabs again, or a program that follows links."""
    for person, address, back in (
        (organiser, f"{EXPORT}waiting?format=csv", EXPORT),
        (auditor, "/scrutiny/riverside/waiting?what=csv", "/scrutiny/riverside/"),
    ):
        page = person.open(address)
        assert page.address == back
        assert "This file is not being made. Ask for it here." in page.words
    assert do_jobs(app) == 0


def test_waiting_for_what_there_is_not_is_no_page(organiser, auditor):
    for address in (f"{EXPORT}waiting", f"{EXPORT}waiting?format=exe"):
        assert organiser.client.get(address).status_code == 404
    assert auditor.client.get("/scrutiny/riverside/waiting?what=words").status_code == 404
