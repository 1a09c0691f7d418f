"""A budget decided with codes by letter and at a desk, in a browser, with scripts and without."""

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from consult.commands.answers.letter_codes import issue_codes, void_codes
from consult.people.answers import attachments
from events import Ballot, Response
from tests.attached import pdf
from tests.browser.gates import WIDTHS, check_page, screenshot
from tests.builders import ORGANISER, by_letter, question
from tests.consult.web.organisers import link_for

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FUND = question(
    "projects",
    "basket",
    "Choose projects",
    "Lights",
    "Kitchen",
    "Trees",
    pot=60_000,
    picks_max=2,
    costs={"l": 30_000, "k": 20_000, "t": 45_000},
)
PLAN = question("plan", "file", "Your plan", required=False)
PDF = {"name": "their plan.pdf", "mimeType": "application/pdf", "buffer": pdf("their plan")}
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
WORDS = {
    "": {
        "start": "Start now",
        "letter": "With the code from our letter",
        "on": "Continue",
        "send": "Send my answers",
        "change": "Change the answers",
        "stopped": "This code was stopped",
    },
    "/cy": {
        "start": "Dechrau nawr",
        "letter": "Gyda’r cod o’n llythyr",
        "on": "Parhau",
        "send": "Anfon fy atebion",
        "change": "Newid yr atebion",
        "stopped": "Stopiwyd y cod hwn",
    },
}


def look(page: "Page", name: str) -> None:
    language = "-cy" if "/cy/" in page.url else ""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        screenshot(page, f"letter-{name}-{width}{language}")
    page.messages[:] = [said for said in page.messages if not re.search("of 4(22|29)", said)]
    check_page(page)
    page.set_viewport_size({"width": 375, "height": 900})


def submissions(services, kind=Ballot):
    rows = services.record.read(0, 10_000)
    ids = {row.subject_id for row in rows if row.topic == kind.First.TOPIC}
    return [services.record.get(kind, id) for id in ids]


@SCRIPT
@pytest.mark.parametrize("language", ["", "/cy"])
def test_a_letter_leads_to_a_receipt_and_later_to_a_change(site, open_page, language, script):
    services, said = site.services, WORDS[language]
    asked = by_letter(services, FUND, identity=("email", "letter", "desk"))
    code = issue_codes(services, asked.id, 2, actor=ORGANISER).codes[0]
    services.catch_up()
    home = f"{site.address}{language}"

    def press(page: "Page", what: str) -> None:
        page.get_by_role("button", name=said[what], exact=True).click()

    def answer(page: "Page", option: str, instead_of: str = "") -> None:
        page.wait_for_url("**/q/projects")
        if instead_of:  # what was sent before is filled in
            page.uncheck(f"input[name='q-projects'][value='{instead_of}']")
        page.check(f"input[name='q-projects'][value='{option}']")
        press(page, "on")
        press(page, "send")
        page.wait_for_url("**/receipt")

    page = open_page(f"{home}/c/riverside", width=375, script=script)
    press(page, "start")
    page.get_by_role("link", name=said["letter"], exact=True).click()
    look(page, "ask") if script else None
    page.fill("#code", "0000 0000 0000")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    look(page, "wrong") if script else None
    page.fill("#code", code.lower().replace("-", " "))
    page.keyboard.press("Enter")
    answer(page, "k")
    look(page, "receipt") if script else None

    other = open_page(f"{home}/c/riverside/letter#{code}", width=375, script=script)
    if script:
        expect(other.locator("#code")).to_have_value(code)
        assert "#" not in other.url
    else:
        other.fill("#code", code)
    press(other, "on")
    expect(other.get_by_role("button", name=said["change"])).to_be_visible()
    look(other, "used") if script else None
    press(other, "change")
    answer(other, "t", instead_of="k")
    [ballot] = submissions(services)
    assert (ballot.answers, ballot.assurance, ballot.version) == ({"projects": ["t"]}, "letter", 2)


