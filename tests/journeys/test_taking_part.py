"""Residents take part in a real browser: story U1, and every page of theirs at every gate."""

import re

import pytest
from playwright.sync_api import Page, expect

from consult.commands.results.counting import publish_results
from consult.commands.results.working_out import work_out
from events import Ballot, Response
from events.consultations.terms import CountingTerms
from tests.browser.gates import WIDTHS, check_page, screenshot
from tests.builders import (
    EVERY_KIND,
    ORGANISER,
    close_consultation,
    consultation,
    draw_lot,
    numbers_that_draw,
    question,
)

pytestmark = pytest.mark.browser
IDEAS = question(
    "order", "ranking", "Put the ideas in your order", "Allotments", "Buses", "Clinics"
)
SAYS = {
    "": {
        "start": "Start now",
        "add": "Add",
        "remove": "Remove",
        "continue": "Continue",
        "send": "Send my answers",
        "check": "Check",
        "counted": "They stand.",
        "replaced": "Replaced by later answers.",
        "titles": {"A": "Allotments", "B": "Buses", "C": "Clinics"},
    },
    "/cy": {
        "start": "Dechrau nawr",
        "add": "Ychwanegu",
        "remove": "Tynnu",
        "continue": "Parhau",
        "send": "Anfon fy atebion",
        "check": "Gwirio",
        "counted": "Maen nhw’n sefyll.",
        "replaced": "Disodlwyd gan atebion diweddarach.",
        "titles": {"A": "Allotments (cy)", "B": "Buses (cy)", "C": "Clinics (cy)"},
    },
}


def put_in_order(page: Page, says: dict, order: str, filled_in: str = "") -> None:
    chosen = page.locator("[data-rank-chosen] .fm-rank__name")
    for left, letter in enumerate(filled_in, start=1 - len(filled_in)):
        title = says["titles"][letter]
        page.get_by_role("button", name=f"{says['remove']} {title}", exact=True).click()
        expect(chosen).to_have_count(-left)
    for letter in order:
        title = says["titles"][letter]
        page.get_by_role("button", name=f"{says['add']} {title}", exact=True).click()
        expect(chosen.last).to_have_text(title)
    page.get_by_role("button", name=says["continue"], exact=True).click()


def send(page: Page, says: dict) -> str:
    """Send what is on the check page; return the checking code."""
    page.get_by_role("button", name=says["send"], exact=True).click()
    return page.locator(".fm-receipt .fm-code").first.inner_text()


def vote(page: Page, says: dict, order: str) -> str:
    page.get_by_role("button", name=says["start"], exact=True).click()
    put_in_order(page, says, order)
    return send(page, says)


def standing(page: Page, address: str, says: dict, code: str) -> str:
    page.goto(f"{address}/receipt")
    page.locator("#code").fill(code)
    page.get_by_role("button", name=says["check"], exact=True).click()
    return page.locator(".fm-strip strong").inner_text()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("language", ["", "/cy"], ids=["English", "Welsh"])
