"""Every pattern in every state passes every gate, at both widths, in both languages."""

import pytest

from consult.web.site.gallery_samples import STATES
from tests.browser.gates import WIDTHS, check_page, screenshot

pytestmark = pytest.mark.browser
PAGES = [f"{name}/{state}" for name, states in STATES.items() for state in states]


@pytest.mark.parametrize("page_name", PAGES)
def test_each_pattern_passes_every_gate_at_both_widths(gallery_address, open_page, page_name):
    page = open_page(f"{gallery_address}/gallery/{page_name}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        screenshot(page, f"gallery-{page_name.replace('/', '-')}-{width}")
        check_page(page)


@pytest.mark.in_turn
@pytest.mark.parametrize("page_name", [f"{name}/{states[-1]}" for name, states in STATES.items()])
def test_each_pattern_passes_every_gate_in_welsh(gallery_address, open_page, page_name):
    page = open_page(f"{gallery_address}/cy/gallery/{page_name}", width=375)
    assert page.locator("html").get_attribute("lang") == "cy"
    screenshot(page, f"gallery-{page_name.replace('/', '-')}-375-cy")
    check_page(page)


@pytest.mark.parametrize("page_name", ["ranking/filled", "basket/error", "radios/empty"])
def test_patterns_are_complete_without_a_script(gallery_address, open_page, page_name):
    page = open_page(f"{gallery_address}/gallery/{page_name}", width=375, script=False)
    screenshot(page, f"gallery-{page_name.replace('/', '-')}-375-no-script")
    assert page.locator("form button.govuk-button:visible").count() >= 1
