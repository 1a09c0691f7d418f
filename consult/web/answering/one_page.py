"""The form with every question on one page, assembled from cached fragments.

Only two tokens and the order of options depend on the person, so a form without input is a join of
strings. Anything else is rendered completely.
"""

from typing import Any

from flask import render_template, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from consult.commands.context import fresh_command_id
from consult.web import services as find_services
from consult.web.answering import earlier
from consult.web.answering.forms import answer_blocks, answer_problems, respondents
from consult.web.answering.forms.draft import Draft
from consult.web.answering.forms.filled import Filled
from consult.web.answering.sending import Refusal
from consult.web.kinds.form import Problem, field_name
from consult.wording import language
from consult.wording.registries import respondent_words
from consult.wording.shown_consultation import ShownConsultation

TEMPLATE = "answers/all.html"
_MARK = "\x02"  # does not occur in our texts or in forms


def untouched(asked: ShownConsultation, person: str) -> str:
    """Return the form without any input."""
    is_open = asked.is_open(find_services().clock())
    key = ("one page", language.current(), request.script_root, is_open)
    pieces = asked.ready.get(key)
    if not isinstance(pieces, list):
        blocks = [Markup(f"{_MARK}{id}{_MARK}") for id in asked.page.questions]  # noqa: S704  made by our own templates, which escape
        marked = Filled(Draft(), f"{_MARK}command{_MARK}")
        whole = _render(asked, marked, blocks, f"{_MARK}csrf{_MARK}", [])
        pieces = whole.split(_MARK)
        # At odd indices: CSRF token, command id, then each question.
        assert len(pieces) == 2 * (len(blocks) + 2) + 1, "a marker went missing"
        asked.ready[key] = pieces
    filled = list(pieces)
    filled[1] = generate_csrf()
    filled[3] = fresh_command_id()
    for place, question in enumerate(asked.page.questions.values()):
        filled[5 + 2 * place] = answer_blocks.block(asked, question, person)
    return "".join(filled)


def touched(
    asked: ShownConsultation,
    person: str,
    filled: Filled,
    *,
    problems: list[Problem] | None = None,
    moved: str | None = None,
    template: str = TEMPLATE,
    **context: Any,
) -> str:
    """Return the form with what was typed, what must be corrected, and the row just moved.

    `template`, `context`: of another page with the same questions.
    """
    found = answer_blocks.linked(asked.page.questions.values(), problems or [], person)
    blocks = [
        answer_blocks.block(
            asked,
            question,
            person,
            typed=filled.draft.typed.get(question.id),
            problems=_of(found, question.id),
            moved=_moved_in(question.id, moved),
        )
        for question in asked.page.questions.values()
    ]
    return _render(asked, filled, blocks, generate_csrf(), found, template=template, **context)


def again(
    asked: ShownConsultation,
    person: str,
    filled: Filled,
    refusal: Refusal,
    *,
    has_blanks: bool = False,
    **page: Any,
) -> tuple[str, int]:
    """Return the form after it was refused, with what must be corrected, and the HTTP status.

    `has_blanks`: any question may be left out, as in `Sheet`. `page`: as `touched` takes it.
    """
    problems, typed = refusal.problems, filled.draft.typed
    if refusal.why:
        problems = answer_problems.refused(asked, typed, refusal.why, has_blanks=has_blanks)
    return touched(asked, person, filled, problems=problems, **page), refusal.status


def _of(problems: list[Problem], question_id: str) -> list[Problem]:
    name = field_name(question_id)
    return [each for each in problems if each[0] == name or each[0].startswith(f"{name}-")]


def _moved_in(question_id: str, moved: str | None) -> str | None:
    name = f"{question_id}/"
    return moved.removeprefix(name) if moved and moved.startswith(name) else None


def _render(
    asked: ShownConsultation,
    filled: Filled,
    blocks: list[Markup],
    csrf_token: str,
    problems: list[Problem],
    *,
    template: str = TEMPLATE,
    **more: Any,
) -> str:
    draft = filled.draft
    context: dict[str, Any] = {
        "asked": asked,
        "is_open": asked.is_open(find_services().clock()),
        "blocks": blocks,
        "csrf": csrf_token,
        "command_id": filled.command_id or fresh_command_id(),
        "area": draft.area,
        "areas": list(asked.areas.items()),
        "whom": draft.whom,
        "whom_choices": respondent_words.offered() if asked.invites_organisations else [],
        "whom_published": respondents.published(),
        "errors": problems,
        "has_file": any(each.of_kind.is_file for each in asked.page.questions.values()),
        "receipt": filled.receipt,
        "is_declared": draft.is_declared,
        "changing": earlier.find(asked).words(draft.typed) if template == TEMPLATE else [],
    }
    return render_template(template, **context, **more)
