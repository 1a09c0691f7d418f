"""Codes by letter on the organiser's pages: a file once, and stopping what was lost."""

import csv
import io

import pytest

from consult.commands.answers.letter_codes import NotAWard, issue_codes
from consult.people.proving import letter_codes
from events import Consultation
from tests.builders import ORGANISER, by_letter, close_consultation, consultation, draft
from tests.consult.web.organisers import main_form, sign_in

CODES = "/organise/c/riverside/codes"


@pytest.fixture
def asked(services):
    return by_letter(services, wards=True)


@pytest.fixture
def ann(app, services, asked):
    return sign_in(app, services)


def batches(services, asked):
    return services.record.get(Consultation, asked.id).batches


def test_the_page_of_a_consultation_leads_to_its_codes(ann):
    assert "/organise/c/riverside/codes" in ann.open("/organise/c/riverside/").links()


def test_the_file_comes_with_the_answer_and_never_again(ann, services, asked):
    page = ann.open(CODES)
    address, values = main_form(page)
    values.setlist("number", ["3"])
    values.setlist("ward", ["W09"])
    given = ann.client.post(address, data=values)
    assert given.status_code == 200
    assert given.headers["Cache-Control"] == "no-store"
    assert "attachment" in given.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(given.text)))
    assert len(rows) == 3
    assert all(letter_codes.find(services.vault, row["code"]) for row in rows)
    site = services.config.public_url
    for row in rows:
        assert f"{site}/c/riverside/letter#{row['code']}" in row.values()
        assert f"{site}/cy/c/riverside/letter#{row['code']}" in row.values()
    assert [(each.number, each.ward) for each in batches(services, asked).values()] == [(3, "W09")]
    again = ann.client.post(address, data=values, follow_redirects=True)
    assert again.request.path == address
    assert "cannot be shown again" in again.text
    assert len(batches(services, asked)) == 1
    for row in rows:
        assert row["code"] not in again.text
        assert row["code"] not in ann.open(CODES).text


def test_letters_can_be_printed(ann):
    given = ann.fill(ann.open(CODES), number="2", format="pdf")
    assert given.content_type == "application/pdf"
    assert given.data.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("number", "kind"), [("", "csv"), ("0", "csv"), ("200001", "csv"), ("501", "pdf"), ("x", "csv")]
)
def test_a_number_that_cannot_be_is_said_and_makes_nothing(ann, services, asked, number, kind):
    again = ann.fill(ann.open(CODES), number=number, format=kind)
    assert again.status_code == 422
    assert 'href="#number"' in again.text
    assert not batches(services, asked)


def test_a_lost_batch_is_stopped_with_a_reason(ann, services, asked):
    ann.fill(ann.open(CODES), number="2")
    [batch] = batches(services, asked)
    stop = ann.open(f"{CODES}/{batch}/stop")
    assert "Say why" in ann.send(stop).text
    after = ann.send(ann.open(f"{CODES}/{batch}/stop"), reason="Lost in the post")
    assert "Stopped" in after.text
    assert batches(services, asked)[batch].is_void
    assert ann.client.get(f"{CODES}/nothing/stop").status_code == 404


def test_there_are_no_codes_where_nobody_could_use_them(app, services, ann, asked):
    consultation(services, slug="open-to-all")
    assert ann.client.get("/organise/c/open-to-all/codes").status_code == 404
    close_consultation(services, asked.id, actor=ORGANISER)
    services.catch_up()
    assert 'name="number"' not in ann.open(CODES).text


def test_other_partnerships_and_residents_get_no_codes(app, services, asked):
    assert app.test_client().get(CODES).status_code == 303
    reader = sign_in(app, services, role="scrutiny", email="bob@example.org")
    sent_on = reader.client.get(CODES)
    assert (sent_on.status_code, sent_on.headers["Location"]) == (303, "/scrutiny/")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_codes_are_for_the_wards_that_take_part(app, services):
    about = by_letter(services, wards=("W03",))
    page = sign_in(app, services).open(CODES)
    [offered] = [each for each in page.tree.iter("select") if each.get("name") == "ward"]
    assert [option.get("value") for option in offered.iter("option")] == ["", "W03"]
    for ward in ("W09", "W99"):
        with pytest.raises(NotAWard):
            issue_codes(services, about.id, 3, actor=ORGANISER, ward=ward)
    assert not batches(services, about)
    issue_codes(services, about.id, 3, actor=ORGANISER, ward="W03")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_terms_say_when_codes_are_made_and_then_they_can_be(app, services):
    drafted = draft(services, identity=("letter",))
    services.catch_up()
    ann = sign_in(app, services)
    terms = ann.open("/organise/c/riverside/terms/")
    assert drafted.state == "draft"
    assert "You make the codes before it opens, or while it is open." in terms.text
    assert ann.fill(ann.open(CODES), number="2").status_code == 200
