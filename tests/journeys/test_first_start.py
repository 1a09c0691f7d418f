"""From `consult serve` on an empty database to the first draft: in a browser, after the link."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.gates import WIDTHS, check_page, screenshot
from tests.journeys.installation import Installation

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SECONDS_MAX = 600
"""From the start to the first draft; a person reads and types besides."""
LOADS_MAX = 30
"""Pages that are opened on the way, with those that only show what was saved."""
WARDS = "code;name;name_cy;population\r\nW03;Canal Side;Glan y Gamlas;16 400\r\n"
LOOKUP = "WD24CD,WD24NM,LAD24CD,LAD24NM\nE05000001,Aldgate,E09000001,City of London\n"
FACTS = {
    "email": "hello@mill.example.org",
    "telephone": "01632 960 123",
    "post": "Town Hall\nMill Valley",
    "answer_days": "7",
    "controller-en": "Mill Council",
    "controller-cy": "Cyngor Melin",
    "officer-en": "The data protection office",
    "officer-cy": "Y swyddfa diogelu data",
    "officer_email": "dpo@mill.example.org",
    "lawful_basis-en": "a public task",
    "lawful_basis-cy": "tasg gyhoeddus",
    "regulator-en": "the Information Commissioner",
    "regulator-cy": "y Comisiynydd Gwybodaeth",
    "accessibility_regulator-en": "the Equality Commission",
    "accessibility_regulator-cy": "y Comisiwn Cydraddoldeb",
}


@dataclass
class Journey:
    """Somebody who sets a site up. `took`: by step the seconds, and the pages that were opened."""

    page: "Page"
    home: str
    language: str
    loads: int = 0
    took: list[tuple[str, float, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("load", lambda _page: self._loaded())

    def _loaded(self) -> None:
        self.loads += 1

    def at(self, path: str) -> str:
        return f"{self.home}{self.language}{path}"

    def type(self, **typed: str) -> None:
        for name, value in typed.items():
            self.page.fill(f'[name="{name}"]', value)

    def press(self) -> None:
        """Press the green button of the form."""
        with self.page.expect_navigation():
            self.page.click("form#form button.govuk-button:not(.govuk-button--secondary)")

    def press_small(self, form: str) -> None:
        """Press the button of a form beside the main one."""
        with self.page.expect_navigation():
            self.page.click(f"form#{form} button")

    def look(self, name: str) -> None:
        """Take pictures at the widths of a phone and a desk, and check what every page must be."""
        tag = self.language.strip("/") or "en"
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            screenshot(self.page, f"first-start-{name}-{tag}-{width}")
        check_page(self.page)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began, loads = time.monotonic(), self.loads
        yield
        self.took.append((name, time.monotonic() - began, self.loads - loads))


def found(one: Journey, link: str) -> None:
    """Say who one is, and form the partnership."""
    with one.step("first person"):
        one.page.goto(link.replace("/set-up/", f"{one.language}/set-up/"))
        one.look("person")
        one.type(name="Jo", email="jo@example.org")
        one.press()
    with one.step("1 partnership"):
        one.look("partnership")
        one.type(**{"name-en": "Mill Together", "name-cy": "Melin Ynghyd"})
        one.type(**{"area-en": "Mill Valley", "area-cy": "Cwm Melin"})
        one.page.check('[name="profile"][value="wales"]')
        one.press()


def state(one: Journey) -> None:
    """State the area by a file of Excel, and how people reach the partnership."""
    with one.step("2 area"):
        one.look("wards")
        one.page.click('a[href*="/wards/file"]')
        one.look("wards-file")
        file = {"name": "wards.csv", "mimeType": "text/csv", "buffer": WARDS.encode()}
        one.page.set_input_files('[name="file"]', [file])
        one.press()
        one.look("wards-check")
        one.type(**{"source-en": "Census 2021", "source-cy": "Cyfrifiad 2021"})
        one.press()
    with one.step("3 contact and privacy"):
        one.look("facts")
        one.type(**FACTS)
        one.press()


def finish(one: Journey) -> None:
    """Choose a look, add a colleague, and draft the first consultation."""
    with one.step("4 look"):
        one.type(brand="#1d4f91", **{"short_name-en": "Mill", "short_name-cy": "Melin"})
        with one.page.expect_navigation():
            one.page.click('button[name="preview"]')
        one.look("look-shown")
        one.press()
    with one.step("5 first people"):
        one.type(name="Ann", email="ann@example.org")
        one.page.check("#role-0")
        one.press()
        one.look("people")
        with one.page.expect_navigation():
            one.page.click(f'a.govuk-link[href="{one.language}/organise/"]')
    with one.step("first draft"):
        one.look("organise")
        one.page.click(f'a.govuk-button[href="{one.language}/organise/new"]')
        one.type(**{"title-en": "A park", "title-cy": "Parc"})
        one.press()
        assert one.page.url == one.at("/organise/c/park/")


@pytest.mark.parametrize("language", ["", "/cy"], ids=["English", "Welsh"])
def test_a_new_site_is_set_up_in_a_browser_up_to_its_first_draft(
    tmp_path: Path,
    open_page: "Callable[..., Page]",
    built_assets: Path,
    language: str,
    record_property: Callable[[str, object], None],
):
    site = Installation(tmp_path)
    (tmp_path / "lookup.csv").write_text(LOOKUP)
    site.environment |= {
        "FOLKMOOT_BACKUP_FOLDER": str(tmp_path / "kept"),
        "FOLKMOOT_WARD_LOOKUP": str(tmp_path / "lookup.csv"),
    }
    began = time.monotonic()
    with site.serving_at_a_terminal() as link:
        one = Journey(open_page(f"{site.home}{language}/"), site.home, language)
        one.look("home")
        found(one, link)
        state(one)
        finish(one)
        seconds, loads = time.monotonic() - began, one.loads
        assert one.page.locator("h1").inner_text() == ("Parc" if language else "A park")
        for name in ("set-up/", "look/", "organisations/", "organisations/new", "wards/authority"):
            one.page.goto(one.at(f"/organise/partnership/mill-together/{name}"))
            one.look(name.strip("/").replace("/", "-"))
        one.page.goto(one.at("/this-site/"))
        one.press_small("backup")
        one.page.wait_for_selector(".govuk-tag--green", timeout=30_000)
        one.look("this-site")
    for name, took, pages in one.took:
        record_property(name, f"{took:.1f} s, {pages} pages")
    assert seconds < SECONDS_MAX
    assert loads <= LOADS_MAX
    assert one.page.messages == []
