"""From `consult init` to published words in a real browser, on the clock of the machine."""

import io
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from tests.browser.gates import check_page
from tests.journeys.installation import FACTS, Installation

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TASKS = "/organise/c/park/"
OPEN_SECONDS_MIN = 90
CLOSED_SECONDS_MAX = 240.0
WORDS = "The lights by the lock have been out since June."


class Person:
    """Somebody in front of a browser; every page passes the gates on the way."""

    def __init__(self, page: "Page", home: str) -> None:
        self.page, self.home = page, home

    def go(self, path: str) -> None:
        self.page.goto(f"{self.home}{path}")

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"[name='{name.replace('__', '-')}']", value)

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).click()

    def see(self, words: str) -> None:
        self.page.get_by_text(words).first.wait_for(timeout=30_000)

    def look(self) -> None:
        self.page.messages[:] = [said for said in self.page.messages if "of 422" not in said]
        check_page(self.page)

    def printed(self, path: str) -> str:
        """The words of a document, as the browser of this person gets it."""
        got = self.page.request.get(f"{self.home}{path}")
        assert got.status == 200, f"{got.status} {path}"
        pages = PdfReader(io.BytesIO(got.body())).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_survey_is_set_up_answered_closed_published_and_read(
    tmp_path: Path, built_assets: Path, open_page: Callable[..., "Page"]
):
    place = Installation(tmp_path)
    place.set_up(FACTS)
    with place.serving():
        organiser = Person(open_page(f"{place.home}{place.sign_in_link()}"), place.home)
        organiser.press("Sign in")
        drafted(organiser)
        organiser.go(f"{TASKS}open")
        organiser.look()
        organiser.press("Open it now")
        organiser.see("It is open. People can answer now.")
        resident = Person(open_page(f"{place.home}/c/park", width=375), place.home)
        answered(resident)
        assert "The park" in resident.printed("/c/park/poster.pdf")
        assert "Y parc" in resident.printed("/c/park/poster-both.pdf")
        wait_until_closed(organiser)
        organiser.go(f"{TASKS}publish")
        organiser.look()
        organiser.press("Publish the results")
        organiser.see("The results are published.")
        organiser.go(f"{TASKS}written/q2")
        organiser.see(WORDS)
        organiser.look()
        with organiser.page.expect_download() as saved:
            organiser.go(f"{TASKS}export/")
            organiser.page.get_by_label("JSON").check()
            organiser.page.locator("[name=words]").check()
            organiser.page.locator("#form button[type=submit]").last.click()
        assert WORDS in Path(saved.value.path()).read_text()
        resident.go("/c/park/results")
        resident.see("How often do you come?")
        resident.look()
        assert "The park" in resident.printed("/c/park/results.pdf")
        assert "Y parc" in resident.printed("/cy/c/park/results.pdf")
    assert "Traceback" not in place.said(), place.said()


def drafted(organiser: Person) -> None:
    """Write a survey of a choice and of words, which no rule counts, and its terms."""
    organiser.go("/organise/new")
    organiser.fill(title__en="The park", title__cy="Y parc", slug="park")
    organiser.fill(overview__en="What is it like?", overview__cy="Sut le yw e?")
    organiser.press("Save and go on")
    organiser.go(f"{TASKS}questions/new/single")
    organiser.fill(title__en="How often do you come?", title__cy="Pa mor aml?")
    organiser.press("Save and go on")
    organiser.fill(lines__en="Daily\nWeekly", lines__cy="Bob dydd\nBob wythnos")
    organiser.press("Add these lines")
    organiser.go(f"{TASKS}questions/new/text")
    organiser.fill(title__en="What is it like?", title__cy="Sut le yw e?")
    organiser.press("Save")
    organiser.go(f"{TASKS}terms/")
    soon = datetime.now(UTC) + timedelta(seconds=OPEN_SECONDS_MIN + 60)
    local = soon.astimezone(ZoneInfo("Europe/London"))
    organiser.fill(closes__day=str(local.day), closes__month=str(local.month))
    organiser.fill(closes__year=str(local.year), clock=f"{local:%H:%M}")
    organiser.fill(eligibility__en="Anyone", eligibility__cy="Unrhyw un")
    organiser.fill(decides__en="The council", decides__cy="Y cyngor")
    organiser.press("Save")
    organiser.see("The terms are saved.")


def answered(resident: Person) -> None:
    resident.look()
    resident.press("Start now")
    resident.page.get_by_label("Weekly").check()
    resident.press("Continue")
    resident.fill(q__q2=WORDS)
    resident.press("Continue")
    if resident.page.url.endswith("/place"):
        resident.press("Continue")
    if resident.page.locator("[name=declared]").count():
        resident.page.locator("[name=declared]").check()
    resident.press("Send my answers")
    resident.page.locator(".fm-code").first.wait_for()
    resident.look()


def wait_until_closed(organiser: Person) -> None:
    """The server closes it by itself."""
    until = time.monotonic() + CLOSED_SECONDS_MAX
    while time.monotonic() < until:
        organiser.go(TASKS)
        if organiser.page.get_by_text("Publish the results").count():
            return
        time.sleep(1)
    raise AssertionError(organiser.page.inner_text("main"))
