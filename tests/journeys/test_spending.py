"""Story U3 in a real browser: a community budget, spent to the pound."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from playwright.sync_api import Page, expect

from consult.commands.answers.submitting import Sheet, ballot_of
from consult.commands.consultations.drafting import put_option
from consult.commands.results.counting import publish_results
from consult.demo import fund
from events import Refused
from events.consultations.terms import CountingTerms
from tests.browser.gates import check_page, screenshot
from tests.builders import ORGANISER, RESIDENT, close_consultation, consultation
from tests.journeys.conftest import Site

pytestmark = pytest.mark.browser

RULE = CountingTerms("greedy-skip", tie_chain=("cost", "votes"))
SIX = ("P01", "P02", "P03", "P06", "P08", "P09")


def tick(page: Page, project: str) -> None:
    page.locator(f"input[value='{project}']").check()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_u3_a_resident_is_told_the_limit_and_the_total(
    site: Site, open_page: Callable[..., Page], script
):
    consultation(site.services, fund.question(), slug=fund.SLUG, counting={"projects": RULE})
    page = open_page(f"{site.address}/c/{fund.SLUG}/q/projects", width=375, script=script)
    for project in SIX:
        tick(page, project)
    if not script:
        page.get_by_role("button", name="Update total", exact=True).click()
    expect(page.get_by_text("£153,000 of £250,000 spent").first).to_be_visible()
    page.get_by_role("button", name="Continue", exact=True).click()
    expect(page.get_by_text("You chose 6. Choose up to 5.").first).to_be_visible()
    assert page.title().startswith("Error:")
    for project in SIX:
        expect(page.locator(f"input[value='{project}']")).to_be_checked()
    screenshot(page, f"fund-six-{'script' if script else 'plain'}")
    page.locator("input[value='P03']").uncheck()
    page.get_by_role("button", name="Continue", exact=True).click()
    page.get_by_role("button", name="Send my answers", exact=True).click()
    assert len(page.locator(".fm-receipt .fm-code").first.inner_text()) == len(
        "AAAA-BBBB-CCCC-DDDD"
    )
    box = site.services.record
    assert [row.topic for row in box.read(0, 1_000)][-1] == "consult.ballot.cast.v1"


def test_u3_the_fund_spends_242600_pounds_and_says_why(site: Site, open_page: Callable[..., Page]):
    services = site.services
    opened = consultation(services, fund.question(), slug=fund.SLUG, counting={"projects": RULE})
    dearer = replace(fund.question().options[0], cost=1)
    with pytest.raises(Refused, match="has opened"):
        put_option(services, opened.id, "projects", dearer, actor=ORGANISER)
    services.record.append_batch(
        ballot_of(
            services,
            opened,
            voter=f"resident/{number}",
            sheet=Sheet({"projects": picks}),
            by=RESIDENT.by(f"key/{number}"),
        )
        for number, picks in enumerate(fund.approvals())
    )
    close_consultation(services, opened.id, actor=ORGANISER)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    page = open_page(f"{site.address}/c/{fund.SLUG}/results", width=1280, script=False)
    text = page.locator("main").inner_text()
    assert "£242,600 of £250,000 spent" in text
    assert "£7,400 left" in text
    row = page.locator("tr", has_text="Sixty street trees").first
    expect(row).to_contain_text("Funded")
    expect(page.locator("tr", has_text="Community kitchen fit-out").first).to_contain_text(
        "Not funded"
    )
    page.get_by_text("Why was Community kitchen fit-out not funded?").click()
    expect(page.get_by_text("It costs £27,800, and £19,800 was left")).to_be_visible()
    check_page(open_page(page.url, width=1280))
