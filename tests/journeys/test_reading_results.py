"""Results in a real browser: every page at every gate, in both languages, without a script too."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from consult.commands.results.counting import publish_results
from consult.config import Config
from consult.demo.seed import open_stage, seed
from consult.demo.stage import Stage
from consult.web import create_app
from events.consultations.terms import CountingTerms
from tests.browser.gates import WIDTHS, check_page, screenshot
from tests.builders import ORGANISER, RANKING, close_consultation, consultation
from tests.consult.web.results.test_results_states import BALLOTS, cast

pytestmark = pytest.mark.browser
LANGUAGES = {"en": "", "cy": "/cy"}
PAGES = {
    "results_list": "/results",
    "results_points": "/c/our-ashenmoor-2031/results",
    "results_earlier": "/c/our-ashenmoor-2031/results?as_at=1000",
    "results_campaign": "/c/eight-libraries/results",
    "results_open": "/c/three-wards-fund/results",
    "count_open": "/c/three-wards-fund/count",
    "count_closed": "/c/eight-libraries/count",
    "count_filtered": "/c/eight-libraries/count?who=officers",
}


@pytest.fixture(scope="module")
def borough(
    tmp_path_factory: pytest.TempPathFactory,
    serve: Callable[[Flask], str],
    built_assets: Path,
) -> Iterator[tuple[str, Stage]]:
    """The demo as it is on its first day, served: two results, and a fund that is open."""
    place = tmp_path_factory.mktemp("borough")
    stage = open_stage(Config(database_url=f"sqlite:///{place}/folkmoot.db"))
    seed(stage)
    stage.go(0)
    yield serve(create_app(stage.services)), stage
    stage.services.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_outcomes_passes_the_gates(borough, open_page, name, language):
    look(open_page(f"{borough[0]}{LANGUAGES[language]}{PAGES[name]}"), f"{name}_{language}")


def look(page: Page, name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        check_page(page)
        screenshot(page, f"{name}_{width}")


def test_the_record_fits_a_phone_in_welsh(borough, open_page):
    page: Page = open_page(f"{borough[0]}/cy{PAGES['count_closed']}", width=375, script=False)
    frame = page.locator(".fm-table-frame:visible").last
    hidden: int = frame.evaluate("frame => frame.scrollWidth - frame.clientWidth")
    assert hidden == 0


@pytest.mark.parametrize("script", [True, False])
def test_somebody_reads_why_and_looks_at_an_earlier_moment(borough, open_page, script):
    page: Page = open_page(f"{borough[0]}/c/our-ashenmoor-2031/results", script=script)
    page.get_by_text("Why did the others not come first?").click()
    expect(page.get_by_text("It had 5,241 points, and the last winner had 5,680.")).to_be_visible()
    moment = page.get_by_label("Show how it stood on")
    if script:
        moment.fill("5")  # a slider
        expect(page.locator("output")).to_have_text(re.compile(r"\d+ \w+ \d{4}"))
    else:
        moment.select_option(index=5)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("How it stood on")
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_text("This is not the result.")).to_be_visible()
    page.get_by_role("link", name="See the result").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Our Ashenmoor 2031")


def test_from_the_result_to_the_rule_the_digests_and_the_entries(borough, open_page):
    page: Page = open_page(f"{borough[0]}/c/eight-libraries/results", script=False)
    page.get_by_role("link", name="How we counted").click()
    expect(page.get_by_text("Everybody's first choice counts once.")).to_be_visible()
    expect(page.get_by_text(re.compile("^sha256:")).first).to_be_visible()
    page.get_by_label("Residents", exact=True).check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("rowheader").first).to_contain_text("Somebody answered")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", ["irv", "stv", "schulze"])
def test_rounds_and_comparisons_pass_the_gates(site, open_page, rule, language):
    counting = {"order": CountingTerms(rule, tie_chain=("votes",))}
    asked = consultation(site.services, RANKING, counting=counting)
    cast(site.services, asked, BALLOTS)
    close_consultation(site.services, asked.id, actor=ORGANISER)
    site.services.catch_up()
    address = f"{site.address}{LANGUAGES[language]}/c/riverside/results"
    check_page(open_page(address, width=375))
    publish_results(site.services, asked.id, actor=ORGANISER)
    site.services.catch_up()
    look(open_page(address), f"results_{rule}_{language}")
