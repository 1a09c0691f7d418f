"""Everybody who works here lands on a page of their own with what they may do."""

import json

import pytest

from consult.access import DESK, OPERATOR, STAFF
from consult.commands.answers.submitting import Sheet, submit_answers
from consult.commands.context import Actor
from consult.commands.results.counting import publish_results
from consult.people.accounts.sign_in_links import make_sign_in_token
from consult.people.accounts.staff import make_account
from consult.roles.rules import WITHOUT_PAGES
from consult.web import pages
from tests.builders import (
    ORGANISER,
    RANKING,
    RESIDENT,
    close_consultation,
    consultation,
    partnership,
    question,
)
from tests.consult.web.organisers import Organiser, link_for, sign_in
from tests.consult.web.residents import Page

MORE = question("more", "text", "Anything else?", required=False)
LANDINGS = {
    "organiser": "/organise/",
    "council officer": "/organise/",
    "administrator": "/organise/",
    "desk": "/assist/",
    "data protection officer": "/organise/personal-data/",
    "scrutiny": "/scrutiny/",
    "scrutiny officer": "/scrutiny/",
    "auditor": "/scrutiny/",
    "equality officer": "/approvals/",
    "monitoring officer": "/approvals/",
    "decision clerk": "/approvals/",
    **dict.fromkeys(WITHOUT_PAGES, "/roles/"),
}


def test_every_role_has_a_room_or_is_known_to_have_none(app):
    opened = {role for room in pages.rooms(app) for role in room.capability.roles} - {OPERATOR}
    assert set(LANDINGS) == set(STAFF)
    assert set(STAFF) - opened == set(WITHOUT_PAGES)


@pytest.mark.parametrize("prefix", ["", "/cy"])
@pytest.mark.parametrize("role", STAFF)
def test_every_role_lands_on_a_page_of_its_own(app, services, role, prefix):
    consultation(services)
    staff = Organiser(app.test_client())
    page = staff.send(staff.open(f"{prefix}{link_for(services, role=role)}"))
    assert page.address == f"{prefix}{LANDINGS[role]}"
    assert page.status == 200
    assert not page.faults
    assert staff.open("/sign-in").address == LANDINGS[role], "whoever comes back lands there too"
    footer = staff.open("/organise/")
    assert footer.status == 200, "the link in the footer leads there as well"
    for link in page.links():
        if link.startswith("/") and "sign-out" not in link and "/assets/" not in link:
            assert staff.client.get(link, follow_redirects=True).status_code == 200, link


def test_an_account_without_a_role_is_told_so(app, services):
    partnership(services)
    staff_id = make_account(services.vault, "ann@example.org", "Ann")
    token = make_sign_in_token(services.vault, staff_id, services.clock())
    staff = Organiser(app.test_client())
    page = staff.send(staff.open(f"/sign-in/{token}"))
    assert page.status == 403
    assert page.heading == "You have no role yet"


def test_somebody_whose_role_has_several_rooms_finds_each_on_every_page(app, services):
    consultation(services)
    staff = sign_in(app, services, role="administrator")
    rooms = {"/organise/", "/assist/", "/organise/personal-data/", "/scrutiny/"}
    for address in rooms:
        assert rooms <= set(staff.open(address).links())


@pytest.fixture
def counted(services):
    opened = consultation(services, RANKING, MORE)
    for number in range(12):
        submit_answers(
            services,
            consultation_id=opened.id,
            voter=f"voter {number}",
            sheet=Sheet({"order": ["a"]}, texts={"more": "Keep the trees"}),
            actor=RESIDENT,
            command_id=f"{number}",
        )
    close_consultation(services, opened.id, actor=ORGANISER)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    return opened


def test_scrutiny_finds_result_working_how_it_stood_and_the_log(app, services, counted):
    member = sign_in(app, services, role="scrutiny")
    [room] = [link for link in member.open("/scrutiny/").links() if "riverside" in link]
    page = member.open(room)
    assert "The council decides" in page.words
    links = page.links()
    for wanted in ("/c/riverside/results", "/c/riverside/count", "/log/vkey"):
        assert wanted in links
    assert any("as_at=" in link for link in links)
    welsh = member.open("/cy" + room).links()
    for links_of in (links, welsh):
        [key] = [link for link in links_of if link.endswith("/vkey")]
        assert key == "/log/vkey", "the log has no language"
    assert "For the auditor" not in page.words
    assert member.client.get("/scrutiny/riverside/openings.ndjson").status_code == 403
    address, values = page.form()
    assert address.endswith("/sign-out")
    sent = {"csrf_token": values["csrf_token"], "format": "json"}
    assert member.client.post("/scrutiny/riverside/answers", data=sent).status_code == 403


def test_an_auditor_takes_openings_and_answers_and_no_words(app, services, counted, seal):
    auditor = sign_in(app, services, role="auditor")
    assert "nothing to open ballots with yet" in auditor.open("/scrutiny/riverside/").words
    seal()
    page = auditor.open("/scrutiny/riverside/")
    assert auditor.open("/scrutiny/riverside/openings.ndjson").address == "/scrutiny/riverside/"
    address, values = page.form("openings.ndjson")
    lines = auditor.client.post(address, data=values).text.splitlines()
    assert len(lines) == 12
    assert {"i", "k", "s", "x"} == set(json.loads(lines[0]))
    given = auditor.fill(page, format="json")
    assert len(json.loads(given.data)["responses"]) == 12
    assert "Keep the trees" not in given.text
    assert Page(auditor.fill(page, format="pdf")).summary == [("format", "Choose a format.")]
    auditor.client.get("/c/riverside/count")


def test_drafts_and_other_partnerships_are_not_looked_into(app, services, counted):
    partnership(services, "elsewhere")
    stranger = sign_in(app, services, slug="elsewhere", role="auditor")
    assert "riverside" not in stranger.open("/scrutiny/").text
    for address in ("/scrutiny/riverside/", "/scrutiny/riverside/openings.ndjson"):
        assert stranger.client.get(address).status_code == 403
    assert stranger.client.get("/scrutiny/nothing/").status_code == 404


@pytest.mark.parametrize("address", ["/scrutiny/", "/scrutiny/riverside/"])
def test_strangers_are_asked_to_sign_in(client, services, counted, address):
    answer = client.get(address)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/sign-in")


def test_how_it_stood_is_offered_whoever_sent_the_answers(app, services, clock):
    """Answers that a desk took are answers too."""
    opened = consultation(services, RANKING)
    for number in range(25):
        clock.move(hours=6)
        submit_answers(
            services,
            consultation_id=opened.id,
            voter=f"voter {number}",
            sheet=Sheet({"order": ["a"]}),
            actor=Actor(DESK, "clerk", "telephone"),
            command_id=f"{number}",
        )
    close_consultation(services, opened.id, actor=ORGANISER)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    page = sign_in(app, services, role="scrutiny").open("/scrutiny/riverside/")
    days = [link for link in page.links() if "as_at=" in link]
    assert len(days) == 4, "at least five people answered between two of them"
    assert "4 November 2026" in page.words
    assert page.status == sign_in(app, services, role="scrutiny").open(days[0]).status == 200
