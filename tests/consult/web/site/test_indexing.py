"""What caches may keep and search engines may list, route by route, from a list that is frozen.

A new route fails here until somebody has said which it is: add it to
tests/golden/caching.json.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import hatch_build
from consult.config import Config
from consult.demo import fund, libraries
from consult.demo.seed import open_stage, seed
from consult.demo.stage import Stage
from consult.web import create_app
from consult.wording.catalogue import ROOT

OPEN, PUBLISHED = fund.SLUG, libraries.SLUG
SITE = "https://haveyoursay.ashenmoor.example"
OF_STAFF = ("/organise", "/assist", "/scrutiny")
GOLDEN = Path(__file__).parents[3] / "golden" / "caching.json"
FILLED = {
    "path": "style.css",
    "version": "x",
    "token": "x" * 24,
    "id": "00000000-0000-0000-0000-000000000000",
}


@pytest.fixture(scope="module")
def stage(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    hatch_build.build(ROOT)
    files = tmp_path_factory.mktemp("demo") / "files"
    config = Config(database_url=module_database_url, public_url=SITE, files_folder=files)
    played = open_stage(config)
    seed(played)
    played.services.catch_up()
    yield played
    played.services.close()


@pytest.fixture(scope="module")
def browser_of(stage: Stage) -> FlaskClient:
    return create_app(stage.services).test_client()


def address(rule: Any, slug: str) -> str:
    def fill(found: re.Match[str]) -> str:
        kind, _, name = found[1].rpartition(":")
        if kind == "uuid":
            return FILLED["id"]
        return slug if name == "slug" else FILLED.get(name, "1")

    return re.sub(r"<([^>]+)>", fill, rule.rule)


def found(browser: FlaskClient) -> dict[str, str]:
    """What every page that can be opened answers: "route (state)" -> status, cache, robots."""
    answers = {}
    for rule in sorted(browser.application.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" not in rule.methods:
            continue
        states = {"open": OPEN, "published": PUBLISHED} if "slug" in rule.arguments else {"": ""}
        for state, slug in states.items():
            response = browser.get(address(rule, slug), base_url=SITE)
            kept = response.headers.get("Cache-Control", "nothing said")
            robots = response.headers.get("X-Robots-Tag", "listed")
            name = f"{rule.rule} ({state})" if state else rule.rule
            answers[name] = f"{response.status_code}; {kept}; {robots}"
    return answers


def of_staff(route: str) -> bool:
    return route.startswith(OF_STAFF)


def test_every_route_keeps_to_what_was_decided_for_it(browser_of):
    decided = json.loads(GOLDEN.read_text())
    answered = {name: is_ for name, is_ in found(browser_of).items() if not of_staff(name)}
    different = {
        name: (decided.get(name), answer)
        for name, answer in answered.items()
        if decided.get(name) != answer
    }
    assert not different, f"decide, and say so in {GOLDEN.name}"
    assert set(decided) == set(answered), "a route that is gone is in the list"


def test_no_page_of_staff_is_shown_kept_or_listed_to_others(browser_of):
    answered = {name: is_ for name, is_ in found(browser_of).items() if of_staff(name)}
    assert len(answered) > 20
    assert set(answered.values()) == {"303; no-store; noindex"}


def test_nothing_that_belongs_to_one_person_or_is_not_final_is_kept_or_listed():
    decided = json.loads(GOLDEN.read_text())
    private = re.compile(
        r"^/(receipt|sign-in|confirm|stop|outbox)|/c/<slug>/(receipt|check|sent|updates)"
        r"|results \(open\)|results\.\w+ \(open\)|embed \(open\)|what-we-did \(open\)"
    )
    for route, answer in decided.items():
        if private.search(route):
            _status, kept, robots = answer.split("; ")
            assert "public" not in kept, route
            assert robots == "noindex", route


def test_listed_pages_name_their_one_address_and_the_same_in_other_languages(browser_of):
    page = browser_of.get(f"/cy/c/{PUBLISHED}/results?as_at=x").text
    assert f'<link rel="canonical" href="{SITE}/cy/c/{PUBLISHED}/results">' in page
    assert f'hreflang="en" href="{SITE}/c/{PUBLISHED}/results">' in page
    assert f'hreflang="x-default" href="{SITE}/c/{PUBLISHED}/results">' in page
    assert "canonical" not in browser_of.get("/receipt").text


def test_robots_find_no_way_into_private_pages_in_either_language(browser_of):
    lines = browser_of.get("/robots.txt").text.splitlines()
    for path in ("/organise", "/receipt", "/sign-in", "/stop/", "/confirm/"):
        assert f"Disallow: {path}" in lines
        assert f"Disallow: /cy{path}" in lines


def test_the_map_of_the_site_names_pages_that_are_there_and_may_be_listed(browser_of):
    answer = browser_of.get("/sitemap.xml")
    named = re.findall(r"<loc>([^<]+)</loc>", answer.text)
    assert f"{SITE}/cy/c/{PUBLISHED}/results" in named
    assert f"{SITE}/c/{OPEN}" in named
    assert f"{SITE}/c/{OPEN}/results" not in named
    assert len(set(named)) == len(named)
    assert f"Sitemap: {SITE}/sitemap.xml" in browser_of.get("/robots.txt").text
    for address in named:
        page = browser_of.get(address.removeprefix(SITE))
        assert page.status_code == 200, address
        assert "X-Robots-Tag" not in page.headers, address


def test_a_shared_link_has_a_title_a_sentence_and_a_picture(browser_of):
    page = browser_of.get(f"/c/{PUBLISHED}/results").text
    (picture,) = re.findall(r'property="og:image" content="([^"]+)"', page)
    assert picture == f"{SITE}/c/{PUBLISHED}/results.png"
    drawn = browser_of.get(picture.removeprefix(SITE))
    assert drawn.data[:8] == b"\x89PNG\r\n\x1a\n"
    assert (drawn.data[16:20], drawn.data[20:24]) == (b"\0\0\x04\xb0", b"\0\0\x02\x76")
    assert browser_of.get(f"/c/{OPEN}/results.png").status_code == 404
    assert browser_of.get(f"/c/{OPEN}/picture.png").status_code == 200


def test_a_panel_may_be_shown_anywhere_and_is_small_and_has_nothing_to_steal(browser_of):
    fresh = browser_of.application.test_client()
    panel = fresh.get(f"/c/{PUBLISHED}/embed")
    assert "frame-ancestors *" in panel.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in panel.headers
    for absent in ("<script", "<form", "style=", "<img"):
        assert absent not in panel.text
    assert "came first, chosen in 517 of 1,204" in panel.text
    assert len(panel.data) < 5_000
    others = [f"/c/{PUBLISHED}/results", f"/c/{PUBLISHED}", "/", f"/c/{OPEN}/embed"]
    for page in others:
        assert "frame-ancestors 'none'" in fresh.get(page).headers["Content-Security-Policy"]
    assert fresh.get(f"/c/{OPEN}/embed").status_code == 404
    results = browser_of.get(f"/c/{PUBLISHED}/results").text
    assert f"&lt;iframe src=&#34;{SITE}/c/{PUBLISHED}/embed&#34;" in results.replace('"', "&#34;")
