"""The list of consultations."""

import pytest

from consult.commands.results.counting import publish_results
from events.question import Option, Question
from tests.builders import (
    ORGANISER,
    close_consultation,
    consultation,
    draft,
    partnership,
    question,
    words,
)


def names(page):
    return [link for link in page.links() if link.startswith("/c/")]


def test_nothing_open_is_said_plainly(services, resident):
    partnership(services)
    services.catch_up()
    assert "Nothing is open at the moment." in resident.open("/").words


def test_what_is_open_comes_before_what_has_closed_and_drafts_stay_hidden(services, resident):
    old = consultation(services, slug="old")
    consultation(services, slug="new")
    draft(services, slug="secret")
    close_consultation(services, old.id, actor=ORGANISER)
    services.catch_up()
    page = resident.open("/")
    assert [link for link in names(page) if "results" not in link] == ["/c/new", "/c/old"]
    assert "The results are not published yet." in page.words
    assert resident.open("/c/secret").status == 404
    publish_results(services, old.id, actor=ORGANISER)
    services.catch_up()
    assert "With results" in resident.open("/").words


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("q=riverside", ["/c/park", "/c/towpath"]),
        ("q=LIGHTS", ["/c/towpath"]),
        ("q=golau", ["/c/towpath"]),
        ("q=riverside+swings", ["/c/park"]),
        ("q=zebra", []),
        ("ward=W03", ["/c/park", "/c/towpath"]),
        ("ward=W09", ["/c/park"]),
        ("ward=nowhere%00", ["/c/park"]),
        ("q=" + "x" * 10_000, []),
    ],
)
def test_a_consultation_is_found_by_words_or_by_ward(services, resident, search, found):
    consultation(services, question("a", "single", "Which?", "Swings", "Trees"), slug="park")
    lights = Option("l", {"en": "Lights", "cy": "Goleuadau: gôlau"}, ward="W03")
    path = Question("p", "single", words("What?"), options=(lights, Option("n", words("No"))))
    consultation(services, path, slug="towpath", wards=True)
    page = resident.open(f"/?{search}")
    assert sorted(names(page)) == found
    assert not page.faults


def test_the_first_page_is_there_in_welsh(services, resident):
    consultation(services)
    page = resident.open("/cy/")
    assert "/cy/c/riverside" in page.links()
    assert "Riverside Park (cy)" in page.words
