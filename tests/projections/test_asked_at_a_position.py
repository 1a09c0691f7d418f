"""What read models are asked about a moment: positions, times and places, exactly."""

from datetime import UTC
from typing import Any

import pytest

from consult.commands.answers.reading import Wanted, read
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.services import Services
from projections.audit_trail import AuditTrail
from projections.ballot_box import BallotBox
from projections.ranking import GRADE_MAX, marks
from tests.builders import ORGANISER, RANKING, RESIDENT, Clock, consultation, question

MORE = question("more", "text", "Anything else?", required=False)
WHY = question("why", "text", "Why?", required=False)


def send(services: Services, asked: Any, voter: str, key: str = "", **texts: str) -> Any:
    return submit_answers(
        services,
        consultation_id=asked.id,
        voter=voter,
        sheet=Sheet({"order": ["a", "b"]}, texts=texts),
        actor=RESIDENT,
        command_id=key or voter,
    )


def test_the_last_answer_up_to_a_position_and_its_moment_in_utc(services, clock: Clock):
    asked = consultation(services, RANKING)
    first = send(services, asked, "ann")
    at = clock.now
    clock.move(hours=1)
    other = consultation(services, RANKING, slug="quayside")
    send(services, other, "bob")
    second = send(services, asked, "cid")
    services.catch_up()
    box, trail = services.views.reader(BallotBox), services.views.reader(AuditTrail)
    with services.views.connect() as db:
        found = {
            as_at: box.latest(db, asked.id, as_at=as_at)
            for as_at in (first.position - 1, first.position, second.position - 1, 1_000)
        }
        moment = trail.moment(db, first.position)
        assert trail.moment(db, 1_000) is None
    assert list(found.values()) == [None, first.position, first.position, second.position]
    assert moment == at
    assert moment.utcoffset() == UTC.utcoffset(None)


def test_answers_as_they_stood_at_a_position_are_those_and_no_others(services):
    asked = consultation(services, RANKING)
    first = send(services, asked, "ann")
    second = send(services, asked, "bob")
    services.catch_up()
    box = services.views.reader(BallotBox)
    with services.views.connect() as db:
        people = [
            box.people(db, asked.id, as_at=as_at)
            for as_at in (first.position - 1, first.position, second.position)
        ]
    assert people == [0, 1, 2]


def test_somebody_may_write_to_several_questions_and_change_each(services):
    asked = consultation(services, RANKING, MORE, WHY)
    send(services, asked, "ann", more="One", why="Because")
    send(services, asked, "bob", more="Two")

    def words(wanted: Any) -> list[str]:
        page = read(services, asked.id, Wanted(wanted), actor=ORGANISER)
        return [row.words for row in page.rows]

    assert (words(MORE), words(WHY)) == (["Two", "One"], ["Because"])
    send(services, asked, "ann", "again", why="For another reason")
    assert (words(MORE), words(WHY)) == (["Two"], ["For another reason"])
    send(services, asked, "bob", "nothing")
    assert (words(MORE), words(WHY)) == ([], ["For another reason"])
    send(services, asked, "bob", "third", more="After all")
    assert words(MORE) == ["After all"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("d", [("d", 0, 0)]),
        (["a", "b"], [("a", 1, 0), ("b", 2, 0)]),
        ([["a", "b"], "c"], [("a", 1, 0), ("b", 1, 0), ("c", 2, 0)]),
        ({"s": 3, "c": 4}, [("s", 3, 3), ("c", 4, 4)]),
        ({"s": GRADE_MAX, "c": 21}, [("s", 20, 20), ("c", 0, 21)]),
        ({"row": "column"}, [("row/column", 0, 0)]),
    ],
)
def test_an_answer_of_each_kind_names_its_options_with_place_and_amount(answer, told):
    assert list(marks(answer)) == told
    assert GRADE_MAX == 20
