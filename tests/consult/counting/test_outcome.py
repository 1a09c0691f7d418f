"""The canonical spelling of an outcome and the digests of input and result."""

import json
from fractions import Fraction

import pytest

from consult.counting import Option, Profile, digest, input_digest
from consult.counting.outcome import canonical_bytes, exact, plain
from tests.consult.counting.ballot_builders import LIBRARY, counted, rankings

FIELDS = (
    "rule rule_version specification ballots order elected funded spent left scores rounds ties "
    "reasons tables"
)


def test_an_outcome_always_has_every_field_and_survives_json():
    document = counted(rankings(LIBRARY), "irv").as_json()
    assert sorted(document) == sorted(FIELDS.split())
    assert json.loads(canonical_bytes(document)) == document
    assert (document["funded"], document["spent"], document["left"]) == ([], None, None)


def test_the_canonical_spelling_is_sorted_tight_and_utf8():
    assert canonical_bytes({"é": ["a\n\u007f"], "a": {"b": 1, "B": None}}) == (
        '{"a":{"B":null,"b":1},"é":["a\\n\u007f"]}'.encode()
    )
    assert digest({}) == ("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")


def test_nothing_inexact_gets_into_a_document():
    with pytest.raises(TypeError, match="float"):
        plain({"share": 0.5})
    assert (exact(Fraction(6, 4)), exact(Fraction(4, 2)), exact(-1)) == ("3/2", "2", "-1")


def test_the_input_digest_is_the_same_however_the_ballots_are_grouped():
    options = (Option("A"), Option("B", cost=3, group="g"), Option("C"))
    one = Profile("ranking", options, ((["A", ["B", "C"]], 3), ([], 1)))
    two = Profile(
        "ranking",
        options[::-1],
        (([], 1), (["A", ["C", "B"]], 1), (["A", ["B", "C"]], 2), (["C"], 0)),
    )
    assert input_digest(one) == input_digest(two)


def test_the_input_digest_is_the_digest_of_the_documented_document():
    profile = Profile("approval", (Option("b", 5), Option("a")), ((["b", "a"], 2), ([], 1)), 10)
    assert input_digest(profile) == digest(
        {
            "groups": [[["a", "b"], 2], [[], 1]],
            "kind": "approval",
            "options": [
                {"cost": None, "group": None, "id": "a"},
                {"cost": 5, "group": None, "id": "b"},
            ],
            "pot": 10,
        }
    )


@pytest.mark.parametrize(
    "other",
    [
        Profile("ranking", (Option("A"), Option("B")), ((["B"], 1),)),
        Profile("ranking", (Option("A"), Option("B")), ((["A"], 2),)),
        Profile("ranking", (Option("A"), Option("B", 1)), ((["A"], 1),)),
        Profile("ranking", (Option("A"), Option("B")), ((["A"], 1),), 1),
        Profile("ranking", (Option("A"), Option("B")), ((["A"], 1), ([], 1))),
    ],
)
def test_any_change_of_the_input_changes_its_digest(other):
    profile = Profile("ranking", (Option("A"), Option("B")), ((["A"], 1),))
    assert input_digest(profile) != input_digest(other)
