"""The title of a page stands in its declaration, and its heading has it too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, template_rendered
from jinja2 import FileSystemBytecodeCache, Template
from werkzeug.test import TestResponse

from consult.web import pages
from consult.wording.language import gettext, in_language
from tests.consult.web import every_state
from tests.consult.web.every_address import (
    NONE,
    SITE,
    Copied,
    Person,
    addresses,
    copied_site,
    nothing_believed,
    rules_of,
)
from tests.consult.web.residents import Page

TEMPLATES = Path(__file__).parents[3] / "templates"
VALUE = re.compile(r"%\(\w+\)s")
IN_PLACE = re.compile(r"set page_title = _\('([^']+)'")
"""In templates of what is shown in place of a page, such as a link that was used before."""
OF_ANOTHER = re.compile(r"set page_title = title_of\('([^']+)'\)")
PANEL = "sharing.panel"
"""It stands on pages of others, and its heading is the consultation alone."""
WHO = ("administrator", every_state.NOBODY, every_state.MIDWAY, every_state.ANSWERED)
FAILURE, UNAVAILABLE = 500, 503
STATES = ("draft ready", "open", "published", SITE)
LANGUAGES = {"en": "", "cy": "/cy"}


@pytest.fixture(scope="module")
def site(
    sqlite_prepared: Path,
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Copied]:
    folder = tmp_path_factory.mktemp("titles")
    with nothing_believed(), copied_site(sqlite_prepared, folder, compiled_templates) as made:
        yield made


def shown(site: Copied, language: str) -> Iterator[tuple[str, Page]]:
    """Every page as somebody sees it who may, with its endpoint."""
    for state in STATES:
        made = site.world.states.get(state, NONE)
        for who in WHO:
            person = Person(site.app, made.cookies.get(who) or site.world.cookies.get(who, ""))
            for rule in rules_of(site.app, state):
                if "GET" not in (rule.methods or set()):
                    continue
                for address in addresses(site.world, state, rule, who):
                    answer = person.ask("GET", f"{LANGUAGES[language]}{address}")
                    if answer.status_code == 200 and answer.mimetype == "text/html":
                        yield rule.endpoint, Page(answer)
                    answer.close()


def of_the_page(page: Page) -> str:
    """Its title without the names of the site and of the partnership."""
    whole = page.title.removeprefix("Error: ").removeprefix("Gwall: ")
    names = 1 if page.address.endswith("/embed") else 2
    return " – ".join(whole.split(" – ")[:-names])


def in_place(site: Copied) -> set[str]:
    """Titles of what is shown in place of a page, and of pages shown at several addresses."""
    texts = [path.read_text() for path in TEMPLATES.rglob("*.html")]
    found = {title for text in texts for title in IN_PLACE.findall(text)}
    others = {endpoint for text in texts for endpoint in OF_ANOTHER.findall(text)}
    found |= {pages.declared(endpoint, site.app).title for endpoint in others}
    return {gettext(each) for each in found}


def agrees(endpoint: str, title: str, page: Page) -> bool:
    """Say whether a page has the declared title, in the current language, and its heading too."""
    words = VALUE.split(gettext(title))
    found = re.fullmatch("(.+)".join(map(re.escape, words)), of_the_page(page))
    heading = " ".join(" ".join(each.itertext()) for each in page.tree.findall(".//h1"))
    said = " ".join(heading.split())
    parts = [*words, *found.groups()] if found and endpoint != PANEL else []
    return bool(found) and all(part.strip(" –:") in said for part in parts)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_and_its_heading_have_the_title_that_is_declared(site: Copied, language: str):
    wrong, seen = [], set()
    with in_language(language):
        known = in_place(site)
        for endpoint, page in shown(site, language):
            title = pages.declared(endpoint, site.app).title
            if title and agrees(endpoint, title, page):
                seen.add(endpoint)
            elif not title or of_the_page(page) not in known:
                wrong.append(f"{page.address}: “{page.title}”, “{page.heading}”, not “{title}”")
    assert not wrong, "\n".join(wrong)
    listed = {endpoint for endpoint, page in pages.all_of(site.app).items() if page.is_listed}
    assert listed <= seen
    titled = {endpoint for endpoint, page in pages.all_of(site.app).items() if page.title}
    assert len(titled - seen) < len(titled) / 5, sorted(titled - seen)


ALIKE = {
    "errors/page.html": "the title comes with the error",
    "data_protection/hold.html": "setting and ending a hold",
    "organising/running/follow_up.html": "a new theme and one that is changed",
    "partnership/interest.html": "an interest and its end",
    "partnership/seat.html": "what becomes of a seat",
    "organising/draft/remove.html": "questions and options",
}
"""Templates of several pages that differ by what is declared of them."""


@pytest.mark.slow
def test_a_template_that_is_drawn_at_several_addresses_names_the_page_whose_title_it_has(
    site: Copied,
):
    drawn: dict[str, set[str]] = {}
    here = [""]

    def note(_app: Flask, template: Template, **_context: object) -> None:
        if template.name and template.name not in ALIKE:
            drawn.setdefault(template.name, set()).add(here[0])

    with template_rendered.connected_to(note, site.app):
        for answer in tried(site, here):
            answer.close()
    wrong = {
        name: titles
        for name, titles in drawn.items()
        if len(titles) > 1 and "set page_title" not in (TEMPLATES / name).read_text()
    }
    assert wrong == {}


def tried(site: Copied, here: list[str]) -> Iterator[TestResponse]:
    """Every address looked at, and its form sent empty and filled with garbage.

    `here` holds the declared title at the address that is being tried.
    """
    titles = {rule.rule: page.title for rule, page in pages.rules(site.app)}
    for state in STATES:
        made = site.world.states.get(state, NONE)
        for who in WHO:
            person = Person(site.app, made.cookies.get(who) or site.world.cookies.get(who, ""))
            for rule in rules_of(site.app, state):
                here[0] = titles.get(rule.rule, rule.rule)
                for address in addresses(site.world, state, rule, who):
                    page = person.ask("GET", address)
                    yield page
                    if "POST" in (rule.methods or set()):
                        yield person.ask("POST", address, {"csrf_token": person.csrf})
                        yield person.ask("POST", address, person.garbage(page))
                        if site.has_changed(made):
                            site.reopen()


def test_no_template_says_again_what_is_declared(site: Copied):
    declared = {page.title for page in pages.all_of(site.app).values() if page.title}
    again = [
        (path.name, line)
        for path in sorted(TEMPLATES.rglob("*.html"))
        for line in path.read_text().splitlines()
        for words in re.findall(r"\{\{ _\('([^']+)'\) \}\}</h1>|page_title = _\('([^']+)'", line)
        if declared & set(words)
    ]
    assert again == []
