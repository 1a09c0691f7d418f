"""A survey set up, answered, published and read over HTTP, with no browser that runs scripts.

Every page and every file that anybody comes to by links is looked at, before and after it closes.
"""

import io
import json
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit
from zoneinfo import ZoneInfo

from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.attached import pdf
from tests.consult.web.every_address import SITE, addresses, rules_of
from tests.consult.web.every_state import NOBODY, Made, World
from tests.consult.web.organisers import Organiser
from tests.consult.web.residents import Page, Resident
from tests.journeys.installation import Answer, Browser, Installation

LOCAL = ZoneInfo("Europe/London")
TASKS = "/organise/c/park/"
WORDS = "The lights by the lock have been out since June, and nobody comes."
PDF = pdf("a plan of the lock")
KINDS = {
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".csv": "text/csv",
    ".png": "image/png",
    ".ndjson": "application/x-ndjson",
    ".txt": "text/plain",
    ".atom": "application/atom+xml",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
"""What a file must be, by the end of its address; without one it is a page."""


class Survey:
    """The survey, with two people who have no scripts: an organiser and a resident."""

    def __init__(self, place: Installation) -> None:
        self.home = place.home
        self.organiser = Organiser(Browser(place.home))
        page = self.organiser.send(self.organiser.open(place.sign_in_link()))
        assert page.address == "/organise/", page.words
        self.resident = Resident(Browser(place.home))

    def opened(self, closes_at: datetime) -> None:
        """Draft it, and open it."""
        drafted(self.organiser, closes_at)
        page = self.organiser.send(self.organiser.open(f"{TASKS}open"))
        assert "It is open. People can answer now." in page.words, page.words

    def answered(self) -> None:
        """A resident answers everything, with a file."""
        answered(self.resident)

    def looked_at_while_open(self) -> None:
        """Look at everything there is, the posters first."""
        posters = ("/c/park/poster.pdf", "/c/park/poster-both.pdf")
        found = crawled(self.resident.client, "/", *posters)
        assert {"/c/park", "/c/park/share", "/cy/c/park"} <= set(found)
        crawled(self.organiser.client, "/organise/", TASKS)

    def is_closed(self) -> bool:
        """Whether the server has closed it by itself."""
        return "Publish" in self.organiser.open(TASKS).words

    def published(self) -> None:
        """Publish it, and read what somebody wrote."""
        page = self.organiser.send(self.organiser.open(f"{TASKS}publish"))
        assert "The results are published." in page.words, page.words
        read(self.organiser)

    def looked_at_when_published(self, app: Flask) -> None:
        """Look at everything there is, and ask for every address there could be, as everybody."""
        found = crawled(self.resident.client, "/", "/c/park/results", "/c/park/results.pdf")
        assert "How often do you come?" in found["/c/park/results"].data.decode()
        assert_printed(found["/c/park/results.pdf"])
        crawled(self.organiser.client, "/organise/", TASKS)
        everything(app, self.home, self.organiser.client, self.resident.client)


def drafted(organiser: Organiser, closes_at: datetime) -> None:
    """Write a survey that no rule counts, and its terms."""
    both = {"title__en": "The park", "title__cy": "Y parc", "slug": "park"}
    more = {"overview__en": "What is it like?", "overview__cy": "Sut le yw e?"}
    assert organiser.send(organiser.open("/organise/new"), **both, **more).address == TASKS
    page = question(organiser, "single", "How often do you come?", "Pa mor aml?")
    lines = {"lines__en": "Daily\nWeekly", "lines__cy": "Bob dydd\nBob wythnos", "add": "yes"}
    assert organiser.send(page, **lines).status == 200
    question(organiser, "text", "What is it like?", "Sut le yw e?")
    question(organiser, "file", "A picture or a plan", "Llun neu gynllun")
    local = closes_at.astimezone(LOCAL)
    closes = {"closes__day": local.day, "closes__month": local.month, "closes__year": local.year}
    said = {
        "eligibility__en": "Anyone",
        "eligibility__cy": "Unrhyw un",
        "decides__en": "The council",
        "decides__cy": "Y cyngor",
    }
    promised = {**closes, "clock": f"{local:%H:%M}", **said}
    page = organiser.send(
        organiser.open(f"{TASKS}terms/"), **{name: str(value) for name, value in promised.items()}
    )
    assert "The terms are saved." in page.words, page.words


def question(organiser: Organiser, kind: str, english: str, welsh: str) -> Page:
    page = organiser.open(f"{TASKS}questions/new/{kind}")
    page = organiser.send(page, title__en=english, title__cy=welsh)
    assert page.status == 200, page.words
    return page


def answered(resident: Resident) -> None:
    """One resident answers everything, with a file."""
    assert "The park" in resident.open("/").words
    page = resident.open("/c/park/all")
    (daily, _weekly) = [
        each.get("value") for each in page.tree.iter("input") if each.get("name") == "q-q1"
    ]
    address, _values = page.form()
    kind, body = resident.with_file(
        page, "plan.pdf", PDF, "q-q3", **{"q-q1": daily, "q-q2": WORDS, "declared": "yes"}
    )
    sent = Page(resident.client.post(address, data=body, content_type=kind, follow_redirects=True))
    assert sent.heading == "Answers sent", sent.words
    code = resident.receipt_code("park")
    checked = resident.send(resident.open("/receipt"), code=code)
    assert "They stand." in checked.words or "received" in checked.words.lower()


def read(organiser: Organiser) -> None:
    """What somebody wrote is read in the reading room, and goes out in every format."""
    room = organiser.open(f"{TASKS}written/")
    assert "What is it like?" in room.words
    one = organiser.open(f"{TASKS}written/q2")
    assert WORDS in one.words
    (link,) = [to for to in organiser.open(f"{TASKS}written/q3").links() if "/file/" in to]
    assert organiser.client.get(link).data == PDF
    for format in ("csv", "json", "xlsx"):
        page = organiser.open(f"{TASKS}export/")
        got = organiser.fill(page, format=format, words="yes")
        assert got.status_code == 200, format
        if format == "xlsx":
            sheets = load_workbook(io.BytesIO(got.data)).worksheets
            text = str([row for sheet in sheets for row in sheet.iter_rows(values_only=True)])
        else:
            text = got.data.decode("utf-8-sig")
        assert "lights by the lock" in text, format


def crawled(browser: Browser, *starts: str) -> dict[str, Answer]:
    """Follow every link of the site from some pages on; everything must be there and be sane."""
    waiting, seen = list(starts), {}
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        answer = browser.get(address, follow_redirects=True)
        assert answer.status_code == 200, f"{answer.status_code} {address}"
        assert_sane(address, answer)
        seen[address] = answer
        if answer.kind == "text/html":
            waiting += links(browser.home, address, answer.data.decode())
    return seen


def links(home: str, address: str, text: str) -> list[str]:
    """Addresses on this site that a page names, each with at most one thing after its “?”."""
    found = []
    for link in re.findall(r'(?:href|src)="([^"]+)"', text.replace("&amp;", "&")):
        whole = urldefrag(urljoin(home + address, link)).url
        if whole.startswith(home) and urlsplit(whole).query.count("=") <= 1:
            found.append(whole.removeprefix(home) or "/")
    return found


def assert_sane(address: str, answer: Answer) -> None:
    path = answer.request.path
    suffix = Path(path).suffix
    kind = KINDS.get(suffix, answer.kind if suffix else "text/html")
    if "/log/" not in path and "/file/" not in path:
        assert answer.kind == kind, f"{answer.kind} {address}"
    if answer.kind == "application/pdf" and "/file/" not in path:
        assert_printed(answer)
    if answer.kind == "application/json":
        json.loads(answer.data)
    if answer.kind == "text/html":
        assert Page(answer).heading or "/embed" in path, address
    assert answer.data, address


def assert_printed(answer: Answer) -> None:
    pages = PdfReader(io.BytesIO(answer.data)).pages
    assert "park" in " ".join(page.extract_text() for page in pages).lower()


def everything(app: Flask, home: str, *browsers: Browser) -> None:
    """Ask for every address that the application knows, as everybody."""
    made = Made("park", questions=dict.fromkeys(("q1", "q2", "q3")))
    world = World(None, app, None, {"the park": made})
    for browser in (*browsers, Browser(home)):
        for state in ("the park", SITE):
            for rule in rules_of(app, state):
                if "GET" in (rule.methods or ()):
                    for address in addresses(world, state, rule, NOBODY):
                        answer = browser.get(address)
                        assert answer.status_code < 500, f"{answer.status_code} {address}"
