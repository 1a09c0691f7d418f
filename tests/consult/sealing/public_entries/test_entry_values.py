"""Values as entries hold them: the same for everybody who reads or recounts them."""

import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from consult.log_store.outgoing import BALLOT, OutgoingEntry
from consult.sealing.groups import shuffled
from consult.sealing.public_entries.entry_values import WORDS_MAX, day, key, moment, named, words

SUMMER = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("at", "said", "on"),
    [
        (datetime(2026, 6, 1, 0, 30, 59, 999_999, SUMMER), "2026-05-31T23:30:59Z", "2026-05-31"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05Z", "2026-01-02"),
        (datetime(2026, 12, 31, 23, 59, 59, 1, UTC), "2026-12-31T23:59:59Z", "2026-12-31"),
    ],
)
def test_times_are_utc_to_the_second_and_never_rounded_up(at, said, on):
    assert (moment(at), day(at)) == (said, on)


@pytest.mark.parametrize("length", [0, 1, 1_999, 2_000, 2_001, 9_000])
def test_words_are_cut_after_two_thousand_letters_in_every_language(length):
    assert WORDS_MAX == 2_000
    said = "x" * min(length, 2_000)
    assert words("x" * length) == said
    assert words({"en": "x" * length, "cy": "y"}) == {"en": said, "cy": "y"}


def test_words_of_a_form_have_no_control_that_a_terminal_obeys_and_keep_their_lines():
    assert words("One\r\ntwo\tthree\x1b[31m\x00") == "One\ntwo three [31m "
    assert len(words("\u0958" * WORDS_MAX)) == WORDS_MAX, "two letters each in this form"


def test_words_have_one_form_however_they_were_typed():
    typed = unicodedata.normalize("NFD", "Tŷ Newydd, Llŷn, café")
    assert words(typed) == "Tŷ Newydd, Llŷn, café" != typed
    assert words({"cy": {"deep": typed}}) == {"cy": {"deep": "Tŷ Newydd, Llŷn, café"}}


@pytest.mark.parametrize(
    ("id", "as_key"),
    [("order", "order"), ("a/b c", "a/b c"), ("tŷ", "t%C5%B7"), ("é/ü", "%C3%A9/%C3%BC"), ("", "")],
)
def test_a_question_is_named_in_ascii(id, as_key):
    assert key(id) == as_key


@pytest.mark.parametrize(
    ("fact", "name"),
    [
        ({"name": {"en": "Park", "cy": "Parc"}}, "Park"),
        ({"name": {}, "theme": {"cy": "Cartrefi", "en": "Homes"}}, "Cartrefi"),
        ({"theme": {"en": "Homes"}}, "Homes"),
        ({"particulars": SimpleNamespace(controller={"en": "Council"})}, "Council"),
        ({"particulars": SimpleNamespace(controller={})}, ""),
        ({"organisation": SimpleNamespace(name={"en": "Growers"}, id="g")}, "Growers"),
        ({"organisation": SimpleNamespace(name={}, id="g")}, "g"),
        ({"organisation_id": "g", "source": "s"}, "g"),
        ({"organisation_id": "", "source": "s"}, "s"),
        ({"source": "s"}, "s"),
        ({}, ""),
    ],
)
def test_a_fact_of_a_partnership_is_named_after_what_it_is_about(fact, name):
    assert named(SimpleNamespace(**fact)) == name


def entry(position: int, kind: str = BALLOT, person: int | None = None) -> OutgoingEntry:
    whose = None if person is None else f"person {person}"
    return OutgoingEntry(kind, b"%d" % position, position, person=whose)


def test_the_versions_of_one_person_keep_their_order_among_all_others():
    round_ = [entry(n, person=n % 3) for n in range(12)]
    seen = set()
    for _ in range(60):
        found = shuffled(round_)
        assert sorted(each.position for each in found) == list(range(12))
        for person in range(3):
            mine = [each.position for each in found if each.person == f"person {person}"]
            assert mine == sorted(mine)
        seen.add(tuple(each.position for each in found))
    assert len(seen) > 30
    assert shuffled([]) == []
    alone = [entry(n) for n in range(6)]
    assert len({tuple(each.position for each in shuffled(alone)) for _ in range(60)}) > 30
