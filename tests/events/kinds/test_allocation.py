"""A budget to share out: amounts in steps that make up the pot, and nothing else."""

from typing import Any

import pytest

from events.consultations.consultation_refusals import PotMissing
from events.errors import Refused
from events.kinds.allocation import (
    STEPS_MAX,
    NotInSteps,
    StepMissing,
    TooLittleShared,
    TooMuchShared,
)
from events.kinds.answer_refusals import AnswerMissing, NotAnAnswer, UnknownOption
from events.kinds.checks import check
from tests.builders import question

POT, STEP = 60_000, 10_000


def asked(**more: Any) -> Any:
    return question("share", "allocation", "Share out £600", "Allotments", "Buses", "Clinics",
                    **{"pot": POT, "step": STEP} | more)  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "stored"),
    [
        ({"b": 60_000}, {"b": 60_000}),
        ({"c": 20_000, "a": 40_000, "b": 0}, {"a": 40_000, "c": 20_000}),
        ({"a": 20_000, "b": 20_000, "c": 20_000}, {"a": 20_000, "b": 20_000, "c": 20_000}),
    ],
)
def test_amounts_that_make_up_the_pot_are_stored_without_those_of_nothing(answer, stored):
    assert check(asked(), answer) == stored
    assert list(check(asked(), answer)) == list(stored)


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        ({"a": 55_000, "b": 5_000}, NotInSteps),
        ({"a": 50_000}, TooLittleShared),
        ({"a": 50_000, "b": 20_000}, TooMuchShared),
        ({"a": 0}, TooLittleShared),
        ({}, AnswerMissing),
        ({"z": 60_000}, UnknownOption),
        *[({"a": bad}, NotAnAnswer) for bad in (-10_000, "60000", 60_000.0, True, None)],
        (["a"], NotAnAnswer),
        ("a", NotAnAnswer),
    ],
)
def test_everything_else_is_refused(answer, refused):
    with pytest.raises(refused):
        check(asked(), answer)


def test_what_is_left_or_too_much_is_said():
    with pytest.raises(TooLittleShared) as little:
        check(asked(), {"a": 50_000})
    assert little.value.values == {"given": 50_000, "pot": POT, "left": 10_000}
    with pytest.raises(TooMuchShared) as much:
        check(asked(), {"a": 50_000, "b": 30_000})
    assert much.value.values == {"given": 80_000, "pot": POT, "over": 20_000}


@pytest.mark.parametrize("answer", [None, {}, {"a": 0}, {"a": 0, "b": 0}])
def test_who_need_not_answer_may_share_out_nothing(answer):
    assert check(asked(required=False), answer) is None


@pytest.mark.parametrize(
    ("limits", "refused"),
    [
        ({"pot": None}, PotMissing),
        ({"pot": 0}, PotMissing),
        ({"step": 0}, StepMissing),
        ({"step": 7_000}, StepMissing),
        ({"step": POT * 2}, StepMissing),
        ({"pot": STEPS_MAX + 1, "step": 1}, StepMissing),
    ],
)
def test_the_step_divides_the_pot(limits, refused):
    with pytest.raises(refused):
        asked(**limits).of_kind.check_limits(asked(**limits))


@pytest.mark.parametrize("limits", [{}, {"step": POT}, {"pot": STEPS_MAX, "step": 1}])
def test_a_step_that_does_is_taken(limits):
    asked(**limits).of_kind.check_limits(asked(**limits))


def test_every_answer_that_is_possible_is_counted():
    """Each way to divide six steps among three, and no answer."""
    found: list[Any] = []
    for a in range(0, POT + 1, STEP):
        for b in range(0, POT + 1, STEP):
            try:
                found.append(check(asked(), {"a": a, "b": b, "c": max(0, POT - a - b)}))
            except Refused:
                continue
    assert len(found) + 1 == asked().of_kind.possible(asked()) == 29


def test_a_draft_without_options_has_one_possible_answer():
    bare = question("share", "allocation", "Share out", pot=POT, step=STEP)
    assert bare.of_kind.possible(bare) == 1
