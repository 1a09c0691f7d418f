"""Cases about personal data obey their own history."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from events import By, DataProtectionCase
from events.data_protection import BadReference, HoldReasonMissing, NoHold, check_reference

NOW = datetime(2026, 11, 22, 9, 17, 5, 881_003, tzinfo=UTC)
BY = By("council officer", command_id="")
HERE = UUID("11111111-2222-5333-8444-555555555555")
AT = {"at": NOW, "by": BY}


def test_a_hold_lasts_until_it_is_lifted_once():
    hold = DataProtectionCase.set_hold(HERE, "Judicial review", **AT)
    assert hold.is_held
    hold.lift_hold("The claim was withdrawn", **AT)
    assert not hold.is_held
    with pytest.raises(NoHold):
        hold.lift_hold("Again", **AT)


def test_the_same_command_sets_one_hold_and_another_command_sets_another():
    first = DataProtectionCase.set_hold(
        HERE, "Reason", at=NOW, by=By("council officer", command_id="a")
    )
    again = DataProtectionCase.set_hold(
        HERE, "Reason", at=NOW, by=By("council officer", command_id="a")
    )
    other = DataProtectionCase.set_hold(
        HERE, "Reason", at=NOW, by=By("council officer", command_id="b")
    )
    assert first.id == again.id != other.id


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_hold_needs_a_reason_of_reasonable_length(reason: str):
    with pytest.raises(HoldReasonMissing):
        DataProtectionCase.set_hold(HERE, reason, **AT)


@pytest.mark.parametrize("reference", ["", "Mr Jones", "ann@example.org", "a" * 41, "-1", "ÿ"])
def test_a_case_reference_cannot_hold_a_name_or_an_address(reference: str):
    with pytest.raises(BadReference):
        check_reference(reference)


def test_a_case_reference_is_what_registers_use():
    assert check_reference("DP/2026-014") == "DP/2026-014"


def test_erasing_the_same_answers_twice_is_one_case():
    assert DataProtectionCase.erasure_id(HERE, 2) == DataProtectionCase.erasure_id(HERE, 2)
    assert DataProtectionCase.erasure_id(HERE, 2) != DataProtectionCase.erasure_id(HERE, 3)
