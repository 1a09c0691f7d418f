"""When the server was down at the hour, people are told the closing that they were promised."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from consult.commands.results.counting import publish_results
from consult.notifying import news
from consult.people.mailboxes import contacts, outbox
from tests.builders import ORGANISER, close_consultation, consultation
from tests.conftest import only
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Page
from tests.kinds import answer_all, of_kind

pytestmark = only("sqlite")
PROMISED, RECORDED = "16 November", "17 November"
PUBLIC = (
    *("/c/riverside", "/c/riverside/results", "/c/riverside/embed", "/c/riverside/share"),
    *("/c/riverside/what-we-did", "/c/riverside/updates", "/cy/c/riverside", "/"),
    *("/results", "/feed.atom", "/c/riverside/results.csv", "/c/riverside/results.json"),
    *("/cy/c/riverside/results", "/cy/c/riverside/results.csv"),
)
STAFF = ("/organise/", "/organise/c/riverside/", "/scrutiny/", "/scrutiny/riverside/")


@pytest.fixture
def late(services, clock):
    asked = consultation(services, of_kind("basket"))
    answer_all(services, asked, 6)
    services.catch_up()
    contacts.keep(services.vault, asked.id, asked.id, 1, "sam@example.org", "en")
    clock.now = asked.terms.closes_at + timedelta(days=1, hours=2)
    close_consultation(services, asked.id)
    services.catch_up()
    return asked


def said_on(client, *places: str) -> dict[str, str]:
    return {place: client.get(place).get_data(as_text=True) for place in places}


def test_pages_say_it_before_and_after_the_result(app, services, late, client):
    staff = sign_in(app, services)
    eve = sign_in(app, services, role="scrutiny", email="eve@example.org")
    for has_results in (False, True):
        if has_results:
            publish_results(services, late.id, actor=ORGANISER)
            services.catch_up()
        told = said_on(client, *PUBLIC)
        told |= said_on(staff.client, *STAFF[:2]) | said_on(eve.client, *STAFF[2:])
        for place, text in told.items():
            assert RECORDED not in text, place
            assert "17 Tachwedd" not in text, place
        for place in ("/", "/c/riverside", *STAFF):
            assert f"{PROMISED} 2026" in told[place], place
    took_part = "6 people took part between 2 November and 16 November 2026."
    for place in ("/results", "/c/riverside/results", "/c/riverside/embed"):
        assert took_part in told[place], place


def test_files_mails_and_paper_say_it(services, late, client):
    publish_results(services, late.id, actor=ORGANISER)
    services.catch_up()
    paper = client.get("/c/riverside/results.pdf").data
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    assert "between 2 November and 16 November 2026" in " ".join(words.split())
    assert RECORDED not in words
    assert news.tell(services) == 1
    (mail,) = outbox.waiting(services.vault)
    assert RECORDED not in mail.text
    votes = client.get("/c/riverside/results.pb").get_data(as_text=True)
    assert "date_end;16.11.2026" in votes


def test_the_trail_keeps_when_it_was_recorded(late, client):
    assert RECORDED in Page(client.get("/c/riverside/count")).words
