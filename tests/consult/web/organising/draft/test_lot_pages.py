"""Organisers name the draw that decides ties, and enter what was drawn; everybody can read it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from consult.commands.consultations.drawing import drand_round, enter_draw, name_beacon
from consult.commands.consultations.opening import open_consultation
from consult.commands.results.counting import publish_results
from consult.services import Services
from events import Consultation
from events.consultations.beacon import QUICKNET, DrawnTwice
from tests.builders import NUMBERS, ORGANISER, RANKING, Clock, consultation, draft
from tests.consult.commands.consultations.test_drawing import (
    DUE,
    PUBLISHED,
    ROUND,
    VALUE,
    relay,
    sends,
)
from tests.consult.web.organisers import Organiser, sign_in
from tests.consult.web.residents import Page, form_values
from tests.events.consultations.test_beacon import LOT, closed

TASKS = "/organise/c/riverside/"


def lot_of(services: Services) -> Any:
    [page] = [one for one in _consultations(services) if one.slug == "riverside"]
    return services.record.get(Consultation, page.id).lot


def _consultations(services: Services) -> list[Any]:
    from projections.consultations import Consultations
    from projections.partnerships import Partnerships

    services.catch_up()
    with services.views.connect() as db:
        home = services.views.reader(Partnerships).all(db)[0]
        return services.views.reader(Consultations).of_partnership(db, home.id)


def test_the_numbers_are_entered_after_the_draw_and_shown_to_everybody(
    app: Flask, services: Services
):
    ended = closed(services)
    organiser = sign_in(app, services)
    page = organiser.open(TASKS)
    assert "the county lottery, all balls" in page.words
    assert f"{TASKS}count" not in page.links(), "nothing is counted before the draw"
    page = organiser.open(f"{TASKS}lot/drawn")
    assert [field for field, _ in organiser.send(page).summary] == ["numbers", "source"]
    page = organiser.send(page, numbers="12 45", source="https://lottery.example")
    assert "at least five" in page.summary[0][1]
    page = organiser.send(page, numbers="12, 45, 3, 17, 50 & 8", source="https://lottery.example")
    assert "at least five" in page.summary[0][1]
    page = organiser.send(page, numbers="12,45,3,17,50,08", source="https://lottery.example")
    assert NUMBERS in page.words
    assert f"{TASKS}count" in page.links()
    publish_results(services, ended.id, actor=ORGANISER)
    services.catch_up()
    public = Page(app.test_client().get("/c/riverside/count"))
    assert f"What was drawn: {NUMBERS}. Look it up: https://lottery.example." in public.words
    assert "Show the order of the lot" in public.words
    assert "--lot" in public.words
    welsh = Page(app.test_client().get("/cy/c/riverside/count"))
    assert "loteri'r sir, pob pêl" in welsh.words
    result = Page(app.test_client().get("/c/riverside/results"))
    assert "it comes from a public draw after the options were fixed" in result.words


def test_a_number_that_stands_twice_is_asked_about_once(app: Flask, services: Services):
    closed(services)
    organiser = sign_in(app, services)
    page = organiser.open(f"{TASKS}lot/drawn")
    assert "drawn twice" not in page.words
    head = services.record.head()
    page = organiser.send(page, numbers="5 5 5 5 5 5", source="https://lottery.example")
    [(field, says)] = page.summary
    assert field == "repeated"
    assert "The number 5 stands twice among these" in says
    assert services.record.head() == head, "nothing was entered"
    page = organiser.send(page, repeated="yes")
    assert "5 5 5 5 5 5" in page.words
    assert services.record.head() == head + 1


def test_the_command_asks_the_same(services: Services):
    ended = closed(services)
    given = {"numbers": "12 45 3 12 50 8", "source": "The Gazette", "actor": ORGANISER}
    with pytest.raises(DrawnTwice) as refused:
        enter_draw(services, ended.id, **given)
    assert "The number 12 stands twice" in str(refused.value)
    lot = enter_draw(services, ended.id, **given, is_repeated=True).lot
    assert lot is not None
    assert lot.value == given["numbers"]


def test_a_correction_asks_why_it_takes_the_place_of_what_was_entered(
    app: Flask, services: Services
):
    closed(services)
    organiser = sign_in(app, services)
    page = organiser.open(f"{TASKS}lot/drawn")
    assert "take the place" not in page.words
    organiser.send(page, numbers=NUMBERS, source="https://lottery.example")
    page = organiser.open(f"{TASKS}lot/drawn")
    assert "Why these take the place of what was entered before" in page.words
    assert "than the terms name" not in page.words


def test_before_the_draw_the_page_says_when_it_is(app: Flask, services: Services):
    consultation(services, RANKING, counting=LOT)
    organiser = sign_in(app, services)
    assert f"{TASKS}lot/drawn" not in organiser.open(TASKS).links()
    page = organiser.open(f"{TASKS}lot/drawn")
    assert "Come back after it" in page.words
    public = Page(app.test_client().get("/c/riverside/count"))
    assert "The draw has not been entered yet." in public.words


def test_a_correction_asks_for_its_reason_in_every_language(app: Flask, services: Services):
    closed(services)
    organiser = sign_in(app, services)
    given = {"numbers": "1 2 3 4 5", "source": "The Gazette"}
    organiser.send(organiser.open(f"{TASKS}lot/drawn"), **given)
    page = organiser.open(f"{TASKS}lot/drawn")
    assert f"{TASKS}lot/drawn" in organiser.open(TASKS).links()
    page = organiser.send(page, numbers=NUMBERS, source="The Gazette")
    assert "say in every language why it is another one" in page.summary[0][1]
    page = organiser.send(page, reason__en="Misread", reason__cy="Camddarllen")
    assert lot_of(services).value == NUMBERS
    assert f"{TASKS}lot/drawn" not in organiser.open(TASKS).links(), "it is corrected once"
    public = Page(app.test_client().get("/c/riverside/count"))
    assert "Why: Misread" in public.words


@pytest.fixture
def by_drand(services: Services, clock: Clock) -> Consultation:
    clock.now = DUE - timedelta(minutes=5, microseconds=123_456)
    ready = draft(services, RANKING, counting=LOT)
    name_beacon(services, ready.id, drand_round(DUE), actor=ORGANISER)
    opened = open_consultation(services, ready.id, actor=ORGANISER)
    services.catch_up()
    clock.now = DUE + timedelta(seconds=2)
    return opened


def test_a_round_is_fetched_by_pressing_a_button(
    app: Flask, services: Services, by_drand: Consultation
):
    organiser = sign_in(app, services)
    page = organiser.open(f"{TASKS}lot/drawn")
    assert f"{QUICKNET.hash}/public/{ROUND}" in page.words
    with relay(sends(PUBLISHED)) as address:
        services.config = replace(services.config, drand_url=address)
        page = organiser.send(page)
    assert page.address == TASKS
    assert lot_of(services).value == VALUE


def test_without_the_network_what_was_copied_is_checked_and_entered(
    app: Flask, services: Services, by_drand: Consultation
):
    services.config = replace(services.config, drand_url="http://127.0.0.1:9")
    organiser = sign_in(app, services)
    page = organiser.open(f"{TASKS}lot/drawn")
    refused = organiser.send(page)
    assert "copy what the network publishes for round 123" in refused.summary[0][1]
    wrong = organiser.send(page, published=PUBLISHED.replace("b75c", "a75c"))
    assert "does not confirm this" in wrong.summary[0][1]
    organiser.send(page, published=PUBLISHED)
    assert lot_of(services).value == VALUE


def test_another_draw_is_asked_for_its_numbers_where_only_its_source_is_written(
    app: Flask, services: Services, by_drand: Consultation
):
    organiser = sign_in(app, services)
    address = f"{TASKS}lot/drawn"
    page = organiser.open(address)
    other = next(form for form in page.tree.iter("form") if "numbers" in form_values(form))
    typed = form_values(other)
    typed["source"] = "The Gazette"
    back = Page(organiser.client.post(address, data=typed))
    assert back.status == 422
    assert ("numbers", "Write the numbers drawn.") in back.summary
    unfolded = [each for each in back.tree.iter("details") if each.get("open") is not None]
    assert ["The Gazette" in str(list(form_values(each).values())) for each in unfolded] == [True]
    assert lot_of(services) is None


def test_who_enters_a_draw_that_somebody_has_entered_is_led_to_what_stands(
    app: Flask, services: Services
):
    closed(services)
    organiser = sign_in(app, services)
    page = organiser.open(f"{TASKS}lot/drawn")
    how = {"source": "The Gazette", "reason__en": "Misread", "reason__cy": "Camddarllen"}
    first = [organiser.send(page, numbers="1 2 3 4 5", source="The Gazette") for _ in range(2)]
    assert [each.address for each in first] == [TASKS, TASKS]
    same = organiser.send(page, numbers="1 2 3 4 5", source="The Gazette", command="x" * 16)
    assert same.address == TASKS
    correction = organiser.open(f"{TASKS}lot/drawn")
    organiser.send(correction, numbers=NUMBERS, **how)
    late = organiser.send(correction, numbers="9 8 7 6 5", **how, command="y" * 16)
    assert late.address == TASKS
    assert "The draw was replaced once already" in late.words
    assert lot_of(services).value == NUMBERS


def test_a_past_draw_cannot_be_named(app: Flask, services: Services, clock: Clock):
    draft(services, RANKING, counting=LOT)
    organiser: Organiser = sign_in(app, services)
    page = organiser.open(f"{TASKS}lot/")
    page = organiser.send(page, due__year="2025")
    assert page.summary == [("due", "That time has passed. Choose a later one.")]
