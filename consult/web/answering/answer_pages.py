"""Render the pages between the start page and the receipt."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from consult.commands.context import fresh_command_id
from consult.web import pages, resident_session
from consult.web import services as find_services
from consult.web.answering import earlier, journey
from consult.web.answering.forms import answer_blocks, answer_problems, answer_words, respondents
from consult.web.answering.forms.draft import Draft
from consult.web.answering.forms.filled import AREA, DECLARED, Filled
from consult.web.answering.journey import Journey
from consult.web.answering.sending import Refusal
from consult.web.kinds.form import Problem, Row, field_name, form_of
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question

Page = str | tuple[str, int] | Response
OK = 200


def question_of(asked: ShownConsultation, question_id: str) -> Question:
    """Return the question named in the address, or abort with 404."""
    question = asked.page.questions.get(question_id)
    if question is None:
        abort(404)
    return question


def question_page(
    asked: ShownConsultation,
    question: Question,
    draft: Draft,
    problems: list[Problem] | None = None,
    status: int = OK,
    moved: str | None = None,
) -> Page:
    """Render one question with what was typed."""
    way = Journey(asked, draft)
    shown = answer_blocks.alone(
        asked,
        question,
        resident_session.secret(),
        typed=draft.typed.get(question.id),
        problems=problems,
        moved=moved.partition("/")[2] if moved else None,
        caption=_caption(way, question),
    )
    page = render_template(
        "answers/question.html",
        asked=asked,
        page_title=pages.title_of(
            "answers.question", question=said(question.title), title=asked.title
        ),
        back=way.before(journey.question_address(asked, question.id)),
        keep=url_for("returning.keep", slug=asked.slug, question_id=question.id),
        is_kept=question.other or form_of(question).is_kept,
        changing=earlier.find(asked).words(draft.typed),
        **shown,
    )
    return page, status


def place_page(
    asked: ShownConsultation, draft: Draft, problems: list[Problem] | None = None, status: int = OK
) -> Page:
    """Render the page that asks where the person lives."""
    page = render_template(
        "answers/place.html",
        asked=asked,
        area=draft.area,
        areas=list(asked.areas.items()),
        back=Journey(asked, draft).before(url_for("answers.place", slug=asked.slug)),
        changing=earlier.find(asked).words(draft.typed),
        errors=[(id or AREA, message) for id, message in problems or []],
    )
    return page, status


def check_page(asked: ShownConsultation, filled: Filled, refusal: Refusal | None = None) -> Page:
    """Render everything that was typed, and what must be corrected before sending."""
    draft, way = filled.draft, Journey(asked, filled.draft)
    open_ones = _to_put_right(way)
    problems = refusal.problems if refusal else []
    if refusal and refusal.why:
        problems = answer_problems.beside(refusal.why, is_explained=bool(open_ones))
    left_out = [
        said(question.title)
        for id, question in asked.page.questions.items()
        if id not in way.questions and draft.typed.get(id)
    ]
    page = render_template(
        "answers/check.html",
        asked=asked,
        rows=_rows(way),
        back=way.before(journey.check_address(asked)),
        errors=[each for each in problems if each[0] in {"", DECLARED}],
        declared=dict(problems).get(DECLARED),
        is_declared=filled.is_declared,
        open_ones=open_ones,
        left_out=left_out,
        can_send=not open_ones and asked.is_open(find_services().clock()),
        answers=way.asked_only().written(),
        command_id=filled.command_id or fresh_command_id(),
        receipt=filled.receipt,
        changing=earlier.find(asked).words(draft.typed),
    )
    return page, refusal.status if refusal else OK


def _to_put_right(way: Journey) -> list[tuple[str, str]]:
    """Return the address of each question that cannot be sent as it is, with the reason."""
    asked, draft = way.asked, way.draft
    found = []
    for id, question in way.questions.items():
        for _id, message in answer_problems.problems(asked, question, draft.typed.get(id))[:1]:
            found.append((_change(asked, question), message))
    if asked.invites_organisations:
        here = url_for("whom.ask", slug=asked.slug)
        found += [(here, message) for _field, message in respondents.problems(draft.whom)]
    return found


def _rows(way: Journey) -> list[Row]:
    """Return the answers to the questions asked, and who and where, as rows."""
    asked, draft = way.asked, way.draft
    rows = [
        answer_words.row(asked, question, draft.typed.get(id), _change(asked, question))
        for id, question in way.questions.items()
    ]
    if asked.invites_organisations:
        change = url_for("whom.ask", slug=asked.slug)
        rows.append(
            {"key": _("Who answers"), "value": respondents.lines(draft.whom), "change": change}
        )
    if asked.wards:
        where = asked.areas.get(draft.area) or _("Prefer not to say")
        change = url_for("answers.place", slug=asked.slug)
        rows.append({"key": _("Where you live"), "value": where, "change": change})
    return rows


def closed(asked: ShownConsultation) -> Page:
    """Redirect to the page that says that it is closed, paused or withdrawn."""
    return redirect(url_for("consultations.start", slug=asked.slug), 303)


def _change(asked: ShownConsultation, question: Question) -> str:
    address = url_for("answers.question", slug=asked.slug, question_id=question.id, then="check")
    return f"{address}#{field_name(question.id)}"


def _caption(way: Journey, question: Question) -> str:
    """Return title and question number; the total only if it is the same for everybody."""
    mine = list(way.questions)
    place = mine.index(question.id) + 1 if question.id in mine else 1
    if way.is_routed:
        return f"{way.asked.title} – {_('Question %(place)s', place=place)}"
    number = _("Question %(place)s of %(all)s", place=place, all=len(mine))
    return f"{way.asked.title} – {number}"
