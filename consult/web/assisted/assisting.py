"""Answer for somebody at a desk or by telephone: identity, answers, receipt.

Named `assisting`, because `desk` is the shared part of the organisers' pages.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from consult import access
from consult.access import DESK
from consult.commands.answers.letter_codes import check_code, standing
from consult.commands.answers.submitting import submit_answers
from consult.commands.context import Actor
from consult.people.proving.identities import Proven, prove, written_reference
from consult.web import services as find_services
from consult.web.accounts import staff_home
from consult.web.accounts.staff_access import member, partnerships_of
from consult.web.answering import answer_pages, journey
from consult.web.answering.answer_pages import EXPIRED
from consult.web.answering.forms import answer_files, answer_forms, typed
from consult.web.answering.forms.answer_forms import AREA, COMMAND, COMMAND_ID, DECLARED
from consult.web.answering.forms.fields import ranking as read_moves
from consult.web.answering.journey import Draft
from consult.web.assisted import assist_visits
from consult.web.assisted.assist_pages import (
    CHANNELS,
    find,
    find_visit,
    form_page,
    levels,
    typed_here,
    who_page,
    whom,
)
from consult.web.assisted.assist_visits import Visit
from consult.web.consultation_lookup import all_of
from consult.web.guarding import limits
from consult.web.kinds.form import Problem, field_name, form_of
from consult.web.layout import page_language
from consult.web.layout.addresses import typed as typed_address
from consult.web.pages import NOBODY, Room
from consult.web.receipts.receipts import check_address, drawn
from consult.wording import language
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.refusals import says, status
from consult.wording.shown_consultation import ShownConsultation
from events.errors import Refused
from projections.consultations import Consultations

assisting = Room(
    "assisting",
    __name__,
    url_prefix="/assist",
    keeps=NOBODY,
    who=access.ANSWER_FOR_SOMEBODY,
    work=N_("Answer for somebody"),
    refusing="assisting/not_yours.html",
)
assisting.url_value_preprocessor(answer_files.make_room)
Page = str | tuple[str, int] | AnyResponse
CODE, REFERENCE, CHANNEL = "code", "reference", "channel"
SPOKEN = {word[0].upper(): word for word in (
    "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "Juliett", "Kilo",
    "Mike", "November", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Victor", "Whiskey",
    "X-ray", "Yankee", "Zulu",
)}  # fmt: skip
"""NATO spelling alphabet, for the letters that codes contain."""

TYPED_LENGTH_MAX = 60
REFERENCE_LETTERS_MIN = 3
UNPROCESSABLE, BAD_REQUEST = 422, 400


@assisting.get("/")
def index() -> Page:
    """List the consultations that can be answered here."""
    services = find_services()
    with services.views.connect() as db:
        found = services.views.reader(Consultations).in_state(db, "open")
    here = partnerships_of(access.ANSWER_FOR_SOMEBODY)
    mine = all_of(
        page for page in found if page.partnership_id in here and not page.is_being_imported
    )
    if len({one.partnership.id for one in mine}) == 1:
        g.partnership = mine[0].partnership
    now = services.clock()
    return render_template(
        "assisting/index.html", mine=[one for one in mine if one.is_open(now) and levels(one)]
    )


@assisting.get("/<slug>")
def who(slug: str) -> Page:
    """Ask whom to answer for."""
    return who_page(find(slug), {}, [])


@assisting.post("/<slug>")
def begin(slug: str) -> Page:
    """Accept the code of a letter, or the number of a checked document; then show the form."""
    asked, services, form = find(slug), find_services(), request.form
    switched = page_language.switch_asked()
    if switched and switched != language.current():
        return redirect(page_language.same_page(switched), 307)
    if switched:
        return who_page(asked, form, [])
    problems: list[Problem] = []
    if form.get(CHANNEL) not in CHANNELS:
        problems.append((CHANNEL, _("Say how you are in touch with them.")))
    proof = _proof(asked, form, problems)
    respondent, members = whom(form, problems)
    if problems or proof is None:
        return who_page(asked, form, problems), UNPROCESSABLE
    before = standing(services, asked.id, proof.voter)
    visit = assist_visits.begin(
        asked.id,
        proof,
        form[CHANNEL],
        has_answered=before == "given",
        respondent=respondent,
        members=members,
    )
    return redirect(url_for(".answers", slug=slug, name=visit.name), 303)


@assisting.get("/<slug>/<name>")
def answers(slug: str, name: str) -> Page:
    """Ask everything on one page."""
    asked, visit = find(slug), find_visit(slug, name)
    if visit is None:
        return redirect(url_for(".who", slug=slug), 303)
    if visit.receipt:
        return redirect(url_for(".receipt", slug=slug, name=name), 303)
    draft = assist_visits.load(find_services(), visit)
    journey.attach(find_services(), asked, draft, visit.name)
    found: list[Problem] = []
    if "moved" in request.args:
        found = [
            problem
            for one in asked.page.questions.values()
            if draft.typed.get(one.id) and form_of(one).has_buttons
            for problem in answer_forms.problems(asked, one, draft.typed[one.id])
        ]
    return form_page(asked, visit, draft, found)


@assisting.post("/<slug>/<name>")
def send(slug: str, name: str) -> Page:
    """Record the answers like anybody's; the envelope names who helped and the channel."""
    asked, visit, services = find(slug), find_visit(slug, name), find_services()
    if visit is None:
        return redirect(url_for(".who", slug=slug), 303)
    is_open, questions = asked.is_open(services.clock()), asked.page.questions.values()
    problems = answer_files.take(asked, questions, visit.name) if is_open else []
    draft = typed_here(asked, visit)
    stay = None if problems else _staying(asked, visit, draft)
    if stay is not None:
        return stay
    command_id = request.form.get(COMMAND, "")
    if not COMMAND_ID.fullmatch(command_id):
        return form_page(asked, visit, draft, [("", _(EXPIRED))]), BAD_REQUEST
    problems += answer_forms.unknown_fields(asked, request.form)
    if not journey.is_area(asked, draft.area):
        problems.append((AREA, _(answer_pages.UNKNOWN_AREA)))
    if problems:
        return form_page(asked, visit, draft, problems, command_id), UNPROCESSABLE
    try:
        with limits.desk_pace(member().id, services.config.desk_answers):
            given = submit_answers(
                services,
                consultation_id=asked.id,
                voter=visit.proof.voter,
                sheet=replace(
                    typed.sheet(asked.page.questions, draft.typed, draft.area, visit.proof.level),
                    is_declared=DECLARED in request.form,
                    has_blanks=True,
                    respondent=visit.respondent,
                    members=visit.members,
                    organisation=draft.whom.name if visit.respondent != "individual" else "",
                ),
                actor=Actor(DESK, member().id.hex, visit.channel),
                command_id=command_id,
            )
    except Refused as refused:
        found = answer_forms.refused(asked, draft.typed, refused, has_blanks=True)
        return form_page(asked, visit, draft, found, command_id), status(refused)
    assist_visits.end(services, visit)  # delete everything that was typed
    assist_visits.note_sent(visit, given.code, int(services.clock().timestamp()))
    return redirect(url_for(".receipt", slug=slug, name=name), 303)


