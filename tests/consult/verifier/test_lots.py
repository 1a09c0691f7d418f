"""The verifier works the lot out again from the public draw, and finds every lie about it."""

from collections.abc import Callable
from typing import Any

import pytest

from consult.counting.outcome import canonical_bytes
from consult.verifier import folkmoot_verify as verify
from events.consultations.beacon import QUICKNET
from tests.consult.commands.consultations.test_drawing import ROUND, SIGNATURE, VALUE
from tests.consult.verifier.verifier_logs import (
    COUNTING,
    MOMENT,
    ORDER,
    Vote,
    World,
    audited,
    faults,
    pseudonym,
    states,
)

DUE, AFTER = "2026-11-20T20:00:00Z", "2026-11-21T10:00:00Z"
DRAW = {"kind": "draw", "due_at": DUE, "name": {"en": "County lottery", "cy": "Loteri'r sir"}}
DRAND = {
    "kind": "drand",
    "due_at": "2026-11-20T20:00:00Z",
    "chain": QUICKNET.hash,
    "key": QUICKNET.key,
    "round": ROUND,
}
NUMBERS = "12 45 3 17 50 8"


def voted(beacon: dict[str, Any] | None = DRAW) -> Vote:
    """A closed vote in which two are level."""
    counting = {"order": {**COUNTING["order"], "tie_chain": ["lot"]}}
    vote = World().vote([ORDER], counting)
    vote.beacon = beacon
    vote.open()
    for number, (first, second) in enumerate((("a", "b"), ("b", "a"))):
        vote.ballot(f"person-{number}", order=[first, second])
    vote.close()
    return vote


def counted(vote: Vote, value: str = NUMBERS, **members: Any) -> World:
    vote.draw(value, **{"at": AFTER} | members)
    vote.count()
    return vote.world


def drawn_step(world: World) -> str:
    found = [state for id_, state in states(audited(world.files())).items() if "lot.drawn" in id_]
    assert len(found) == 1
    return found[0]


def test_the_draw_is_worked_out_again_and_what_only_people_can_compare_is_said():
    report = audited(counted(voted()).files())
    (step,) = [one for one in report["steps"] if one["id"].startswith("lot.drawn")]
    assert (report["exit"], step["state"]) == (0, verify.REMARK)
    assert step["reason"] == f"drawn: {NUMBERS}; compare with https://lottery.example"
    outcome = report["recounts"][0]["outcome"]
    assert outcome["ties"][0]["decided_by"] == "lot"
    assert outcome["specification"]["lot"] == verify.lot_of(
        str(report["recounts"][0]["consultation"]), NUMBERS, [one["id"] for one in ORDER["options"]]
    )


def test_a_round_of_drand_is_checked_with_the_key_in_the_terms():
    world = counted(voted(DRAND), VALUE, signature=SIGNATURE)
    report = audited(world.files())
    found = {one["id"].rpartition(".")[0]: one["state"] for one in report["steps"]}
    assert report["exit"] == 0
    assert (found["lot.drawn"], found["lot.signed"]) == (verify.OK, verify.OK)


def test_without_the_library_the_signature_is_not_called_checked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verify, "is_round_signed", lambda *_: None)
    report = audited(counted(voted(DRAND), VALUE, signature=SIGNATURE).files())
    (step,) = [one for one in report["steps"] if one["id"].startswith("lot.signed")]
    assert (report["exit"], step["state"]) == (3, verify.SKIPPED)
    assert "pip install py_ecc" in step["reason"]


def test_a_correction_with_its_reason_is_noted_and_the_last_value_holds():
    vote = voted()
    vote.draw("12 45 3 17 50 9", at=AFTER)
    world = counted(vote, reason={"en": "Misread", "cy": "Camddarllen"})
    assert drawn_step(world) == verify.REMARK


def test_a_vote_without_a_named_draw_is_told_apart():
    vote = voted(None)
    vote.count()
    assert drawn_step(vote.world) == verify.REMARK


