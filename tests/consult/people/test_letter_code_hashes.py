"""Codes for letters: how they are drawn and read, and that nothing kept leads back to a letter."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from consult.people import tables
from consult.people.proving import letter_codes
from consult.people.proving.letter_codes import Found
from tests.builders import BEGINNING
from tests.consult.people.erasable import rows

HERE, THERE = uuid4(), uuid4()
JUST = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("drawn", "code"),
    [
        (bytes(8), "0000-0000-0000"),
        (b"\xff" * 8, "ZZZZ-ZZZZ-ZZZZ"),
        (bytes.fromhex("000000000000001f"), "0000-0000-0001"),
        (bytes.fromhex("000000000000000f"), "0000-0000-0000"),
        (bytes.fromhex("0000000000004010"), "0000-0000-0101"),
        (bytes.fromhex("0123456789abcdef"), "04HM-ASW9-NF6Y"),
        (bytes.fromhex("8000000000000000"), "G000-0000-0000"),
    ],
)
def test_a_code_is_the_first_60_bits_drawn_in_groups_of_four(drawn, code):
    assert letter_codes.make(1, lambda _: drawn) == [code]


def test_codes_differ_and_come_in_the_order_drawn():
    a, b, c = (bytes([n] + [0] * 7) for n in (200, 100, 50))
    asked: list[int] = []
    draws = iter([a + b + a, c])

    def draw(size: int) -> bytes:
        asked.append(size)
        return next(draws)

    assert letter_codes.make(3, draw) == ["S000-0000-0000", "CG00-0000-0000", "6800-0000-0000"]
    assert asked == [24, 8], "only what is missing is drawn again"
    assert letter_codes.make(0, draw) == []
    many = letter_codes.make(1_000)
    assert len(set(many)) == 1_000
    assert all(letter_codes.is_whole(code) for code in many)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("04hm-asw9-nf6y", "04HM-ASW9-NF6Y"),
        (" 04HM ASW9\tNF6Y. ", "04HM-ASW9-NF6Y"),
        ("OILU-oilu-0000", "011V-011V-0000"),
        ("04HMA", "04HM-A"),
        ("", ""),
        ("--", ""),
    ],
)
def test_a_code_is_read_however_it_is_typed(typed, code):
    assert letter_codes.read(typed) == code


@pytest.mark.parametrize(
    ("code", "whole"),
    [
        ("04HM-ASW9-NF6Y", True),
        ("04HMASW9NF6Y", True),
        ("04HM-ASW9-NF6", False),
        ("04HM-ASW9-NF6Y-0", False),
        ("04HM-ASW9-NF6U", False),
        ("04HM-ASW9-NF6É", False),
        ("", False),
    ],
)
def test_a_code_is_whole_with_twelve_letters_of_its_alphabet(code, whole):
    assert letter_codes.is_whole(code) is whole


def test_a_code_leads_to_its_batch_and_to_one_voter(services):
    vault = services.vault
    one, two = letter_codes.make(2)
    letter_codes.keep(vault, HERE, "first", [one], BEGINNING)
    letter_codes.keep(vault, THERE, "second", [two], BEGINNING)
    found = letter_codes.find(vault, one)
    assert found[:2] == (HERE, "first")
    assert letter_codes.find(vault, two)[:2] == (THERE, "second")
    assert letter_codes.find(vault, two).voter != found.voter
    assert letter_codes.find(vault, letter_codes.make(1)[0]) is None
    assert letter_codes.of_voter(vault, found.voter) == found
    assert isinstance(found, Found)
    hashed = found.voter.removeprefix("letter/")
    assert len(hashed) == 22
    assert found.voter == f"letter/{hashed}"
    for other in (hashed, f"email/{hashed}", "letter/", f"letter/{hashed}x"):
        assert letter_codes.of_voter(vault, other) is None
    stored = str(rows(services, tables.letter_code))
    assert one not in stored
    assert one.replace("-", "") not in stored


def test_every_code_of_a_large_batch_is_kept_in_an_order_that_tells_nothing(services, monkeypatch):
    written: list[str] = []

    @event.listens_for(services.vault.engine, "before_cursor_execute")
    def note(_c: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        if "INSERT INTO" in sql and "letter_code" in sql:
            written.append(str(values))

    monkeypatch.setattr(letter_codes, "ROWS_AT_ONCE", 3)
    codes = letter_codes.make(7)
    letter_codes.keep(services.vault, HERE, "pile", codes, BEGINNING)
    letter_codes.keep(services.vault, HERE, "none", [], BEGINNING)
    assert letter_codes.count(services.vault, "pile") == 7
    assert letter_codes.count(services.vault, "none") == 0
    hashes = [row.code_hash for row in rows(services, tables.letter_code)]
    assert len(written) == 3
    places = [sql.index(each) for sql in ["".join(written)] for each in sorted(hashes)]
    assert places == sorted(places), "in the order of the hashes, not of the letters"
    assert all(letter_codes.find(services.vault, code) for code in codes)


def test_a_batch_is_forgotten_alone(services):
    first, second = letter_codes.make(3), letter_codes.make(2)
    letter_codes.keep(services.vault, HERE, "first", first, BEGINNING)
    letter_codes.keep(services.vault, HERE, "second", second, BEGINNING)
    assert letter_codes.forget(services.vault, "first") == 3
    assert letter_codes.forget(services.vault, "first") == 0
    assert letter_codes.find(services.vault, first[0]) is None
    assert letter_codes.find(services.vault, second[0])[:2] == (HERE, "second")
    assert letter_codes.count(services.vault, "second") == 2


@pytest.mark.parametrize(
    ("until", "found"),
    [
        (BEGINNING - JUST, []),
        (BEGINNING, [(HERE, "first")]),
        (BEGINNING + JUST, [(HERE, "first"), (THERE, "second")]),
    ],
)
def test_batches_are_named_once_when_their_time_has_come(services, until, found):
    letter_codes.keep(services.vault, HERE, "first", letter_codes.make(2), BEGINNING)
    letter_codes.keep(services.vault, THERE, "second", letter_codes.make(2), BEGINNING + JUST)
    assert sorted(letter_codes.batches_until(services.vault, until), key=str) == sorted(
        found, key=str
    )
