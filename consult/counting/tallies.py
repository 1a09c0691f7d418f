"""Tally how many people gave each answer to each question, with small numbers hidden.

`docs/tallies.md` describes the document. A cell is a number, or the word FEW or HIDDEN where a
number could identify somebody; a table of which nothing can be shown is None. Numbers of a
question that a rule counts are never hidden, because its result shows them; nor are those of any
question where single ballots are public, because everybody can add them up.
"""

import pkgutil
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module

from consult.counting import kinds
from consult.counting.kinds.cells import (
    FEW,
    HIDDEN,
    TALLIES,
    Document,
    Groups,
    shown_cells,
)
from events.question import Question

for _module in pkgutil.iter_modules(kinds.__path__):  # importing them registers tallies
    import_module(f"{kinds.__name__}.{_module.name}")

FORMAT = "folkmoot/tallies/v1"


def document(
    consultation_id: str,
    questions: Sequence[Question],
    groups: Mapping[str, Groups],
    *,
    wrote: Mapping[str, int],
    respondents: Mapping[str, int],
    members: Mapping[str, int],
    counted: Collection[str],
    least: int,
    are_ballots_public: bool,
) -> Document:
    """Return the tallies of a consultation.

    `groups`: by question id. `wrote`: how many people wrote or attached something, by question id.
    `respondents`: number of responses by kind of respondent. `members`: how many people
    organisations speak for, and how many met, by kind. `counted`: ids of the questions that a rule
    counts. `least`: numbers below it are hidden, except those that can be added up from public
    ballots.
    """
    kinds = shown_cells(respondents, least)
    closed = (question.id for question in questions if not question.of_kind.is_written)
    opened = set(closed) if are_ballots_public else set()
    return {
        "format": FORMAT,
        "consultation": consultation_id,
        "hidden_under": least,
        "responses": sum(respondents.values()),
        "respondents": kinds,
        "members": kinds
        and {name: n if isinstance(kinds[name], int) else HIDDEN for name, n in members.items()},
        "questions": [
            tally(
                question,
                groups.get(question.id, ()),
                wrote=wrote.get(question.id, 0),
                is_counted=question.id in counted,
                least=None if question.id in counted or question.id in opened else least,
            )
            for question in questions
        ],
    }


def tally(
    question: Question,
    groups: Groups,
    *,
    wrote: int = 0,
    is_counted: bool = False,
    least: int | None,
) -> Document:
    """Return the tally of one question. `least`: None where no number is hidden."""
    given = [(answer, number) for answer, number in groups if number > 0]
    answered = wrote if question.of_kind.is_written else sum(number for _answer, number in given)
    few = least is not None and 0 < answered < least
    found: Document = {
        "id": question.id,
        "kind": question.kind,
        "counted": is_counted,
        "answered": FEW if few else answered,
    }
    return found | TALLIES[question.kind](question, given, least)
