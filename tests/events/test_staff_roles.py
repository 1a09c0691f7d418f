"""Somebody's roles: given once, ended once, and never two that exclude each other."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from events import By, StaffMember
from events.staff.roles import RolesConflict

HERE, THERE = uuid4(), uuid4()
HOW = {"at": datetime(2026, 11, 2, 9, 0, 41, 204_917, tzinfo=UTC), "by": By("operator")}


@pytest.fixture
def ann() -> StaffMember:
    return StaffMember.begin(uuid4(), StaffMember.AccountMade(**HOW))


def test_a_role_is_given_once_and_ends_once(ann):
    for _ in range(2):
        ann.grant(HERE, "organiser", (), **HOW)
    ann.grant(HERE, "auditor", (), **HOW)
    ann.grant(THERE, "auditor", (), **HOW)
    assert ann.roles == {HERE: ("organiser", "auditor"), THERE: ("auditor",)}
    for _ in range(2):
        ann.end(HERE, "organiser", **HOW)
    ann.end(uuid4(), "organiser", **HOW)
    assert ann.roles == {HERE: ("auditor",), THERE: ("auditor",)}
    ann.end(HERE, "auditor", **HOW)
    assert ann.roles == {THERE: ("auditor",)}
    names = [each.fact.NAME for each in ann.collect_events()]
    assert names == ["account_made", *["role_granted"] * 3, *["role_ended"] * 2]


def test_a_role_that_excludes_another_is_refused_while_that_is_held(ann):
    ann.grant(HERE, "clerk", (), **HOW)
    with pytest.raises(
        RolesConflict, match="“clerk” in a partnership cannot have the role “judge”"
    ):
        ann.grant(HERE, "judge", ("clerk",), **HOW)
    ann.grant(THERE, "judge", ("clerk",), **HOW)
    ann.end(HERE, "clerk", **HOW)
    ann.grant(HERE, "judge", ("clerk",), **HOW)
    assert ann.roles == {THERE: ("judge",), HERE: ("judge",)}
