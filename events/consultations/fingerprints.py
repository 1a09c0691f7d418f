"""How many different ballots there can be: where there are too many, a ballot is a fingerprint.

Somebody who sells a vote, or is made to cast it, can be told to fill in an unusual one and be
recognised by it when all ballots are published. docs/decisions/0005 says where the line is.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from math import comb, perm
from typing import Literal

from events.consultations.terms import Terms
from events.question import WRITTEN, Question

BALLOTS_MAX = sum(perm(8, ranks) for ranks in range(6))
"""8,801: as many as there are ways to rank up to five of eight options."""

BALLOTS_COUNTED_MAX = 10**12
"""Beyond this nobody cares how many; it also keeps the numbers short."""

MANY = 1_000
AREAS = 100
"""Wards are the partnership's, not the question's: more than any has."""

Openings = Literal["public", "auditor"]


def ballots_possible(questions: Iterable[Question]) -> int:
    """Return how many different ballots can be cast, all closed questions together.

    At most BALLOTS_COUNTED_MAX. Leaving a question out is an answer too.
    """
    possible = 1
    for question in questions:
        possible = min(possible * _answers_possible(question), BALLOTS_COUNTED_MAX)
    return possible


def is_fingerprint(questions: Iterable[Question]) -> bool:
    """Say whether a person could be recognised by an unusual ballot."""
    return ballots_possible(questions) > BALLOTS_MAX


def is_small_hidden(terms: Terms, questions: Iterable[Question]) -> bool:
    """Say whether small numbers of a closed question are hidden: where no rule counts it.

    Single ballots would give these numbers away: both are published, or neither.
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
    """Return how many numbers or dates there are between the limits."""
    if not question.least or not question.most:
        return BALLOTS_COUNTED_MAX
    if question.kind == "date":
        days = date.fromisoformat(question.most) - date.fromisoformat(question.least)
        return days.days + 2
    steps = (Decimal(question.most) - Decimal(question.least)).scaleb(question.decimals)
    return min(int(steps) + 2, BALLOTS_COUNTED_MAX)


def _up_to(most: int, options: int) -> int:
    """Return one more than how many may be chosen; 0 stands for no limit."""
    return min(most or options, options) + 1


def _power(base: int, exponent: int) -> int:
    """Return base to the power of exponent, or the most that is counted."""
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
    """Return how many options there are; beyond a thousand the numbers only grow long."""
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
