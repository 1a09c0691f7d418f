"""Taking part: question pages, place, checking and sending, and the form on one page."""

from dataclasses import replace

from flask import redirect, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from consult.web import resident_session
from consult.web import services as find_services
from consult.web.answering import (
    answer_files,
    answer_pages,
    drafts,
    earlier,
    journey,
    one_page,
    pauses,
    sending,
    strangers,
)
from consult.web.answering.answer_buttons import SAVE, after, staying
from consult.web.answering.answer_pages import Page, check_page, place_page, question_page
from consult.web.answering.forms import answer_problems, filled
from consult.web.answering.forms.buttons import MOVED
from consult.web.answering.forms.draft import Draft
from consult.web.answering.forms.filled import AREA, EXPIRED, Filled
from consult.web.answering.journey import Journey
from consult.web.answering.sending import Refusal
from consult.web.consultation_lookup import find
from consult.web.guarding.errors import http_error
from consult.web.identity import identity
from consult.web.kinds.form import Problem, form_of
from consult.web.layout import page_language
from consult.web.pages import NOBODY, Room
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.shown_consultation import ShownConsultation

answers = Room("answers", __name__, url_prefix="/c/<slug>", keeps=NOBODY)
BAD_REQUEST = 400
CONFLICT = 409
TOO_LARGE = 413
UNPROCESSABLE = 422

answers.url_value_preprocessor(answer_files.make_room)
answers.before_request(strangers.lead_to_proof)


@answers.get("/q/<question_id>", title="%(question)s – %(title)s", link=N_("A question"))
def question(slug: str, question_id: str) -> Page:
    """Ask one question."""
    asked, services = find(slug), find_services()
    one = answer_pages.question_of(asked, question_id)
    if not asked.is_open(services.clock()):
        return answer_pages.closed(asked)
    if identity.is_needed(asked):
        return identity.first(asked, one.id)
    draft, moved = drafts.load(asked), request.args.get(MOVED)
    if one.id not in Journey(asked, draft).questions:
        return redirect(url_for(".check", slug=slug), 303)
    has_moved = moved is not None and draft.typed.get(one.id)
    found = answer_problems.problems(asked, one, draft.typed[one.id]) if has_moved else []
    return question_page(asked, one, draft, found, moved=moved)


@answers.post("/q/<question_id>")
def answer(slug: str, question_id: str) -> Page:
    """Store the answer to one question and continue, or show what is wrong with it."""
    asked, services, form = find(slug), find_services(), request.form
    one = answer_pages.question_of(asked, question_id)
    if one.of_kind.is_file and identity.is_needed(asked):
        return strangers.first(asked)
    draft = drafts.load(asked)
    if not one.of_kind.is_file:
        draft = draft.answered({one.id: form_of(one).read(one, form)})
    if not asked.is_open(services.clock()):
        return question_page(asked, one, draft, [("", pauses.too_late(asked, draft))], CONFLICT)
    draft, found = answer_files.take_here(asked, [one], draft)
    stay = None if found else staying(asked, draft)
    if stay is not None:
        return stay
    found += answer_problems.unknown_fields(asked, form)
    if SAVE not in form:
        found = found or answer_problems.problems(asked, one, draft.typed.get(one.id))
    if found:
        return question_page(asked, one, draft, found, UNPROCESSABLE)
    drafts.save(asked, draft)
    return redirect(after(asked, draft, one), 303)


@answers.get("/place", title=N_("Where do you live?"))
def place(slug: str) -> Page:
    """Ask where the person lives; an answer is optional."""
    asked, services = find(slug), find_services()
    if not asked.wards:
        return redirect(url_for(".check", slug=slug), 303)
    if not asked.is_open(services.clock()):
        return answer_pages.closed(asked)
    return place_page(asked, drafts.load(asked))


@answers.post("/place")
def say_place(slug: str) -> Page:
    """Store where the person lives and continue."""
    asked = find(slug)
    draft = replace(drafts.load(asked), area=request.form.get(AREA, ""))
    if not asked.is_open(find_services().clock()):
        return place_page(asked, draft, [("", pauses.too_late(asked, draft))], CONFLICT)
    found = answer_problems.of_area(asked, draft.area)
    if found:
        return place_page(asked, replace(draft, area=""), found, UNPROCESSABLE)
    drafts.save(asked, draft)
    return redirect(page_language.switched_page() or url_for(".check", slug=slug), 303)


