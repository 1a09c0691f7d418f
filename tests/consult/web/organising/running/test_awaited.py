"""No page offers a button that would surely be refused: it says what is awaited, and from when."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from consult.commands.answers.letter_codes import issue_codes
from consult.commands.consultations.drafting import fix_terms
from consult.commands.consultations.opening import open_consultation
from consult.commands.results.counting import count_consultation, publish_results
from consult.services import Services
from events import Consultation
from events.consultations.terms import CountingTerms
from events.frameworks import framework_of, shipped
from tests.builders import (
    ORGANISER,
    RANKING,
    by_letter,
    close_consultation,
    consultation,
    draft,
    draw_lot,
    partnership,
    question,
)
from tests.conftest import only
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Page

pytestmark = only("sqlite")

LOT = {"order": CountingTerms("points-3", tie_chain=("lot",))}
TEXT = question("more", "text", "Anything else?")


@pytest.fixture
def organiser(app, services, home):
    return sign_in(app, services)


@pytest.fixture
def home(services):
    return partnership(services)


def buttons(page: Page) -> list[str]:
    """What can be pressed on a page, but for what is on every page."""
    main = next(page.tree.iter("main"))
    pressed = [each for each in main.iter() if "govuk-button" in each.get("class", "").split()]
    return [" ".join("".join(each.itertext()).split()) for each in pressed]


def links(page: Page) -> set[str]:
    return {each.get("href", "") for each in page.tree.iter("a")}


def closed_before_the_draw(services: Services) -> Consultation:
    """Closed, with a draw that takes place an hour later."""
    drafted = draft(services, RANKING, counting=LOT)
    terms = drafted.terms
    later = replace(terms.beacon, due_at=terms.closes_at + timedelta(hours=1))
    fix_terms(services, drafted.id, replace(terms, beacon=later), actor=ORGANISER)
    open_consultation(services, drafted.id, actor=ORGANISER)
    closed = close_consultation(services, drafted.id)
    services.clock.now = terms.closes_at
    services.catch_up()
    return closed


PLACES = ("", "count", "publish")


@pytest.mark.parametrize("place", PLACES)
def test_before_the_draw_its_day_stands_where_the_button_would(services, app, home, place):
    about = closed_before_the_draw(services)
    organiser = sign_in(app, services)
    page = organiser.open(f"/organise/c/{about.slug}/{place}")
    assert buttons(page) == []
    assert "The draw that decides ties is awaited: the county lottery" in page.words
    assert "16 November 2026, 10am. Enter it after that, then count and publish." in page.words


@pytest.mark.parametrize("place", PLACES)
def test_after_the_draw_the_way_to_enter_it_stands_where_the_button_would(
    services, app, home, place
):
    about = closed_before_the_draw(services)
    services.clock.move(hours=2)
    organiser = sign_in(app, services)
    page = organiser.open(f"/organise/c/{about.slug}/{place}")
    assert buttons(page) == ["Enter the draw"]
    assert f"/organise/c/{about.slug}/lot/drawn" in links(page)
    assert "has taken place: the county lottery" in page.words
    draw_lot(services, about.id)
    offered = buttons(organiser.open(f"/organise/c/{about.slug}/{place}"))
    assert offered == ["Publish the results" if place == "publish" else "Count"]


def test_what_is_counted_or_published_is_not_offered_again(services, app, home):
    about = consultation(services, RANKING, counting=LOT)
    close_consultation(services, about.id)
    draw_lot(services, about.id)
    organiser = sign_in(app, services)
    count_consultation(services, about.id, actor=ORGANISER)
    page = organiser.open("/organise/c/riverside/count")
    assert "It is counted already." in page.words
    assert page.address.endswith("/c/riverside/")
    page = organiser.open("/organise/c/riverside/lot/drawn")
    assert "the draw cannot be changed any more" in page.words
    publish_results(services, about.id, actor=ORGANISER)
    page = organiser.open("/organise/c/riverside/publish")
    assert "The results are published already." in page.words
    assert "Publish the results" not in buttons(page)


def test_counting_is_not_offered_where_no_rule_counts(services, organiser):
    about = consultation(services, TEXT)
    close_consultation(services, about.id)
    page = organiser.open("/organise/c/riverside/count")
    assert "No question of this consultation is counted by a rule." in page.words
    assert buttons(page) == ["Publish the results"]


def test_nothing_is_told_before_there_is_a_result(services, organiser):
    consultation(services)
    page = organiser.open("/organise/c/riverside/follow-ups/new")
    assert "Publish the results first." in page.words
    assert page.address.endswith("/c/riverside/")


def test_a_batch_is_not_stopped_after_closing(services, organiser):
    about = by_letter(services)
    batch = issue_codes(services, about.id, 3, actor=ORGANISER).batch_id
    address = f"/organise/c/riverside/codes/{batch}/stop"
    assert "Stop the batch" in buttons(organiser.open(address))
    close_consultation(services, about.id)
    assert "Stop the batch" not in buttons(organiser.open(address))


def test_a_draft_that_time_has_overtaken_says_what_to_change(services, app, home, monkeypatch):
    drafted = draft(services, RANKING, counting=LOT, days=30)
    monkeypatch.setitem(shipped(), "short", framework_of("local-agreement"))
    organiser = sign_in(app, services)
    assert "Open it now" in buttons(organiser.open("/organise/c/riverside/open"))
    services.clock.move(days=3)
    organiser = sign_in(app, services)
    page = organiser.open("/organise/c/riverside/open")
    assert "People need at least 28 days. Choose a later closing time." in page.words
    assert buttons(page) == []
    assert "/organise/c/riverside/terms/#closes" in links(page)
    services.clock.now = drafted.terms.beacon.due_at
    organiser = sign_in(app, services)
    page = organiser.open("/organise/c/riverside/")
    assert "is not later than the opening" in page.words
    assert "/organise/c/riverside/lot/#due" in links(page)


def test_an_export_is_offered_from_when_it_can_be_made(services, organiser):
    about = consultation(services, TEXT)
    export = "/organise/c/riverside/export/"
    places = ("", "written/", "export/")
    for place in places:
        page = organiser.open(f"/organise/c/riverside/{place}")
        assert export not in links(page), place
        assert "Answers can be exported after it has closed" in page.words or place == "written/"
    closes = "from 16 November 2026"
    assert closes in organiser.open("/organise/c/riverside/").words
    close_consultation(services, about.id)
    for place in places:
        assert export in links(organiser.open(f"/organise/c/riverside/{place}")), place
