"""Tallies: two independent programs give the same bytes, and small numbers stay hidden."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.counting.outcome import canonical_bytes
from consult.counting.tallies import tally
from consult.sealing.public_entries.manifest import _question as in_manifest
from consult.verifier import folkmoot_verify as verify
from events.question import OTHER, Option, Question

TITLE = {"en": "Which?"}
IDS = ("a", "b", "c", "ch")
OPTIONS = tuple(Option(id, TITLE) for id in IDS)
ROWS = (Option("r", TITLE), Option("s", TITLE))
ids = st.sampled_from((*IDS, "gone"))
lists = st.lists(ids, max_size=5)
marks = st.dictionaries(ids, st.integers(0, 4), max_size=4)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2026, 12, 31)).map(str)
ANSWERS = {
    "single": st.one_of(ids, st.just(OTHER), st.just([])),
    "several": lists,
    "approval": lists,
    "basket": lists,
    "area": st.one_of(ids, st.just(OTHER)),
    "ranking": st.lists(st.one_of(ids, st.lists(ids, max_size=3)), max_size=4),
    "points": marks,
    "rating": marks,
    "matrix": st.dictionaries(st.sampled_from(("r", "s")), ids, max_size=2),
    "date": days,
    "number": st.integers(-9_999, 9_999).map(lambda n: f"{n / 100:.2f}"),
    "text": st.nothing(),
    "file": st.nothing(),
}


def asked(kind: str) -> Question:
    return Question(
        "q",
        kind,
        TITLE,
        options=() if kind in {"number", "date", "text", "file"} else OPTIONS,
        statements=ROWS if kind == "matrix" else (),
        decimals=2 if kind == "number" else 0,
        other=kind in {"single", "several"},
    )


@pytest.mark.parametrize("kind", ANSWERS)
@given(data=st.data())
def test_the_verifier_makes_the_same_bytes_of_any_answers(kind, data):
    answers = st.tuples(ANSWERS[kind], st.integers(0, 12))
    groups = data.draw(st.lists(answers, max_size=12)) if kind not in {"text", "file"} else []
    wrote = data.draw(st.integers(0, 12)) if kind in {"text", "file"} else 0
    least = data.draw(st.sampled_from((None, 0, 1, 3, 5)))
    question = asked(kind)
    mine = tally(question, groups, wrote=wrote, is_counted=least is None, least=least)
    manifest = json.loads(canonical_bytes(in_manifest(question)))
    assert canonical_bytes(mine) == verify.canonical(
        verify.tally_of(manifest, groups, wrote, least is None, least)
    )


@pytest.mark.parametrize("kind", [kind for kind in ANSWERS if kind not in {"text", "file"}])
@given(data=st.data())
def test_no_small_number_is_in_a_tally_that_hides_them(kind, data):
    """Of a number neither the lowest nor the highest answer of fewer than five people."""
    groups = data.draw(st.lists(st.tuples(ANSWERS[kind], st.integers(1, 12)), max_size=12))
    found = tally(asked(kind), groups, least=5)

    def numbers(value):
        if isinstance(value, dict):
            return [each for name in value for each in numbers(value[name])]
        return [value] if isinstance(value, int) and not isinstance(value, bool) else []

    tables = {name: value for name, value in found.items() if name != "points"}
    assert all(number == 0 or number >= 5 for number in numbers(tables))


@pytest.mark.parametrize(
    ("kind", "groups", "member", "expected"),
    [
        ("single", [("a", 7), ("b", 6), (OTHER, 9)], "options", {"a": 7, "b": 6, "other": 9}),
        ("several", [(["a", "b"], 7), (["a"], 6)], "options", {"a": 13, "b": 7, "other": 0}),
        ("ranking", [(["a", "b"], 7), ([["a", "b"], "c"], 6)], "first", {"a": 7, "b": 0, "c": 0}),
        ("points", [({"a": 3, "b": 1}, 7)], "points", {"a": 21, "b": 7, "c": 0}),
        ("points", [({"a": 3, "b": 0}, 7)], "options", {"a": 7, "b": 0, "c": 0}),
        ("number", [("1.00", 4), ("2.00", 1), ("3.00", 6)], "middle", ["3.00", "3.00"]),
        ("number", [("1.00", 4), ("2.00", 1), ("3.00", 5)], "middle", ["2.00", "3.00"]),
        ("number", [("1.00", 4), ("2.00", 1), ("3.00", 5)], "low", "2.00"),
        ("number", [("1.00", 4), ("2.00", 1), ("3.00", 5)], "high", "3.00"),
        ("number", [("1.00", 4), ("3.00", 5)], "low", None),
        ("number", [("1.00", 4)], "middle", None),
        ("date", [("2026-03-01", 5), ("2026-03-28", 2)], "periods", {"2026-03": 7}),
        (
            "date",
            [("2026-03-01", 9), ("2025-12-24", 4)],
            "periods",
            {"2025-12": "few", "2026-03": "hidden"},
        ),
        ("date", [("2026-03-01", 1), ("2025-12-24", 2)], "periods", None),
    ],
)
def test_each_kind_is_tallied(kind, groups, member, expected):
    found = tally(asked(kind), groups, least=5)[member]
    if isinstance(expected, dict):
        found = {name: found[name] for name in expected}
    assert found == expected


def test_days_over_many_months_are_counted_by_year():
    groups = [(f"{2000 + n // 12}-{n % 12 + 1:02}-01", 9) for n in range(30)]
    assert tally(asked("date"), groups, least=5)["periods"] == {
        "2000": 108,
        "2001": 108,
        "2002": 54,
    }
