"""Render the pages between the start page and the receipt."""

from collections.abc import Mapping

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from consult.commands.context import fresh_command_id
from consult.web import resident_session
from consult.web import services as find_services
from consult.web.answering import earlier, journey
from consult.web.answering.forms import answer_blocks, answer_forms, answer_words, respondents
from consult.web.answering.journey import Draft
from consult.web.kinds.form import Problem, Row, field_name, form_of
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.shown_consultation import ShownConsultation
from events.question import Question

Page = str | tuple[str, int] | Response
OK = 200


def N_(message: str) -> str:  # noqa: N802  the name that catalogues look for
    """Mark a message for extraction to the catalogues; return it unchanged."""
    return message


EXPIRED = N_(
    "Nothing was recorded, because this page was open for very long or cookies are switched "
    "off. Your answers are still here. Send them again."
)
UNKNOWN_AREA = N_("We do not know this place. Choose from the list.")


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
    person = resident_session.secret()
    errors = answer_blocks.linked([question], problems or [], person)
    before, _next = journey.around(asked, journey.question_address(asked, question), draft)
    block = answer_blocks.block(
        asked,
        question,
        person,
        typed=draft.typed.get(question.id),
        problems=errors,
        moved=moved.partition("/")[2] if moved else None,
        heading=True,
        caption=_caption(asked, draft, question),
    )
    page = render_template(
        "answers/question.html",
        asked=asked,
        page_title=f"{said(question.title)} – {asked.title}",
        block=block,
        back=before,
        errors=errors,
        is_wide=form_of(question).is_wide,
        has_file=question.of_kind.is_file,
        keep=url_for("returning.keep", slug=asked.slug, question_id=question.id),
        is_kept=question.other or form_of(question).is_kept,
        changing=earlier.words(asked, draft.typed),
    )
    return page, status


def place_page(
    asked: ShownConsultation, draft: Draft, problems: list[Problem] | None = None, status: int = OK
) -> Page:
    """Render the page that asks where the person lives."""
    before, _next = journey.around(asked, url_for("answers.place", slug=asked.slug), draft)
    page = render_template(
        "answers/place.html",
        asked=asked,
        area=draft.area,
        areas=list(asked.areas.items()),
        back=before,
        changing=earlier.words(asked, draft.typed),
        errors=[(id or answer_forms.AREA, message) for id, message in problems or []],
    )
    return page, status


def check_page(
    asked: ShownConsultation,
    draft: Draft,
    problems: list[Problem] | None = None,
    status: int = OK,
    *,
    command_id: str = "",
    code: str = "",
) -> Page:
    """Render everything that was typed, and what must be corrected before sending.

    `code`: receipt of the answers that are being changed.
    """
    open_ones = _to_put_right(asked, draft)
    wanted = journey.questions_for(asked, draft)
    left_out = [
        said(question.title)
        for id, question in asked.page.questions.items()
        if id not in wanted and draft.typed.get(id)
    ]
    before, _next = journey.around(asked, url_for("answers.check", slug=asked.slug), draft)
    page = render_template(
        "answers/check.html",
        asked=asked,
        rows=_rows(asked, draft, wanted),
        back=before,
        errors=[each for each in problems or [] if each[0] in {"", answer_forms.DECLARED}],
        declared=dict(problems or []).get(answer_forms.DECLARED),
        is_declared=answer_forms.DECLARED in request.form,
        open_ones=open_ones,
        left_out=left_out,
        can_send=not open_ones and asked.is_open(find_services().clock()),
        answers=journey.written(journey.without_unasked(asked, draft)),
        command_id=command_id or fresh_command_id(),
        receipt=code,
        changing=earlier.words(asked, draft.typed),
    )
    return page, status


def _rows(asked: ShownConsultation, draft: Draft, wanted: Mapping[str, Question]) -> list[Row]:
    """Return the answers to the questions asked, and who and where, as rows."""
    rows = [
        answer_words.row(asked, question, draft.typed.get(id), _change(asked, question))
        for id, question in wanted.items()
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


def _to_put_right(asked: ShownConsultation, draft: Draft) -> list[tuple[str, str]]:
    """Return the address of each question that cannot be sent as it is, with the reason."""
    found = []
    for id, question in journey.questions_for(asked, draft).items():
        for _id, message in answer_forms.problems(asked, question, draft.typed.get(id))[:1]:
            found.append((_change(asked, question), message))
    if asked.invites_organisations:
        here = url_for("whom.ask", slug=asked.slug)
        found += [(here, message) for _field, message in respondents.problems(draft.whom)]
    return found


def _change(asked: ShownConsultation, question: Question) -> str:
    address = url_for("answers.question", slug=asked.slug, question_id=question.id, then="check")
    return f"{address}#{field_name(question.id)}"


def _caption(asked: ShownConsultation, draft: Draft, question: Question) -> str:
    """Return title and question number; the total only if it is the same for everybody."""
    mine = list(journey.questions_for(asked, draft))
    place = mine.index(question.id) + 1 if question.id in mine else 1
    if journey.is_routed(asked):
        return f"{asked.title} – {_('Question %(place)s', place=place)}"
    number = _("Question %(place)s of %(all)s", place=place, all=len(mine))
    return f"{asked.title} – {number}"
