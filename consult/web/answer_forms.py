"""Reads answers from a posted form, and says which field has to be put right, and how.

What was typed is kept as it came, so that a page can show it again. Only
`events.ballot_kinds` decides whether it is an answer.
"""

import re
from typing import Any

from werkzeug.datastructures import MultiDict

from consult.commands.sheets import UnknownQuestion
from consult.people import texts
from consult.web import figures
from consult.web.asked import Asked
from consult.web.language import gettext as _
from consult.web.language import said
from consult.web.refusals import says
from events.answer_refusals import AnswerMissing, NotAnAnswer, OverBudget, UnknownOption
from events.ballot_kinds import check
from events.errors import Refused
from events.question import Question

Form = MultiDict[str, str]
Typed = dict[str, Any]
"""By question id: the answer in the shape of its kind, or whatever came instead."""
Problem = tuple[str, str]
"""Id of the field that has to be put right, and the sentence that says how."""

AREA = "area"
ELSEWHERE = "other"
"""The area of people who live in none of the wards."""
COMMAND = "command"
RECEIPT = "receipt"
"""The receipt of the answers that a form changes; forms of first answers have none."""
RECEIPT_LENGTH_MAX = 60
COMMAND_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
MOVES = ("add", "up", "down", "remove")
NUMBER_DIGITS_MAX = 6
_BY_OPTION = ("rating", "points")


def field_name(question_id: str) -> str:
    """Return the name of a question's field, which is also the id of its first control."""
    return f"q-{question_id}"


def read(question: Question, form: Form) -> Any:
    """Return what was typed for one question; None when nothing was."""
    name = field_name(question.id)
    if question.kind in _BY_OPTION:
        return _numbers(name, form) or None
    given = form.getlist(name)
    if question.kind == "text":
        return given[0].replace("\r\n", "\n") if given else ""
    if question.kind == "single":
        return given[0] if len(given) == 1 else given or None
    return given or None


def read_all(asked: Asked, form: Form) -> Typed:
    """Return what was typed for every question of a consultation."""
    return {id: read(question, form) for id, question in asked.page.questions.items()}


def unknown_fields(asked: Asked, form: Form) -> list[Problem]:
    """Say which fields belong to no question; no page of ours sends any.

    Where "" stands for a field, the problem is the whole page's.
    """
    known = _names(asked)
    strange = [name for name in form if name.startswith("q-") and name not in known]
    problems = []
    for name in strange:
        owner = next(
            (
                question
                for question in asked.page.questions.values()
                if question.kind in _BY_OPTION and name.startswith(field_name(question.id) + "-")
            ),
            None,
        )
        if owner is None:
            problems.append(("", says(UnknownQuestion(question=name[2:66]))))
        else:
            option = name.removeprefix(field_name(owner.id) + "-")[:64]
            problems.append((_first_control(owner), says(UnknownOption(option=option))))
    return problems


def moved(asked: Asked, form: Form) -> tuple[Question, str] | None:
    """Return the ranking whose button was pressed, and the option; None when none was."""
    for question in asked.page.questions.values():
        if question.kind == "ranking":
            for move in MOVES:
                option = form.get(f"{field_name(question.id)}-{move}")
                if option is not None:
                    return question, option
    return None


def updated(asked: Asked, form: Form) -> Question | None:
    """Return the basket whose total was asked for; None when none was."""
    return next(
        (
            question
            for question in asked.page.questions.values()
            if question.kind == "basket" and f"{field_name(question.id)}-update" in form
        ),
        None,
    )


def problems(asked: Asked, question: Question, typed: Any) -> list[Problem]:
    """Say what is wrong with one answer; nothing when it can be recorded."""
    try:
        if question.kind == "text":
            texts.check(question, typed if typed is not None else "")
        else:
            check(question, typed)
    except Refused as refused:
        return _where(asked, question, typed, refused)
    return []


def all_problems(asked: Asked, typed: Typed) -> list[Problem]:
    """Say everything that has to be put right, in the order of the page."""
    return [
        problem
        for id, question in asked.page.questions.items()
        for problem in problems(asked, question, typed.get(id))
    ]


def option_title(question: Question, option_id: str) -> str:
    """Return an option's title in the language of the page, or its id when there is none."""
    option = question.option(option_id)
    return said(option.title) if option else option_id[:64]


def spent(question: Question, typed: Any) -> int:
    """Return what the ticked projects cost together, in minor units."""
    ticked = set(typed) if isinstance(typed, list) else set()
    return sum(option.cost or 0 for option in question.options if option.id in ticked)


def _numbers(name: str, form: Form) -> dict[str, Any]:
    found: dict[str, Any] = {}
    start = len(name) + 1
    for key, values in form.lists():
        if key.startswith(f"{name}-"):
            text = values[0].strip()
            if len(values) > 1:
                found[key[start:]] = " ".join(values)  # never a number, so it is refused
            elif text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS_MAX:
                found[key[start:]] = int(text)
            elif text:
                found[key[start:]] = text
    return found


def _names(asked: Asked) -> frozenset[str]:
    known = asked.ready.get("names")
    if known is None:
        names = set()
        for question in asked.page.questions.values():
            name = field_name(question.id)
            names.add(name)
            names.update(f"{name}-{action}" for action in (*MOVES, "update"))
            if question.kind in _BY_OPTION:
                names.update(f"{name}-{option.id}" for option in question.options)
        known = asked.ready["names"] = frozenset(names)
    assert isinstance(known, frozenset)
    return known


def _where(asked: Asked, question: Question, typed: Any, refused: Refused) -> list[Problem]:
    name = field_name(question.id)
    better: dict[str, Any] = {"question": said(question.title)}
    if isinstance(refused, OverBudget):
        better["over"] = figures.money(refused.values["over"], asked.unit, asked.decimals)
    elif isinstance(refused, UnknownOption):
        better["option"] = str(refused.values["option"])
    elif "option" in refused.values:
        better["option"] = _retitled(question, refused.values["option"])
    if question.kind == "rating" and isinstance(refused, AnswerMissing):
        given = typed if isinstance(typed, dict) else {}
        missing = _("Choose a grade for “{option}”.")
        return [
            (f"{name}-{option.id}", missing.format(option=said(option.title)))
            for option in question.options
            if option.id not in given
        ]
    if question.kind == "points" and isinstance(refused, NotAnAnswer):
        unclear = _unclear(question, typed)
        if unclear:
            return unclear
    return [(_first_control(question), says(refused, **better))]


def _unclear(question: Question, typed: Any) -> list[Problem]:
    """Say which points are not whole numbers, each at its own box."""
    name = field_name(question.id)
    return [
        (
            f"{name}-{option.id}",
            _("Points for “{option}” must be a whole number, like 3.").format(
                option=said(option.title)
            ),
        )
        for option in question.options
        if not isinstance((typed or {}).get(option.id, 0), int)
    ]


def _retitled(question: Question, title: str) -> str:
    """Put a title that a refusal carries into the language of the page."""
    for option in question.options:
        if title in option.title.values():
            return said(option.title)
    return title


def _first_control(question: Question) -> str:
    """Return an id that is on the page whatever the order of options is."""
    name = field_name(question.id)
    return f"{name}-{question.options[0].id}" if question.kind == "rating" else name
