"""Count the possible ballots of a consultation: with too many, a ballot is a fingerprint.

A voter who sells a vote or is coerced can be told to cast an unusual ballot, which identifies
them when all ballots are published. docs/decisions/0005 sets the threshold.
"""

from collections.abc import Collection, Iterable
from math import perm
from typing import Literal

from events.consultations.terms import Terms
from events.kinds.possible import BALLOTS_COUNTED_MAX
from events.question import Question

BALLOTS_MAX = sum(perm(8, ranks) for ranks in range(6))
"""8,801: the ways to rank up to five of eight options."""

Openings = Literal["public", "trackers", "auditor"]
"""Who sees single ballots after closing: everybody beside their entries, which only an imported
file is, as it was public before; everybody in a list that leads to no entry; or an auditor."""


def ballots_possible(questions: Iterable[Question]) -> int:
    """Return the number of possible ballots over all closed questions.

    At most BALLOTS_COUNTED_MAX. Leaving a question out counts as an answer.
    """
    possible = 1
    for question in questions:
        possible = min(possible * question.of_kind.possible(question), BALLOTS_COUNTED_MAX)
    return possible


def is_fingerprint(questions: Iterable[Question]) -> bool:
    """Return whether an unusual ballot could identify a person."""
    return ballots_possible(questions) > BALLOTS_MAX


def is_small_hidden(terms: Terms, questions: Iterable[Question]) -> bool:
    """Return whether small numbers of a closed question are hidden: of one that no rule counts.

    Single ballots would reveal these numbers, so both are published, or neither.
    """
    return any(
        not question.of_kind.is_written and question.id not in terms.counting
        for question in questions
    )


def openings_for(terms: Terms, questions: Collection[Question]) -> Openings:
    """Return who sees the single ballots after closing."""
    if not terms.identity:
        return "public"  # imported: nobody could answer, and the file is public
    if not terms.ballots_public:
        return "auditor"
    if terms.fingerprints_accepted:
        return "trackers"
    is_kept = is_fingerprint(questions) or is_small_hidden(terms, questions)
    return "auditor" if is_kept else "trackers"
