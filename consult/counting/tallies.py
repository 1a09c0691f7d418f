"""Tally how many people gave each answer to each question, with small numbers hidden.

`docs/tallies.md` describes the document. A cell is a number, or the word FEW or HIDDEN where a
number could identify somebody; a table of which nothing can be shown is None. Numbers of a
question that a rule counts are never hidden, because its result shows them; nor are those of any
question where single ballots are public, because everybody can add them up.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from consult.counting.small_numbers import protect
from events.kinds.answer_values import scaled
from events.kinds.pasted import written
from events.question import OTHER, WRITTEN, Question

FORMAT = "folkmoot/tallies/v1"
FEW, HIDDEN = "few", "hidden"
MONTHS_MAX = 24
MONTH_LENGTH = len("2026-11")
YEAR_LENGTH = len("2026")

Groups = Iterable[tuple[Any, int]]
"""Each distinct answer with the number of people who gave it."""
Cells = dict[str, int | str] | None
Hide = Callable[[Mapping[str, int]], Cells]
Document = dict[str, Any]


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
    closed = (question.id for question in questions if question.kind not in WRITTEN)
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
    answered = wrote if question.kind in WRITTEN else sum(number for _answer, number in given)
    few = least is not None and 0 < answered < least
    found: Document = {
        "id": question.id,
        "kind": question.kind,
        "counted": is_counted,
        "answered": FEW if few else answered,
    }
    say = _KINDS.get(question.kind)
    return found | (say(question, given, least) if say else {})


def shown_cells(cells: Mapping[str, int], least: int | None) -> Cells:
    """Return counts as they may be shown; None if none may be."""
    if least is None:
        return dict(cells)
    protected = protect(cells, least)
    if protected is None:
        return None
    return {
        name: cell.people if cell.people is not None else FEW if cell.is_few else HIDDEN
        for name, cell in protected.items()
    }


def _choices(question: Question, given: Groups, least: int | None) -> Document:
    ids = [option.id for option in question.options] + [OTHER] * question.takes_other
    return {"options": shown_cells(_counts(ids, given, _chosen), least)}


def _ranking(question: Question, given: Groups, least: int | None) -> Document:
    ids = [option.id for option in question.options]
    return {
        "options": shown_cells(_counts(ids, given, _ranked), least),
        "first": shown_cells(_counts(ids, given, _first), least),
    }


def _points(question: Question, given: Groups, least: int | None) -> Document:
    ids = [option.id for option in question.options]
    people = shown_cells(_counts(ids, given, _marked), least)
    points = dict.fromkeys(ids, 0)
    for answer, number in given:
        for id in _marked(answer):
            points[id] = points.get(id, 0) + answer[id] * number
    shown = people and {id: points[id] if isinstance(people[id], int) else people[id] for id in ids}
    return {"options": people, "points": shown}


def _rating(question: Question, given: Groups, least: int | None) -> Document:
    ids = [option.id for option in question.options]
    grades = [str(grade) for grade in range(1, question.scale + 1)]
    return {
        "options": shown_cells(_counts(ids, given, _marked), least),
        "grades": {id: shown_cells(_counts(grades, given, _grade_of(id)), least) for id in ids},
    }


def _matrix(question: Question, given: Groups, least: int | None) -> Document:
    columns = [option.id for option in question.options]
    return {
        "rows": {
            row.id: shown_cells(_counts(columns, given, _column_of(row.id)), least)
            for row in question.statements
        }
    }


def _dates(_question: Question, given: Groups, least: int | None) -> Document:
    """Tally by month, or by year if there are more than MONTHS_MAX months."""
    days: Counter[str] = Counter()
    for answer, number in given:
        if isinstance(answer, str):
            days[answer] += number
    length = MONTH_LENGTH
    if len({day[:MONTH_LENGTH] for day in days}) > MONTHS_MAX:
        length = YEAR_LENGTH
    periods: Counter[str] = Counter()
    for day in sorted(days):
        periods[day[:length]] += days[day]
    return {"periods": shown_cells(periods, least)}


def _numbers(question: Question, given: Groups, least: int | None) -> Document:
    """Return median and spread; `low` and `high` exclude the `least` - 1 most extreme answers."""
    answers = sorted(_spread(question, given))
    few = max(least or 0, 1)
    found: Document = {"middle": None, "low": None, "high": None}
    if len(answers) < few:
        return found

    def shown(place: int) -> str:
        return written(answers[place], question.decimals)

    found["middle"] = [shown((len(answers) - 1) // 2), shown(len(answers) // 2)]
    if len(answers) >= 2 * few:
        found |= {"low": shown(few - 1), "high": shown(-few)}
    return found


def _spread(question: Question, given: Groups) -> Iterator[int]:
    for text, number in given:
        value = scaled(text, question.decimals)
        if value is not None:
            yield from [value] * number


def _counts(
    ids: Iterable[str], given: Groups, named: Callable[[Any], Iterable[str]]
) -> dict[str, int]:
    """Return how many people named each id; a repeated id in one answer counts once."""
    counts = dict.fromkeys(ids, 0)
    for answer, number in given:
        for id in set(named(answer)):
            if id in counts:
                counts[id] += number
    return counts


def _chosen(answer: Any) -> Iterable[str]:
    return (answer,) if isinstance(answer, str) else answer


def _ranked(answer: Any) -> Iterator[str]:
    for rank in answer:
        yield from rank if isinstance(rank, list) else (rank,)


def _first(answer: Any) -> Iterable[str]:
    """Return the option alone on the first non-empty rank; nothing if that rank is shared."""
    ranks = [rank if isinstance(rank, list) else [rank] for rank in answer]
    first = set(next((rank for rank in ranks if rank), ()))
    return first if len(first) == 1 else ()


def _marked(answer: Any) -> Iterable[str]:
    return [id for id, number in dict(answer).items() if number]


def _grade_of(id: str) -> Callable[[Any], Iterable[str]]:
    return lambda answer: (str(dict(answer).get(id, "")),)


def _column_of(row: str) -> Callable[[Any], Iterable[str]]:
    return lambda answer: (dict(answer).get(row, ""),)


_KINDS: Mapping[str, Callable[[Question, Groups, int | None], Document]] = {
    "single": _choices,
    "several": _choices,
    "approval": _choices,
    "basket": _choices,
    "area": _choices,
    "ranking": _ranking,
    "points": _points,
    "rating": _rating,
    "matrix": _matrix,
    "date": _dates,
    "number": _numbers,
}
"""Builds what the tally of each kind adds to the number of answers; text and file add nothing."""
