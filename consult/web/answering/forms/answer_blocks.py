"""Render one question with what was typed, in this person's order of options.

A block without input is rendered once per version, language and order and cached, because
rendering costs more than recording an answer.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from flask import current_app
from markupsafe import Markup

from consult.web.answering.forms import answer_words
from consult.web.kinds.form import Problem, field_name, form_of
from consult.wording import language
from consult.wording.language import said
from consult.wording.option_words import option_title
from consult.wording.shown_consultation import ShownConsultation
from events.question import OTHER, Details, Option, Question

ORDERS_MAX = 24
"""Number of distinct orders of a question's options; people are spread over them evenly."""


def block(
    asked: ShownConsultation,
    question: Question,
    person: str,
    *,
    typed: Any = None,
    problems: list[Problem] | None = None,
    moved: str | None = None,
    heading: bool = False,
    caption: str | None = None,
) -> Markup:
    """Return the question as HTML. `heading`: its words are the page's h1.

    `person`: a stable secret that determines the order of options; not disclosed otherwise.
    """
    order = _order_number(question, person)
    if typed or problems or moved:
        return _draw(asked, question, order, typed, problems or [], moved, heading, caption)
    key = ("block", language.current(), question.id, order, heading, caption)
    ready = asked.ready.get(key)
    if ready is None:
        ready = _draw(asked, question, order, None, [], None, heading, caption)
        asked.ready[key] = ready
    assert isinstance(ready, Markup)
    return ready


def alone(
    asked: ShownConsultation,
    question: Question,
    person: str,
    *,
    typed: Any,
    problems: list[Problem] | None,
    moved: str | None,
    caption: str,
) -> dict[str, Any]:
    """Return what a page with this question alone is drawn from.

    `moved`: the option whose row was just moved. `caption`: what stands above the question.
    """
    errors = linked([question], problems or [], person)
    return {
        "block": block(
            asked,
            question,
            person,
            typed=typed,
            problems=errors,
            moved=moved,
            heading=True,
            caption=caption,
        ),
        "errors": errors,
        "is_wide": form_of(question).is_wide,
        "has_file": question.of_kind.is_file,
    }


def linked(questions: Iterable[Question], problems: list[Problem], person: str) -> list[Problem]:
    """Map each problem to the id of a control that is on the page for this person.

    Problems of the page as a whole map to its first control. The first field of some kinds has
    the question's own name as its id.
    """
    if not problems:
        return []
    ids: dict[str, str] = {}
    for question in questions:
        name, form = field_name(question.id), form_of(question)
        shown = _shown(question, _order_number(question, person))
        ids.setdefault("", form.first_control(question, shown))
        if form.is_first_bare and shown:
            ids[f"{name}-{shown[0].id}"] = name
    return [(ids.get(id, id), message) for id, message in problems]


def _order_number(question: Question, person: str) -> int:
    if not question.is_shuffled or len(question.options) < 2:  # noqa: PLR2004  one has no order
        return 0
    orders = min(2 * len(question.options), ORDERS_MAX)
    digest = hashlib.sha256(f"{person}/{question.id}".encode()).digest()
    return int.from_bytes(digest[:4]) % orders


def _shown(question: Question, order: int) -> list[Option]:
    """Return the options: a fixed shuffled circle, rotated and possibly reversed by `order`.

    Over all orders every option stands equally often in each place.
    """
    if not question.is_shuffled:
        return list(question.options)
    circle = sorted(
        question.options,
        key=lambda option: hashlib.sha256(f"{question.id}/{option.id}".encode()).digest(),
    )
    start = (order // 2) * max(1, 2 * len(circle) // ORDERS_MAX) % max(1, len(circle))
    turned = circle[start:] + circle[:start]
    return turned[::-1] if order % 2 else turned


def _draw(
    asked: ShownConsultation,
    question: Question,
    order: int,
    typed: Any,
    problems: list[Problem],
    moved: str | None,
    heading: bool,  # noqa: FBT001  passed on as it came
    caption: str | None,
) -> Markup:
    name = field_name(question.id)
    by_field = dict(reversed(problems))
    inner = {id.removeprefix(f"{name}-"): message for id, message in by_field.items() if id != name}
    view = {
        "kind": question.kind,
        "name": name,
        "title": answer_words.title(question),
        "hint": _hint(asked, question),
        "details": [(said(one.title), _paragraphs(one)) for one in question.details],
        "condition": None if heading else answer_words.condition(asked.page.questions, question),
        "heading": heading,
        "caption": caption,
        "error": by_field.get(name),
        "errors": inner,
        "moved": moved,
        "options": _options(asked, question, order),
        **form_of(question).shown(asked, question, typed),
    }
    blocks: Any = current_app.jinja_env.get_template("answers/blocks.html").module
    return Markup(blocks.block(view))  # noqa: S704  made by our own templates, which escape


def _options(asked: ShownConsultation, question: Question, order: int) -> list[Any]:
    form = form_of(question)
    found = [form.option(asked, question, option) for option in _shown(question, order)]
    if question.takes_other:
        found.append((OTHER, option_title(question, OTHER), ""))
    return found


def _paragraphs(details: Details) -> list[str]:
    return [each.strip() for each in said(details.words).split("\n\n") if each.strip()]


def _hint(asked: ShownConsultation, question: Question) -> str | None:
    limits = form_of(question).limits(asked, question)
    return " ".join(filter(None, (said(question.hint) if question.hint else "", limits))) or None
