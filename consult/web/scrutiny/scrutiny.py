"""Pages of scrutiny members and auditors: results, working, earlier outcomes, log, openings.

They change nothing of a consultation. What is not public elsewhere is for auditors: the openings
of single ballots where the terms reserve them, single answers without what people wrote, each of
which is recorded when it is taken, and what desks sent (`scrutiny_desks.py`).
"""

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult import access
from consult.commands.context import fresh_command_id
from consult.commands.files.exporting_answers import ENDED, FORMATS
from consult.sealing.public_entries import packs
from consult.verifier.shipped import program
from consult.web import services as find_services
from consult.web.accounts.staff_access import partnerships_of
from consult.web.consultation_lookup import find as find_asked
from consult.web.forms.sending import Page
from consult.web.log.log import find_log
from consult.web.organising.desk import fresh_views
from consult.web.organising.words.staff_files import (
    NOT_ASKED,
    StaffFile,
    answers_of,
    openings_of,
)
from consult.web.pages import NOBODY, Room, needed
from consult.web.results import as_at, published
from consult.web.scrutiny.scrutiny_case import (
    FORBIDDEN,
    Case,
    actor_in,
    find_audited,
    find_case,
)
from consult.web.scrutiny.scrutiny_desks import desks
from consult.wording import ending
from consult.wording.drafting.answer_labels import formats
from consult.wording.figures import moment
from consult.wording.language import N_, current, said
from consult.wording.language import gettext as _
from consult.wording.refusals import says
from consult.wording.registries.state_words import state_words
from events.errors import Refused
from projections.consultations import ConsultationPage, Consultations

scrutiny = Room(
    "scrutiny",
    __name__,
    url_prefix="/scrutiny",
    keeps=NOBODY,
    who=access.LOOK_INTO,
    work=N_("Scrutiny"),
    refusing="scrutiny/not_yours.html",
)
UNPROCESSABLE = 422
OPENINGS = "openings"
scrutiny.register_blueprint(desks)


@scrutiny.errorhandler(FORBIDDEN)
def not_yours(_error: Exception) -> Page:
    """Explain that another partnership's work is not shown here."""
    is_of_auditors = access.SCRUTINY not in needed().roles
    return render_template("scrutiny/not_yours.html", is_of_auditors=is_of_auditors), FORBIDDEN


@scrutiny.get("/")
def index() -> str:
    """List the opened consultations of this person's partnerships."""
    views = fresh_views().views
    actors = {id: actor_in(id) for id in partnerships_of(access.LOOK_INTO)}
    with views.connect() as db:
        cases = [
            Case(page, actor)
            for id, actor in actors.items()
            if actor is not None
            for page in views.reader(Consultations).of_partnership(db, id)
            if page.opened_position is not None
        ]
    return render_template("scrutiny/index.html", cases=cases)


@scrutiny.get("/<slug>/", title="%(title)s")
def show(slug: str) -> str:
    """Show everything about one consultation."""
    return _draw(find_case(slug), [])


@scrutiny.get("/<slug>/openings.ndjson", who=access.TAKE_OPENINGS)
def openings_page(slug: str) -> AnyResponse:
    """Redirect to the button: taking the file is recorded, so a link must not do it."""
    find_audited(slug)
    return redirect(url_for(".show", slug=slug, _anchor="auditor"), 303)


@scrutiny.post("/<slug>/openings.ndjson", who=access.TAKE_OPENINGS)
def openings(slug: str) -> Page:
    """Return the openings of every counted ballot to an auditor; 404 before they are sealed."""
    return _hand_out(find_audited(slug), OPENINGS)


@scrutiny.post("/<slug>/answers", who=access.TAKE_OPENINGS)
def answers(slug: str) -> Page:
    """Return every answer to an auditor, without what people wrote."""
    case = find_audited(slug)
    if request.form.get("format") not in FORMATS:
        return _draw(case, [("format", _("Choose a format."))]), UNPROCESSABLE
    return _hand_out(case, request.form["format"])


@scrutiny.get("/<slug>/waiting", who=access.TAKE_OPENINGS, title=N_("Your file"))
def waiting(slug: str) -> Page:
    """Show the progress of a large file, and offer it when it is ready."""
    case, what = find_audited(slug), request.args.get("what", "")
    if what not in {*FORMATS, OPENINGS} or case.page.state not in ENDED:
        abort(404)
    is_openings, file = what == OPENINGS, _file(case, what).standing()
    if file is None:
        flash(_(NOT_ASKED), "problem")
        return redirect(url_for(".show", slug=slug), 303)
    return render_template(
        "scrutiny/file.html",
        case=case,
        file=file,
        hidden_fields={} if is_openings else {"format": what},
        action=url_for(".openings" if is_openings else ".answers", slug=slug),
        command_id=fresh_command_id(),
    )


def _hand_out(case: Case, what: str) -> Page:
    try:
        given = _file(case, what).handed_out()
    except Refused as refused:
        return _draw(case, [("format", says(refused))]), UNPROCESSABLE
    return given or redirect(url_for(".waiting", slug=case.slug, what=what), 303)


def _file(case: Case, what: str) -> StaffFile:
    """Return the file of answers in a format, or of openings; 404 before these exist."""
    if what != OPENINGS:
        return answers_of(case.page, case.actor, what, with_words=False)
    pack = packs.pack_of(find_log(), case.page.id)
    if pack is None or pack.openings is None:
        abort(404)
    return openings_of(case.page, case.actor, pack.openings)


def _draw(case: Case, problems: list[tuple[str, str]]) -> str:
    asked, services = find_asked(case.slug), find_services()
    found = published.find(services, asked)
    pack = packs.pack_of(find_log(), case.page.id) if case.is_audited else None
    stops = as_at.stops(services, asked) if found is not None and found.results else []
    return render_template(
        "scrutiny/show.html",
        case=case,
        facts=_facts(case.page),
        is_published=found is not None,
        stops=stops[::-1],
        are_ballots_public=case.page.are_ballots_public,
        program=program(),
        log=f"{services.config.public_url.rstrip('/')}/log",
        has_openings=pack is not None and pack.openings is not None,
        has_ended=case.page.state in ENDED,
        formats=formats(),
        command_id=fresh_command_id(),
        errors=problems,
        wrong=dict(problems),
    )


def _facts(page: ConsultationPage) -> list[tuple[str, str]]:
    found = [(_("State"), state_words(page.state_at(find_services().clock())).title)]
    if page.opened_at:
        found.append((_("Opened"), moment(page.opened_at, current())))
    found += ending.facts(page, find_services().clock(), stopped_title=N_("Withdrawn"))
    if page.withdrawal_reason:
        found.append((_("Reason"), said(page.withdrawal_reason)))
    if page.terms is not None and said(page.terms.decides):
        found.append((_("Who decides"), said(page.terms.decides)))
    return found