@answers.get("/check", title=N_("Check your answers"))
def check(slug: str) -> Page:
    """Show everything before it is sent."""
    asked = find(slug)
    kept, is_open = drafts.filled(asked), asked.is_open(find_services().clock())
    is_typed = resident_session.has_draft(asked.id) and not kept.draft.is_empty
    if not (is_open or is_typed):
        return answer_pages.closed(asked)
    if resident_session.sent(asked.id) and not (is_typed or kept.receipt):
        return redirect(url_for("receipts.sent", slug=slug), 303)
    if kept.draft.is_empty:
        return redirect(journey.first(asked), 303)
    late = None if is_open else Refusal([("", pauses.too_late(asked))], CONFLICT)
    return check_page(asked, kept, late)


@answers.post("/send")
def send(slug: str) -> Page:
    """Record exactly what the check page showed."""
    asked = find(slug)
    sent = filled.checked(request.form)
    if sent is None:
        kept = drafts.filled(asked)
        return check_page(asked, kept, sending.expired())
    outcome = sending.hand_in(asked, sent)
    return check_page(asked, sent, outcome) if isinstance(outcome, Refusal) else outcome


@answers.get("/all", title="%(title)s", link=N_("All questions on one page"))
def everything(slug: str) -> Page:
    """Ask everything on one page."""
    asked, services = find(slug), find_services()
    if not asked.is_open(services.clock()):
        return answer_pages.closed(asked)
    if identity.is_needed(asked):
        return identity.first(asked, "all")
    person, moved = resident_session.secret(), request.args.get(MOVED)
    if not (request.args or resident_session.has_draft(asked.id) or earlier.find(asked).given):
        return one_page.untouched(asked, person)
    kept = drafts.filled(asked)
    questions = Journey(asked, kept.draft).questions if moved is not None else {}
    found = answer_problems.of_buttons(asked, questions, kept.draft.typed)
    return one_page.touched(asked, person, kept, problems=found, moved=moved)


@answers.post("/all")
def send_everything(slug: str) -> Page:
    """Record everything that was answered on one page, or show it again with what is wrong."""
    asked = find(slug)
    sent, outcome = _handed_in(asked, filled.whole(asked, request.form))
    if isinstance(outcome, Refusal):
        return one_page.again(asked, resident_session.secret(), sent, outcome)
    return outcome


def _handed_in(asked: ShownConsultation, sent: Filled) -> tuple[Filled, Response | Refusal]:
    """Take the files of a form, then do what its buttons say or record it; return it with files."""
    if not sent.command_id:
        return sent, sending.expired()
    problems: list[Problem] = []
    if asked.is_open(find_services().clock()):
        if answer_files.are_here() and identity.is_needed(asked):
            return sent, strangers.first(asked, sent.draft)
        draft, problems = answer_files.take_here(asked, asked.page.questions.values(), sent.draft)
        sent = replace(sent, draft=draft)
        stay = None if problems else staying(asked, draft)
        if stay is not None:
            return sent, stay
    problems += answer_problems.unknown_fields(asked, request.form)
    return sent, Refusal(problems) if problems else sending.hand_in(asked, sent)


@answers.post("/someone-else")
def someone_else(slug: str) -> Page:
    """Clear the session, so that another person at this device can answer."""
    asked = find(slug)
    resident_session.forget()
    return redirect(url_for("consultations.start", slug=asked.slug), 303)


@answers.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Page | HTTPException:
    """Show the question again if its file was too large; other requests get the HTTP error."""
    values = request.view_args or {}
    if request.endpoint != "answers.answer":
        return http_error(error)
    asked = find(str(values["slug"]))
    if identity.is_needed(asked):
        return strangers.first(asked)
    one = answer_pages.question_of(asked, str(values["question_id"]))
    if not one.of_kind.is_file:
        return http_error(error)
    return question_page(asked, one, drafts.load(asked), answer_files.too_large(one), TOO_LARGE)


@answers.errorhandler(CSRFError)
def expired(_error: CSRFError) -> Page:
    """Show the form again, with what was typed, if its CSRF token is not valid in this session."""
    asked, form = find(str((request.view_args or {})["slug"])), request.form
    problems = [("", _(EXPIRED))]
    if request.endpoint == "answers.answer":
        one = answer_pages.question_of(asked, str((request.view_args or {})["question_id"]))
        draft = Draft({one.id: form_of(one).read(one, form)})
        return question_page(asked, one, draft, problems, BAD_REQUEST)
    if request.endpoint == "answers.say_place":
        return place_page(asked, Draft(area=form.get(AREA, "")), problems, BAD_REQUEST)
    if request.endpoint == "answers.send":
        sent = filled.checked(form) or Filled(Draft())
        return check_page(asked, sent.expired(), sending.expired())
    sent = filled.whole(asked, form).expired()
    return one_page.again(asked, resident_session.secret(), sent, sending.expired())
