"""Choices of who sees single ballots after closing, and the meaning of each."""

from collections.abc import Iterable

from consult.wording import figures
from consult.wording.language import gettext as _
from events.consultations.fingerprints import BALLOTS_MAX, ballots_possible
from events.consultations.terms import Terms
from events.kinds.possible import BALLOTS_COUNTED_MAX
from events.question import Question

SAFE, ACCEPTED, AUDITOR = "safe", "accepted", "auditor"


def choices() -> list[tuple[str, str, str]]:
    """Return each choice with its title and meaning."""
    return [
        (
            SAFE,
            _("Everybody, unless a person could be recognised"),
            _(
                "Anybody can count again, from a list that does not say whose line is whose. They "
                "are not published where an unusual ballot could be "
                "recognised, or where a question is counted by no rule: the results hide its "
                "small numbers, and single ballots would show them."
            ),
        ),
        (
            ACCEPTED,
            _("Everybody, also where a ballot is unusual"),
            _(
                "People are told before they answer that someone who knows of an unusual answer "
                "could find it, and that small numbers are not hidden."
            ),
        ),
        (
            AUDITOR,
            _("You, and an auditor"),
            _("Everybody sees the result, and an auditor can count again."),
        ),
    ]


def hint(questions: Iterable[Question]) -> str:
    """Return how many ballots are possible, and when they become recognisable; "" with none."""
    possible = ballots_possible(questions)
    if possible <= 1:
        return ""  # nothing is asked yet
    if possible >= BALLOTS_COUNTED_MAX:
        return _(
            "With these questions there can be countless different ballots. Over %(most)s, an "
            "unusual one could be recognised.",
            most=figures.number(BALLOTS_MAX),
        )
    return _(
        "With these questions there can be %(possible)s different ballots. Over %(most)s, an "
        "unusual one could be recognised.",
        possible=figures.number(possible),
        most=figures.number(BALLOTS_MAX),
    )


def typed(terms: Terms) -> str:
    """Return the choice that these terms make."""
    if not terms.ballots_public:
        return AUDITOR
    return ACCEPTED if terms.fingerprints_accepted else SAFE


def read(way: str) -> dict[str, bool]:
    """Return the fields of the terms for a choice."""
    return {"ballots_public": way != AUDITOR, "fingerprints_accepted": way == ACCEPTED}
