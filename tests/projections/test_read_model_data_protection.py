"""The read model of data protection: holds, erasures and periods of each consultation."""

from typing import Any
from uuid import uuid4

from consult.commands.data_protection.erasure import erase_by_holder
from consult.commands.data_protection.retention import (
    lift_legal_hold,
    run_retention,
    set_legal_hold,
)
from consult.commands.results.counting import publish_results
from projections.data_protection import DataProtection, Hold, Keeping
from tests.builders import KEEPER, ORGANISER, RANKING, RESIDENT, close_consultation, consultation
from tests.projections.asking import MORE, ask, send


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
    erase_by_holder(services, holder=receipt.holder, actor=RESIDENT)
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
