"""Passing it on: the page, the posters in one language and in both, and the results on paper."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

import hatch_build
from consult.config import Config
from consult.demo import fund, libraries
from consult.demo.seed import open_stage, seed
from consult.demo.stage import Stage
from consult.web import create_app
from consult.wording.catalogue import ROOT

FUND, LIBRARIES = fund.SLUG, libraries.SLUG
SITE = "https://haveyoursay.ashenmoor.example"


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


def read(browser: FlaskClient, address: str) -> tuple[PdfReader, str]:
    response = browser.get(address)
    assert response.status_code == 200, address
    assert response.content_type == "application/pdf"
    pdf = PdfReader(BytesIO(response.data))
    return pdf, " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_a_poster_is_one_sheet_that_says_what_until_when_and_where(browser_of):
    pdf, words = read(browser_of, f"/c/{FUND}/poster.pdf")
    assert len(pdf.pages) == 1
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    assert pdf.metadata.title == "The Three Wards Fund"
    for said in (
        "Ashenmoor Together",
        "The Three Wards Fund",
        "Help to decide how £250,000 is spent",
        "Closes ",
        "You can ask for: a paper copy, large print, help by telephone",
        "Ask us: 01632 960 411",
        "haveyoursay.ashenmoor.example/c/three-wards-fund",
    ):
        assert said in words


def test_a_poster_in_both_languages_is_still_one_sheet(browser_of):
    pdf, words = read(browser_of, f"/cy/c/{FUND}/poster-both.pdf")
    assert len(pdf.pages) == 1
    assert pdf.trailer["/Root"]["/Lang"] == "cy"
    assert words.index("Cronfa’r Tair Ward") < words.index("The Three Wards Fund")
    assert "haveyoursay.ashenmoor.example/cy/c/three-wards-fund" in words
    assert "haveyoursay.ashenmoor.example/c/three-wards-fund" in words


def test_the_page_to_pass_on_leads_to_the_posters(browser_of):
    page = browser_of.get(f"/c/{FUND}/share").text
    assert f"/c/{FUND}/poster.pdf" in page
    assert f"/c/{FUND}/poster-both.pdf" in page
    assert f"{SITE}/c/{FUND}" in page
    assert f"/c/{FUND}/share" in browser_of.get(f"/c/{FUND}").text


def test_what_has_closed_is_not_advertised(browser_of):
    assert browser_of.get(f"/c/{LIBRARIES}/poster.pdf").status_code == 404
    assert "poster" not in browser_of.get(f"/c/{LIBRARIES}/share").text
    assert f"/c/{LIBRARIES}/share" not in browser_of.get(f"/c/{LIBRARIES}").text


def test_results_on_paper_say_what_the_page_says_with_the_same_numbers(browser_of):
    _pdf, words = read(browser_of, f"/c/{LIBRARIES}/results.pdf")
    for said in (
        "Shorter staffed hours in all eight came first, chosen in 517 of 1,204",
        "without them, Long self-service hours with fewer staffed would have come first",
        "Who took part",
        "Anyone can count this again.",
        f"haveyoursay.ashenmoor.example/c/{LIBRARIES}/count",
        "sha256:",
    ):
        assert said in words


def test_results_on_paper_are_the_same_bytes_and_only_of_what_is_published(browser_of):
    first = browser_of.get(f"/cy/c/{LIBRARIES}/results.pdf")
    again = browser_of.get(
        f"/cy/c/{LIBRARIES}/results.pdf", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    assert PdfReader(BytesIO(first.data)).trailer["/Root"]["/Lang"] == "cy"
    assert browser_of.get(f"/c/{FUND}/results.pdf").status_code == 404
