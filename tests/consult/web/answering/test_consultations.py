"""The start page of a consultation."""

from consult.commands.consultations.opening import (
    pause_consultation,
    resume_consultation,
    withdraw_consultation,
)
from tests.builders import ORGANISER, RANKING, close_consultation, consultation, words


def test_the_start_page_says_what_a_person_needs_to_know(services, resident):
    consultation(services)
    page = resident.open("/c/riverside")
    assert page.heading == "Riverside Park"
    for told in (
        "Tell us more.",
        "about 5 minutes",
        "Closes 16 November 2026, 9am",
        "Who can take part Anyone who lives here",
        "Who decides The council decides",
        "you get a receipt",
        "You can ask for: a paper copy, help by telephone, help at a place near you.",
        "Help and contact",
        "You do not need an account.",
    ):
        assert told in page.words
    assert "/c/riverside/q/order" in page.links()
    assert "/c/riverside/all" in page.links()


def test_the_start_page_says_how_it_is_counted_and_what_decides_ties(services, resident):
    consultation(services)
    page = resident.open("/c/riverside")
    assert page.faults == []
    for told in ("How it is counted", "A first place earns 3 points", "When options are level"):
        assert told in page.words
    assert "/c/riverside/count" in page.links()
    assert "Sut y caiff ei gyfrif" in resident.open("/cy/c/riverside").words


def test_in_a_pause_the_start_page_says_so_with_its_reason_and_keeps_what_was_typed(
    services, resident
):
    opened = consultation(services)
    typed = resident.open("/c/riverside/q/order")
    pause_consultation(services, opened.id, reason=words("Wrong leaflet"), actor=ORGANISER)
    services.catch_up()
    page = resident.send(typed, q__order=["a"])
    assert page.status == 409
    assert "They are kept on this device" in page.words
    page = resident.open("/c/riverside")
    assert (page.status, page.faults) == (200, [])
    assert "This consultation is paused." in page.words
    assert "Reason: Wrong leaflet" in page.words
    assert "has closed" not in page.words
    resume_consultation(services, opened.id, actor=ORGANISER)
    services.catch_up()
    assert "Allotments" in resident.open("/c/riverside/check").words


def test_after_closing_nobody_can_start(services, resident):
    opened = consultation(services)
    close_consultation(services, opened.id, actor=ORGANISER)
    services.catch_up()
    page = resident.open("/c/riverside")
    assert "This consultation has closed." in page.words
    assert "/c/riverside/q/order" not in page.links()
    assert resident.open("/c/riverside/q/order").address == "/c/riverside"


def test_a_consultation_that_was_stopped_says_so(services, resident):
    opened = consultation(services)
    withdraw_consultation(services, opened.id, reason=words("Mistake"), actor=ORGANISER)
    services.catch_up()
    assert "was stopped" in resident.open("/c/riverside").words


def test_a_person_who_has_sent_is_led_to_change_or_to_make_room(services, resident):
    consultation(services)
    resident.send(resident.open("/c/riverside/all"), q__order=["a"])
    page = resident.open("/c/riverside")
    assert "You sent your answers from this device on 2 November 2026, 9am." in page.words
    begun = resident.send(page)  # the green button
    assert begun.address == "/c/riverside/q/order"
    assert "You are changing answers" in begun.words


def test_nothing_about_the_running_vote_shows_before_closing(services, resident):
    consultation(services)
    before = [resident.open(path).words for path in ("/", "/c/riverside")]
    for person in range(3):
        resident.client.delete_cookie("folkmoot")
        resident.send(resident.open("/c/riverside/all"), q__order=["abc"[person]])
    resident.client.delete_cookie("folkmoot")
    services.catch_up()
    assert [resident.open(path).words for path in ("/", "/c/riverside")] == before
    assert RANKING.options[0].title["en"] not in before[1]
