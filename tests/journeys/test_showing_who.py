"""Showing who you are by e-mail, from the start page to the receipt, in a browser."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from playwright.sync_api import expect

from consult.config import Config
from consult.services import Services, set_up
from consult.web import create_app
from consult.web.guarding import limits
from tests.browser.gates import WIDTHS, check_page, screenshot
from tests.builders import Clock, consultation
from tests.consult.web import oidc_provider
from tests.journeys.conftest import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ALL = ("email", "letter", "oidc", "desk")
WORDS = {
    "": ("Start now", "Send me a code", "Continue", "Send my answers", "By e-mail"),
    "/cy": ("Dechrau nawr", "Anfonwch god ataf", "Parhau", "Anfon fy atebion", "Drwy e-bost"),
}


@pytest.fixture
def demo_site(tmp_path: Path, serve: Callable[[Flask], str], built_assets: Path) -> Iterator[Site]:
    """A site that shows its outbox, as the demo does."""
    config = Config(database_url=f"sqlite:///{tmp_path}/folkmoot.db", outbox=True)
    set_up(config)
    clock = Clock()
    services = Services.open(config, clock)
    yield Site(serve(create_app(services)), services, clock)
    services.close()


def look(page: "Page", name: str, language: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        screenshot(page, f"identity-{name}-{width}{language.replace('/', '-')}")
    page.messages[:] = [said for said in page.messages if not re.search("of 4(22|29)", said)]
    check_page(page)


@pytest.mark.parametrize("language", ["", "/cy"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_the_start_page_to_the_receipt_by_e_mail(demo_site, open_page, language, script):
    consultation(demo_site.services, identity=("email", "desk"))
    start, send, go_on, send_all, by_email = WORDS[language]
    home = f"{demo_site.address}{language}"

    def see(page: "Page", name: str) -> None:
        if script:
            look(page, name, language)

    page = open_page(f"{home}/c/riverside", width=375, script=script)
    see(page, "start")
    page.get_by_role("button", name=start).click()
    see(page, "choose")
    page.get_by_role("link", name=by_email, exact=True).click()
    see(page, "address")
    page.get_by_role("button", name=send, exact=True).click()
    see(page, "address-error")
    page.fill("#email", "ann.larch@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/identity/email/code")
    see(page, "code")
    page.fill("#code", "12345")
    page.get_by_role("button", name=go_on, exact=True).click()
    see(page, "code-error")
    mail = open_page(f"{home}/outbox", script=script)
    see(mail, "outbox")
    [code] = re.findall(r"\b[0-9]{6}\b", mail.locator("h2.govuk-summary-card__title").inner_text())
    page.fill("#code", code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/q/order")
    page.goto(f"{home}/c/riverside/identity")
    see(page, "done-already")
    page.goto(f"{home}/c/riverside/q/order")
    page.locator("button[name='q-order-add']").first.click()
    page.get_by_role("button", name=go_on, exact=True).click()
    page.get_by_role("button", name=send_all, exact=True).click()
    page.wait_for_url("**/receipt")


@pytest.mark.parametrize("language", ["", "/cy"])
def test_every_way_is_explained_on_one_page(demo_site, open_page, language):
    consultation(demo_site.services, identity=("open", *ALL))
    home = f"{demo_site.address}{language}"
    page = open_page(f"{home}/c/riverside", width=375)
    look(page, "start-all", language)
    page.goto(f"{home}/c/riverside/identity")
    look(page, "choose-all", language)


@pytest.mark.parametrize("language", ["", "/cy"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_the_start_page_to_the_receipt_with_an_account_elsewhere(
    demo_site, open_page, language, script
):
    consultation(demo_site.services, identity=("email", "oidc"))
    start, _send, go_on, send_all, _email = WORDS[language]
    with oidc_provider.running() as issuer:
        demo_site.services.config = replace(
            demo_site.services.config,
            public_url=demo_site.address,
            oidc_issuer=issuer,
            oidc_client_id=oidc_provider.CLIENT_ID,
            oidc_client_secret=oidc_provider.CLIENT_SECRET,
            oidc_name="Ashenmoor account",
        )
        page = open_page(f"{demo_site.address}{language}/c/riverside", width=375, script=script)
        page.get_by_role("button", name=start).click()
        page.locator("a[href*='/identity/oidc']").click()
        if script:
            look(page, "oidc", language)
        for account in ("nobody", "ann"):
            page.locator("a[href*='/oidc/go']").click()
            page.fill("input[name='account']", account)
            page.get_by_role("button", name="Sign in").click()
            if account == "nobody":
                expect(page.locator(".fm-strip")).to_be_visible()
                if script:
                    page.messages.clear()
                    page.set_viewport_size({"width": 375, "height": 900})
                    screenshot(page, f"identity-oidc-error-375{language.replace('/', '-')}")
    page.wait_for_url(f"**{language}/c/riverside/q/order")
    page.locator("button[name='q-order-add']").first.click()
    page.get_by_role("button", name=go_on, exact=True).click()
    page.get_by_role("button", name=send_all, exact=True).click()
    page.wait_for_url("**/receipt")


def test_who_has_to_wait_sees_a_page_that_says_so(demo_site, open_page, monkeypatch):
    monkeypatch.setattr(limits, "CODES_BY_MAILBOX", limits.RateLimitItemPerHour(1))
    consultation(demo_site.services, identity=("email",))
    for told in ("Type in the code we sent you", "Too many tries"):
        page = open_page(f"{demo_site.address}/c/riverside/identity", width=375)
        page.fill("#email", "ann@example.org")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text(told)
    look(page, "too-many", "")


@pytest.mark.parametrize("language", ["", "/cy"])
def test_organisers_ask_for_a_link_by_e_mail(demo_site, open_page, language):
    home = f"{demo_site.address}{language}"
    page = open_page(f"{home}/outbox", width=375)
    look(page, "outbox-empty", language)
    page.goto(f"{home}/sign-in")
    look(page, "sign-in", language)
    page.keyboard.press("Tab")
    page.locator("#email").press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    look(page, "sign-in-error", language)
    page.fill("#email", "ann@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/sent")
    look(page, "sign-in-sent", language)


def test_the_outbox_is_shown_only_where_a_setting_says_so(demo_site):
    services = demo_site.services
    assert create_app(services).test_client().get("/outbox").status_code == 200
    services.config = replace(services.config, outbox=False)
    assert create_app(services).test_client().get("/outbox").status_code == 404
