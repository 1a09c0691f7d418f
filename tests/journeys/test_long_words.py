"""A pasted word of 20,000 letters: every page that shows it answers at once, in a real browser."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.builders import consultation, question
from tests.consult.web.organisers import link_for
from tests.journeys.conftest import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WORD = "W" * 20_000
"""One letter again and again is the worst there is: it took 16 seconds to type, 48 to read."""

SECONDS_MAX = 4.0
"""On a busy machine; alone it takes half of one."""

MORE = question("more", "text", "Anything else?", length_max=20_000)


def seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def lay_out(page: "Page") -> None:
    """Have everything laid out: nothing runs off the side."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [375, 1280])
def test_a_word_of_20000_letters_keeps_pages_responsive(
    site: Site, open_page: Callable[..., "Page"], width: int
):
    consultation(site.services, MORE)
    page = open_page(f"{site.address}/c/riverside/q/more", width=width)
    taken = {}
    taken["typed"] = seconds(lambda: (page.locator("textarea").fill(WORD), lay_out(page)))
    taken["checked"] = seconds(
        lambda: (page.get_by_role("button", name="Continue").click(), lay_out(page))
    )
    shown = page.locator(".fm-written").first.inner_text()
    assert shown.replace("\n", "") == WORD, "what is copied is what was written"
    page.get_by_role("button", name="Send my answers").click()
    site.services.catch_up()
    page.goto(f"{site.address}{link_for(site.services)}")
    page.get_by_role("button", name="Sign in").click()
    room = f"{site.address}/organise/c/riverside/written/more"
    taken["read"] = seconds(lambda: (page.goto(room), lay_out(page)))
    assert page.locator(".fm-writing__words").count() == 1
    assert max(taken.values()) < SECONDS_MAX, taken


def test_paragraphs_keep_their_line_breaks_before_sending(
    site: Site, open_page: Callable[..., "Page"]
):
    consultation(site.services, MORE)
    page = open_page(f"{site.address}/c/riverside/q/more", width=375)
    page.locator("textarea").fill("Trees.\n\nBenches,\nand a pond.")
    page.get_by_role("button", name="Continue").click()
    shown = page.locator(".govuk-summary-list__value").first.inner_text()
    assert shown.strip() == "Trees.\n\nBenches,\nand a pond."
