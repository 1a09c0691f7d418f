"""What the scripts do in place, the page does without them by posting."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.gates import screenshot

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_ranking_buttons_give_the_same_order_with_and_without_a_script(
    gallery_address, open_page, script
):
    page = open_page(f"{gallery_address}/gallery/ranking/empty", width=375, script=script)
    for name in ("Add Plant 400 trees", "Add New play area", "Up New play area"):
        page.get_by_role("button", name=name).click()
    page.get_by_role("button", name="Add Public toilets").click()
    page.get_by_role("button", name="Remove Plant 400 trees").click()
    chosen = page.locator("[data-rank-chosen] .fm-rank__name")
    assert chosen.all_text_contents() == ["New play area", "Public toilets"]
    posted = page.locator('input[type="hidden"][name="order"]')
    assert [one.get_attribute("value") for one in posted.all()] == ["play", "toilets"]


def test_a_ranked_row_keeps_the_focus_and_the_move_is_said_aloud(gallery_address, open_page):
    page = open_page(f"{gallery_address}/gallery/ranking/filled")
    up = page.get_by_role("button", name="Up New play area")
    up.click()
    expect(up).to_be_focused()
    expect(page.locator("[data-rank-says]")).to_have_text("New play area is now your 2nd choice")
    up.click()
    expect(page.locator("[data-rank-says]")).to_have_text("New play area is now your 1st choice")
    expect(page.locator("#order-play")).to_be_focused()


def test_without_a_script_the_page_comes_back_to_the_moved_row(gallery_address, open_page):
    page = open_page(f"{gallery_address}/gallery/ranking/filled", script=False)
    page.get_by_role("button", name="Up New play area").click()
    assert page.url.endswith("#order-play")
    assert page.locator("#order-play .fm-rank__place").text_content() == "2"


def test_the_basket_follows_the_ticks_and_warns_without_disabling(gallery_address, open_page):
    page = open_page(f"{gallery_address}/gallery/basket/filled")
    expect(page.get_by_role("button", name="Update total")).to_be_hidden()
    page.get_by_label("Choose Winter warm hub").check()
    expect(page.locator("[data-meter-total]")).to_have_text("£141,100 of £250,000 spent")
    expect(page.locator("[data-meter-left]")).to_have_text("£108,900 left")
    expect(page.locator("[data-meter-says]")).to_have_text(
        "£141,100 of £250,000 spent, £108,900 left"
    )
    for name in ("Games court", "Furnace Lane", "Youth club"):
        page.get_by_label(re.compile(f"Choose {name}")).check()
    expect(page.locator("[data-meter-left]")).to_have_text("£23,600 over budget")
    assert page.locator("input:disabled").count() == 0


def test_points_left_are_told_while_they_are_given(gallery_address, open_page):
    page = open_page(f"{gallery_address}/gallery/points/filled")
    page.get_by_label("Cleaner air near schools").fill("4")
    expect(page.locator("[data-meter-total]")).to_have_text("13 of 10 points used")
    expect(page.locator("[data-meter-left]")).to_have_text("Points too many: 3")


def test_characters_are_counted_down(gallery_address, open_page):
    page = open_page(f"{gallery_address}/gallery/text/empty")
    page.get_by_label("What else should we know?").fill("x" * 1990)
    expect(page.locator("[data-count-shown]")).to_have_text("Characters left: 10")


def test_progress_is_asked_for_and_shown(gallery_address, open_page):
    page = open_page("about:blank")
    page.clock.install()
    page.goto(f"{gallery_address}/gallery/progress/running")
    expect(page.get_by_role("link", name="Refresh")).to_be_hidden()
    page.clock.run_for(5100)
    expect(page.locator("[data-progress-said]")).to_contain_text("1,002 of 1,354")
    expect(page.locator("[data-progress-step]").nth(1)).to_contain_text("Done")


def test_the_error_summary_has_the_focus_and_its_link_goes_to_the_field(gallery_address, open_page):
    page = open_page(f"{gallery_address}/gallery/radios/error", width=375)
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Select how often you visit").click()
    expect(page.locator("#visits")).to_be_focused()


def test_the_menu_opens_without_a_script_on_a_phone(gallery_address, open_page):
    page = open_page(f"{gallery_address}/gallery/start/open", width=375, script=False)
    expect(page.get_by_role("link", name="Results")).to_be_hidden()
    page.get_by_text("Menu", exact=True).click()
    expect(page.get_by_role("link", name="Results")).to_be_visible()
    screenshot(page, "gallery-menu-open-375")


def test_the_language_switch_keeps_the_page(gallery_address, open_page):
    page = open_page(f"{gallery_address}/gallery/basket/filled", width=375)
    page.get_by_role("link", name="Cymraeg").click()
    assert page.url == f"{gallery_address}/cy/gallery/basket/filled"
    expect(page.locator("[data-meter-left]")).to_have_text("£127,600 ar ôl")


def test_every_target_is_big_enough_for_a_thumb(gallery_address, open_page):
    for name in ("ranking/filled", "basket/filled", "radios/empty", "rating/empty"):
        page = open_page(f"{gallery_address}/gallery/{name}", width=375)
        for one in page.locator("main button:visible, main input:visible").all():
            box = one.bounding_box()
            assert box is not None
            assert box["height"] >= 44, one
            assert box["width"] >= 44, one
