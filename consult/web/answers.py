"""Taking part: the question pages, the place, checking, sending, and the form on one page."""

from collections.abc import Callable

from flask import Blueprint, Response, redirect, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from consult.web import answer_forms, answer_pages, device, identity, journey, language, one_page
from consult.web import services as find_services
from consult.web.answer_forms import (
    AREA,
    COMMAND,
    COMMAND_ID,
    RECEIPT,
    RECEIPT_LENGTH_MAX,
    Problem,
    field_name,
)
from consult.web.answer_pages import EXPIRED, TOO_LATE, Page, check_page, place_page, question_page
from consult.web.asked import Asked, find
from consult.web.fields import ranking as read_moves
from consult.web.journey import Draft
from consult.web.language import gettext as _
from consult.web.refusals import says, status
from events.errors import Refused

answers = Blueprint("answers", __name__, url_prefix="/c/<slug>")
BAD_REQUEST = 400
CONFLICT = 409
UNPROCESSABLE = 422
THEN = "then"
"""In the address of a question: the page that its answer leads back to."""


@answers.after_request
def keep_private(response: Response) -> Response:
    """What a person typed is nobody else's: no cache keeps it."""
    response.headers["Cache-Control"] = "no-store"
    return response


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
    found: list[Problem] = []
    if "moved" in request.args and draft.typed.get(one.id):
        # Somebody without a script learns here that it has become too much.
        found = answer_forms.problems(asked, one, draft.typed[one.id])
    return question_page(asked, one, draft, found, moved=request.args.get("moved"))


@answers.post("/q/<question_id>")
def answer(slug: str, question_id: str) -> Page:
    """Keep the answer to one question and go on, or say what is wrong with it."""
    asked, services, form = find(slug), find_services(), request.form
    one = answer_pages.question_of(asked, question_id)
    draft = journey.load(services, asked)
    draft.typed[one.id] = answer_forms.read(one, form)
    if not asked.is_open(services.clock()):
        return question_page(asked, one, draft, [("", _(TOO_LATE))], CONFLICT)
    stay = _staying(asked, draft)
    if stay is not None:
        return stay
    found = answer_forms.unknown_fields(asked, form)
    found += answer_forms.problems(asked, one, draft.typed[one.id])
    if found:
        return question_page(asked, one, draft, found, UNPROCESSABLE)
    journey.save(services, asked, draft)
    if request.args.get(THEN) == "check":
        return redirect(url_for(".check", slug=slug), 303)
    return redirect(journey.around(asked, journey.question_address(asked, one))[1], 303)


@answers.get("/place")
def place(slug: str) -> Page:
    """Ask where the person lives; nobody has to say."""
    asked, services = find(slug), find_services()
    if not asked.wards:
        return redirect(url_for(".check", slug=slug), 303)
    if not asked.is_open(services.clock()):
        return answer_pages.closed(asked)
    return place_page(asked, journey.load(services, asked).area)


@answers.post("/place")
def say_place(slug: str) -> Page:
    """Keep where the person lives and go on."""
    asked, services = find(slug), find_services()
    draft = journey.load(services, asked)
    draft.area = request.form.get(AREA, "")
    if not asked.is_open(services.clock()):
        return place_page(asked, draft.area, [("", _(TOO_LATE))], CONFLICT)
    if not journey.is_area(asked, draft.area):
        return place_page(asked, "", [(AREA, _(answer_pages.UNKNOWN_AREA))], UNPROCESSABLE)
    journey.save(services, asked, draft)
    switched = language.switch_asked()
    if switched:
        return redirect(language.same_page(switched), 303)
    return redirect(url_for(".check", slug=slug), 303)


@answers.get("/check")
def check(slug: str) -> Page:
    """Show everything before it is sent."""
    asked, services = find(slug), find_services()
    draft = journey.load(services, asked)
    is_open = asked.is_open(services.clock())
    if draft.is_empty:
        if not is_open:
            return answer_pages.closed(asked)
        has_sent = device.sent(asked.id) is not None and not device.changing(asked.id)
        receipt = url_for("receipts.sent", slug=slug)
        return redirect(receipt if has_sent else journey.first(asked), 303)
    if not is_open:
        return check_page(asked, draft, [("", _(TOO_LATE))], CONFLICT)
    return check_page(asked, draft, code=device.changing(asked.id))


