"""Count the possible ballots of a consultation: with too many, a ballot is a fingerprint.

A voter who sells a vote or is coerced can be told to cast an unusual ballot, which identifies
them when all ballots are published. docs/decisions/0005 sets the threshold.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from math import comb, perm
from typing import Literal

from events.consultations.terms import Terms
from events.question import WRITTEN, Question

BALLOTS_MAX = sum(perm(8, ranks) for ranks in range(6))
"""8,801: the ways to rank up to five of eight options."""

BALLOTS_COUNTED_MAX = 10**12
"""The cap on the count: larger numbers make no difference, and it bounds the arithmetic."""

MANY = 1_000
AREAS = 100
"""The assumed number of wards, which the question does not list: more than any partnership has."""

Openings = Literal["public", "auditor"]


def ballots_possible(questions: Iterable[Question]) -> int:
    """Return the number of possible ballots over all closed questions.

    At most BALLOTS_COUNTED_MAX. Leaving a question out counts as an answer.
    """
    possible = 1
    for question in questions:
        possible = min(possible * _answers_possible(question), BALLOTS_COUNTED_MAX)
    return possible


def is_fingerprint(questions: Iterable[Question]) -> bool:
    """Return whether an unusual ballot could identify a person."""
    return ballots_possible(questions) > BALLOTS_MAX


def is_small_hidden(terms: Terms, questions: Iterable[Question]) -> bool:
    """Return whether small numbers of a closed question are hidden: of one that no rule counts.

    Single ballots would reveal these numbers, so both are published, or neither.
    """
    return any(
        question.kind not in WRITTEN and question.id not in terms.counting for question in questions
    )


def openings_for(terms: Terms, questions: Collection[Question]) -> Openings:
    """Return who sees the single ballots after closing: everybody, or only an auditor."""
    if not terms.ballots_public:
        return "auditor"
    if terms.fingerprints_accepted:
        return "public"
    is_kept = is_fingerprint(questions) or is_small_hidden(terms, questions)
    return "auditor" if is_kept else "public"


def _answers_possible(question: Question) -> int:
    if question.kind in WRITTEN:
        return 1  # never opened
    return _POSSIBLE.get(question.kind, _values_possible)(question)


def _chosen(question: Question) -> int:
    return len(question.options) + 1 + question.other


def _picked(question: Question) -> int:
    every = _many(question) + question.other
    return _capped(comb(every, picks) for picks in range(_up_to(question.picks_max, every)))


def _ranked(question: Question) -> int:
    options = _many(question)
    depths = _up_to(question.ranks_max, options)
    if question.equal_ranks:
        return _power(depths, options)
    return _capped(perm(options, depth) for depth in range(depths))


def _shared_out(question: Question) -> int:
    options = _many(question)
    return _capped([comb(min(question.points, MANY) + options, options)])


def _values_possible(question: Question) -> int:
    """Return the number of values within the limits, plus one for no answer; capped."""
    if not question.least or not question.most:
        return BALLOTS_COUNTED_MAX
    if question.kind == "date":
        days = date.fromisoformat(question.most) - date.fromisoformat(question.least)
        return days.days + 2
    steps = (Decimal(question.most) - Decimal(question.least)).scaleb(question.decimals)
    return min(int(steps) + 2, BALLOTS_COUNTED_MAX)


def _up_to(most: int, options: int) -> int:
    """Return one more than the number that may be chosen; `most` 0: no limit."""
    return min(most or options, options) + 1


def _power(base: int, exponent: int) -> int:
    """Return base to the power of exponent, capped at BALLOTS_COUNTED_MAX."""
    found = 1
    for _ in range(exponent):
        found = min(found * base, BALLOTS_COUNTED_MAX)
    return found


def _capped(numbers: Iterable[int]) -> int:
    found = 0
    for number in numbers:
        found += number
        if found >= BALLOTS_COUNTED_MAX:
            return BALLOTS_COUNTED_MAX
    return found


def _many(question: Question) -> int:
    """Return the number of options, capped at MANY, which bounds the arithmetic."""
    return min(len(question.options), MANY)


_POSSIBLE: Mapping[str, Callable[[Question], int]] = {
    "single": _chosen,
    "area": lambda _question: AREAS,
    "several": _picked,
    "approval": _picked,
    "basket": _picked,
    "ranking": _ranked,
    "points": _shared_out,
    "rating": lambda question: _power(question.scale + 1, len(question.options)),
    "matrix": lambda question: _power(len(question.options) + 1, len(question.statements)),
}