def not_later() -> World:
    return counted(voted({**DRAW, "due_at": MOMENT}))


def not_entered() -> World:
    vote = voted()
    vote.count()
    return vote.world


def entered_early() -> World:
    return counted(voted(), at="2026-11-20T19:59:59Z")


def before_opening() -> World:
    vote = World().vote([ORDER], {"order": COUNTING["order"]})
    vote.beacon = DRAW
    vote.draw(NUMBERS, at=AFTER)
    vote.open()
    return vote.world


def after_the_count() -> World:
    vote = voted()
    world = counted(vote)
    vote.draw("1 2 3 4 5", at=AFTER, reason={"en": "It suits", "cy": "Mae'n gweddu"})
    return world


def changed_silently() -> World:
    vote = voted()
    vote.draw("1 2 3 4 5", at=AFTER)
    return counted(vote)


def replaced_again() -> World:
    """Somebody tries until the order suits, each time with a reason."""
    vote = voted()
    for value in ("1 2 3 4 5", "2 3 4 5 6"):
        vote.draw(value, at=AFTER, reason={"en": "Misread", "cy": "Camddarllen"})
    return counted(vote, reason={"en": "Misread", "cy": "Camddarllen"})


def replaced_though_signed() -> World:
    vote = voted(DRAND)
    vote.draw(VALUE, at=AFTER, signature=SIGNATURE)
    return counted(vote, NUMBERS, reason={"en": "It suits", "cy": "Mae'n gweddu"})


def too_few_numbers() -> World:
    return counted(voted(), "7")


def other_order() -> World:
    """The operator enters the true draw and counts by another order, with everything sealed."""
    vote = voted()
    vote.draw(NUMBERS, at=AFTER)
    vote.drawn = "1 2 3 4 5"
    vote.count()
    return vote.world


def other_signature() -> World:
    return counted(voted({**DRAND, "round": ROUND + 1}), VALUE, signature=SIGNATURE)


def other_value() -> World:
    return counted(voted(DRAND), "0" * 64, signature=SIGNATURE)


def numbers_for_a_round() -> World:
    return counted(voted(DRAND), NUMBERS)


def strange_beacon() -> World:
    return counted(voted({"kind": "dice", "due_at": DUE}))


LIES: dict[Callable[[], World], str] = {
    not_later: "lot.drawn",
    not_entered: "lot.drawn",
    entered_early: "lot.drawn",
    before_opening: "record.life",
    after_the_count: "record.life",
    changed_silently: "lot.drawn",
    replaced_again: "lot.drawn",
    replaced_though_signed: "lot.drawn",
    too_few_numbers: "lot.drawn",
    other_order: "result",
    other_signature: "lot.signed",
    other_value: "lot.drawn",
    numbers_for_a_round: "lot.drawn",
    strange_beacon: "lot.drawn",
}


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_lie_about_the_draw_is_found(lie: Callable[[], World]):
    report = audited(lie().files())
    assert report["exit"] == 1
    assert LIES[lie] in {step for step, _ in faults(report)}


@pytest.mark.parametrize("name", ["check_beacon", "check_lot", "check_signature"])
def test_without_its_check_a_lie_holds(name: str, monkeypatch: pytest.MonkeyPatch):
    lies = {
        "check_beacon": not_later,
        "check_lot": entered_early,
        "check_signature": other_signature,
    }
    monkeypatch.setattr(verify.Pack, name, lambda *_: None)
    found = {step for step, _ in faults(audited(lies[name]().files()))}
    assert not any(step.startswith("lot.") for step in found)


def test_the_manifest_of_these_tests_has_the_form_of_the_product():
    vote = voted(DRAND)
    assert canonical_bytes(DRAND).decode() in vote.manifest.decode()
    assert pseudonym("person-0") in vote.world.entries[2].decode()
