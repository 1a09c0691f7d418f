"""Every newer kind of question in a real browser, its way, its gates, and coming back later."""

import re

import pytest
from playwright.sync_api import Page, expect

from events import Response
from tests.attached import pdf
from tests.browser.gates import WIDTHS, check_page, screenshot
from tests.builders import consultation
from tests.routed import BUS_STORED, ROUTED

pytestmark = pytest.mark.browser
PDF = {"name": "my plan.pdf", "mimeType": "application/pdf", "buffer": pdf("my plan")}
SAYS = {
    "": {
        "continue": "Continue",
        "send": "Send my answers",
        "later": "Save and come back later",
        "go on": "Go on",
        "remove": "Remove the file",
        "saved": "Saved at",
        "titles": "",
    },
    "/cy": {
        "continue": "Parhau",
        "send": "Anfon fy atebion",
        "later": "Cadw a dod yn ôl yn nes ymlaen",
        "go on": "Ymlaen",
        "remove": "Tynnu’r ffeil",
        "saved": "Cadwyd am",
        "titles": " (cy)",
    },
}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def fill(page: Page, question: str) -> None:
    """Answer one question as somebody who comes by bus."""
    field = page.locator(f"#q-{question}")
    if question == "visit":
        page.locator('[name="q-visit"][value="b"]').check()
    elif question == "stop":
        page.locator('[name="q-stop"][value="W03"]').check()
    elif question == "uses":
        page.locator('[name="q-uses"][value="p"]').check()
        page.locator('[name="q-uses"][value="other"]').check()
        page.locator("#q-uses-other").fill("Kites")
    elif question == "since":
        for part, value in (("day", "7"), ("month", "3"), ("year", "2019")):
            page.locator(f'[name="q-since-{part}"]').fill(value)
    elif question == "views":
        page.locator('[name="q-views-1"][value="g"]').check()
        page.locator('[name="q-views-2"][value="b"]').check()
    elif question == "plan":
        field.set_input_files(PDF)
    elif question == "more":
        field.fill("More trees")
    elif question == "place":
        page.locator("#area").select_option("W09")


def name_of(page: Page) -> str:
    return re.sub(r"[?#].*", "", page.url).rpartition("/")[2]


def answer_all(page: Page, says: dict) -> list[str]:
    seen = []
    while name_of(page) != "check":
        seen.append(name_of(page))
        assert len(seen) < 15, seen
        fill(page, seen[-1])
        press(page, says["continue"])
    return seen


def stored(site) -> Response:
    [row] = [row for row in site.services.record.read(0) if row[3].startswith(Response.TOPIC)]
    return site.services.record.get(Response, row[1])


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("language", ["", "/cy"], ids=["English", "Welsh"])
def test_the_way_and_the_facts_are_the_same_with_and_without_scripts(
    site, open_page, language, script
):
    consultation(site.services, *ROUTED, wards=True)
    says = SAYS[language]
    page = open_page(f"{site.address}{language}/c/riverside/q/visit", width=375, script=script)
    assert answer_all(page, says) == [
        "visit", "stop", "uses", "since", "views", "plan", "more", "place",
    ]  # fmt: skip
    keep(page, f"check-{script}", language, gates=script)
    press(page, says["send"])
    expect(page.locator(".fm-receipt .fm-code").first).to_be_visible()
    response = stored(site)
    assert response.answers == BUS_STORED
    fact = site.services.record.read(0)[-1]
    assert b"Kites" not in bytes(fact.state)


@pytest.mark.parametrize("language", ["", "/cy"], ids=["English", "Welsh"])
def test_the_form_on_one_page_stores_the_same(site, open_page, language):
    consultation(site.services, *ROUTED, wards=True)
    says = SAYS[language]
    page = open_page(f"{site.address}{language}/c/riverside/all", width=375)
    keep(page, "all", language)
    for question in ("visit", "stop", "uses", "since", "views", "plan", "more", "place"):
        fill(page, question)
    press(page, says["send"])
    expect(page.locator(".fm-receipt .fm-code").first).to_be_visible()
    assert stored(site).answers == BUS_STORED


