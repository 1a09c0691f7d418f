"""What is published is published everywhere, also where no rule counts anything."""

import csv
import io

import pytest

from tests.conftest import only
from tests.kinds import KINDS, TITLES, from_draft_to_published

pytestmark = only("sqlite")
PLACES = ("", "/what-we-did", "/count", "/embed", "/results")


@pytest.mark.parametrize("people", [0, 6])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_alone_ends_in_published_on_every_page(services, resident, kind, people):
    from_draft_to_published(services, kind, people=people)
    for place in PLACES:
        page = resident.open(f"/c/riverside{place}")
        assert page.status == 200
        assert "not published yet" not in page.words, place
        empty = [each for name in ("ul", "ol") for each in page.tree.iter(name) if not len(each)]
        assert not empty, f"a list of nothing on {place}"
    home = resident.open("/").words
    assert "With results" in home
    assert "not published yet" not in home
    assert "Riverside Park" in resident.open("/results").words
    assert "Results: Riverside Park" in resident.client.get("/feed.atom").get_data(as_text=True)
    for name in ("results.csv", "results.json", "results.pdf", "results.png"):
        assert resident.client.get(f"/c/riverside/{name}").status_code == 200, name


def rows_of(resident):
    text = resident.client.get("/c/riverside/results.csv").get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("people", [0, 3, 6])
def test_every_question_is_named_on_the_page_in_files_and_in_the_panel(services, resident, people):
    from_draft_to_published(services, *KINDS, people=people)
    page = resident.open("/c/riverside/results").words
    panel = resident.client.get("/c/riverside/embed").get_data(as_text=True)
    rows = rows_of(resident)
    document = resident.client.get("/c/riverside/results.json").get_json()
    for kind in KINDS:
        assert TITLES[kind] in page
        assert TITLES[kind] in panel
        assert f"q-{kind}" in {row["question"] for row in rows}
    assert [each["kind"] for each in document["tallies"]["questions"]] == list(KINDS)


def test_words_and_files_are_numbered_and_never_shown(services, resident):
    from_draft_to_published(services, "text", "file", people=6)
    page = resident.open("/c/riverside/results").words
    assert "Written answers: 6. The words themselves are not published." in page
    assert "Answers with a file: 6. The files themselves are not published." in page
    panel = resident.client.get("/c/riverside/embed").get_data(as_text=True)
    assert "Written answers: 6." in panel
    for place in ("results", "embed", "results.csv", "results.json", "count"):
        assert "Words of resident" not in resident.client.get(f"/c/riverside/{place}").text
    numbers = [(row["question"], row["option"], row["number"]) for row in rows_of(resident)]
    assert numbers == [("q-text", "answered", "6"), ("q-file", "answered", "6")]


def test_few_who_wrote_are_fewer_than_five(services, resident):
    from_draft_to_published(services, "text", "single", people=3)
    page = resident.open("/c/riverside/results").words
    assert "Written answers: fewer than 5." in page
    assert "Too few people answered to show numbers." in page


def test_nobody_answered_is_said_of_each_question(services, resident):
    from_draft_to_published(services, "text", "file", "single", people=0)
    page = resident.open("/c/riverside/results").words
    for words in ("Nobody wrote anything.", "Nobody attached a file.", "Nobody answered"):
        assert words in page


def test_in_welsh_too(services, resident):
    from_draft_to_published(services, "text", "single", people=6)
    page = resident.open("/cy/c/riverside/results").words
    assert "Written answers" not in page
    assert f"{TITLES['single']} (cy)" in page
