"""Read answers from a posted form, and report which field must be corrected, and how.

Input is kept as typed, so that a page can show it again. Only `events.kinds.kind` decides
whether it is an answer.
"""

import re
from typing import Any

from consult.commands.answers.sheets import NotDeclared, UnknownQuestion
from consult.people.answers import attachments, texts
from consult.people.answers.texts import TextTooLong
from consult.web.answering.forms import answer_values
from consult.web.answering.forms.typed import (
    BY_OPTION,
    Form,
    Typed,
    answer,
    asked_with,
    field_name,
    file,
    has_other,
    names_of,
    read,
    words_typed,
)
from consult.wording import figures, pasted_words
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.refusals import DEFAULT_STATUS, says, status
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused
from events.kinds import pasted
from events.kinds.answer_refusals import (
    AnswerMissing,
    DateTooEarly,
    DateTooLate,
    NotAnAnswer,
    NumberTooLarge,
    NumberTooSmall,
    OtherUnwritten,
    OverBudget,
    UnknownOption,
    Unreadable,
)
from events.kinds.checks import check
from events.question import OTHER, Question

Problem = tuple[str, str]
"""Id of the field to be corrected, and the sentence that says how."""

AREA = "area"
COMMAND = "command"
DECLARED = "declared"
"""The checkbox that declares that the conditions of the terms are met."""
RECEIPT = "receipt"
"""Receipt of the answers that a form changes; absent in forms of first answers."""
RECEIPT_LENGTH_MAX = 60
COMMAND_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
MOVES = ("add", "up", "down", "remove")
BY_PART = BY_OPTION | {"matrix"}


def read_all(asked: ShownConsultation, form: Form) -> Typed:
    """Return what was typed for every question of a consultation."""
    return {id: read(question, form) for id, question in asked.page.questions.items()}


def unknown_fields(asked: ShownConsultation, form: Form) -> list[Problem]:
    """Return fields that belong to no question; our pages never send any.

    A problem with the field "" concerns the whole page.
    """
    known = _names(asked)
    strange = [name for name in form if name.startswith("q-") and name not in known]
    problems = []
    for name in strange:
        owner = next(
            (
                question
                for question in asked.page.questions.values()
                if question.kind in BY_PART and name.startswith(field_name(question.id) + "-")
            ),
            None,
        )
        if owner is None:
            problems.append(("", says(UnknownQuestion(question=name[2:66]))))
        else:
            option = name.removeprefix(field_name(owner.id) + "-")[:64]
            problems.append((_first_control(owner), says(UnknownOption(option=option))))
    return problems


def moved(asked: ShownConsultation, form: Form) -> tuple[Question, str] | None:
    """Return the ranking whose button was pressed, and the option; None if none was."""
    for question in asked.page.questions.values():
        if question.kind == "ranking":
            for move in MOVES:
                option = form.get(f"{field_name(question.id)}-{move}")
                if option is not None:
                    return question, option
    return None


def updated(asked: ShownConsultation, form: Form) -> Question | None:
    """Return the basket whose total was requested; None if none was."""
    return next(
        (
            question
            for question in asked.page.questions.values()
            if question.kind == "basket" and f"{field_name(question.id)}-update" in form
        ),
        None,
    )


def problems(asked: ShownConsultation, question: Question, typed: Any) -> list[Problem]:
    """Return what is wrong with one answer; empty if it can be recorded."""
    try:
        if question.kind == "text":
            texts.check(question, typed if typed is not None else "")
        elif question.kind == "file":
            attachments.check(question, file(typed))
        else:
            check(question, answer(question, typed))
            if has_other(question, typed):
                texts.check_other(question, words_typed(question, typed))
    except Refused as refused:
        return _where(asked, question, typed, refused)
    return []


def all_problems(asked: ShownConsultation, typed: Typed) -> list[Problem]:
    """Return everything that must be corrected, in the order of the page."""
    return [
        problem
        for id, question in asked_with(asked.page.questions, typed).items()
        for problem in problems(asked, question, typed.get(id))
    ]


def refused(asked: ShownConsultation, typed: Typed, why: Refused) -> list[Problem]:
    """Return why answers were not recorded: at the fields to be corrected, or for the page."""
    if isinstance(why, NotDeclared):
        return [*all_problems(asked, typed), (DECLARED, says(why))]
    found = all_problems(asked, typed) if status(why) == DEFAULT_STATUS else []
    return found or [("", says(why))]