def test_u1_rank_verify_change(site, open_page, language, script):
    says, address = SAYS[language], f"{site.address}{language}"
    counting = CountingTerms("points-3", tie_chain=("first-choices", "lot"))
    opened = consultation(site.services, IDEAS, counting={"order": counting})
    start = f"{address}/c/riverside"

    first = open_page(start, width=375, script=script)
    code = vote(first, says, "ABC")
    changing = first.locator(".fm-receipt--secret .fm-code").inner_text()
    for order in ("BCA", "CA"):
        vote(open_page(start, script=script), says, order)
    tally = work_out(site.services, opened.id).outcome.as_json()
    assert tally["scores"] == {"a": "6", "b": "5", "c": "6"}
    assert tally["order"] == [["a", "c"], ["b"]], "nobody knows the lot yet"

    other = open_page(f"{address}/receipt/change", script=script)
    other.locator("#code").fill(changing.lower())
    other.get_by_role("button", name=says["continue"], exact=True).click()
    put_in_order(other, says, "BAC", filled_in="ABC")
    check = other.url
    other.get_by_role("button", name=says["send"], exact=True).dblclick(no_wait_after=True)
    expect(other.locator(".fm-receipt .fm-code").first).to_be_visible()
    changed = other.locator(".fm-receipt .fm-code").first.inner_text()
    other.goto(check)  # back to what was sent: there is nothing left to send
    expect(other.locator(".fm-receipt .fm-code").first).to_have_text(changed)

    assert standing(first, address, says, code) == says["replaced"]
    assert standing(first, address, says, changed) == says["counted"]
    close_consultation(site.services, opened.id, actor=ORGANISER)
    numbers = numbers_that_draw(site.services, opened.id, IDEAS, "c", "a", "b")
    draw_lot(site.services, opened.id, numbers)
    [result] = publish_results(site.services, opened.id, actor=ORGANISER)
    assert result.outcome["scores"] == {"a": "5", "b": "6", "c": "6"}
    assert result.outcome["order"] == [["b"], ["c"], ["a"]]
    facts = [row[3] for row in site.services.record.read(0) if "ballot" in row[3]]
    assert facts.count("consult.ballot.cast.v1") == 3
    assert facts.count("consult.ballot.replaced.v1") == 1, "both versions are in the trail"


def answer_everything(page: Page) -> list[str]:  # noqa: C901  one case per question
    """Fill in one question after the other as a person would; return the pages' addresses."""
    seen = []
    while "/check" not in page.url:
        seen.append(re.sub(r"^https?://[^/]+|[?#].*", "", page.url))
        assert len(seen) < 20
        name = seen[-1].rpartition("/")[2]
        if name == "visit":
            page.get_by_label("Weekly").check()
        elif name == "uses":
            page.get_by_label("Walk").check()
        elif name == "views":
            for group in page.locator("fieldset").all():
                group.get_by_label("Quite a lot").check()
        elif name == "order":
            page.get_by_role("button", name="Add Clinics").click()
            page.get_by_role("button", name="Add Allotments").click()
            page.get_by_role("button", name="Up Allotments").click()
        elif name == "share":
            page.get_by_label("Buses").fill("4")
            page.get_by_label("Cycling").fill("6")
        elif name == "support":
            page.get_by_label("Benches").check()
        elif name == "money":
            page.get_by_label("Choose Lights").check()
            page.get_by_label("Choose Kitchen").check()
        elif name == "more":
            page.get_by_label("Anything else?").fill("More benches, please")
        elif name == "place":
            page.get_by_label("Where do you live?").select_option("W09")
        page.get_by_role("button", name="Continue", exact=True).click()
        page.wait_for_load_state()  # `all()` does not wait for what is still being read
    return seen


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_every_kind_of_question_stores_the_same_with_and_without_scripts(site, open_page, script):
    consultation(site.services, *EVERY_KIND, wards=True)
    page = open_page(f"{site.address}/c/riverside", width=375, script=script)
    page.get_by_role("button", name="Start now").click()
    assert len(answer_everything(page)) == 9
    send(page, SAYS[""])
    [row] = [row for row in site.services.record.read(0) if row[3].startswith(Response.TOPIC)]
    response = site.services.record.get(Response, row[1])
    assert response.answers == {
        "visit": "w",
        "uses": ["w"],
        "views": {"c": 3, "s": 3},
        "order": ["a", "c"],
        "share": {"b": 4, "c": 6},
        "support": ["b"],
        "money": ["k", "l"],
    }


PAGES = [
    *("/?q=zebra", "/c/riverside/all", "/c/riverside/place", "/c/nowhere"),
    *(f"/c/riverside/q/{each.id}" for each in EVERY_KIND),
]
"""What the pages of test_every_resident_page do not show."""


@pytest.mark.parametrize("language", ["", "/cy"], ids=["English", "Welsh"])
def test_every_page_passes_every_gate_before_anything_is_typed(site, open_page, language):
    consultation(site.services, *EVERY_KIND, wards=True)
    page = open_page("about:blank")
    for path in PAGES:
        page.goto(f"{site.address}{language}{path}")
        keep(page, path, language)


