"""Codes by e-mail: who may use one, how often it may be guessed, and what is left of it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from consult.people import tables
from consult.people.mailboxes.addresses import BadEmail
from consult.people.proving import email_codes
from consult.people.proving.email_codes import CodeGone, CodeWrong
from consult.people.vault import Vault
from tests.builders import BEGINNING
from tests.consult.people.erasable import rows

HERE, THERE = uuid4(), uuid4()
QUARTER = timedelta(minutes=15)
JUST = timedelta(microseconds=1)
WRONG = "This is not the code we sent. Check it, and type it again."
GONE = "This code does not work any more. Ask for a new one."


@pytest.fixture
def vault(services) -> Vault:
    return services.vault


def kept(services) -> list[Any]:
    return rows(services, tables.email_code)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def refusal(vault: Vault, asked: Any, typed: str, at=BEGINNING, about=HERE) -> tuple[type, str]:
    with pytest.raises((CodeWrong, CodeGone)) as told:
        email_codes.use(vault, about, asked.id, typed, at)
    return type(told.value), str(told.value)


def test_a_code_of_six_digits_is_used_once_and_nothing_is_left(services, vault):
    asked = email_codes.make(vault, HERE, " Ann@Example.ORG ", BEGINNING)
    assert (asked.email, asked.until) == ("Ann@example.org", BEGINNING + QUARTER)
    assert len(asked.code) == 6
    assert asked.code.isdigit()
    assert len(asked.id) == 22
    assert email_codes.address(vault, HERE, asked.id, BEGINNING) == "Ann@example.org"
    [row] = kept(services)
    assert asked.code not in (row.code, row.id)
    assert len(row.code) == 43
    assert email_codes.use(vault, HERE, asked.id, asked.code, BEGINNING) == "Ann@example.org"
    assert kept(services) == []
    assert email_codes.address(vault, HERE, asked.id, BEGINNING) is None
    assert refusal(vault, asked, asked.code) == (CodeGone, GONE)


@pytest.mark.parametrize(("drawn", "code"), [(0, "000000"), (42, "000042"), (999_999, "999999")])
def test_a_code_has_its_leading_noughts(vault, monkeypatch, drawn, code):
    def draw(below: int) -> int:
        assert below == 1_000_000
        return drawn

    monkeypatch.setattr("secrets.randbelow", draw)
    asked = email_codes.make(vault, HERE, "ann@example.org", BEGINNING)
    assert asked.code == code
    assert email_codes.use(vault, HERE, asked.id, code, BEGINNING) == "ann@example.org"


@pytest.mark.parametrize("how", ["{a} {b}", " {a}-{b} ", "code: {a}{b}.", "{a}\u200b{b}"])
def test_a_code_is_read_however_it_is_pasted(vault, how):
    asked = email_codes.make(vault, HERE, "ann@example.org", BEGINNING)
    typed = how.format(a=asked.code[:3], b=asked.code[3:])
    assert email_codes.use(vault, HERE, asked.id, typed, BEGINNING) == "ann@example.org"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef"])
def test_what_is_no_code_costs_no_try(services, vault, typed):
    asked = email_codes.make(vault, HERE, "ann@example.org", BEGINNING)
    assert refusal(vault, asked, typed) == (CodeWrong, WRONG)
    assert [row.tries for row in kept(services)] == [0]


def test_the_fifth_wrong_try_is_the_last(services, vault):
    asked = email_codes.make(vault, HERE, "ann@example.org", BEGINNING)
    other = email_codes.make(vault, HERE, "bob@example.org", BEGINNING)
    wrong = other_than(asked.code)
    assert [refusal(vault, asked, wrong) for _ in range(4)] == [(CodeWrong, WRONG)] * 4
    assert email_codes.address(vault, HERE, asked.id, BEGINNING) == "ann@example.org"
    assert refusal(vault, asked, wrong) == (CodeGone, GONE)
    assert refusal(vault, asked, asked.code) == (CodeGone, GONE)
    assert email_codes.address(vault, HERE, asked.id, BEGINNING) is None
    assert {row.email: row.tries for row in kept(services)} == {
        "ann@example.org": 5,
        "bob@example.org": 0,
    }
    assert email_codes.use(vault, HERE, other.id, other.code, BEGINNING) == "bob@example.org"


def test_the_fifth_try_may_be_right(vault):
    asked = email_codes.make(vault, HERE, "ann@example.org", BEGINNING)
    for _ in range(4):
        refusal(vault, asked, other_than(asked.code))
    assert email_codes.use(vault, HERE, asked.id, asked.code, BEGINNING) == "ann@example.org"


@pytest.mark.parametrize(("after", "works"), [(QUARTER - JUST, True), (QUARTER, False)])
def test_a_code_works_for_a_quarter_of_an_hour(services, vault, after, works):
    asked = email_codes.make(vault, HERE, "ann@example.org", BEGINNING)
    at = BEGINNING + after
    assert email_codes.address(vault, HERE, asked.id, at) == ("ann@example.org" if works else None)
    if works:
        assert email_codes.sweep(vault, at) == 0
        assert email_codes.use(vault, HERE, asked.id, asked.code, at) == "ann@example.org"
        return
    assert refusal(vault, asked, asked.code, at) == (CodeGone, GONE)
    assert email_codes.sweep(vault, at) == 1
    assert kept(services) == []


def test_a_code_works_in_the_browser_and_the_consultation_it_was_asked_for(services, vault):
    asked = email_codes.make(vault, HERE, "ann@example.org", BEGINNING)
    bob = email_codes.make(vault, HERE, "bob@example.org", BEGINNING)
    assert refusal(vault, asked, asked.code, about=THERE) == (CodeGone, GONE)
    assert email_codes.address(vault, THERE, asked.id, BEGINNING) is None
    assert email_codes.address(vault, HERE, "another", BEGINNING) is None
    if bob.code != asked.code:
        assert refusal(vault, bob, asked.code) == (CodeWrong, WRONG)
    assert email_codes.use(vault, HERE, asked.id, asked.code, BEGINNING) == "ann@example.org"


def test_the_same_digits_are_kept_as_another_hash_for_each_who_asked(services, vault, monkeypatch):
    monkeypatch.setattr("secrets.randbelow", lambda _: 7)
    asked = [email_codes.make(vault, HERE, "ann@example.org", BEGINNING) for _ in range(2)]
    assert {one.code for one in asked} == {"000007"}
    assert len({row.code for row in kept(services)}) == 2


def test_a_code_that_is_not_wanted_goes_alone(services, vault):
    asked = email_codes.make(vault, HERE, "ann@example.org", BEGINNING)
    email_codes.make(vault, HERE, "bob@example.org", BEGINNING)
    email_codes.forget(vault, asked.id)
    email_codes.forget(vault, "another")
    assert [row.email for row in kept(services)] == ["bob@example.org"]


def test_no_code_is_made_for_what_is_no_address(services, vault):
    with pytest.raises(BadEmail):
        email_codes.make(vault, HERE, "ann@", BEGINNING)
    assert kept(services) == []
