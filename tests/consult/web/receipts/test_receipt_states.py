"""The receipt says what is so: in every state of the consultation and of the answers."""

import re
from dataclasses import replace

import pytest

from consult.commands.consultations.opening import pause_consultation, withdraw_consultation
from consult.commands.results.counting import publish_results
from tests.builders import EVERY_KIND, ORGANISER, close_consultation, consultation, words
from tests.consult.web.residents import ANSWERS

HERE = "/c/riverside/receipt"
CHANGES = "can see your answers, change them and take them back"
SEES = "can see your answers. Never"
RESULTS = "/c/riverside/results"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def about(services):
    services.config = replace(services.config, outbox=True)
    return consultation(services, *EVERY_KIND)


@pytest.fixture
def code(about, resident):
    resident.send(resident.open("/c/riverside/all"), **ANSWERS)
    return resident.receipt_code()


@pytest.fixture
def changing(code, resident):
    return resident.changing_code()


def end(services, about, state: str) -> None:
    """Bring an open consultation to a state."""
    if state == "paused":
        pause_consultation(services, about.id, reason=words("A mistake"), actor=ORGANISER)
    elif state == "stopped":
        withdraw_consultation(services, about.id, reason=words("A mistake"), actor=ORGANISER)
    elif state in {"closed", "published"}:
        close_consultation(services, about.id, actor=ORGANISER)
    if state == "published":
        publish_results(services, about.id, actor=ORGANISER)
    services.catch_up()


def pages(resident, code: str, prefix: str = ""):
    """The page after sending, and that of whoever types in the code."""
    typed = resident.send(resident.open(f"{prefix}/receipt"), code=code)
    return resident.open(prefix + HERE), typed


SAYS = {
    "open": {"we close. Nothing can be added", "change them and take them back"},
    "paused": {"This consultation is paused", "When it goes on you can change"},
    "closed": {"This consultation has closed", "We count, and publish the result"},
    "published": {"Its result is published. See the results"},
    "stopped": {
        "This consultation was stopped on",
        "Nothing that was sent is counted",
        "A mistake",
    },
}
OF_SEVERAL = {
    "change them and take them back",
    "We count, and publish the result",
    "This consultation has closed",
}


@pytest.mark.parametrize("state", SAYS)
def test_in_every_state_the_receipt_says_what_is_so(services, about, resident, code, state):
    end(services, about, state)
    sent, typed = pages(resident, code)
    for each in SAYS[state]:
        assert each in sent.words, each
    for other, sentences in SAYS.items():
        if other != state:
            assert not [each for each in sentences - OF_SEVERAL if each in sent.words], other
    file = resident.client.get("/c/riverside/receipt.txt").text
    may_change = state in {"open", "paused"}
    mine = resident.mine(resident.changing_code())
    for text in (sent.words, file):
        assert (CHANGES in text) == may_change
    assert (SEES in sent.words) == (not may_change)
    for page in (sent, typed, mine):
        assert (RESULTS in page.links()) == (state == "published")
        assert not page.faults
    for page in (sent, mine):
        assert ("Change my answers" in page.words) == (state == "open")
    assert ("Answers can be changed until" in file) == may_change
    assert ("They stand." in typed.words) == may_change
    assert ("Counted." in typed.words) == (state in {"closed", "published"})
    assert ("These answers are in the count." in typed.words) == (state in {"closed", "published"})


def test_the_page_of_a_device_says_when_another_one_has_replaced_or_taken_back(
    services, about, resident, somebody_else, changing
):
    somebody_else.send(somebody_else.open("/receipt/change"), code=changing)
    somebody_else.send(somebody_else.open("/c/riverside/all"), q__visit="d")
    services.catch_up()
    page = resident.open(HERE)
    assert "Replaced by later answers." in page.words
    assert "Your answers are recorded" not in page.words
    latest = somebody_else.changing_code()
    resident.send(resident.send(resident.mine(latest), "/receipt/withdraw"))
    services.catch_up()
    page = somebody_else.open(HERE)
    assert "Taken back." in page.words
    assert "take the place of the earlier ones" not in page.words


@pytest.mark.parametrize(("prefix", "says"), [("", "Erased."), ("/cy", "Wedi’u dileu.")])
def test_what_was_erased_is_said_and_not_offered_again(
    services, about, resident, code, changing, prefix, says
):
    before = (*pages(resident, code, prefix), resident.mine(changing, prefix))
    assert not [page for page in before if says in page.words]
    sure = resident.send(before[2], "/receipt/erase")
    assert "quality" not in sure.words, "nobody was asked for any"
    done = resident.send(sure)
    assert done.address.endswith("/receipt/erased")
    services.catch_up()
    for page in (*pages(resident, code, prefix), resident.mine(changing, prefix)):
        assert says in page.words
        assert "/receipt/erase" not in page.text
    resident.send(resident.open("/c/riverside/q/more"), q__more="New words")
    resident.send(resident.open("/c/riverside/check"))
    services.catch_up()
    latest = pages(resident, resident.receipt_code(), prefix)
    assert not [page for page in latest if says in page.words]
    assert "/receipt/erase" in resident.mine(resident.changing_code(), prefix).text


def test_erasing_what_was_taken_back_does_not_claim_that_it_counts(
    services, about, resident, somebody_else, changing
):
    somebody_else.send(somebody_else.send(somebody_else.mine(changing), "/receipt/withdraw"))
    services.catch_up()
    sure = somebody_else.send(somebody_else.mine(changing), "/receipt/erase")
    for page in (sure, somebody_else.send(sure)):
        assert "Your choices still count" not in page.words
        assert re.search("does not count", page.words)
