"""A passkey of a real browser: made, used and removed, by keyboard alone, in both languages."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from events import Consultation
from events.consultations import states
from tests import builders
from tests.browser.authenticator import virtual_authenticator
from tests.browser.gates import WIDTHS, check_page, screenshot
from tests.consult.web.organisers import link_for
from tests.journeys.conftest import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def home(site: Site) -> str:
    """The site under the name that browsers make passkeys for on their own machine."""
    builders.partnership(site.services)
    site.services.catch_up()
    address = site.address.replace("127.0.0.1", "localhost")
    site.services.config = replace(site.services.config, public_url=address, outbox=True)
    return address


def look(page: "Page", name: str, language: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        screenshot(page, f"{name}-{width}{language.replace('/', '-')}")
    # Browsers note the status of a page that shows what has to be put right.
    page.messages[:] = [said for said in page.messages if "of 422" not in said]
    check_page(page)


@pytest.mark.parametrize("language", ["", "/cy"])
def test_a_passkey_is_made_and_signs_in_by_keyboard_alone(
    site: Site, home: str, open_page: Callable[..., "Page"], language: str
):
    page = open_page(f"{home}{language}{link_for(site.services)}", width=375)
    device = virtual_authenticator(page)
    page.keyboard.press("Tab")
    page.locator("#form button").press("Enter")
    page.wait_for_url(f"**{language}/organise/")
    page.goto(f"{home}{language}/account/")
    look(page, "account-empty", language)
    page.locator("#name").press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    look(page, "account-error", language)
    page.fill("#name", "My telephone")
    page.locator("#name").press("Enter")
    expect(page.locator(".fm-code")).to_be_visible()
    page.goto(f"{home}{language}/account/")
    expect(page.locator("body")).to_contain_text("My telephone")
    look(page, "account", language)
    [made] = device.credentials()
    assert made["isResidentCredential"]
    page.locator(".fm-desk-bar button").first.press("Enter")
    page.wait_for_url(f"**{language}/signed-out")
    page.goto(f"{home}{language}/sign-in")
    look(page, "sign-in-passkey", language)
    page.locator("#passkey-form button").press("Enter")
    page.wait_for_url(f"**{language}/organise/")
    [used] = device.credentials()
    assert used["signCount"] > made["signCount"]


def test_who_does_not_confirm_reads_so_and_can_try_again_or_use_a_link(
    site: Site, home: str, open_page: Callable[..., "Page"]
):
    page = open_page(f"{home}/sign-in", width=375)
    device = virtual_authenticator(page, verifies=False)
    page.locator("#passkey-form button").press("Enter")
    said = page.locator("#passkey-form [data-said]")
    expect(said).to_contain_text("was not used, so nothing was changed")
    look(page, "sign-in-passkey-refused", "")
    assert device.credentials() == []
    expect(page.locator("#email")).to_be_visible()


def test_the_form_for_passkeys_is_not_shown_where_they_are_of_no_use(
    site: Site, home: str, open_page: Callable[..., "Page"]
):
    """Under another address of the machine, and without scripts."""
    for page in (
        open_page(f"{site.address}/sign-in", width=375),
        open_page(f"{home}/sign-in", width=375, script=False),
    ):
        expect(page.locator("#email")).to_be_visible()
        expect(page.locator("#passkey-form")).to_be_hidden()


@pytest.mark.parametrize("language", ["", "/cy"])
def test_an_organiser_makes_a_passkey_when_one_is_needed_and_opens_a_consultation_with_it(
    site: Site, home: str, open_page: Callable[..., "Page"], language: str
):
    about = builders.draft(site.services)
    site.services.catch_up()
    page = open_page(f"{home}{language}{link_for(site.services)}", width=375)
    device = virtual_authenticator(page)
    page.locator("#form button").press("Enter")
    page.wait_for_url(f"**{language}/organise/")
    opening = f"{language}/organise/c/{about.slug}/open"
    page.goto(f"{home}{opening}")
    page.locator("#form button.govuk-button").press("Enter")
    expect(page.locator("main a[target=_blank]")).to_be_visible()
    look(page, "confirm-without-passkey", language)
    with page.context.expect_page() as opened:
        page.locator("main a[target=_blank]").press("Enter")
    account = opened.value
    other = virtual_authenticator(account)
    account.fill("#name", "My telephone")
    account.locator("#name").press("Enter")
    expect(account.locator(".fm-code")).to_be_visible()
    other.move_to(device)
    page.locator("#confirm button.govuk-button").press("Enter")
    expect(page.locator("form[data-module=passkey]")).to_be_visible()
    look(page, "confirm", language)
    device.verify(is_there=False)
    page.locator("form[data-module=passkey] button.govuk-button").press("Enter")
    expect(page.locator("[data-said]")).not_to_be_empty()
    device.verify(is_there=True)
    page.locator("form[data-module=passkey] button.govuk-button").press("Enter")
    page.wait_for_url(f"**{language}/organise/c/{about.slug}/")
    assert site.services.record.get(Consultation, about.id).state == states.OPEN
