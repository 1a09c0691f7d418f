"""What read models say of words, holds, erasures, turnout and places, asked one by one."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers, withdraw_answers
from consult.commands.consultations.opening import withdraw_consultation
from consult.commands.context import Actor
from consult.commands.data_protection.erasure import erase_by_receipt
from consult.commands.data_protection.retention import (
    lift_legal_hold,
    run_retention,
    set_legal_hold,
)
from consult.commands.results.counting import publish_results
from consult.services import Services
from projections import participation, ranking
from projections.ballot_box import BallotBox
from projections.data_protection import DataProtection, Hold, Keeping
from projections.writings import Chosen, Writings
from tests.builders import (
    KEEPER,
    ORGANISER,
    RANKING,
    RESIDENT,
    close_consultation,
    consultation,
    question,
    words,
)

MORE = question("more", "text", "Anything else?", required=False)
WHY = question("why", "text", "Why?", required=False)


def send(services: Services, asked: Any, voter: str, texts: Any = None, **how: Any) -> Any:
    channel, order = how.pop("channel", "online"), how.pop("order", ["a"])
    return submit_answers(
        services,
        consultation_id=asked.id,
        voter=voter,
        sheet=Sheet({"order": order}, texts or {}, **how),
        actor=Actor("resident", channel=channel),
        command_id="",
    )


def ask(services: Services, projection: Any, question_: str, *given: Any) -> Any:
    services.catch_up()
    with services.views.connect() as db:
        return getattr(services.views.reader(projection), question_)(db, *given)


def test_words_are_numbered_by_question_with_those_that_were_erased(services):
    asked = consultation(services, RANKING, MORE, WHY)
    other = consultation(services, RANKING, MORE, slug="other")
    receipts = {
        name: send(services, asked, name, {"more": name, "why": name}) for name in ("ann", "bob")
    }
    send(services, asked, "eve", {"more": "eve"})
    send(services, other, "dan", {"more": "dan"})
    send(services, asked, "nobody")
    assert ask(services, Writings, "numbers", asked.id) == {"more": (3, 0), "why": (2, 0)}
    rows = ask(services, Writings, "listed", asked.id, "more", Chosen(), 100)
    ids = [row.commitment for row in rows]
    foreign = ask(services, Writings, "listed", other.id, "more", Chosen(), 100)[0].commitment
    every = [*ids, foreign, "0" * 64]
    assert ask(services, Writings, "are_kept", asked.id, every) == set(ids)
    assert ask(services, Writings, "kept_among", asked.id, every) == {"more": 3}
    assert ask(services, Writings, "are_kept", asked.id, []) == set()
    erase_by_receipt(services, code=receipts["ann"].code, actor=RESIDENT)
    assert ask(services, Writings, "numbers", asked.id) == {"more": (3, 1), "why": (2, 1)}
    assert ask(services, Writings, "kept_among", asked.id, every) == {"more": 2}
    assert len(ask(services, Writings, "are_kept", asked.id, every)) == 2
    withdraw_answers(services, code=receipts["bob"].code, actor=RESIDENT, command_id="")
    assert ask(services, Writings, "numbers", asked.id) == {"more": (2, 1), "why": (1, 1)}
    send(services, asked, "ann", {"more": "Again"})
    assert ask(services, Writings, "numbers", asked.id) == {"more": (2, 0)}
    assert ask(services, Writings, "numbers", uuid4()) == {}


def test_when_the_time_of_words_is_over_all_of_them_are_gone_and_nothing_of_others(services, clock):
    asked = consultation(services, RANKING, MORE)
    other = consultation(services, RANKING, MORE, slug="other", days=4_000)
    for each in (asked, other):
        send(services, each, "ann", {"more": "ann"})
    withdraw_consultation(services, asked.id, reason=words("A mistake"), actor=ORGANISER)
    services.catch_up()
    clock.move(days=3_000)
    assert (asked.id, "texts") in run_retention(services)
    assert ask(services, Writings, "numbers", asked.id) == {"more": (1, 1)}
    [row] = ask(services, Writings, "listed", asked.id, "more", Chosen(), 100)
    assert row.is_erased
    assert ask(services, Writings, "kept_among", asked.id, [row.commitment]) == {}
    assert ask(services, Writings, "are_kept", asked.id, [row.commitment]) == set()
    assert ask(services, Writings, "numbers", other.id) == {"more": (1, 0)}


def test_what_can_be_chosen_is_what_there_is(services):
    asked = consultation(services, RANKING, MORE, WHY, wards=True)
    send(services, asked, "ann", {"more": "a"}, area="W09", channel="paper")
    late = send(services, asked, "bob", {"more": "b"}, area="W03")
    send(services, asked, "eve", {"more": "e"})
    send(services, asked, "dan", {"why": "d"}, channel="telephone")
    group_campaign(services, asked.id, [late.subject_id], name="Cards", actor=ORGANISER)
    values = {
        name: ask(services, Writings, "values", asked.id, "more", name)
        for name in ("channel", "area", "campaign")
    }
    assert values == {"channel": ["online", "paper"], "area": ["W03", "W09"], "campaign": ["Cards"]}
    send(services, asked, "bob", {"more": "later"}, area="W03")
    assert ask(services, Writings, "values", asked.id, "more", "campaign") == ["Cards"], "it stays"


def test_the_standing_of_personal_data_follows_each_step(services, clock):
    asked = consultation(services, RANKING, MORE)
    receipt = send(services, asked, "ann", {"more": "a"})

    def keeping() -> Keeping:
        return ask(services, DataProtection, "of", asked.id)

    def ended() -> list[Any]:
        return [each.consultation_id for each in ask(services, DataProtection, "ended")]

    plain = Keeping(asked.id, None, None, False, 0, frozenset())
    assert (keeping(), ended()) == (plain, [])
    set_at = clock.now
    cases = [
        set_legal_hold(services, asked.id, reason=f"Claim {n}", actor=KEEPER).id for n in (1, 2)
    ]
    assert keeping().holds == 2
    assert ask(services, DataProtection, "held", [asked.id, uuid4()]) == {asked.id}
    clock.move(hours=1)
    lift_legal_hold(services, cases[0], reason="Over", actor=KEEPER)
    holds = ask(services, DataProtection, "holds", asked.id)
    assert sorted(holds, key=lambda hold: hold.reason) == [
        Hold(cases[0], asked.id, "Claim 1", set_at, clock.now),
        Hold(cases[1], asked.id, "Claim 2", set_at, None),
    ]
    assert keeping().holds == 1
    lift_legal_hold(services, cases[1], reason="Over", actor=KEEPER)
    assert ask(services, DataProtection, "held", [asked.id]) == set()
    erase_by_receipt(services, code=receipt.code, actor=RESIDENT)
    assert ask(services, DataProtection, "erased", receipt.subject_id) == {1: clock.now}
    assert ask(services, DataProtection, "erased", uuid4()) == {}
    assert ask(services, DataProtection, "number_erased", asked.id) == 1
    assert ask(services, DataProtection, "number_erased", uuid4()) == 0
    closed = close_consultation(services, asked.id)
    assert keeping() == Keeping(asked.id, closed.terms.closes_at, None, True, 0, frozenset())
    assert ended() == [asked.id]
    clock.move(days=20)
    publish_results(services, asked.id, actor=ORGANISER)
    assert keeping().published_at == clock.now
    clock.move(days=200)
    run_retention(services)
    assert keeping().gone == {"contacts"}, "nothing is sealed, so the key waits"
    clock.move(days=2_000)
    run_retention(services)
    assert keeping().gone == {"contacts", "equality", "texts"}
    assert ask(services, DataProtection, "of", uuid4()) is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("a", [("a", 0, 0)]),
        (["b", "a"], [("b", 1, 0), ("a", 2, 0)]),
        ([["b", "a"], "c"], [("b", 1, 0), ("a", 1, 0), ("c", 2, 0)]),
        ([], []),
        ({"a": 4, "b": 20}, [("a", 4, 4), ("b", 20, 20)]),
        ({"a": 21, "b": 0}, [("a", 0, 21), ("b", 0, 0)]),
        ({"row": "column", "other": "x"}, [("row/column", 0, 0), ("other/x", 0, 0)]),
        ({}, []),
    ],
)
def test_an_answer_names_options_at_places_with_amounts(answer, expected):
    assert list(ranking.marks(answer)) == expected


def test_places_turnout_and_days_count_what_stands_days_where_it_was_first_sent(services, clock):
    asked = consultation(services, RANKING, wards=True)
    other = consultation(services, RANKING, slug="other")
    send(services, asked, "ann", order=["a", "b"], area="W03")
    send(services, asked, "bob", order=["b"], area="W09", channel="paper")
    first = clock.now.date()
    clock.move(days=1)
    send(services, asked, "ann", order=["c", "b"], area="W09")
    back = send(services, asked, "eve", order=["a"], area="W03")
    send(services, asked, "dan", order=["c"])
    send(services, other, "ann", order=["a"])
    withdraw_answers(services, code=back.code, actor=RESIDENT, command_id="")
    services.catch_up()
    box = services.views.reader(BallotBox)
    with services.views.connect() as db:
        places = ranking.places(db, box.tally, asked.id, "order")
        totals = ranking.totals(db, box.tally, asked.id, "order")
        found = {
            name: participation.by(db, box.turnout, asked.id, name)
            for name in participation.DIMENSIONS
        }
        days = participation.days(db, box.day, asked.id)
    assert places == {"b": {1: 1, 2: 1}, "c": {1: 2}}
    assert {id: number for id, number in totals.items() if number[0]} == {"b": (2, 0), "c": (2, 0)}
    assert list(found["area"].items()) == [("W09", 2), ("", 1)], "the largest first"
    assert found["channel"] == {"online": 2, "paper": 1}
    assert found["respondent"] == {"individual": 3}
    assert found["assurance"] == {"open": 3}
    assert list(days.items()) == [(first, 2), (first + timedelta(days=1), 1)]
    assert isinstance(first, date)
