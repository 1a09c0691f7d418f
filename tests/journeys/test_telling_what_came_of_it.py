"""An organiser tells people what came of it, in a browser: every page at every gate."""

import pytest

from consult.commands.results.counting import publish_results
from consult.commands.results.follow_up import publish_follow_up
from tests.browser.gates import WIDTHS, check_page, screenshot
from tests.builders import ORGANISER, close_consultation, consultation
from tests.consult.commands.results.test_follow_up import ROW
from tests.consult.sealing.audits import answer
from tests.consult.web.organisers import link_for

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["", "/cy"])
def test_the_list_and_the_form_pass_every_gate(site, open_page, language):
    services = site.services
    about = consultation(services)
    answer(services, about, "Ada")
    close_consultation(services, about.id, actor=ORGANISER)
    publish_results(services, about.id, actor=ORGANISER)
    publish_follow_up(services, about.id, ROW, actor=ORGANISER)
    services.catch_up()
    page = open_page(f"{site.address}{link_for(services)}")
    page.locator("main form .govuk-button").click()
    place = f"{site.address}{language}/organise/c/{about.slug}/follow-ups/"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(place)
        check_page(page)
        screenshot(page, f"organiser-follow-ups_{language[1:] or 'en'}_{width}")
        page.goto(f"{place}new")
        page.locator("main form .govuk-button").click()
        page.locator(".govuk-error-summary").wait_for()
        page.wait_for_load_state("networkidle")
        page.messages.clear()  # the browser notes the status of what has to be put right
        check_page(page, source=page.content())
        screenshot(page, f"organiser-follow-up-error_{language[1:] or 'en'}_{width}")
