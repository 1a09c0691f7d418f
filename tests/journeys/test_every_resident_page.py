"""Every page that residents can meet passes the gates, refusals too, and is kept as a picture.

The names are those of the list of pages that was agreed on; one without a page fails.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Blueprint, Flask, abort
from playwright.sync_api import Page

from consult.commands.consultations.opening import pause_consultation, withdraw_consultation
from consult.config import Config
from consult.demo.seed import open_stage, seed
from consult.demo.stage import Stage
from consult.people.mailboxes import contacts
from consult.web import create_app
from consult.web.guarding.errors import PAGES as ERRORS
from projections.consultations import Consultations
from tests.browser import covered
from tests.browser.gates import WIDTHS, check_page, screenshot
from tests.builders import ORGANISER, consultation, partnership, question

pytestmark = pytest.mark.browser

LANGUAGES = {"en": "", "cy": "/cy"}
OUTCOMES, FUND, LIBRARIES = "our-ashenmoor-2031", "three-wards-fund", "eight-libraries"
READ = {
    "home and list": "/",
    "home, searched": "/?q=park&ward=W03",
    "start page": f"/c/{FUND}",
    "start page, closed": f"/c/{LIBRARIES}",
    "start page, stopped": "/c/stopped",
    "start page, paused": "/c/paused",
    "for whom they answer": "/c/clubs/whom/",
    "all questions and for whom": "/c/clubs/all",
    "identity": f"/c/{FUND}/identity",
    "all questions on one page": "/c/riverside/all",
    "check a receipt": "/receipt",
    "change my answers": "/receipt/change",
    "check a receipt file": "/check-receipt-file",
    "results": f"/c/{OUTCOMES}/results",
    "results, with a campaign": f"/c/{LIBRARIES}/results",
    "results, not yet": f"/c/{FUND}/results",
    "results, earlier": f"/c/{OUTCOMES}/results?as_at=1000",
    "list of results": "/results",
    "how we counted": f"/c/{LIBRARIES}/count",
    "what we did": f"/c/{OUTCOMES}/what-we-did",
    "what we did, nothing yet": f"/c/{LIBRARIES}/what-we-did",
    "help others take part": f"/c/{FUND}/share",
    "help others take part, closed": f"/c/{LIBRARIES}/share",
    "results panel for other sites": f"/c/{LIBRARIES}/embed",
    "be told": f"/c/{LIBRARIES}/updates",
    "confirm an address": "/confirm/{contact}",
    "stop mails": "/stop/{contact}",
    "mails stopped": "/stop/00000000-0000-0000-0000-000000000000",
    "confirmation gone": "/confirm/00000000-0000-0000-0000-000000000000",
    "accessibility": "/accessibility",
    "privacy": "/privacy",
    "cookies": "/cookies",
    "paper copy": "/paper",
    "check it yourself": "/check-it-yourself",
    "health of the log": "/log-health",
    "what is proven": "/what-is-proven",
    "lines from the minutes": "/log-health/minutes?lines=1+balal",
}
"""Pages that show at their address."""
WALKED = ("question", "question, error", "check answers", "receipt", "be told, error")
"""Pages on the way through a consultation."""
REFUSALS = {f"error {code}": code for code in ERRORS}
NAMES = (*READ, *WALKED, *REFUSALS)


@pytest.fixture(scope="module")
def borough(
    tmp_path_factory: pytest.TempPathFactory,
    serve: Callable[[Flask], str],
    built_assets: object,
) -> Iterator[tuple[str, Stage]]:
    """The demo, one consultation that anybody may answer, one that was stopped; and refusals."""
    place = tmp_path_factory.mktemp("every-page")
    stage = open_stage(Config(database_url=f"sqlite:///{place}/folkmoot.db"))
    seed(stage)
    stage.go(0)
    services = stage.services
    # Two partnerships on one site are told apart by their names.
    partnership(services, name={"en": "Mill Quarter Network", "cy": "Rhwydwaith y Felin"})
    consultation(services, question("visit", "single", "How do you come?", "Walk", "Bus"))
    stopped = consultation(services, slug="stopped")
    reason = {"en": "Asked twice", "cy": "Gofynnwyd ddwywaith"}
    withdraw_consultation(services, stopped.id, reason=reason, actor=ORGANISER)
    paused = consultation(services, slug="paused")
    pause_consultation(services, paused.id, reason=reason, actor=ORGANISER)
    consultation(services, slug="clubs", has_organisations=True)
    services.catch_up()
    app = create_app(services)
    refusing = Blueprint("refusing", __name__)
    refusing.get("/refuse/<int:code>")(abort)
    app.register_blueprint(refusing)
    yield serve(app), stage
    services.close()


def look(page: Page, name: str) -> None:
    """Pass every gate at both widths, keep a picture, and write down that it passed."""
    plain = re.sub(r"[^a-z0-9]+", "-", name)
    language = page.locator("html").get_attribute("lang")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        check_page(page)
        screenshot(page, f"resident-{plain}_{language}_{width}")
        covered.note(page, name)


def without_status(page: Page) -> None:
    """Forget that the browser tells of the status of a refusal: that is what it is for."""
    page.messages[:] = [one for one in page.messages if "status of" not in one]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", READ)
def test_every_page_passes_every_gate(borough, open_page, name, language):
    address, stage = borough
    path = READ[name]
    if "{contact}" in path:
        services = stage.services
        with services.views.connect() as db:
            about = services.views.reader(Consultations).by_slug(db, LIBRARIES)
        kept = contacts.keep(services.vault, about.id, about.id, 1, "sam@example.org", "en")
        path = path.format(contact=kept)
    page = open_page(f"{address}{LANGUAGES[language]}{path}")
    without_status(page)
    look(page, name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_passes_every_gate(borough, open_page, name, language):
    page = open_page(f"{borough[0]}{LANGUAGES[language]}/refuse/{REFUSALS[name]}")
    without_status(page)
    look(page, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_through_passes_every_gate(borough, open_page, language):
    root = f"{borough[0]}{LANGUAGES[language]}"
    page = open_page(f"{root}/c/riverside/q/visit")
    look(page, "question")
    green = page.locator("main .govuk-button").first
    green.click()
    without_status(page)
    look(page, "question, error")
    page.locator("input[type=radio]").first.check()
    page.locator("main form .govuk-button").last.click()
    page.goto(f"{root}/c/riverside/check")
    look(page, "check answers")
    page.locator("main form .govuk-button").last.click()
    page.wait_for_url("**/receipt")
    look(page, "receipt")
    page.goto(f"{root}/c/riverside/updates")
    page.locator("main form .govuk-button").first.click()
    without_status(page)
    look(page, "be told, error")


def test_every_page_of_the_agreed_list_has_a_name_here():
    agreed = (
        *("home and list", "start page", "identity", "question", "check answers", "receipt"),
        *("check a receipt", "change my answers", "results", "how we counted", "what we did"),
        *("accessibility", "privacy", "cookies", "paper copy"),
        *(f"error {code}" for code in (400, 403, 404, 410, 413, 429, 500, 503)),
    )
    assert set(agreed) <= set(NAMES)
