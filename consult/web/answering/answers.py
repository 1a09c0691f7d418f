"""Taking part: question pages, place, checking and sending, and the form on one page."""

from collections.abc import Callable

from flask import redirect, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from consult.web import resident_session
from consult.web import services as find_services
from consult.web.answering import answer_pages, earlier, journey, one_page, pauses, strangers
from consult.web.answering.answer_pages import (
    EXPIRED,
    Page,
    check_page,
    place_page,
    question_page,
)
from consult.web.answering.forms import answer_files, answer_forms, respondents
from consult.web.answering.forms.answer_buttons import SAVE, after, staying
from consult.web.answering.forms.answer_forms import (
    AREA,
    COMMAND,
    COMMAND_ID,
    DECLARED,
    RECEIPT,
    RECEIPT_LENGTH_MAX,
)
from consult.web.answering.journey import Draft
from consult.web.consultation_lookup import find
from consult.web.guarding.errors import http_error
from consult.web.identity import identity
from consult.web.kinds.form import Problem, form_of
from consult.web.layout import page_language
from consult.web.pages import NOBODY, Room
from consult.wording.language import gettext as _
from consult.wording.refusals import status
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused

answers = Room("answers", __name__, url_prefix="/c/<slug>", keeps=NOBODY)
BAD_REQUEST = 400
CONFLICT = 409
TOO_LARGE = 413
UNPROCESSABLE = 422

answers.url_value_preprocessor(answer_files.make_room)
answers.before_request(strangers.lead_to_proof)


@answers.get("/q/<question_id>")
def question(slug: str, question_id: str) -> Page:
    """Ask one question."""
    asked, services = find(slug), find_services()
    one = answer_pages.question_of(asked, question_id)
    if not asked.is_open(services.clock()):
        return answer_pages.closed(asked)
    if identity.is_needed(asked):
        return identity.first(asked, one.id)
    draft = journey.load(services, asked)
    if one.id not in journey.questions_for(asked, draft):
        return redirect(url_for(".check", slug=slug), 303)
    # Without JavaScript people learn only here that the total is too high.
    has_moved = "moved" in request.args and draft.typed.get(one.id)
    found = answer_forms.problems(asked, one, draft.typed[one.id]) if has_moved else []
    return question_page(asked, one, draft, found, moved=request.args.get("moved"))


@answers.post("/q/<question_id>")
def answer(slug: str, question_id: str) -> Page:
    """Store the answer to one question and continue, or show what is wrong with it."""
    asked, services, form = find(slug), find_services(), request.form
    one = answer_pages.question_of(asked, question_id)
    if one.of_kind.is_file and identity.is_needed(asked):
        return strangers.first(asked)
    draft = journey.load(services, asked)
    if not one.of_kind.is_file:
        draft.typed[one.id] = form_of(one).read(one, form)
    if not asked.is_open(services.clock()):
        return question_page(asked, one, draft, [("", pauses.too_late(asked, draft))], CONFLICT)
    found = answer_files.take_here(asked, [one], draft)
    stay = None if found else staying(asked, draft)
    if stay is not None:
        return stay
    found += answer_forms.unknown_fields(asked, form)
    if SAVE not in form:
        found = found or answer_forms.problems(asked, one, draft.typed.get(one.id))
    if found:
        return question_page(asked, one, draft, found, UNPROCESSABLE)
    journey.save(services, asked, draft)
    return redirect(after(asked, draft, one), 303)


@answers.get("/place")
def place(slug: str) -> Page:
    """Ask where the person lives; an answer is optional."""
    asked, services = find(slug), find_services()
    if not asked.wards:
        return redirect(url_for(".check", slug=slug), 303)
    if not asked.is_open(services.clock()):
        return answer_pages.closed(asked)
    return place_page(asked, journey.load(services, asked))


@answers.post("/place")
def say_place(slug: str) -> Page:
    """Store where the person lives and continue."""
    asked, services = find(slug), find_services()
    draft = journey.load(services, asked)
    draft.area = request.form.get(AREA, "")
    if not asked.is_open(services.clock()):
        return place_page(asked, draft, [("", pauses.too_late(asked, draft))], CONFLICT)
    if not journey.is_area(asked, draft.area):
        draft.area = ""
        return place_page(asked, draft, [(AREA, _(answer_pages.UNKNOWN_AREA))], UNPROCESSABLE)
    journey.save(services, asked, draft)
    return redirect(page_language.switched_page() or url_for(".check", slug=slug), 303)


@answers.get("/check")
def check(slug: str) -> Page:
    """Show everything before it is sent."""
    asked, services = find(slug), find_services()
    draft, is_open = journey.load(services, asked), asked.is_open(services.clock())
    is_typed = resident_session.has_draft(asked.id) and not draft.is_empty
    if not (is_open or is_typed):
        return answer_pages.closed(asked)
    if resident_session.sent(asked.id) and not (is_typed or resident_session.changing(asked.id)):
        return redirect(url_for("receipts.sent", slug=slug), 303)
    if draft.is_empty:
        return redirect(journey.first(asked), 303)
    if not is_open:
        return check_page(asked, draft, [("", pauses.too_late(asked))], CONFLICT)
    return check_page(asked, draft, code=resident_session.changing(asked.id))


