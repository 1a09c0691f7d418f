"""Read answers from a posted form, and report which field must be corrected, and how.

Input is kept as typed, so that a page can show it again. Only `events.kinds` decides
whether it is an answer.
"""

import re
from typing import Any

from msgspec.structs import replace

from consult.commands.answers.sheets import NotDeclared, UnknownQuestion
from consult.people.answers.texts import TextTooLong
from consult.web.answering.forms.typed import Typed, asked_with
from consult.web.kinds.form import Form, Problem, field_name, form_of
from consult.wording import pasted_words
from consult.wording.language import said
from consult.wording.refusals import DEFAULT_STATUS, says, status
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused
from events.kinds.answer_refusals import (
    OtherUnwritten,
    UnknownOption,
    Unreadable,
)
from events.kinds.kind import Shape
from events.question import OTHER, Question

AREA = "area"
COMMAND = "command"
DECLARED = "declared"
"""The checkbox that declares that the conditions of the terms are met."""
RECEIPT = "receipt"
"""Receipt of the answers that a form changes; absent in forms of first answers."""
RECEIPT_LENGTH_MAX = 60
COMMAND_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
MOVES = ("add", "up", "down", "remove")


def read_all(asked: ShownConsultation, form: Form) -> Typed:
    """Return what was typed for every question of a consultation."""
    return {
        id: form_of(question).read(question, form) for id, question in asked.page.questions.items()
    }


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
                if form_of(question).has_parts and name.startswith(field_name(question.id) + "-")
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
        if question.of_kind.shape is Shape.ORDER:
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
            if question.of_kind.has_costs and f"{field_name(question.id)}-update" in form
        ),
        None,
    )


def problems(asked: ShownConsultation, question: Question, typed: Any) -> list[Problem]:
    """Return what is wrong with one answer; empty if it can be recorded."""
    try:
        form_of(question).check(question, typed)
    except Refused as refused:
        return _where(asked, question, typed, refused)
    return []


def refused(
    asked: ShownConsultation, typed: Typed, why: Refused, *, has_blanks: bool = False
) -> list[Problem]:
    """Return why answers were not recorded: at the fields to be corrected, or for the page.

    `has_blanks`: any question may be left out, as in `Sheet`.
    """
    if isinstance(why, NotDeclared):
        return [*_all_problems(asked, typed, has_blanks=has_blanks), (DECLARED, says(why))]
    found = (
        _all_problems(asked, typed, has_blanks=has_blanks) if status(why) == DEFAULT_STATUS else []
    )
    return found or [("", says(why))]


def _all_problems(asked: ShownConsultation, typed: Typed, *, has_blanks: bool) -> list[Problem]:
    """Return everything that must be corrected, in the order of the page."""
    return [
        problem
        for id, question in asked_with(asked.page.questions, typed).items()
        for problem in problems(
            asked, replace(question, required=question.required and not has_blanks), typed.get(id)
        )
    ]


def _names(asked: ShownConsultation) -> frozenset[str]:
    known = asked.ready.get("names")
    if known is None:
        names: set[str] = set()
        for question in asked.page.questions.values():
            name = field_name(question.id)
            names.update(f"{name}-{action}" for action in (*MOVES, "update"))
            parts = form_of(question).parts(question)
            names |= {name, *(f"{name}-{part}" for part in parts)}
        known = asked.ready["names"] = frozenset(names)
    assert isinstance(known, frozenset)
    return known


def _where(
    asked: ShownConsultation, question: Question, typed: Any, refused: Refused
) -> list[Problem]:
    name = field_name(question.id)
    better = {"question": said(question.title), **_better(asked, question, refused)}
    if isinstance(refused, OtherUnwritten | TextTooLong) and question.other:
        return [(f"{name}-{OTHER}", says(refused, **better))]
    found = form_of(question).where(question, typed, refused)
    return found or [(_first_control(question), says(refused, **better))]


def _better(asked: ShownConsultation, question: Question, refused: Refused) -> dict[str, Any]:
    """Return values of a refusal in the words of the page."""
    if isinstance(refused, UnknownOption):
        return {"option": str(refused.values["option"])}
    if isinstance(refused, Unreadable):
        return {"why": pasted_words.says(refused.fault)}
    better = form_of(question).said_values(asked, question, refused)
    if "option" in refused.values:
        better["option"] = _retitled(question, refused.values["option"])
    return better


def _retitled(question: Question, title: str) -> str:
    """Return a title from a refusal in the language of the page."""
    for option in question.options:
        if title in option.title.values():
            return said(option.title)
    return title


def _first_control(question: Question) -> str:
    """Return an id that is on the page in any order of options."""
    return form_of(question).first_control(question, question.options)