@answers.post("/send")
def send(slug: str) -> Page:
    """Record what the check page showed, word for word."""
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
    person = device.secret()
    changing = device.changing(asked.id)
    if not (request.args or changing or device.has_draft(asked.id)):
        return one_page.untouched(asked, person)
    draft = journey.load(services, asked)
    found: list[Problem] = []
    if "moved" in request.args:
        found = [
            problem
            for one in asked.page.questions.values()
            if draft.typed.get(one.id) and one.kind in {"ranking", "basket"}
            for problem in answer_forms.problems(asked, one, draft.typed[one.id])
        ]
    return one_page.touched(
        asked, person, draft, problems=found, moved=request.args.get("moved"), code=changing
    )


@answers.post("/all")
def send_everything(slug: str) -> Page:
    """Record everything that was answered on one page."""
    asked, form = find(slug), request.form
    draft = Draft(answer_forms.read_all(asked, form), form.get(AREA, ""))
    command_id = form.get(COMMAND, "")

    def again(problems: list[Problem], code: int) -> Page:
        return _one_page_again(asked, draft, problems, code, command_id)

    if not COMMAND_ID.fullmatch(command_id):
        command_id = ""
        return again([("", _(EXPIRED))], BAD_REQUEST)
    stay = _staying(asked, draft) if asked.is_open(find_services().clock()) else None
    if stay is not None:
        return stay
    strange = answer_forms.unknown_fields(asked, form)
    if strange:
        return again(strange, UNPROCESSABLE)
    return _send(asked, draft, command_id, again)


@answers.post("/someone-else")
def someone_else(slug: str) -> Page:
    """Let another person at the same device answer for themselves."""
    asked = find(slug)
    device.forget()
    return redirect(url_for("consultations.start", slug=asked.slug), 303)


@answers.errorhandler(CSRFError)
def expired(_error: CSRFError) -> Page:
    """Show the same form again when its token is not this browser's; nothing typed is lost."""
    asked, form = find(str((request.view_args or {})["slug"])), request.form
    problems = [("", _(EXPIRED))]
    if request.endpoint == "answers.answer":
        one = answer_pages.question_of(asked, str((request.view_args or {})["question_id"]))
        draft = Draft({one.id: answer_forms.read(one, form)})
        return question_page(asked, one, draft, problems, BAD_REQUEST)
    if request.endpoint == "answers.send":
        draft = journey.read(form.get("answers", "")) or Draft()
        return check_page(asked, draft, problems, BAD_REQUEST, code=_receipt_changed())
    if request.endpoint == "answers.say_place":
        return place_page(asked, form.get(AREA, ""), problems, BAD_REQUEST)
    draft = Draft(answer_forms.read_all(asked, form), form.get(AREA, ""))
    return _one_page_again(asked, draft, problems, BAD_REQUEST, "")


def _one_page_again(
    asked: Asked, draft: Draft, problems: list[Problem], code: int, command_id: str
) -> Page:
    page = one_page.touched(
        asked,
        device.secret(),
        draft,
        command_id=command_id,
        problems=problems,
        code=_receipt_changed(),
    )
    return page, code


def _receipt_changed() -> str:
    """Return the receipt whose answers the posted form changes."""
    return request.form.get(RECEIPT, "")[:RECEIPT_LENGTH_MAX]


def _send(
    asked: Asked,
    draft: Draft,
    command_id: str,
    again: Callable[[list[Problem], int], Page],
) -> Page:
    if not journey.is_area(asked, draft.area):
        return again([(AREA, _(answer_pages.UNKNOWN_AREA))], UNPROCESSABLE)
    if identity.is_needed(asked) and not _receipt_changed():
        # What proved it is too old, or was never there: the answers wait.
        journey.save(find_services(), asked, draft)
        return identity.first(asked, "check")
    try:
        journey.send(find_services(), asked, draft, command_id, _receipt_changed())
    except Refused as refused:
        code = status(refused)
        found = answer_forms.all_problems(asked, draft.typed) if code == UNPROCESSABLE else []
        return again(found or [("", says(refused))], code)
    return redirect(url_for("receipts.sent", slug=asked.slug), 303)


def _staying(asked: Asked, draft: Draft) -> AnyResponse | None:
    """Keep what was typed and show the same page again: another language, a row moved, a total.

    None when the button was none of these.
    """
    services, form = find_services(), request.form
    switched = language.switch_asked()
    if switched:
        journey.save(services, asked, draft)
        return redirect(language.same_page(switched), 303)
    move, total = answer_forms.moved(asked, form), answer_forms.updated(asked, form)
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
    shown = {"answers.answer": ".question", "answers.send_everything": ".everything"}
    return redirect(url_for(shown[str(request.endpoint)], **view_args), 303)
