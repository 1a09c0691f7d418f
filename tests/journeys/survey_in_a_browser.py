"""A survey set up, answered, published and read in a real browser, past every gate."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pypdf import PdfReader

from tests.browser.gates import check_page
from tests.journeys.installation import Installation

if TYPE_CHECKING:
    from playwright.sync_api import Page

SLUG = "park-lock"
TASKS = f"/organise/c/{SLUG}/"
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


class Survey:
    """The survey, with a person at each of two browsers."""

    def __init__(self, place: Installation, open_page: "Callable[..., Page]") -> None:
        self._place, self._open_page = place, open_page
        self.organiser = Person(open_page(f"{place.home}{place.sign_in_link()}"), place.home)
        self.organiser.press("Sign in")

    def opened(self, closes_at: datetime) -> None:
        """Draft it, and open it."""
        drafted(self.organiser, closes_at)
        self.organiser.go(f"{TASKS}open")
        self.organiser.look()
        self.organiser.press("Open it now")
        self.organiser.see("It is open. People can answer now.")

    def answered(self) -> None:
        """A resident answers at a telephone, and prints the poster."""
        home = self._place.home
        self.resident = Person(self._open_page(f"{home}/c/{SLUG}", width=375), home)
        answered(self.resident)
        assert "The lock" in self.resident.printed(f"/c/{SLUG}/poster.pdf")
        assert "Y loc" in self.resident.printed(f"/c/{SLUG}/poster-both.pdf")

    def published(self) -> None:
        """Publish what the server has closed; read it in every place."""
        organiser, resident = self.organiser, self.resident
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
        resident.go(f"/c/{SLUG}/results")
        resident.see("How often do you come?")
        resident.look()
        assert "The lock" in resident.printed(f"/c/{SLUG}/results.pdf")
        assert "Y loc" in resident.printed(f"/cy/c/{SLUG}/results.pdf")


def drafted(organiser: Person, closes_at: datetime) -> None:
    """Write a survey of a choice and of words, which no rule counts, and its terms."""
    organiser.go("/organise/new")
    organiser.fill(title__en="The lock", title__cy="Y loc", slug=SLUG)
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
    local = closes_at.astimezone(ZoneInfo("Europe/London"))
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
