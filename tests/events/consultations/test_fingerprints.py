"""How many different ballots there can be, against counting them out."""

from itertools import combinations, permutations, product

import pytest
from msgspec.structs import replace

from events.consultations.fingerprints import (
    BALLOTS_MAX,
    ballots_possible,
    is_fingerprint,
    is_small_hidden,
    openings_for,
)
from events.consultations.terms import CountingTerms, Terms
from events.kinds.possible import BALLOTS_COUNTED_MAX
from events.question import Option, Question
from tests.builders import BEGINNING


def asked(kind, options=0, **limits) -> Question:
    listed = tuple(Option(f"o{number}", {}) for number in range(options))
    return Question("q", kind, {}, options=listed, **limits)


def every(choose, options, most):
    return sum(1 for picks in range(most + 1) for _ in choose(range(options), picks))


@pytest.mark.parametrize(
    ("question", "possible"),
    [
        (asked("single", 4), 5),
        (asked("single", 4, other=True), 6),
        (asked("several", 5, picks_max=2), every(combinations, 5, 2)),
        (asked("approval", 12, picks_max=5), 1_586),
        (asked("basket", 6), 64),
        (asked("ranking", 8, ranks_max=5), 8_801),
        (asked("ranking", 10, ranks_max=5), every(permutations, 10, 5)),
        (asked("ranking", 3), every(permutations, 3, 3)),
        (asked("points", 3, points=4), sum(sum(p) <= 4 for p in product(range(5), repeat=3))),
        (asked("rating", 3, scale=4), 125),
        (asked("matrix", 3, statements=(Option("s", {}), Option("t", {}))), 16),
        (asked("number", least="0", most="1.5", decimals=1), 17),
        (asked("date", least="2026-11-01", most="2026-11-30"), 31),
        (asked("date"), BALLOTS_COUNTED_MAX),
        (asked("text"), 1),
        (asked("file"), 1),
    ],
)
def test_as_many_ballots_are_possible_as_can_be_filled_in(question, possible):
    assert ballots_possible([question]) == possible


def test_ten_thousand_options_are_counted_no_further_than_anybody_cares():
    assert ballots_possible([asked("ranking", 10_000)]) == BALLOTS_COUNTED_MAX
    assert ballots_possible([asked("ranking", 10_000, equal_ranks=True)]) == BALLOTS_COUNTED_MAX
    assert ballots_possible([asked("basket", 10_000)]) == BALLOTS_COUNTED_MAX


def test_questions_multiply_because_they_are_opened_together():
    assert ballots_possible([asked("single", 4), asked("ranking", 3)]) == 5 * 16
    assert not is_fingerprint([asked("ranking", 8, ranks_max=5)])
    assert BALLOTS_MAX == 8_801
    assert is_fingerprint([asked("ranking", 8, ranks_max=5), asked("single", 2)])


@pytest.mark.parametrize(
    ("options", "terms", "seen_by"),
    [
        (8, {}, "trackers"),
        (9, {}, "auditor"),
        (9, {"fingerprints_accepted": True}, "trackers"),
        (8, {"ballots_public": False}, "auditor"),
        (9, {"ballots_public": False, "fingerprints_accepted": True}, "auditor"),
    ],
)
def test_only_an_auditor_sees_fingerprints_unless_the_terms_accept_them(options, terms, seen_by):
    question = asked("ranking", options, ranks_max=5)
    counting = {question.id: CountingTerms(rule="borda")}
    all_terms = Terms(closes_at=BEGINNING, counting=counting, **terms)
    assert openings_for(all_terms, [question]) == seen_by


@pytest.mark.parametrize(
    ("kind", "terms", "seen_by"),
    [
        ("single", {}, "auditor"),
        ("single", {"fingerprints_accepted": True}, "trackers"),
        ("text", {}, "trackers"),
    ],
)
def test_ballots_that_show_small_numbers_are_public_only_where_these_are(kind, terms, seen_by):
    asked_too = [asked("ranking", 3), replace(asked(kind, 2), id="too")]
    counting = {asked_too[0].id: CountingTerms(rule="borda")}
    all_terms = Terms(closes_at=BEGINNING, counting=counting, **terms)
    assert openings_for(all_terms, asked_too) == seen_by
    is_hidden = is_small_hidden(all_terms, asked_too)
    assert is_hidden == (kind == "single")


def test_imported_votes_have_no_holders_and_were_public_before():
    terms = Terms(closes_at=BEGINNING, identity=(), fingerprints_accepted=True)
    assert openings_for(terms, [asked("ranking", 30)]) == "public"
