"""Preview of a draft's questions as people will see them; nothing is recorded."""

from flask import redirect, render_template, request, url_for

from consult.people.answers.file_kinds import shown_name
from consult.web import pages
from consult.web.answering.forms import answer_blocks, answer_problems, answer_words, buttons
from consult.web.forms.sending import UNPROCESSABLE, Page
from consult.web.kinds.form import Problem, field_name, form_of
from consult.web.organising.desk import Desk, find
from consult.web.pages import Room
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question

preview = Room("preview", __name__, url_prefix="/c/<slug>/preview")
SOMEBODY = "preview"
"""Stands for the person whose order of options is shown."""


@preview.get("/")
def start(slug: str) -> Page:
    """Redirect to the first question."""
    desk = find(slug)
    first = next(iter(desk.page.questions), None)
    if first is None:
        return redirect(desk.address(), 303)
    return redirect(url_for(".question", slug=slug, question_id=first), 303)


@preview.get("/<question_id>", title="%(question)s")
def question(slug: str, question_id: str) -> Page:
    """Show one question."""
    desk = find(slug)
    return _draw(desk, desk.question(question_id))


@preview.post("/<question_id>")
def try_out(slug: str, question_id: str) -> Page:
    """Respond like the real page to what was typed, without storing it."""
    desk = find(slug)
    one = desk.question(question_id)
    typed = _file(one) if one.of_kind.is_file else form_of(one).read(one, request.form)
    pressed = buttons.pressed(request.form, [one])
    if pressed is not None:
        return _draw(desk, one, pressed.typed.get(one.id, typed), moved=pressed.option)
    asked = ShownConsultation(desk.page, desk.partnership, 0.0)
    problems = answer_problems.problems(asked, one, typed)
    if problems:
        return _draw(desk, one, typed, problems), UNPROCESSABLE
    ids = list(desk.page.questions)
    after = ids[ids.index(one.id) + 1 :]
    if after:
        return redirect(url_for(".question", slug=slug, question_id=after[0]), 303)
    return redirect(desk.address(), 303)


def _file(one: Question) -> dict[str, object] | None:
    """Return a chosen file as input for its question, without storing it."""
    upload = request.files.get(field_name(one.id))
    if upload is None or not upload.filename:
        return None
    return {"file": SOMEBODY, "name": shown_name(upload.filename)}


def _draw(
    desk: Desk,
    one: Question,
    typed: object = None,
    problems: list[Problem] | None = None,
    moved: str | None = None,
) -> str:
    asked = ShownConsultation(desk.page, desk.partnership, 0.0)
    ids = list(desk.page.questions)
    place = ids.index(one.id)
    shown = answer_blocks.alone(
        asked,
        one,
        SOMEBODY,
        typed=typed,
        problems=problems,
        moved=moved,
        caption=_("Question %(place)s of %(all)s", place=place + 1, all=len(ids)),
    )
    before = url_for(".question", slug=desk.slug, question_id=ids[place - 1]) if place else ""
    return render_template(
        "organising/draft/preview.html",
        desk=desk,
        page_title=pages.titled(question=said(one.title) or one.id),
        condition=answer_words.condition(desk.page.questions, one),
        back=before or desk.address(),
        **shown,
    )
