"""The accessibility statement claims what the gates found, and nothing more."""

import json
from importlib.metadata import version

import pytest

from consult.web.site import accessibility_report as shipped
from tests.browser import covered
from tests.browser.gates import NARROW, TAGS, WIDTHS
from tests.consult.web.residents import Page
from tests.journeys.test_every_resident_page import NAMES

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def summary():
    return json.loads(covered.SHIPPED.read_text())


def claims(of):
    return {(page, view) for page, seen in of["pages"].items() for view in seen}


def test_the_statement_says_what_the_summary_says_in_both_languages(client):
    found = shipped.found()
    page = client.get("/accessibility").text
    said = f"{len(found.pages)} pages and states for residents were looked at, in 2 languages"
    assert said in page
    assert f"{found.rules} rules of axe-core were run on each; broken rules: 0" in page
    for tool, number in found.tools:
        assert tool in page
        assert number in page
    welsh = client.get("/cy/accessibility").text
    assert str(found.views) in welsh
    assert "siaradwr brodorol" in welsh


def test_each_page_that_was_looked_at_is_named_in_the_language_of_the_statement(app, client):
    assert {name for name in NAMES if not name.startswith(shipped.ERROR)} == set(shipped.PAGES)
    named = {}
    for language, address in (("en", "/accessibility"), ("cy", "/cy/accessibility")):
        tree = Page(client.get(address)).tree
        [details] = tree.findall(".//details[@class='govuk-details']")
        named[language] = ["".join(each.itertext()) for each in details.iter("li")]
        assert len(set(named[language])) == len(shipped.found().pages)
    for page in ("Privacy", "Be told what comes of it: with an error", "Page not found (404)"):
        assert page in named["en"]
    for page in ("Preifatrwydd", "Canlyniadau ymgynghoriad: fel yr oeddent yn gynharach"):
        assert page in named["cy"]
    assert not set(named["en"]) & set(named["cy"])


def test_it_claims_no_page_width_or_language_that_the_gates_do_not_visit(database_url):
    assert claims(summary()) <= covered.possible(NAMES)
    assert summary()["tags"] == TAGS
    assert summary()["narrowest"] == NARROW
    assert set(shipped.found().widths) <= set(WIDTHS)


def test_a_claim_that_the_gates_do_not_cover_is_refused(database_url):
    boast = summary()
    boast["pages"]["a page that nobody looked at"] = ["en 375"]
    assert not claims(boast) <= covered.possible(NAMES)
    with pytest.raises(AssertionError):
        covered.summarise([], "2026-11-22")


def test_it_is_made_of_what_passed_and_counts_a_view_once(database_url):
    one = {
        "page": "home and list",
        "language": "en",
        "width": 375,
        "axe": "4",
        "rules": 9,
        "chromium": "1",
    }
    made = covered.summarise([one, {**one, "width": 1280}], "2026-11-22")
    assert made["pages"] == {"home and list": ["en 375", "en 1280"]}
    assert made["violations"] == 0
    assert made["tools"]["html5lib"] == version("html5lib")


def test_every_agreed_page_is_in_the_summary_in_both_languages_at_both_widths(database_url):
    assert claims(summary()) == covered.possible(NAMES), "run: make accessibility"
