"""A web host whose clock is hours wrong shows what a right one shows and the store decides."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
from flask import Flask, session

from consult.services import Services
from consult.web import create_app
from events import Consultation
from tests.builders import Clock, consultation, question
from tests.consult.web.organisers import link_for
from tests.consult.web.residents import Page, Resident

VISIT = question("visit", "single", "How often do you visit?", "Daily", "Weekly")
PAGES = (
    "/",
    "/cy/",
    "/c/riverside",
    "/cy/c/riverside",
    "/c/riverside/all",
    "/c/riverside/q/visit",
    "/c/riverside/check",
    "/c/riverside/results",
    "/c/riverside/share",
    "/c/riverside/embed",
    "/c/riverside/count",
    "/c/riverside/updates",
    "/feed.atom",
)
BEFORE, AFTER = timedelta(hours=-1), timedelta(hours=1)


@pytest.fixture
def about(services: Services) -> Consultation:
    return consultation(services, VISIT)


@pytest.fixture
def hosts(
    services: Services, clock: Clock, about: Consultation, monkeypatch
) -> Iterator[dict[int, Flask]]:
    """Web hosts over the same store, by how many hours their own clocks are wrong."""
    monkeypatch.setattr("consult.web.consultation_lookup.FRESH_SECONDS", -1.0)
    with ExitStack() as opened:

        def host(hours: int) -> Flask:
            def wrong() -> datetime:
                return clock() + timedelta(hours=hours)

            one = Services.open(services.config, clock, has_background=True, host=wrong)
            opened.callback(one.close)
            return create_app(one)

        yield {hours: host(hours) for hours in (-2, 0, 2)}


def shown(app: Flask, address: str) -> tuple[int, str]:
    page = Page(app.test_client().get(address, follow_redirects=True))
    main = page.tree.find(".//main")
    return page.status, page.text if main is None else page.words


def at(clock: Clock, about: Consultation, before_or_after: timedelta) -> None:
    assert about.terms is not None
    clock.now = about.terms.closes_at + before_or_after


@pytest.mark.parametrize("when", [BEFORE, AFTER])
@pytest.mark.parametrize("hours", [-2, 2])
def test_every_page_says_the_same_as_on_a_host_that_is_right(
    hosts, about, clock, hours: int, when: timedelta
):
    at(clock, about, when)
    differing = [
        address for address in PAGES if shown(hosts[hours], address) != shown(hosts[0], address)
    ]
    assert not differing


@pytest.mark.parametrize("hours", [-2, 0, 2])
def test_an_hour_before_the_end_people_are_asked_and_their_answers_taken(
    hosts, about, clock, services, hours: int
):
    at(clock, about, BEFORE)
    person = Resident(hosts[hours].test_client())
    assert "Start now" in person.open("/c/riverside").words
    checked = person.send(person.open("/c/riverside/all"), q__visit="d")
    sent = checked if checked.heading == "Answers sent" else person.send(checked)
    assert sent.heading == "Answers sent", sent.words
    assert "Closes" in person.open("/c/riverside").words


@pytest.mark.parametrize("hours", [-2, 0, 2])
def test_an_hour_after_the_end_nobody_is_asked_and_nothing_is_taken(
    hosts, about, clock, services, hours: int
):
    at(clock, about, BEFORE)
    person = Resident(hosts[hours].test_client())
    form = person.open("/c/riverside/all")
    at(clock, about, AFTER)
    start = person.open("/c/riverside")
    assert "Start now" not in start.words
    assert "Closed" in start.words
    head = services.record.head()
    late = person.send(form, q__visit="d")
    assert "Answers sent" not in late.words
    assert services.record.head() == head


def test_who_signs_in_at_one_host_is_signed_in_at_every_host_whose_clock_is_wrong(
    hosts, about, services
):
    ahead = Resident(hosts[2].test_client())
    ahead.send(ahead.open(link_for(services)))
    cookie = ahead.client.get_cookie("folkmoot")
    assert cookie is not None
    for app in hosts.values():
        other = Resident(app.test_client())
        other.client.set_cookie("folkmoot", cookie.value)
        assert "Riverside Park" in other.open("/organise/").words


def test_a_cookie_of_a_moment_later_is_no_stranger(app, services, clock, about):
    """Two hosts whose measurements differ by some milliseconds share every cookie."""
    person = Resident(app.test_client())
    clock.move(seconds=1)
    person.open("/c/riverside/all")
    before = person.client.get_cookie("folkmoot").value
    clock.move(seconds=-1)
    person.open("/c/riverside/all")
    assert person.client.get_cookie("folkmoot").value == before
    clock.move(days=181)
    with app.test_request_context(headers={"Cookie": f"folkmoot={before}"}):
        assert not dict(session), "one that is too old is nobody's"
