"""Between the closing time and the recorded closing no page says that people still answer."""

from datetime import timedelta

import pytest

from consult.commands.consultations.opening import pause_consultation
from tests.builders import ORGANISER, RANKING, consultation, words
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Page

STILL_OPEN = ("People are still answering", "It closes on", "is paused, so there is no result yet")
ONLY_WHILE_OPEN = ("Give people more time", "Pause it", "Let it go on", "Print a poster")


@pytest.fixture(params=["open", "paused"])
def overdue(request, services, clock):
    asked = consultation(services, RANKING)
    if request.param == "paused":
        pause_consultation(services, asked.id, reason=words("A fault"), actor=ORGANISER)
        services.catch_up()
    clock.now = asked.terms.closes_at + timedelta(seconds=1)
    return asked


def test_the_page_of_results_says_that_it_has_closed(overdue, client):
    page = Page(client.get("/c/riverside/results")).words
    assert "has closed and the result is not published yet" in page
    assert not [each for each in STILL_OPEN if each in page]


def test_organisers_are_offered_nothing_that_would_be_refused(app, services, overdue):
    page = sign_in(app, services).open("/organise/c/riverside/").words
    assert "Its time is up" in page
    assert not [each for each in ONLY_WHILE_OPEN if each in page]


def test_no_list_calls_it_open(app, services, overdue, client):
    staff = sign_in(app, services)
    assert "Open now" not in staff.open("/organise/").words
    scrutiny = sign_in(app, services, role="scrutiny", email="eve@example.org")
    assert "Closed Closed 16 November" in scrutiny.open("/scrutiny/").words
    assert "State Closed" in scrutiny.open("/scrutiny/riverside/").words
    assert client.get("/c/riverside/poster.pdf").status_code == 404
    assert "Nothing is open at the moment" in Page(client.get("/")).words


def test_before_that_they_are(app, services, client):
    consultation(services, RANKING)
    assert "People are still answering" in Page(client.get("/c/riverside/results")).words
    assert "Give people more time" in sign_in(app, services).open("/organise/c/riverside/").words
