"""Answer for somebody at a desk or by telephone: identity, answers, receipt.

Named `assisting`, because `desk` is the shared part of the organisers' pages.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

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
from consult.web.answering import answer_files, drafts, sending
from consult.web.answering.answer_buttons import stay
from consult.web.answering.forms import answer_problems
from consult.web.answering.forms.buttons import MOVED
from consult.web.answering.forms.draft import Draft, Whom
from consult.web.answering.forms.filled import EXPIRED, Filled
from consult.web.answering.sending import Refusal
from consult.web.assisted import assist_visits
from consult.web.assisted.assist_pages import (
    filled_here,
    find,
    find_visit,
    form_again,
    form_page,
    levels_here,
    who_page,
    whom,
)
from consult.web.assisted.assist_visits import Visit
from consult.web.consultation_lookup import all_of
from consult.web.guarding import limits
from consult.web.kinds.form import Problem
from consult.web.layout import page_language
from consult.web.layout.addresses import typed as typed_address
from consult.web.pages import NOBODY, Room
from consult.web.receipts.receipts import check_address, drawn
from consult.wording import language
from consult.wording.language import N_
from consult.wording.language import gettext as _
from consult.wording.refusals import says, status
from consult.wording.shown_consultation import ShownConsultation
from events.channels import AT_A_DESK
from events.consultations import levels, states
from events.errors import Refused
from events.submission import GIVEN
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
        found = services.views.reader(Consultations).in_state(db, states.OPEN)
    here = partnerships_of(access.ANSWER_FOR_SOMEBODY)
    mine = all_of(
        page for page in found if page.partnership_id in here and not page.is_being_imported
    )
    if len({one.partnership.id for one in mine}) == 1:
        g.partnership = mine[0].partnership
    now = services.clock()
    return render_template(
        "assisting/index.html", mine=[one for one in mine if one.is_open(now) and levels_here(one)]
    )


@assisting.get("/<slug>", title=N_("Whom do you answer for?"))
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
    if form.get(CHANNEL) not in AT_A_DESK:
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
        has_answered=before == GIVEN,
        respondent=respondent,
        members=members,
    )
    return redirect(url_for(".answers", slug=slug, name=visit.name), 303)


@assisting.get("/<slug>/<name>", title="%(title)s")
def answers(slug: str, name: str) -> Page:
    """Ask everything on one page."""
    asked, visit = find(slug), find_visit(slug, name)
    if visit is None:
        return redirect(url_for(".who", slug=slug), 303)
    if visit.receipt:
        return redirect(url_for(".receipt", slug=slug, name=name), 303)
    kept = assist_visits.load(find_services(), visit)
    kept = kept.answered(drafts.attached(asked, visit.name))
    questions = asked.page.questions if MOVED in request.args else {}
    found = answer_problems.of_buttons(asked, questions, kept.typed)
    return form_page(asked, visit, Filled(kept), found)


@assisting.post("/<slug>/<name>")
def send(slug: str, name: str) -> Page:
    """Record the answers like anybody's; the envelope names who helped and the channel."""
    asked, visit = find(slug), find_visit(slug, name)
    if visit is None:
        return redirect(url_for(".who", slug=slug), 303)
    is_open, questions = asked.is_open(find_services().clock()), asked.page.questions.values()
    problems = answer_files.take(asked, questions, visit.name) if is_open else []
    form = filled_here(asked, visit)
    outcome = _handed_in(asked, visit, form, problems)
    return form_again(asked, visit, form, outcome) if isinstance(outcome, Refusal) else outcome


def _handed_in(
    asked: ShownConsultation, visit: Visit, form: Filled, problems: list[Problem]
) -> AnyResponse | Refusal:
    """Do what the buttons of a form say, or record it. `problems`: with its files."""
    stay = None if problems else _staying(asked, visit, form.draft)
    if stay is not None:
        return stay
    if not form.command_id:
        return sending.expired()
    problems += answer_problems.unknown_fields(asked, request.form)
    problems += answer_problems.of_area(asked, form.draft.area)
    refusal = Refusal(problems) if problems else _record(asked, visit, form)
    return refusal or redirect(url_for(".receipt", slug=asked.slug, name=visit.name), 303)


@assisting.get("/<slug>/<name>/receipt", title=N_("Their answers are recorded"))
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
    form = filled_here(asked, visit).expired()
    return form_again(asked, visit, form, sending.expired())


def spelled(group: str) -> str:
    """Return a group of a code in spelling words, the same in every language."""
    return ", ".join(SPOKEN.get(letter, letter) for letter in group)


def _proof(
    asked: ShownConsultation, form: Mapping[str, str], problems: list[Problem]
) -> Proven | None:
    """Return the proof of identity: exactly one of a code and the number of a checked document."""
    code = form.get(CODE, "").strip()[:TYPED_LENGTH_MAX]
    reference = form.get(REFERENCE, "").strip()[:TYPED_LENGTH_MAX]
    may_check = levels.DESK in levels_here(asked)
    first = CODE if levels.LETTER in levels_here(asked) else REFERENCE
    if bool(code) == bool(reference):
        problems.append(
            (first, _("Fill in the code from their letter, or the number you checked."))
        )
        return None
    try:
        if code:
            return Proven(levels.LETTER, check_code(find_services(), asked.id, code).voter)
    except Refused as refused:
        problems.append((CODE, says(refused)))
        return None
    plain = written_reference(reference)
    if not may_check or len(plain) < REFERENCE_LETTERS_MIN:
        problems.append(
            (REFERENCE, _("Enter the whole number, with at least 3 letters or digits."))
        )
        return None
    return prove(find_services().vault, asked.id, levels.DESK, plain)


def _record(asked: ShownConsultation, visit: Visit, form: Filled) -> Refusal | None:
    """Record what a desk typed in and note the receipt; return why not, if it was refused.

    Questions may be blank, and for whom they answer was asked before.
    """
    services = find_services()
    whom = Whom(visit.respondent, form.draft.whom.name, str(visit.members))
    sheet = replace(
        form.draft.sheet(asked.page.questions, visit.proof.level),
        is_declared=form.is_declared,
        has_blanks=True,
        **whom.on_sheet(),
    )
    try:
        with limits.desk_pace(member().id, services.config.desk_answers):
            given = submit_answers(
                services,
                consultation_id=asked.id,
                voter=visit.proof.voter,
                sheet=sheet,
                actor=Actor(DESK, member().id.hex, visit.channel, asked.page.partnership_id),
                command_id=form.command_id,
            )
    except Refused as refused:
        return Refusal(status=status(refused), why=refused)
    assist_visits.end(services, visit)  # delete everything that was typed
    assist_visits.note_sent(visit, given.code, int(services.clock().timestamp()))
    return None


def _staying(asked: ShownConsultation, visit: Visit, typed: Draft) -> AnyResponse | None:
    """Save what was typed and show the form again, if one of its buttons was pressed."""
    return stay(
        asked,
        typed,
        lambda changed: assist_visits.save(find_services(), visit, changed),
        lambda place: url_for(".answers", slug=asked.slug, name=visit.name, **place),
    )