@answers.post("/send")
def send(slug: str) -> Page:
    """Record exactly what the check page showed."""
    asked, form = find(slug), request.form
    read, command_id = journey.read(form.get("answers", "")), form.get(COMMAND, "")
    draft = read or journey.load(find_services(), asked)

    def again(problems: list[Problem], code: int) -> Page:
        return check_page(
            asked, draft, problems, code, command_id=command_id, code=_receipt_changed()
        )

    if read is None or not COMMAND_ID.fullmatch(command_id):
        command_id = ""
        return again([("", _(EXPIRED))], BAD_REQUEST)
    return _send(asked, draft, command_id, again)


@answers.get("/all")
def everything(slug: str) -> Page:
    """Ask everything on one page."""
    asked, services = find(slug), find_services()
    if not asked.is_open(services.clock()):
        return answer_pages.closed(asked)
    if identity.is_needed(asked):
        return identity.first(asked, "all")
    person, changing = resident_session.secret(), resident_session.changing(asked.id)
    if not (request.args or resident_session.has_draft(asked.id) or earlier.find(asked)):
        return one_page.untouched(asked, person)
    draft = journey.load(services, asked)
    found: list[Problem] = []
    if "moved" in request.args:
        found = [
            problem
            for one in journey.questions_for(asked, draft).values()
            if draft.typed.get(one.id) and form_of(one).has_buttons
            for problem in answer_forms.problems(asked, one, draft.typed[one.id])
        ]
    return one_page.touched(
        asked, person, draft, problems=found, moved=request.args.get("moved"), code=changing
    )


@answers.post("/all")
def send_everything(slug: str) -> Page:
    """Record everything that was answered on one page."""
    asked, form = find(slug), request.form
    draft, command_id = journey.posted(asked, form), form.get(COMMAND, "")

    def again(problems: list[Problem], code: int) -> Page:
        return _one_page_again(asked, draft, problems, code, command_id)

    if not COMMAND_ID.fullmatch(command_id):
        command_id = ""
        return again([("", _(EXPIRED))], BAD_REQUEST)
    is_open = asked.is_open(find_services().clock())
    if is_open and answer_files.are_here() and identity.is_needed(asked):
        return strangers.first(asked, draft)
    questions = asked.page.questions.values()
    strange = answer_files.take_here(asked, questions, draft) if is_open else []
    stay = staying(asked, draft) if is_open and not strange else None
    if stay is not None:
        return stay
    strange += answer_forms.unknown_fields(asked, form)
    if strange:
        return again(strange, UNPROCESSABLE)
    return _send(asked, draft, command_id, again)


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
    draft = journey.load(find_services(), asked)
    return question_page(asked, one, draft, answer_files.too_large(one), TOO_LARGE)


@answers.errorhandler(CSRFError)
def expired(_error: CSRFError) -> Page:
    """Show the form again, with what was typed, if its CSRF token is not valid in this session."""
    asked, form = find(str((request.view_args or {})["slug"])), request.form
    problems = [("", _(EXPIRED))]
    if request.endpoint == "answers.answer":
        one = answer_pages.question_of(asked, str((request.view_args or {})["question_id"]))
        draft = Draft({one.id: form_of(one).read(one, form)})
        return question_page(asked, one, draft, problems, BAD_REQUEST)
    if request.endpoint == "answers.send":
        draft = journey.read(form.get("answers", "")) or Draft()
        return check_page(asked, draft, problems, BAD_REQUEST, code=_receipt_changed())
    if request.endpoint == "answers.say_place":
        return place_page(asked, Draft(area=form.get(AREA, "")), problems, BAD_REQUEST)
    draft = journey.posted(asked, form)
    return _one_page_again(asked, draft, problems, BAD_REQUEST, "")


def _one_page_again(
    asked: ShownConsultation, draft: Draft, problems: list[Problem], code: int, command_id: str
) -> Page:
    page = one_page.touched(
        asked,
        resident_session.secret(),
        draft,
        command_id=command_id,
        problems=problems,
        code=_receipt_changed(),
    )
    return page, code


def _receipt_changed() -> str:
    """Return the receipt whose answers the posted form changes, or ""."""
    return request.form.get(RECEIPT, "")[:RECEIPT_LENGTH_MAX]


def _send(
    asked: ShownConsultation,
    draft: Draft,
    command_id: str,
    again: Callable[[list[Problem], int], Page],
) -> Page:
    if not journey.is_area(asked, draft.area):
        return again([(AREA, _(answer_pages.UNKNOWN_AREA))], UNPROCESSABLE)
    if asked.invites_organisations and (wrong := respondents.problems(draft.whom)):
        return again(wrong, UNPROCESSABLE)
    if identity.is_needed(asked) and not _receipt_changed():  # the draft is kept meanwhile
        return strangers.first(asked, draft)
    code, is_declared = _receipt_changed(), DECLARED in request.form
    try:
        journey.send(find_services(), asked, draft, command_id, code, is_declared=is_declared)
    except Refused as refused:
        pauses.keep(asked, draft)
        return again(answer_forms.refused(asked, draft.typed, refused), status(refused))
    return redirect(url_for("receipts.sent", slug=asked.slug), 303)
