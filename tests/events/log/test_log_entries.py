"""Entries and commitments: one spelling for a document, and one opening for a commitment."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.log.commitment import Opening, commit, parse_opening
from events.log.entry import decode_entry, encode_entry
from events.log.errors import EntryError, LogError, MalformedError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(
    lambda text: unicodedata.normalize("NFC", text)
)
KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
)
SALT = bytes(range(32))


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_a_document_has_one_spelling_which_reads_back(document):
    data = encode_entry(document)
    assert decode_entry(data) == document
    shuffled = dict(reversed(document.items()))
    assert encode_entry(shuffled) == data


def test_the_spelling_is_the_one_documented():
    document = {"z": [1, -2, True, None], "a": {"é": 1} and {"b": 'é€\u2028\u007f"\\/\n\u0001'}}
    assert encode_entry(document) == (
        '{"a":{"b":"é€\u2028\u007f\\"\\\\/\\n\\u0001"},"z":[1,-2,true,null]}'.encode()
    )


@pytest.mark.parametrize(
    "document",
    [
        {"a": 1.0},
        {"a": float("nan")},
        {"a": [{"b": 0.5}]},
        {"a": 2**53},
        {"a": -(2**53)},
        {"a": b"bytes"},
        {"a": {1, 2}},
        {1: "a"},
        {"é": 1},
        {"a": "e\u0301"},
        {"a": "\ud800"},
        {"a": "x" * 65_535},
        ["a"],
        "a",
        None,
    ],
)
def test_a_document_that_cannot_be_an_entry_is_refused(document):
    with pytest.raises(EntryError):
        encode_entry(document)


def test_nesting_has_a_limit():
    document: dict = {}
    for _ in range(15):
        document = {"a": document}
    encode_entry(document)
    with pytest.raises(EntryError):
        encode_entry({"a": document})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":-0}',
        b'{"a":01}',
        b'{"a":"\\u00e9"}',
        b'{"a":"\\/"}',
        b'{"a":"\xff"}',
        b'{"a":"e\xcc\x81"}',
        b'{"a":1}\n',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":' + b"9" * 5_000 + b"}",
        b'{"a":' + b"[" * 50_000 + b"]" * 5 + b"}",
        b'{"a":"' + b"x" * 65_535 + b'"}',
    ],
)
def test_any_other_spelling_of_an_entry_is_refused(data):
    with pytest.raises(EntryError):
        decode_entry(data)


def test_an_entry_of_65_535_bytes_is_the_longest():
    overhead = len(b'{"a":""}')
    assert len(encode_entry({"a": "x" * (65_535 - overhead)})) == 65_535
    with pytest.raises(EntryError):
        encode_entry({"a": "x" * (65_536 - overhead)})


def test_a_commitment_is_opened_by_its_own_opening_only():
    commitment = commit(SALT, "ballot", b'["a","c"]')
    assert len(commitment) == 43
    assert Opening(7, "ballot", SALT, '["a","c"]').opens(commitment)
    for false in (
        Opening(7, "ballot", SALT, '["a","b"]'),
        Opening(7, "answers", SALT, '["a","c"]'),
        Opening(7, "ballot", bytes(32), '["a","c"]'),
    ):
        assert not false.opens(commitment)
    assert not Opening(7, "ballot", SALT, '["a","c"]').opens(commitment[:-1] + "é")


def test_class_and_value_cannot_run_into_each_other():
    assert commit(SALT, "ab", b"c") != commit(SALT, "a", b"bc")
    with pytest.raises(MalformedError):
        commit(SALT, "a\0b", b"c")


@pytest.mark.parametrize(
    ("salt", "klass", "value"),
    [
        (b"short", "ballot", b""),
        (bytes(33), "ballot", b""),
        (SALT, "", b""),
        (SALT, "x" * 33, b""),
        (SALT, "é", b""),
        (SALT, "ballot", bytes(1_048_577)),
    ],
)
def test_commitments_have_limits(salt, klass, value):
    with pytest.raises(MalformedError):
        commit(salt, klass, value)


@given(st.integers(0, 2**53 - 1), st.binary(min_size=32, max_size=32), TEXT)
def test_an_opening_reads_back_from_its_line(index, salt, value):
    opening = Opening(index, "ballot", salt, value)
    assert parse_opening(opening.line) == opening


GOOD = json.loads(Opening(1, "ballot", SALT, "[]").line)


@pytest.mark.parametrize(
    "change",
    [
        {"i": -1},
        {"i": True},
        {"i": "1"},
        {"k": 1},
        {"k": ""},
        {"s": "AAAA"},
        {"s": GOOD["s"] + "="},
        {"s": GOOD["s"][:-1] + "9"},
        {"s": "!" * 43},
        {"x": None},
        {"x": ["a"]},
        {"extra": 1},
    ],
)
def test_any_other_spelling_of_an_opening_is_refused(change):
    with pytest.raises(LogError):
        parse_opening(encode_entry(GOOD | change))
    for key in GOOD:
        with pytest.raises(LogError):
            parse_opening(encode_entry({name: GOOD[name] for name in GOOD if name != key}))


def test_sixteen_levels_are_nested_and_no_more():
    def nested(levels: int, *, in_lists: bool) -> dict:
        value: object = 1
        for _ in range(levels - 1):
            value = [value] if in_lists else {"a": value}
        return {"a": value}

    for in_lists in (True, False):
        deepest = nested(15, in_lists=in_lists)
        assert decode_entry(encode_entry(deepest)) == deepest
        with pytest.raises(EntryError, match="16"):
            encode_entry(nested(17, in_lists=in_lists))


@pytest.mark.parametrize("digits", ["9" * 17, "9" * 18, "1" + "0" * 4_000, "1" * 60_000])
def test_a_long_integer_is_refused_before_time_is_spent_on_it(digits: str):
    for text in (digits, f"-{digits}"):
        with pytest.raises(EntryError, match=r"an integer beyond 2\^53 - 1"):
            decode_entry(f'{{"a":{text}}}'.encode())


def test_the_longest_integers_that_may_be_logged_are_read():
    most = 2**53 - 1
    assert decode_entry(f'{{"a":{most},"b":-{most}}}'.encode()) == {"a": most, "b": -most}
