"""The pages about one's own data, and the officer's, in a browser: every one passes every gate."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from consult.access import CUSTODIAN
from consult.services import Services
from tests.builders import consultation
from tests.conftest import only
from tests.consult.sealing.audits import answer
from tests.consult.web.organisers import link_for
from tests.journeys.test_organising import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

# One kind of database: what is looked at here is the pages.
pytestmark = [pytest.mark.browser, pytest.mark.slow, only("sqlite")]
DATA = "/organise/personal-data/"


def test_a_resident_has_their_words_erased(
    app: Flask, services: Services, serve: Callable[[Flask], str], open_page: Callable[..., "Page"]
):
    about = consultation(services)
    receipt = answer(services, about, "Ada")
    services.catch_up()
    home = serve(app)
    desk = Desk(open_page(f"{home}/receipt/mine"), home)
    desk.fill(code=receipt.changing_code)
    desk.page.locator("main button").first.click()
    desk.look("receipt-own")
    desk.page.get_by_text("Your personal data", exact=True).click()
    desk.press("Have my words erased")
    desk.look("erase-sure")
    desk.press("Erase my words")
    desk.look("erased")
    desk.look_in_welsh("erased")


def test_an_officer_erases_discloses_and_holds(
    app: Flask, services: Services, serve: Callable[[Flask], str], open_page: Callable[..., "Page"]
):
    about = consultation(services)
    answer(services, about, "Ada")
    services.catch_up()
    home = serve(app)
    link = link_for(services, role=CUSTODIAN, email="dpo@example.org")
    desk = Desk(open_page(f"{home}{link}"), home)
    desk.press("Sign in")
    desk.look("personal-data")
    desk.look_in_welsh("personal-data")
    for name in ("", "erase", "copy", "hold"):
        desk.go(f"{DATA}riverside/{name}")
        desk.look(f"personal-data-{name or 'case'}")
        desk.look_in_welsh(f"personal-data-{name or 'case'}")
    desk.fill(reason="Judicial review, claim CO/123/2026")
    desk.press("Set a legal hold")
    desk.look("personal-data-held")
    desk.follow("End this hold")
    desk.look("personal-data-lift")
    desk.go(f"{DATA}riverside/erase")
    desk.press("Erase it for good")
    desk.look("personal-data-erase-wrong")
