"""Render one question with what was typed, in this person's order of options.

A block without input is rendered once per version, language and order and cached, because
rendering costs more than recording an answer.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from flask import current_app
from markupsafe import Markup

from consult.web.answering.forms import answer_values, answer_words
from consult.web.answering.forms.answer_forms import Problem, spent
from consult.web.answering.forms.answer_words import limits
from consult.web.answering.forms.typed import answer, field_name, words_typed
from consult.wording import figures, language
from consult.wording.language import said
from consult.wording.option_words import grade_words, option_title
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


def linked(questions: Iterable[Question], problems: list[Problem], person: str) -> list[Problem]:
    """Map each problem to the id of a control that is on the page for this person.

    Problems of the page as a whole map to its first control. The first field of a points question
    has the question's own name as its id.
    """
    ids: dict[str, str] = {}
    for question in questions:
        name = field_name(question.id)
        first = name
        if question.kind == "matrix" and question.statements:
            first = f"{name}-{question.statements[0].id}"
        elif question.kind == "rating" and question.options:
            first = f"{name}-{_shown(question, _order_number(question, person))[0].id}"
        ids.setdefault("", first)
        if question.kind == "points" and question.options:
            ids[f"{name}-{_shown(question, _order_number(question, person))[0].id}"] = name
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
        "hint": _hint(question),
        "details": [(said(one.title), _paragraphs(one)) for one in question.details],
        "condition": None if heading else answer_words.condition(asked.page.questions, question),
        "heading": heading,
        "caption": caption,
        "error": by_field.get(name),
        "errors": inner,
        "moved": moved,
        "options": _options(asked, question, order),
        **_values(asked, question, typed),
    }
    blocks: Any = current_app.jinja_env.get_template("answers/blocks.html").module
    return Markup(blocks.block(view))  # noqa: S704  made by our own templates, which escape


def _options(asked: ShownConsultation, question: Question, order: int) -> list[Any]:
    found = [_option(asked, question, option) for option in _shown(question, order)]
    if question.takes_other:
        found.append((OTHER, option_title(question, OTHER), ""))
    return found


def _paragraphs(details: Details) -> list[str]:
    return [each.strip() for each in said(details.words).split("\n\n") if each.strip()]


def _hint(question: Question) -> str | None:
    words = [said(question.hint) if question.hint else "", limits(question)]
    return " ".join(each for each in words if each) or None


def _option(asked: ShownConsultation, question: Question, option: Option) -> Any:
    title, about = said(option.title), said(option.summary) if option.summary else ""
    ward = asked.partnership.ward(option.ward) if option.ward else None
    if question.kind == "rating":
        return (option.id, title)
    if question.kind == "basket":
        return {
            "id": option.id,
            "name": title,
            "cost": option.cost or 0,
            "about": about,
            "place": said(ward.name) if ward else None,
            "details": None,
            "picture": None,
        }
    if option.cost:
        cost = figures.money(option.cost, asked.unit, asked.decimals)
        about = f"{cost}. {about}" if about else cost
    return (option.id, title, about)


def _values(asked: ShownConsultation, question: Question, typed: Any) -> dict[str, Any]:
    """Return what was typed in the shape its macro expects; other shapes count as empty."""
    if question.kind in {"matrix", "number", "date", "area", "file"}:
        return answer_values.shown(question, typed)
    known = question.option_ids | ({OTHER} if question.takes_other else set())
    other = words_typed(question, typed).replace("\0", "") if question.other else None
    typed = answer(question, typed)
    if question.kind in {"points", "rating"}:
        given = typed if isinstance(typed, dict) else {}
        values = {id: value for id, value in given.items() if isinstance(value, int | str)}
        used = sum(value for value in values.values() if isinstance(value, int))
        words = grade_words(question) if question.kind == "rating" else ()
        return {"values": values, "used": used, "total": question.points, "words": words}
    if question.kind in {"single", "text"}:
        most = question.length_max
        # HTML cannot express a null character.
        value = typed.replace("\0", "") if isinstance(typed, str) else ""
        return {"value": value, "most": most, "other": other}
    places = typed if isinstance(typed, list) else []
    chosen = list(dict.fromkeys(id for id in places if isinstance(id, str) and id in known))
    if question.kind == "basket":
        return {
            "values": chosen,
            "spent": spent(question, chosen),
            "pot": question.pot,
            "unit": asked.unit,
            "decimals": asked.decimals,
        }
    return {"values": chosen, "most": question.ranks_max or None, "other": other}
