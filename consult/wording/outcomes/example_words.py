"""The example of a counting rule in words: the answers in it and their outcome.

Every number in the words is read from a count of the example, so they always agree.
"""

from typing import NamedTuple

from consult.counting import Specification, count, find_rule
from consult.counting.profile import Answer
from consult.wording.language import gettext as _
from consult.wording.outcomes.counted import Counted, listed
from consult.wording.outcomes.worked_example import NAMES, Worked, name
from consult.wording.rules import words_of
from events.kinds.kind import Shape


class Shown(NamedTuple):
    """An example on a page: introduction, answers and outcome."""

    lead: str
    answers: tuple[str, ...]
    outcome: str


def shown(counted: Counted) -> Shown:
    """Return the example of the rule of a question, under the settings that its terms fix."""
    rule = find_rule(counted.rule)
    example = rule.example.for_kind(counted.question.kind)
    settings = example.specified(counted.outcome["specification"]["parameters"])
    outcome = count(example.profile, Specification(rule.id, settings, example.seats)).as_json()
    worked = Worked(counted, example, outcome)
    answers = tuple(
        _given(people, _answer(example.profile.shape, answer))
        for answer, people in example.profile.groups
    )
    return Shown(_lead(worked), answers, words_of(rule.id).example(worked))


def _lead(worked: Worked) -> str:
    profile = worked.example.profile
    if profile.pot is not None:
        projects = [f"{name(id)} ({worked.cost(id)})" for id in NAMES]
        return _(
            "Suppose there is %(pot)s for these projects: %(projects)s. These are all the answers:",
            pot=worked.money(profile.pot),
            projects=listed(projects),
        )
    if profile.shape is Shape.ORDER:
        return _("Suppose these are all the answers, the best first:")
    return _("Suppose these are all the answers:")


def _given(people: int, answer: str) -> str:
    if people == 1:
        return _("1 person: %(answer)s", answer=answer)
    return _("%(people)s people: %(answer)s", people=people, answer=answer)


def _answer(shape: Shape, answer: Answer) -> str:
    if shape is Shape.ONE:
        return name(answer)
    if shape is Shape.ORDER:
        return ", ".join(map(name, answer))
    if isinstance(answer, dict):
        return ", ".join(f"{name(id)} {number}" for id, number in answer.items())
    return listed([name(id) for id in answer])
