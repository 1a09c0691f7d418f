"""What was stopped says so everywhere: when, why, and that there will be no result."""

from datetime import timedelta
from uuid import uuid4

import pytest
from click.testing import CliRunner

from consult.cli import main
from consult.commands.answers.submitting import submit_answers
from consult.commands.consultations.opening import withdraw_consultation
from consult.commands.results.counting import publish_results
from consult.notifying import news
from consult.people.mailboxes import contacts, outbox
from events import Consultation
from tests.builders import (
    ORGANISER,
    RANKING,
    RESIDENT,
    close_consultation,
    consultation,
    draft,
    words,
)
from tests.conftest import only
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Page
from tests.kinds import answer_all, of_kind, sheet_of

pytestmark = only("sqlite")
WHY, WHY_CY = "The river flooded it", "The river flooded it (cy)"
WHEN = "2 November 2026, 9am"
PLACES = ("", "/results", "/count", "/share", "/what-we-did", "/updates")
UNTRUE = (
    *("16 November", "has closed", "not published yet", "no result yet", "will be shown here"),
    *("We write to you when", "What happens next", "Closes", "Closed"),
)


@pytest.fixture
def running(services):
    asked = consultation(services, RANKING)
    contacts.keep(services.vault, asked.id, asked.id, 1, "sam@example.org", "en")
    return asked


@pytest.fixture
def stopped(services, running):
    withdraw_consultation(services, running.id, reason=words(WHY), actor=ORGANISER)
    services.catch_up()
    return running


@pytest.mark.parametrize("place", PLACES)
def test_every_page_says_when_and_why_and_nothing_that_is_not_so(stopped, client, place):
    page = Page(client.get(f"/c/riverside{place}")).words
    assert f"This consultation was stopped on {WHEN}." in page
    assert "Nothing that was sent is counted, so there will be no result." in page
    assert f"Reason: {WHY}" in page
    assert not [each for each in UNTRUE if each in page]
    welsh = Page(client.get(f"/cy/c/riverside{place}")).words
    assert f"Rheswm: {WHY_CY}" in welsh
    assert "16 Tachwedd" not in welsh


def test_its_first_page_leads_to_what_happened(stopped, client):
    assert "/c/riverside/count" in Page(client.get("/c/riverside")).text


def test_the_feed_tells_of_it(stopped, client):
    feed = client.get("/feed.atom").get_data(as_text=True)
    assert "Stopped: Riverside Park" in feed
    assert WHY in feed


def test_nobody_is_promised_a_mail_and_who_was_is_told(services, stopped, resident, app):
    id = contacts.keep(
        services.vault,
        stopped.id,
        uuid4(),
        1,
        "eve@example.org",
        "en",
        waiting_since=services.clock(),
    )
    for address in ("/c/riverside/updates", f"/confirm/{id}"):
        page = resident.open(address)
        assert "there is nothing to write to you about" in page.words
        assert 'name="email"' not in page.text
    sent = app.test_client().post("/c/riverside/updates", data={"email": "a@example.org"})
    assert sent.status_code in {400, 409}
    assert outbox.waiting(services.vault) == []
    assert [news.tell(services) for _ in range(2)] == [1, 0]
    (mail,) = outbox.waiting(services.vault)
    assert (mail.to, mail.subject) == ("sam@example.org", "Stopped: Riverside Park")
    assert WHY in mail.text
    assert "no result" in mail.text


def test_staff_see_when_and_why(app, services, stopped):
    staff = sign_in(app, services)
    eve = sign_in(app, services, role="scrutiny", email="eve@example.org")
    for person, place in ((staff, "/organise/c/riverside/"), (eve, "/scrutiny/riverside/")):
        page = person.open(place).words
        assert f"Withdrawn {WHEN}" in page
        assert WHY in page
        assert "16 November" not in page
    assert f"Withdrawn {WHEN}." in staff.open("/organise/").words
    assert f"Withdrawn {WHEN}." in eve.open("/scrutiny/").words
    assert "No result is published yet" not in eve.open("/scrutiny/riverside/").words


def test_desks_see_when_and_why(services, app):
    asked = consultation(services, RANKING, identity=("desk",))
    withdraw_consultation(services, asked.id, reason=words(WHY), actor=ORGANISER)
    services.catch_up()
    clerk = sign_in(app, services, role="desk", email="desk@example.org")
    page = clerk.open("/assist/riverside")
    assert f"This consultation was stopped on {WHEN}." in page.words
    assert WHY in page.words
    assert "after it closed" not in page.words
    assert "Continue" not in page.words


def test_commands_say_that_it_was_withdrawn(services, stopped, monkeypatch):
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", services.config.database_url)
    for command in ("publish", "count", "results"):
        refused = CliRunner().invoke(main, [command, "riverside"])
        assert refused.exit_code == 1
        assert "riverside was withdrawn" in refused.output, refused.output


def test_a_draft_is_not_said_to_close_by_itself(services, monkeypatch):
    draft(services)
    services.catch_up()
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", services.config.database_url)
    refused = CliRunner().invoke(main, ["publish", "riverside"])
    assert "riverside has not opened" in refused.output, refused.output


def stopped_late(services, id) -> None:
    """Stop what has closed, as earlier versions let it be."""
    old = services.record.get(Consultation, id)
    at, by = services.clock(), ORGANISER.by()
    old.record(Consultation.Withdrawn(at=at, by=by, reason=words(WHY)))
    services.record.save(old)
    services.catch_up()


def test_one_that_was_stopped_after_its_hour_says_both(services, running, clock, client):
    close_consultation(services, running.id)
    clock.now = running.terms.closes_at + timedelta(days=2)
    stopped_late(services, running.id)
    page = Page(client.get("/c/riverside")).words
    assert "Closed 16 November 2026, 9am" in page
    assert "Stopped 18 November 2026, 9am" in page


def test_what_was_published_before_stands(services, clock, client, resident):
    """Earlier versions let a consultation be stopped after its results were published."""
    asked = consultation(services, of_kind("ranking"))
    answer_all(services, asked, 5)
    sent = submit_answers(
        services,
        consultation_id=asked.id,
        voter="resident/sam",
        sheet=sheet_of(services, asked, 0),
        actor=RESIDENT,
        command_id="key-sam",
    )
    close_consultation(services, asked.id)
    publish_results(services, asked.id, actor=ORGANISER)
    clock.now = asked.terms.closes_at + timedelta(days=2)
    stopped_late(services, asked.id)
    for place in ("", "/what-we-did", "/share", "/updates", "/count"):
        page = Page(client.get(f"/c/riverside{place}")).words
        assert "The result was published before, and stands." in page, place
        assert WHY in page, place
        assert "no result" not in page, place
    by_code = resident.send(resident.open("/receipt"), code=sent.code)
    assert "The result was published before, and stands." in by_code.words
    assert "/c/riverside/results" in by_code.text
    result = Page(client.get("/c/riverside/results")).words
    assert "6 people took part" in result
    assert "stopped" in result
    assert "Riverside Park" in Page(client.get("/results")).words
    for name in ("results.csv", "results.json", "results.pdf", "embed"):
        assert client.get(f"/c/riverside/{name}").status_code == 200, name
    assert news.tell(services) == 0