@assisting.get("/<slug>/<name>/receipt")
def receipt(slug: str, name: str) -> Page:
    """Show the receipt to print, or to read aloud."""
    asked, visit = find(slug), find_visit(slug, name)
    if visit is None or not visit.receipt:
        return redirect(url_for(".who", slug=slug), 303)
    return render_template(
        "assisting/receipt.html",
        asked=asked,
        visit=visit,
        sent_at=datetime.fromtimestamp(visit.sent_at, UTC),
        spelled=[spelled(group) for group in visit.receipt.split("-")],
        qr=drawn(check_address(visit.receipt)),
        address=typed_address(check_address("")),
    )


@assisting.post("/<slug>/<name>/next")
def next_person(slug: str, name: str) -> Page:
    """Remove this person's data and ask whom to answer for next."""
    asked = find(slug)
    visit = find_visit(slug, name)
    if visit is not None:
        assist_visits.end(find_services(), visit)
    return redirect(url_for(".who", slug=asked.slug), 303)


@assisting.errorhandler(CSRFError)
def expired(error: CSRFError) -> Page:
    """Show the form again, with what was typed, if its CSRF token is not valid in this session."""
    refused = staff_home.let_in()
    if refused is not None:
        return refused
    values = request.view_args or {}
    if request.endpoint == "assisting.begin":
        return who_page(find(values["slug"]), request.form, [(CODE, _(EXPIRED))]), BAD_REQUEST
    visit = find_visit(values["slug"], values["name"]) if "name" in values else None
    if visit is None or request.endpoint != "assisting.send":
        raise error
    asked = find(values["slug"])
    return form_page(asked, visit, typed_here(asked, visit), [("", _(EXPIRED))]), BAD_REQUEST


def spelled(group: str) -> str:
    """Return a group of a code in spelling words, the same in every language."""
    return ", ".join(SPOKEN.get(letter, letter) for letter in group)


def _proof(
    asked: ShownConsultation, form: Mapping[str, str], problems: list[Problem]
) -> Proven | None:
    """Return the proof of identity: exactly one of a code and the number of a checked document."""
    code = form.get(CODE, "").strip()[:TYPED_LENGTH_MAX]
    reference = form.get(REFERENCE, "").strip()[:TYPED_LENGTH_MAX]
    may_check = "desk" in levels(asked)
    first = CODE if "letter" in levels(asked) else REFERENCE
    if bool(code) == bool(reference):
        problems.append(
            (first, _("Fill in the code from their letter, or the number you checked."))
        )
        return None
    try:
        if code:
            return Proven("letter", check_code(find_services(), asked.id, code).voter)
    except Refused as refused:
        problems.append((CODE, says(refused)))
        return None
    plain = written_reference(reference)
    if not may_check or len(plain) < REFERENCE_LETTERS_MIN:
        problems.append(
            (REFERENCE, _("Enter the whole number, with at least 3 letters or digits."))
        )
        return None
    return prove(find_services().vault, asked.id, "desk", plain)


def _staying(asked: ShownConsultation, visit: Visit, draft: Draft) -> AnyResponse | None:
    """Save the draft and redisplay the form: other language, moved row, updated total."""
    services, form = find_services(), request.form
    switched = page_language.switched_page()
    if switched:
        assist_visits.save(services, visit, draft)
        return redirect(switched, 303)
    move, total = answer_forms.moved(asked, form), answer_forms.updated(asked, form)
    total = total or answer_files.removed(asked)
    if move is not None:
        one, option = move
        name = field_name(one.id)
        draft.typed[one.id] = list(read_moves(form, name, one.option_ids).chosen)
        here: dict[str, Any] = {"moved": f"{one.id}/{option}", "_anchor": f"{name}-{option}"}
    elif total is not None:
        here = {"moved": total.id, "_anchor": field_name(total.id)}
    else:
        return None
    assist_visits.save(services, visit, draft)
    return redirect(url_for(".answers", slug=asked.slug, name=visit.name, **here), 303)
