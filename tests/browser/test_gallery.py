"""Every pattern in every state passes every gate, at both widths, in both languages."""

import pytest
from gates import check_page, screenshot

from consult.web.gallery_samples import STATES

pytestmark = pytest.mark.browser
PAGES = [f"{name}/{state}" for name, states in STATES.items() for state in states]


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("page_name", PAGES)
def test_each_pattern_passes_every_gate(gallery_address, open_page, page_name, width):
    page = open_page(f"{gallery_address}/gallery/{page_name}", width=width)
    screenshot(page, f"gallery-{page_name.replace('/', '-')}-{width}")
    check_page(page)


@pytest.mark.parametrize("page_name", PAGES)
def test_each_pattern_passes_every_gate_in_welsh(gallery_address, open_page, page_name):
    page = open_page(f"{gallery_address}/cy/gallery/{page_name}", width=375)
    assert page.locator("html").get_attribute("lang") == "cy"
    check_page(page)


@pytest.mark.parametrize("page_name", ["ranking/filled", "basket/error", "radios/empty"])
def test_patterns_are_complete_without_a_script(gallery_address, open_page, page_name):
    page = open_page(f"{gallery_address}/gallery/{page_name}", width=375, script=False)
    screenshot(page, f"gallery-{page_name.replace('/', '-')}-375-no-script")
    assert page.locator("form button.govuk-button:visible").count() >= 1