@pytest.mark.parametrize("language", ["", "/cy"], ids=["English", "Welsh"])
def test_every_page_passes_every_gate_empty_wrong_and_filled(site, open_page, language):
    consultation(site.services, *ROUTED, wards=True)
    says, here = SAYS[language], f"{site.address}{language}/c/riverside"
    page = open_page(f"{here}/q/visit")
    while name_of(page) != "check":
        name = name_of(page)
        if name not in {"more", "place"}:
            keep(page, name, language)
        if name in {"visit", "stop", "since", "views"}:
            if name == "visit":
                page.locator('[name="q-visit"][value="other"]').check()
            if name == "since":
                page.locator('[name="q-since-day"]').fill("31")
            press(page, says["continue"])
            expect(page.locator(".govuk-error-summary")).to_be_visible()
            keep(page, f"{name}-wrong", language)
        fill(page, name)
        press(page, says["continue"])
    page.goto(f"{here}/q/plan")
    expect(page.get_by_role("button", name=says["remove"])).to_be_visible()
    keep(page, "plan-attached", language)
    page.goto(f"{here}/q/visit?then=check")
    page.locator('[name="q-visit"][value="c"]').check()
    press(page, says["continue"])
    expect(page).to_have_url(re.compile("/q/park"))
    keep(page, "park", language)
    page.locator("#q-park").fill("far")
    press(page, says["continue"])
    keep(page, "park-wrong", language)
    page.locator("#q-park").fill("3")
    press(page, says["continue"])
    expect(page).to_have_url(re.compile("/check"))
    keep(page, "left-out", language)
    page.goto(f"{here}/q/more")
    press(page, says["later"])
    expect(page).to_have_url(re.compile("/saved"))
    keep(page, "saved", language)
    page.goto(f"{here}/return")
    keep(page, "return", language)
    page.locator("#code").fill("ABCD")
    press(page, says["go on"])
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    keep(page, "return-wrong", language)


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_saved_answers_go_on_at_another_device(site, open_page, script):
    consultation(site.services, *ROUTED, wards=True)
    says, here = SAYS[""], f"{site.address}/c/riverside"
    page = open_page(f"{here}/q/visit", script=script)
    fill(page, "visit")
    press(page, says["continue"])
    fill(page, "stop")
    press(page, says["later"])
    code = page.locator(".fm-code").inner_text()
    assert re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", code)
    other = open_page(f"{here}/return#{code}" if script else f"{here}/return", script=script)
    if script:
        expect(other.locator("#code")).to_have_value(code)
        assert code not in other.url
    else:
        other.locator("#code").fill(code.lower())
    press(other, says["go on"])
    expect(other).to_have_url(f"{here}/q/uses")
    other.goto(f"{here}/q/stop")
    expect(other.locator('[name="q-stop"][value="W03"]')).to_be_checked()
    page.goto(f"{here}/q/stop")
    expect(page).to_have_url(re.compile("/c/riverside"))
    assert page.locator('[name="q-stop"]:checked').count() == 0, "they moved"


@pytest.mark.parametrize("language", ["", "/cy"], ids=["English", "Welsh"])
def test_what_is_typed_is_saved_a_moment_later_and_that_is_said(site, open_page, language):
    consultation(site.services, *ROUTED, wards=True)
    page = open_page(f"{site.address}{language}/c/riverside/q/more")
    page.locator("#q-more").fill("Half a sentence")
    expect(page.locator("[data-autosave-says]")).to_contain_text(SAYS[language]["saved"])
    keep(page, "autosaved", language)
    page.reload()
    expect(page.locator("#q-more")).to_have_value("Half a sentence")


def keep(page: Page, name: str, language: str, *, gates: bool = True) -> None:
    """Check a page at both widths, and take pictures of it for people to look at."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        screenshot(page, f"routed-{name}-{language.strip('/') or 'en'}-{width}")
        if gates:
            check_page(page)
