"""Targets of a question's buttons: continue, back to checking, or the same page again."""

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from consult.web.answering import drafts, journey
from consult.web.answering.forms import buttons
from consult.web.answering.forms.draft import Draft
from consult.web.answering.journey import Journey
from consult.web.layout import page_language
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question

SAVE = "save"
THEN = "then"
"""Query parameter of a question: the page that its answer leads back to."""
SHOWN = {"answers.answer": "answers.question", "answers.send_everything": "answers.everything"}
"""By endpoint of a form: the page that shows it."""


def after(asked: ShownConsultation, draft: Draft, one: Question) -> str:
    """Return the next page: continue, or back to checking via the questions it opens."""
    if SAVE in request.form:
        return url_for("returning.saved", slug=asked.slug)
    way = Journey(asked, draft)
    if request.args.get(THEN) != "check":
        return way.after(journey.question_address(asked, one.id))
    opened = way.opened_by(one)
    if opened is None:
        return journey.check_address(asked)
    return url_for("answers.question", slug=asked.slug, question_id=opened.id, then="check")


def staying(asked: ShownConsultation, draft: Draft) -> Response | None:
    """Save the draft of the person at this browser and show the page again, as `stay` does."""
    return stay(asked, draft, lambda changed: drafts.save(asked, changed), _same_page)


def stay(
    asked: ShownConsultation,
    draft: Draft,
    save: Callable[[Draft], None],
    address: Callable[[dict[str, Any]], str],
) -> Response | None:
    """Save the draft and show the page again: in the other language, or after a button of it.

    Return None if no such button was pressed. `address`: of the page, with this query and anchor.
    """
    switched = page_language.switched_page()
    if switched:
        save(draft)
        return redirect(switched, 303)
    pressed = buttons.pressed(request.form, asked.page.questions.values())
    if pressed is None:
        return None
    save(draft.answered(pressed.typed))
    return redirect(address(pressed.place()), 303)


def _same_page(place: dict[str, Any]) -> str:
    then: dict[str, Any] = {THEN: request.args[THEN]} if THEN in request.args else {}
    return url_for(SHOWN[str(request.endpoint)], **(request.view_args or {}), **then, **place)