@pytest.mark.parametrize("language", ["", "/cy"], ids=["English", "Welsh"])
def test_every_question_passes_every_gate_with_an_error(site, open_page, language):
    consultation(site.services, *EVERY_KIND, wards=True)
    for each in EVERY_KIND:
        path = f"/c/riverside/q/{each.id}"
        page = open_page(f"{site.address}{language}{path}")
        if each.kind == "basket":
            for box in page.locator(".govuk-checkboxes__input").all():
                box.check()
        elif each.kind == "points":
            page.locator("#q-share").fill("11")
        elif each.kind == "several":
            for box in page.locator(".govuk-checkboxes__input").all():
                box.check()
        elif each.kind == "text":
            page.locator("#q-more").fill("x" * 101)
        page.get_by_role("button", name=SAYS[language]["continue"], exact=True).click()
        expect(page.locator(".govuk-error-summary")).to_be_visible()
        keep(page, f"{path}/error", language)
        page.context.close()


@pytest.mark.parametrize("language", ["", "/cy"], ids=["English", "Welsh"])
def test_what_follows_the_questions_passes_every_gate(site, open_page, language):
    says = SAYS[language]
    opened = consultation(site.services, *EVERY_KIND, wards=True)
    page = open_page(f"{site.address}/c/riverside/q/visit")
    page.get_by_role("button", name="Continue", exact=True).click()
    page.goto(f"{site.address}/c/riverside/q/visit")
    answer_everything(page)
    here = f"{site.address}{language}"
    page.goto(f"{here}/c/riverside/check")
    keep(page, "/c/riverside/check", language)
    page.goto(f"{here}/c/riverside/all")
    keep(page, "/c/riverside/all/filled", language)
    page.goto(f"{here}/c/riverside/check")
    code = send(page, says)
    changing = page.locator(".fm-receipt--secret .fm-code").inner_text()
    keep(page, "/c/riverside/receipt", language)
    page.goto(f"{here}/c/riverside")
    keep(page, "/c/riverside/sent", language)
    for typed, name in (("", "empty"), ("ABCD", "unknown"), (code, "counted")):
        page.goto("about:blank")  # another fragment alone would not load the page
        page.goto(f"{here}/receipt#{code}" if name == "counted" else f"{here}/receipt")
        if name == "counted":  # a scanned code is in the box already
            expect(page.locator("#code")).to_have_value(code)
        page.locator("#code").fill(typed)
        page.get_by_role("button", name=says["check"], exact=True).click()
        keep(page, f"/receipt/{name}", language)
    page.goto(f"{here}/receipt/mine")
    keep(page, "/receipt/mine", language)
    page.locator("#code").fill(changing)
    page.locator('form[action$="/receipt/mine"] button').click()
    keep(page, "/receipt/own", language)
    page.locator('form[action$="/receipt/withdraw"] button').click()
    keep(page, "/receipt/withdraw", language)
    page.locator("#withdraw").click()
    keep(page, "/receipt/withdrawn", language)
    close_consultation(site.services, opened.id, actor=ORGANISER)
    site.services.catch_up()
    page.goto(f"{here}/c/riverside")
    keep(page, "/c/riverside/closed", language)


def keep(page: Page, path: str, language: str) -> None:
    """Check a page at both widths, and take pictures of it for people to look at."""
    name = re.sub(r"[^a-z]+", "-", path).strip("-") or "home"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        screenshot(page, f"resident-{name}-{language.strip('/') or 'en'}-{width}")
        check_page(page)


def test_the_ballot_of_a_vote_only_is_a_ballot(site, open_page):
    consultation(site.services, IDEAS)
    vote(open_page(f"{site.address}/c/riverside"), SAYS[""], "AB")
    rows = site.services.record.read(0)
    assert rows[-1][3].startswith(Ballot.TOPIC)


def test_the_enter_key_goes_on_and_does_not_press_the_language_switch(site, open_page):
    consultation(site.services, *EVERY_KIND)
    page = open_page(f"{site.address}/c/riverside/q/share")
    page.get_by_label("Buses").fill("4")
    page.get_by_label("Buses").press("Enter")
    expect(page).to_have_url(f"{site.address}/c/riverside/q/support")
