"""The whole way by keyboard alone, on a screen as narrow as one of 1280 px at 400% zoom."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from events import Response
from tests.builders import EVERY_KIND, consultation

pytestmark = pytest.mark.browser
NARROW = 320
TABS_MAX = 120
PAGES_MAX = 9
FIVE = tuple(one for one in EVERY_KIND if one.id in {"visit", "uses", "order", "money", "more"})
HAS_FOCUS = "element => element === document.activeElement"
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus, as somebody without a mouse does."""
    expect(wanted).to_be_visible()
    for _ in range(TABS_MAX):
        if wanted.evaluate(HAS_FOCUS):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def answer(page: Page, name: str) -> None:
    if name == "visit":
        # One Tab enters the group; the arrows move in it.
        tab_to(page, page.get_by_role("radio").first)
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    elif name == "uses":
        press(page, page.get_by_role("checkbox").first, "Space")
    elif name == "order":
        for title in ("Clinics", "Allotments"):
            press(page, button(page, f"Add {title}"))
            expect(page.locator("[data-rank-chosen] .fm-rank__name").last).to_have_text(title)
        press(page, button(page, "Up Allotments"))
        expect(page.locator("[data-rank-chosen] .fm-rank__name").first).to_have_text("Allotments")
    elif name == "money":
        press(page, page.get_by_label("Choose Lights"), "Space")
    else:
        tab_to(page, page.get_by_label("Anything else?"))
        page.keyboard.type("More benches, please")


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_home_page_to_a_receipt_in_nine_pages_with_no_mouse_at_400_percent(
    site, open_page, script
):
    consultation(site.services, *FIVE)
    page = open_page(site.address, width=NARROW, script=script)
    page.set_viewport_size({"width": NARROW, "height": 256})
    pages = []

    def arrived(place: str) -> None:
        page.wait_for_url(lambda address: urlsplit(address).path == place)
        pages.append(place)
        assert page.evaluate(SIDEWAYS) <= 0, page.url

    arrived("/")
    press(page, page.get_by_role("link", name="Riverside").first)
    arrived("/c/riverside")
    press(page, button(page, "Start now"))
    for one in FIVE:
        arrived(f"/c/riverside/q/{one.id}")
        answer(page, one.id)
        press(page, button(page, "Continue"))
    arrived("/c/riverside/check")
    press(page, button(page, "Send my answers"))
    arrived("/c/riverside/receipt")
    expect(page.locator(".fm-receipt .fm-code").first).to_be_visible()
    assert len(pages) == len(set(pages)) <= PAGES_MAX
    [row] = [row for row in site.services.record.read(0) if row[3].startswith(Response.TOPIC)]
    answers = site.services.record.get(Response, row[1]).answers
    assert answers["order"] == ["a", "c"]
    assert set(answers) == {"visit", "uses", "order", "money"}
