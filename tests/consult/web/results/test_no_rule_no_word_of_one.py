"""Where no rule counts any question, no page speaks of one: every kind, state and reader."""

import re
from typing import Any

import pytest

from consult.commands.consultations.opening import open_consultation, withdraw_consultation
from consult.commands.results.counting import publish_results
from tests.builders import ORGANISER, close_consultation, draft, words
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Page, Resident
from tests.kinds import answer_all, of_kind

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
STATES = ("draft", "open", "closed", "published", "withdrawn")
PUBLIC = ("", "/results", "/count", "/what-we-did")
A_RULE = re.compile(
    r"\brules?\b|\bcount(?:ed|ing)? it\b|\bis counted\b|how we \w* ?count", re.IGNORECASE
)
NO_RULE = (
    *("No rule decides", "Not counted by a rule"),
    "No question of this consultation is counted by a rule",
)
"""Sentences that say that there is none."""
SURVEYS = (("single",), ("number",), ("text",), ("single", "text"), ("date", "matrix", "file"))
MIXED = ("ranking", "single", "text")
SECRET = {"ballots_public": False}


def in_state(services: Any, state: str, *kinds: str, **terms: Any) -> None:
    drafted = draft(services, *(of_kind(kind) for kind in kinds), wards=True, **terms)
    if state != "draft":
        open_consultation(services, drafted.id, actor=ORGANISER)
        services.catch_up()
        asked = services.record.get(type(drafted), drafted.id)
        answer_all(services, asked, 12)
    if state in {"closed", "published"}:
        close_consultation(services, drafted.id, actor=ORGANISER)
    if state == "published":
        publish_results(services, drafted.id, actor=ORGANISER)
    if state == "withdrawn":
        reason = words("Wrong leaflet")
        withdraw_consultation(services, drafted.id, reason=reason, actor=ORGANISER)
    services.catch_up()


def opened(app: Any, services: Any, state: str) -> dict[str, Page]:
    """Every page on counting that there is in a state, by its address."""
    resident, organiser = Resident(app.test_client()), sign_in(app, services)
    auditor = sign_in(app, services, role="auditor", email="auditor@example.org")
    staff = ["/organise/c/riverside/", *(["/organise/c/riverside/open"] * (state == "draft"))]
    pages = {address: organiser.open(address) for address in staff}
    if state == "closed":
        address = "/organise/c/riverside/count"
        pages[address] = organiser.open(address)
    if state != "draft":
        public = [f"/c/riverside{part}" for part in PUBLIC]
        pages |= {address: resident.open(address) for address in public}
        pages["/scrutiny/riverside/"] = auditor.open("/scrutiny/riverside/")
    assert all(page.status == 200 for page in pages.values()), {
        a: p.status for a, p in pages.items()
    }
    return pages


def said_of_a_rule(page: Page) -> list[str]:
    said = page.words
    for sentence in NO_RULE:
        said = said.replace(sentence, "")
    return [said[max(0, at.start() - 60) : at.end() + 60] for at in A_RULE.finditer(said)]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kinds", SURVEYS, ids="+".join)
def test_a_survey_has_no_word_of_a_rule_anywhere(app, services, kinds, state):
    in_state(services, state, *kinds, interim="shown")
    pages = opened(app, services, state)
    assert {
        address: found for address, page in pages.items() if (found := said_of_a_rule(page))
    } == {}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kinds", [("ranking",), ("basket",), MIXED], ids="+".join)
def test_a_vote_says_its_rule_before_and_after(app, services, kinds, state):
    in_state(services, state, *kinds)
    pages = opened(app, services, state)
    page = pages["/organise/c/riverside/open" if state == "draft" else "/c/riverside/count"]
    expected = "how ties are decided" if state == "draft" else "The rule"
    assert expected in page.words
    assert ("The other questions" in page.words) == (kinds == MIXED and state != "withdrawn")


@pytest.mark.parametrize(
    ("terms", "is_said"), [({"fingerprints_accepted": True}, False), ({}, True), (SECRET, True)]
)
def test_small_numbers_are_said_to_be_hidden_where_single_ballots_are(
    app, services, terms, is_said
):
    in_state(services, "open", "single", **terms)
    for address in ("/c/riverside", "/c/riverside/count", "/c/riverside/results"):
        words_ = Resident(app.test_client()).open(address).words
        assert "we publish how many gave each answer" in words_
        assert ("Numbers from 1 to under 5 are hidden" in words_) == is_said, address


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("open", "How answers are added up"),
        ("closed", "How answers are added up"),
        ("withdrawn", "What happened"),
    ],
)
def test_the_page_is_called_what_it_is_and_links_say_the_same(app, services, state, title):
    in_state(services, state, "single")
    page = Resident(app.test_client()).open("/c/riverside/results")
    assert title in page.words
    assert title in Resident(app.test_client()).open("/c/riverside/count").words


def test_after_closing_it_was_not_counted_yet(app, services):
    in_state(services, "closed", "ranking")
    assert "How we will count" in Resident(app.test_client()).open("/c/riverside/count").words
    assert "How we counted" not in Resident(app.test_client()).open("/c/riverside/count").words


@pytest.mark.parametrize("kinds", [("single",), ("ranking",)], ids="+".join)
def test_how_it_stands_is_promised_only_where_there_will_be_something(app, services, kinds):
    in_state(services, "open", *kinds, interim="shown")
    is_counted = kinds == ("ranking",)
    start = Resident(app.test_client()).open("/c/riverside").words
    results = Resident(app.test_client()).open("/c/riverside/results").words
    assert ("nobody sees a result before we close" in start) == (not is_counted)
    assert ("It stood like this when" in results) == is_counted


def test_nothing_is_to_be_counted_and_the_page_leads_back(app, services):
    in_state(services, "closed", "single")
    page = sign_in(app, services).open("/organise/c/riverside/count")
    assert page.address == "/organise/c/riverside/"
    assert "Nothing has to be counted before the results are published." in page.words
