"""Story U1: rank, verify, change; through pages, on both databases."""

import pytest

from consult.commands.results.counting import publish_results
from consult.commands.results.working_out import work_out
from events.consultations.terms import CountingTerms
from tests.builders import (
    ORGANISER,
    RANKING,
    close_consultation,
    consultation,
    draw_lot,
    numbers_that_draw,
)
from tests.consult.web.residents import Resident


@pytest.fixture
def opened(services):
    counting = CountingTerms("points-3", tie_chain=("first-choices", "lot"))
    return consultation(services, RANKING, counting={"order": counting})


def test_a_changed_ballot_counts_once_and_both_versions_stay(app, services, opened, submissions):
    def vote(person, *order):
        checked = person.send(person.open("/c/riverside/q/order"), q__order=list(order))
        assert person.send(checked).heading == "Answers sent"
        return checked

    first, another_device = Resident(app.test_client()), Resident(app.test_client())
    vote(first, "a", "b", "c")
    vote(Resident(app.test_client()), "b", "c", "a")
    vote(Resident(app.test_client()), "c", "a")
    code = first.changing_code()
    tally = work_out(services, opened.id).outcome.as_json()
    assert tally["scores"] == {"a": "6", "b": "5", "c": "6"}
    assert tally["order"] == [["a", "c"], ["b"]], "nobody knows the lot yet"

    before = services.record.head()
    begun = another_device.send(another_device.open("/receipt/change"), code=code)
    checked = another_device.send(begun, q__order=["b", "a", "c"])
    for _press in ("first", "double click", "back button"):
        assert another_device.send(checked).heading == "Answers sent"
    close_consultation(services, opened.id, actor=ORGANISER)
    draw_lot(services, opened.id, numbers_that_draw(services, opened.id, RANKING, "c", "a", "b"))
    [result] = publish_results(services, opened.id, actor=ORGANISER)
    assert result.outcome["scores"] == {"a": "5", "b": "6", "c": "6"}
    assert result.outcome["order"] == [["b"], ["c"], ["a"]]
    at_first = work_out(services, opened.id, as_at=before).outcome.as_json()
    assert at_first["order"] == [["c"], ["a"], ["b"]], "with the lot, the tie is decided"
    [tie] = [tie for tie in at_first["ties"] if set(tie["items"]) == {"a", "c"}]
    assert tie["decided_by"] == "lot"
    assert [type(fact).__name__ for fact in submissions()] == ["Cast", "Cast", "Cast", "Replaced"]
    assert submissions()[0].answers == {"order": ["a", "b", "c"]}