@pytest.mark.parametrize("language", ["", "/cy"])
def test_a_stopped_code_says_why_and_keeps_what_was_typed_in_the_other_language(
    site, open_page, language
):
    services = site.services
    asked = by_letter(services, FUND)
    batch = issue_codes(services, asked.id, 1, actor=ORGANISER)
    void_codes(services, asked.id, batch.batch_id, reason="Lost", actor=ORGANISER)
    services.catch_up()
    page = open_page(f"{site.address}{language}/c/riverside/letter", width=375)
    page.fill("#code", batch.codes[0])
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_contain_text(WORDS[language]["stopped"])
    look(page, "stopped")
    page.get_by_role("button", name="English" if language else "Cymraeg", exact=True).click()
    expect(page.locator("#code")).to_have_value(batch.codes[0])
    assert ("/cy/" in page.url) != bool(language)


@SCRIPT
@pytest.mark.parametrize("language", ["", "/cy"])
def test_at_the_desk_one_person_follows_the_other_and_nothing_stays(
    site, open_page, script, language
):
    services = site.services
    asked = by_letter(services, FUND, PLAN, identity=("letter", "desk"))
    code = issue_codes(services, asked.id, 1, actor=ORGANISER).codes[0]
    services.catch_up()
    here = f"{site.address}{language}/assist/"

    def see(name: str) -> None:
        if script:
            look(page, f"desk-{name}")

    page = open_page(f"{site.address}{link_for(services, role='desk')}", width=1280, script=script)
    page.get_by_role("button").last.click()
    page.wait_for_url("**/assist/")
    page.goto(here)
    see("index")
    page.locator("main a", has_text="Riverside Park").click()
    see("who")
    page.locator("main form .govuk-button").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    see("who-error")
    for who, option in (({"reference": "LIB 1234567"}, "k"), ({"code": code}, "t")):
        page.check("input[name='channel'][value='telephone']")
        for field, value in who.items():
            page.fill(f"#{field}", value)
        page.keyboard.press("Enter")
        page.wait_for_selector("input[name='q-projects']")
        expect(page.locator("main")).not_to_contain_text("their plan.pdf")
        see("answers")
        page.set_input_files("#q-plan", PDF)
        for each in ("k", "t"):  # more than there is
            page.check(f"input[name='q-projects'][value='{each}']")
        page.locator("#answers .govuk-button:not(.govuk-button--secondary)").click()
        expect(page.locator(".govuk-error-summary")).to_be_visible()
        expect(page.locator("main")).to_contain_text("their plan.pdf")
        see("answers-error")
        page.uncheck(f"input[name='q-projects'][value='{'t' if option == 'k' else 'k'}']")
        page.locator("#answers .govuk-button:not(.govuk-button--secondary)").click()
        page.wait_for_url("**/receipt")
        see("receipt")
        receipt = page.locator(".fm-code").inner_text()
        page.locator("main form .govuk-button").click()
        page.wait_for_url("**/assist/riverside")
        assert page.input_value("#reference") == ""
        assert page.input_value("#code") == ""
        page.go_back()
        assert receipt not in page.content()
        page.goto(f"{here}riverside")
    given = submissions(services, Response)  # a file makes it more than a ballot
    assert sorted((each.assurance, each.answers["projects"]) for each in given) == [
        ("desk", ["k"]),
        ("letter", ["t"]),
    ]
    assert len(attachments.of_consultation(services.vault, asked.id)) == 2


@SCRIPT
def test_an_organiser_downloads_codes_once_and_stops_a_batch(site, open_page, script):
    services = site.services
    by_letter(services, FUND, wards=True)
    page = open_page(f"{site.address}{link_for(services)}", width=1280, script=script)
    page.get_by_role("button").last.click()
    page.goto(f"{site.address}/organise/c/riverside/codes")
    look(page, "codes") if script else None
    page.locator("#form .govuk-button").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    look(page, "codes-error") if script else None
    page.fill("#number", "3")
    with page.expect_download() as got:
        page.locator("#form .govuk-button").click()
    rows = list(csv.DictReader(io.StringIO(got.value.path().read_text())))
    assert len(rows) == 3
    for language in ("/cy", ""):
        page.goto(f"{site.address}{language}/organise/c/riverside/codes")
        look(page, "codes-made") if script else None
        page.locator("main li a").click()
        look(page, "stop") if script else None
    page.fill("#reason", "The letters were lost")
    page.locator("#form .govuk-button").click()
    expect(page.locator("main")).to_contain_text("Stopped")
    look(page, "codes-stopped") if script else None
