"""The holder of a changing code is told under what their answers stand in the list of ballots."""

import json
import re

import pytest

from consult.log_store import tables
from tests.builders import ORGANISER, close_consultation, consultation
from tests.consult.web.residents import Resident

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def resident(app):
    return Resident(app.test_client())


def answer(resident, *order: str) -> str:
    """Send answers; the changing code."""
    resident.send(resident.open("/c/riverside/all"), q__order=list(order))
    return resident.changing_code()


def tracker(page) -> str:
    [found] = re.findall(r"under this tracker: ([A-Za-z0-9_-]{22}) ", page.words)
    return found


def closed(services, seal, about) -> None:
    close_consultation(services, about.id, actor=ORGANISER, goes_on=True)
    services.catch_up()
    seal()


def test_before_the_closing_they_see_the_tracker_and_afterwards_their_line(
    app, services, seal, resident
):
    about = consultation(services)
    changing = answer(resident, "b", "a")
    answer(Resident(app.test_client()), "c")
    seal()
    before = resident.mine(changing)
    assert "After we close, all ballots are published in a list" in before.words
    mine = tracker(before)
    closed(services, seal, about)
    after = resident.mine(changing)
    assert "Your answers are in it, as you sent them" in after.words
    assert tracker(after) == mine
    assert after.faults == []
    lines = resident.client.get(f"/log/c/{about.id}/ballots.ndjson").data.splitlines()
    assert {line["t"]: line["x"] for line in map(json.loads, lines)}[mine] == '{"order":["b","a"]}'
    welsh = resident.mine(changing, "/cy")
    assert "Mae eich atebion ynddi" in welsh.words
    for page in (after, welsh):
        [listed] = [link for link in page.links() if link.endswith("ballots.ndjson")]
        assert resident.client.get(listed).status_code == 200, "the log has no language"


def test_the_tracker_is_in_no_receipt_that_may_be_shown(services, seal, resident):
    consultation(services)
    changing = answer(resident, "b", "a")
    seal()
    mine = tracker(resident.mine(changing))
    for address in ("/c/riverside/receipt", "/c/riverside/receipt.txt"):
        assert mine not in resident.client.get(address).text


def test_a_list_that_says_something_else_is_called_so(services, seal, log, resident):
    about = consultation(services)
    changing = answer(resident, "b", "a")
    seal()
    mine = tracker(resident.mine(changing))
    closed(services, seal, about)
    line = b'{"t":"%s","x":"{\\"order\\":[\\"c\\"]}"}\n' % mine.encode()
    with log.write() as db:
        db.execute(tables.listed.update().values(line=line))
    assert "does not have your answers as you sent them" in resident.mine(changing).words
    with log.write() as db:
        db.execute(tables.listed.delete())
    assert "does not have your answers as you sent them" in resident.mine(changing).words


def test_where_ballots_are_not_listed_there_is_no_tracker(services, seal, resident):
    consultation(services, ballots_public=False)
    changing = answer(resident, "b", "a")
    seal()
    assert "tracker" not in resident.mine(changing).words


def test_answers_that_were_taken_back_have_no_line(services, seal, resident):
    consultation(services)
    changing = answer(resident, "b", "a")
    seal()
    sure = resident.send(resident.mine(changing), "/receipt/withdraw")
    resident.send(sure, "/receipt/withdraw")
    assert "tracker" not in resident.mine(changing).words
