"""Organisers take the answers with them: all questions, and the words only by a tick."""

import io
import json

import openpyxl
import pytest

from consult.commands.answers.submitting import Sheet, submit_answers
from consult.commands.results.counting import publish_results
from events import DataProtectionCase
from projections.ballot_box import BallotBox
from tests.builders import ORGANISER, RANKING, RESIDENT, close_consultation, consultation, question
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Page

MORE = question("more", "text", "Anything else?", required=False)
ADDRESS = "/organise/c/riverside/export/"


@pytest.fixture
def asked(services):
    opened = consultation(services, RANKING, MORE, wards=True)
    submit_answers(
        services,
        consultation_id=opened.id,
        voter="ann",
        sheet=Sheet({"order": ["a", "b"]}, texts={"more": "Keep the trees"}, area="W03"),
        actor=RESIDENT,
        command_id="ann",
    )
    return opened


@pytest.fixture
def organiser(app, services, asked):
    return sign_in(app, services)


def exported(services):
    rows = services.record.read(0, 10_000)
    return [row for row in rows if row.topic == DataProtectionCase.WordsExported.TOPIC]


def test_while_it_is_open_the_page_says_when_answers_can_be_exported(organiser):
    page = organiser.open(ADDRESS)
    assert "after it has closed" in page.words
    assert not [form for form in page.tree.iter("form") if form.get("id") == "form"]


@pytest.mark.parametrize("with_words", [False, True])
@pytest.mark.parametrize("format", ["csv", "json", "xlsx"])
def test_every_format_is_downloaded_and_words_only_by_a_tick(
    services, asked, organiser, format, with_words
):
    close_consultation(services, asked.id, actor=ORGANISER)
    assert ADDRESS in organiser.open("/organise/c/riverside/").links()
    page = organiser.open(ADDRESS)
    assert not page.faults
    given = organiser.fill(page, format=format, words="yes" if with_words else None)
    assert given.status_code == 200
    assert given.headers["Cache-Control"] == "no-store"
    name = f"riverside-answers{'-with-words' if with_words else ''}.{format}"
    assert given.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    if format == "json":
        text = str(json.loads(given.data))
    elif format == "csv":
        text = given.data.decode("utf-8-sig")
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(given.data)).worksheets[0]
        text = str(list(sheet.values))
    assert "Put these in order" in text
    assert ("Keep the trees" in text) == with_words
    assert len(exported(services)) == with_words
    services.catch_up()
    trail = Page(organiser.client.get("/c/riverside/count")).words
    assert ("What people wrote was exported to a file Organiser" in trail) == with_words


def test_one_download_after_the_other_each_gets_its_turn(services, asked, organiser):
    close_consultation(services, asked.id, actor=ORGANISER)
    page = organiser.open(ADDRESS)
    for _ in range(3):
        assert organiser.fill(page, format="csv").data
    assert organiser.fill(page, format="pdf").status_code == 422
    assert organiser.fill(page, format="json").data


def test_a_refusal_is_said_on_the_page_and_gives_the_turn_back(services, organiser, asked):
    close_consultation(services, asked.id, actor=ORGANISER)
    page = organiser.open(ADDRESS)
    box = services.views.reader(BallotBox)
    with services.views.write() as db:
        db.execute(box.ballot.delete())
    for _ in range(2):
        refused = Page(organiser.fill(page, format="csv", words="yes"))
        assert refused.status == 422
        [(target, message)] = refused.summary
        assert target == "form"
        assert "The record holds 1 responses and only 0 can be read" in message
    assert not exported(services)


def test_a_failure_in_the_middle_is_no_file_that_ends_there(
    services, asked, organiser, monkeypatch
):
    close_consultation(services, asked.id, actor=ORGANISER)
    page = organiser.open(ADDRESS)

    def breaks(*_anything):
        raise ValueError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr("consult.commands.files.answer_files._document", breaks)
        assert organiser.fill(page, format="json").status_code == 500
    assert organiser.fill(page, format="json").data, "the turn was given back"


def test_headings_are_in_the_language_of_the_page(services, asked, organiser):
    close_consultation(services, asked.id, actor=ORGANISER)
    page = organiser.open(f"/cy{ADDRESS}")
    text = organiser.fill(page, format="csv").data.decode("utf-8-sig")
    heading, row = text.splitlines()
    assert heading.startswith("Ymateb,Diwrnod,Sut y cymeron nhw ran,Ble maen nhw’n byw")
    assert "Put these in order (cy): Allotments (cy)" in heading
    assert "Glan y Gamlas" in row
    assert "Ar-lein" in row


def test_a_form_of_another_session_exports_nothing(services, asked, organiser):
    close_consultation(services, asked.id, actor=ORGANISER)
    answer = organiser.client.post(ADDRESS, data={"format": "csv", "words": "yes"})
    assert answer.status_code == 422
    assert "Keep the trees" not in answer.text
    assert not exported(services)


def test_the_public_files_never_have_words(services, asked, organiser, client):
    close_consultation(services, asked.id, actor=ORGANISER)
    publish_results(services, asked.id, actor=ORGANISER)
    services.catch_up()
    for name in ("results", "results.csv", "results.json", "answers.json", "count", "count.ndjson"):
        answer = client.get(f"/c/riverside/{name}")
        assert answer.status_code == 200, name
        assert "Keep the trees" not in answer.text
