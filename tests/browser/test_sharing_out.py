"""Sharing out a budget in a browser: what is left follows what is typed."""

import pytest

from consult.web import create_app
from tests.builders import consultation
from tests.conftest import only
from tests.kinds import of_kind

pytestmark = [pytest.mark.browser, only("sqlite")]
ASKED = of_kind("allocation", required=True)


@pytest.mark.parametrize("width", [375, 1280])
def test_what_is_left_follows_what_is_typed(services, serve, open_page, width):
    consultation(services, ASKED)
    page = open_page(f"{serve(create_app(services))}/c/riverside/q/q-allocation", width=width)
    first, second, _third = page.locator("main input[type=number]").all()
    first.fill("400")
    assert page.locator("[data-meter-total]").inner_text() == "£400 of £600 shared out"
    assert page.locator("[data-meter-left]").inner_text() == "£200 left"
    second.fill("300")
    assert page.locator("[data-meter-left]").inner_text() == "£100 too much"
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