def spent(question: Question, typed: Any) -> int:
    """Return the total cost of the ticked projects, in minor units."""
    ticked = set(typed) if isinstance(typed, list) else set()
    return sum(option.cost or 0 for option in question.options if option.id in ticked)


def _names(asked: ShownConsultation) -> frozenset[str]:
    known = asked.ready.get("names")
    if known is None:
        names: set[str] = set()
        for question in asked.page.questions.values():
            name = field_name(question.id)
            names.update(f"{name}-{action}" for action in (*MOVES, "update"))
            names |= names_of(question)
        known = asked.ready["names"] = frozenset(names)
    assert isinstance(known, frozenset)
    return known


def _where(
    asked: ShownConsultation, question: Question, typed: Any, refused: Refused
) -> list[Problem]:
    name = field_name(question.id)
    better = {"question": said(question.title), **_better(asked, question, refused)}
    if question.kind == "rating" and isinstance(refused, AnswerMissing):
        given = typed if isinstance(typed, dict) else {}
        missing = _("Choose a grade for “{option}”.")
        return [
            (f"{name}-{option.id}", missing.format(option=said(option.title)))
            for option in question.options
            if option.id not in given
        ]
    if question.kind == "matrix" and isinstance(refused, AnswerMissing):
        given = typed if isinstance(typed, dict) else {}
        missing = _("Choose an answer for “{option}”.")
        return [
            (f"{name}-{row.id}", missing.format(option=said(row.title)))
            for row in question.statements
            if row.id not in given
        ]
    if isinstance(refused, OtherUnwritten | TextTooLong) and question.other:
        return [(f"{name}-{OTHER}", says(refused, **better))]
    if question.kind == "points" and isinstance(refused, NotAnAnswer):
        unclear = _unclear(question, typed)
        if unclear:
            return unclear
    return [(_first_control(question), says(refused, **better))]


def _better(asked: ShownConsultation, question: Question, refused: Refused) -> dict[str, Any]:
    """Return values of a refusal in the words of the page."""
    if isinstance(refused, OverBudget):
        return {"over": figures.money(refused.values["over"], asked.unit, asked.decimals)}
    if isinstance(refused, UnknownOption):
        return {"option": str(refused.values["option"])}
    if isinstance(refused, DateTooEarly | DateTooLate | NumberTooSmall | NumberTooLarge):
        return _limits(question, refused)
    if isinstance(refused, Unreadable):
        return {"why": pasted_words.says(refused.fault)}
    if "option" in refused.values:
        return {"option": _retitled(question, refused.values["option"])}
    return {}


def _limits(question: Question, refused: Refused) -> dict[str, str]:
    """Return the limits of a date or number in the words of the page: "1,200 miles"."""
    words = answer_values.number_words if question.kind == "number" else _day_words
    limits = {name: refused.values.get(name) for name in ("least", "most")}
    return {name: words(question, limit) for name, limit in limits.items() if limit}


def _day_words(_question: Question, text: Any) -> str:
    return answer_values.day_words(text)


def _unclear(question: Question, typed: Any) -> list[Problem]:
    """Return which points are not whole numbers, and why, each at its own field."""
    name = field_name(question.id)
    given = typed if isinstance(typed, dict) else {}
    return [
        (f"{name}-{option.id}", f"“{said(option.title)}”: {_why_no_points(given[option.id])}")
        for option in question.options
        if isinstance(given.get(option.id), str)
    ]


def _why_no_points(text: str) -> str:
    try:
        value = pasted.number(text)
    except pasted.Unread as unread:
        return pasted_words.says(unread)
    if value < 0:
        return _("The least that you can give is 0 points.")
    return _("This is more than there are points to give.")


def _retitled(question: Question, title: str) -> str:
    """Return a title from a refusal in the language of the page."""
    for option in question.options:
        if title in option.title.values():
            return said(option.title)
    return title


def _first_control(question: Question) -> str:
    """Return an id that is on the page in any order of options."""
    name = field_name(question.id)
    if question.kind == "rating":
        return f"{name}-{question.options[0].id}"
    return f"{name}-{question.statements[0].id}" if question.kind == "matrix" else name
