"""How a count stood earlier is shown only where that tells nothing of few people's answers."""

from itertools import pairwise

import pytest

from consult.commands.results.counting import publish_results
from tests.builders import ORGANISER, close_consultation, consultation
from tests.consult.sealing.audits import answer
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Resident

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def about(services, clock):
    """Thirty-two answer, one every six hours."""
    opened = consultation(services)
    for number in range(32):
        clock.move(hours=6)
        answer(services, opened, f"voter {number}", "abc"[number % 3])
    close_consultation(services, opened.id, actor=ORGANISER)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    return opened


def test_between_any_two_moments_at_least_five_people_answered(services, app, about):
    resident = Resident(app.test_client())
    seen = set()
    for position in range(services.record.head() + 2):
        page = resident.open(f"/c/riverside/results?as_at={position}")
        shown = page.words.split("Answers by then: ")[1:]
        seen |= {int(words.split(".")[0]) for words in shown}
    assert {0} < seen
    counts = sorted({*seen, 32})
    assert all(after - before >= 5 for before, after in pairwise(counts))


def test_of_few_answers_no_earlier_moment_is_shown(services, app, clock):
    opened = consultation(services)
    for number in range(9):
        clock.move(hours=30)
        answer(services, opened, f"voter {number}", "a")
    close_consultation(services, opened.id, actor=ORGANISER)
    publish_results(services, opened.id, actor=ORGANISER)
    services.catch_up()
    page = sign_in(app, services, role="scrutiny").open("/scrutiny/riverside/")
    assert not any("as_at=" in link for link in page.links())
