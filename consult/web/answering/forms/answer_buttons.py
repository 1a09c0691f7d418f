"""Targets of a question's buttons: continue, back to checking, or the same page again."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult.web import services as find_services
from consult.web.answering import journey
from consult.web.answering.forms import answer_files, answer_forms
from consult.web.answering.forms.fields import ranking as read_moves
from consult.web.answering.journey import Draft
from consult.web.kinds.form import field_name
from consult.web.layout import page_language
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question

SAVE = "save"
THEN = "then"
"""Query parameter of a question: the page that its answer leads back to."""


def after(asked: ShownConsultation, draft: Draft, one: Question) -> str:
    """Return the next page: continue, or back to checking via the questions it opens."""
    if SAVE in request.form:
        return url_for("returning.saved", slug=asked.slug)
    if request.args.get(THEN) != "check":
        return journey.around(asked, journey.question_address(asked, one), draft)[1]
    opened = journey.opened_by(asked, draft, one)
    if opened is None:
        return url_for("answers.check", slug=asked.slug)
    return url_for("answers.question", slug=asked.slug, question_id=opened.id, then="check")


def staying(asked: ShownConsultation, draft: Draft) -> AnyResponse | None:
    """Save the draft and redisplay the page: other language, moved row, updated total.

    Return None if no such button was pressed.
    """
    services, form = find_services(), request.form
    switched = page_language.switched_page()
    if switched:
        journey.save(services, asked, draft)
        return redirect(switched, 303)
    move, total = answer_forms.moved(asked, form), answer_forms.updated(asked, form)
    total = total or answer_files.removed(asked)
    if move is None and total is None:
        return None
    here: dict[str, str] = {THEN: request.args[THEN]} if THEN in request.args else {}
    if move is not None:
        one, option = move
        name = field_name(one.id)
        draft.typed[one.id] = list(read_moves(form, name, one.option_ids).chosen)
        here |= {"moved": f"{one.id}/{option}", "_anchor": f"{name}-{option}"}
    elif total is not None:
        here |= {"moved": total.id, "_anchor": field_name(total.id)}
    journey.save(services, asked, draft)
    view_args = {**(request.view_args or {}), **here}
    shown = {
        "answers.answer": "answers.question",
        "answers.send_everything": "answers.everything",
    }
    return redirect(url_for(shown[str(request.endpoint)], **view_args), 303)
