"""What is wrong with a form with answers: which field must be corrected, and how.

Only `events.kinds` decides whether what was typed is an answer.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from consult.commands.answers.sheets import NotDeclared, UnknownQuestion
from consult.people.answers.texts import TextTooLong
from consult.web.answering.forms import respondents
from consult.web.answering.forms.draft import NOT_SAID, Draft, Typed, asked_with
from consult.web.answering.forms.fields import MOVES
from consult.web.answering.forms.filled import AREA, DECLARED
from consult.web.kinds.form import Form, Problem, field_name, form_of
from consult.wording import pasted_words
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from consult.wording.refusals import DEFAULT_STATUS, says, status
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused
from events.kinds.answer_refusals import (
    OtherUnwritten,
    UnknownOption,
    Unreadable,
)
from events.question import OTHER, Question

UNKNOWN_AREA = N_("We do not know this place. Choose from the list.")


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


def problems(asked: ShownConsultation, question: Question, typed: Any) -> list[Problem]:
    """Return what is wrong with one answer; empty if it can be recorded."""
    try:
        form_of(question).check(question, typed)
    except Refused as refused:
        return _where(asked, question, typed, refused)
    return []


def of_buttons(
    asked: ShownConsultation, questions: Mapping[str, Question], typed: Typed
) -> list[Problem]:
    """Return what is wrong with the answers to questions with buttons, after one was pressed.

    Without JavaScript people learn only here that a total is too high.
    """
    return [
        problem
        for id, question in questions.items()
        if typed.get(id) and form_of(question).has_buttons
        for problem in problems(asked, question, typed[id])
    ]


def of_area(asked: ShownConsultation, area: str) -> list[Problem]:
    """Return what is wrong with where somebody says that they live."""
    is_known = area == NOT_SAID or area in asked.areas
    return [] if is_known else [(AREA, _(UNKNOWN_AREA))]


def of_person(asked: ShownConsultation, draft: Draft) -> list[Problem]:
    """Return what is wrong with where somebody lives; if nothing, with whom they answer for."""
    found = of_area(asked, draft.area)
    return found or (respondents.problems(draft.whom) if asked.invites_organisations else [])


def refused(
    asked: ShownConsultation, typed: Typed, why: Refused, *, has_blanks: bool = False
) -> list[Problem]:
    """Return why answers were not recorded: at the fields to be corrected, or for the page.

    `has_blanks`: any question may be left out, as in `Sheet`.
    """
    can_correct = status(why) == DEFAULT_STATUS
    found = _of_all(asked, typed, has_blanks=has_blanks) if can_correct else []
    return [*found, *beside(why, is_explained=bool(found))]


def beside(why: Refused, *, is_explained: bool) -> list[Problem]:
    """Return what a refusal says beside the problems of single answers.

    `is_explained`: some of these have problems, so that nothing needs to be said for the page.
    """
    if isinstance(why, NotDeclared):
        return [(DECLARED, says(why))]
    return [] if is_explained and status(why) == DEFAULT_STATUS else [("", says(why))]


def _of_all(asked: ShownConsultation, typed: Typed, *, has_blanks: bool) -> list[Problem]:
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
