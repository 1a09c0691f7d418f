"""Sharing out a budget in a browser: what is left follows what is typed."""

import pytest

from consult.web import create_app
from consult.wording.figures import money
from events.kinds import pasted
from tests.builders import consultation
from tests.conftest import only
from tests.kinds import of_kind

pytestmark = [pytest.mark.browser, only("sqlite")]
ASKED = of_kind("allocation", required=True)


@pytest.mark.parametrize("width", [375, 1280])
def test_what_is_left_follows_what_is_typed(services, serve, open_page, width):
    consultation(services, ASKED)
    page = open_page(f"{serve(create_app(services))}/c/riverside/q/q-allocation", width=width)
    first, second, _third = page.locator("main input[type=text]").all()
    first.fill("400")
    assert page.locator("[data-meter-total]").inner_text() == "£400 of £600 shared out"
    assert page.locator("[data-meter-left]").inner_text() == "£200 left"
    second.fill("300")
    assert page.locator("[data-meter-left]").inner_text() == "£100 too much"
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


TYPED = (
    *("400", " £400 ", "£1,200", "1 200", "1’200.50", "400.00", "400.5", "£ 400 pounds", "250 GBP"),
    *(
        "50p",
        "50 P",
        "0",
        "-0",
        "٤٠٠",
        "\uff14\uff10\uff10",
        "4\u200b00",
        "\u00a3400\u00a0",
        "000400",
        "400.",
        ".5",
    ),
    *(
        "-100",
        "\u2212100",
        "some",
        "4,00",
        "1,2000",
        "1.234",
        "",
        ".",
        "£",
        "12 34",
        "400 £",
        "9" * 16,
    ),
)


def read_by_the_server(text: str, parse) -> int:
    """What the server reads; what it refuses counts as nothing."""
    try:
        return max(parse(text), 0)
    except pasted.Unread:
        return 0


def test_what_is_typed_is_read_as_the_server_reads_it(services, serve, open_page):
    consultation(services, ASKED, of_kind("points"))
    address = serve(create_app(services))
    page = open_page(f"{address}/c/riverside/q/q-allocation")
    for text in TYPED:
        page.locator("main input[type=text]").first.fill(text)
        expected = money(read_by_the_server(text, pasted.pence))
        shown = page.locator("[data-meter-total]").inner_text()
        assert shown == f"{expected} of £600 shared out", text
    page = open_page(f"{address}/c/riverside/q/q-points")
    for text in TYPED:
        page.locator("main input[type=text]").first.fill(text)
        expected = str(read_by_the_server(text, pasted.number))
        assert page.locator("[data-meter-total]").inner_text() == f"{expected} of 10 points used", (
            text
        )
