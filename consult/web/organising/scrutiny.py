"""The room of scrutiny members and auditors: results, working, how it stood, the log, openings.

It only reads. What is here can also be found by anybody, except what opens single ballots where
the terms keep that for an auditor, and single answers without what people wrote.
"""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from consult.commands.context import Actor
from consult.commands.exporting_answers import ENDED, FORMATS
from consult.sealing import packs
from consult.web import services as find_services
from consult.web import staff_home, staff_session
from consult.web.asked import find as find_asked
from consult.web.figures import moment
from consult.web.language import current, said
from consult.web.language import gettext as _
from consult.web.organising.desk import Page, fresh_views, member
from consult.web.organising.organise_exports import file_of, formats
from consult.web.outcomes import as_at, published
from consult.web.proofs.log import LINES, find_log
from consult.web.refusals import says
from consult.web.staff_home import ADMINISTRATOR, AUDITOR
from events.errors import Refused
from projections.consultations import ConsultationPage, Consultations
from projections.partnerships import Partnerships

scrutiny = Blueprint("scrutiny", __name__, url_prefix="/scrutiny")
FORBIDDEN, UNPROCESSABLE = 403, 422
ROOM = "scrutiny.index"


@dataclass(frozen=True)
class Case:
    """One consultation in front of somebody who looks into it. `actor`: in which role."""

    page: ConsultationPage
    actor: Actor

    @property
    def slug(self) -> str:
        """Its short name, as in the address."""
        return self.page.slug

    @property
    def title(self) -> str:
        """Its title in the language of the page."""
        return said(self.page.title) or self.page.slug

    @property
    def is_audited(self) -> bool:
        """Say whether single ballots may be opened."""
        return self.actor.role in {AUDITOR, ADMINISTRATOR}


@scrutiny.before_request
def let_in() -> AnyResponse | tuple[str, int] | None:
    """Let in who looks into the work of any partnership."""
    found = staff_session.member(find_services())
    if found is None:
        return redirect(url_for("sign_in.ask"), 303)
    g.member = found
    if not any(_actor_in(id) for id in found.roles):
        return render_template("scrutiny/not_yours.html"), FORBIDDEN
    return None


@scrutiny.after_request
def keep_private(response: Response) -> Response:
    """No cache keeps what is here."""
    response.headers["Cache-Control"] = "no-store"
    return response


@scrutiny.errorhandler(FORBIDDEN)
def not_yours(_error: Exception) -> Page:
    """Say in plain words that another partnership's work is not shown here."""
    return render_template("scrutiny/not_yours.html"), FORBIDDEN


@scrutiny.get("/")
def index() -> str:
    """List the consultations of this person's partnerships that have opened."""
    views = fresh_views().views
    actors = {id: _actor_in(id) for id in member().roles}
    with views.connect() as db:
        cases = [
            Case(page, actor)
            for id, actor in actors.items()
            if actor is not None
            for page in views.reader(Consultations).of_partnership(db, id)
            if page.opened_position is not None
        ]
    return render_template("scrutiny/index.html", cases=cases)


@scrutiny.get("/<slug>/")
def show(slug: str) -> str:
    """Show everything there is about one consultation."""
    return _draw(_find(slug), [])


@scrutiny.get("/<slug>/openings.ndjson")
def openings(slug: str) -> Response:
    """Hand an auditor what opens every ballot that counts; 404 before it is sealed."""
    case = _find(slug)
    if not case.is_audited:
        abort(FORBIDDEN)
    log = find_log()
    pack = packs.pack_of(log, case.page.id)
    if pack is None or pack.openings is None:
        abort(404)
    response = Response(packs.opening_lines(log, case.page.id), content_type=LINES)
    name = f'attachment; filename="{case.slug}-openings.ndjson"'
    response.headers["Content-Disposition"] = name
    return response


@scrutiny.post("/<slug>/answers")
def answers(slug: str) -> Page:
    """Hand an auditor every answer, without what people wrote."""
    case = _find(slug)
    if not case.is_audited:
        abort(FORBIDDEN)
    if request.form.get("format") not in FORMATS:
        return _draw(case, [("format", _("Choose a format."))]), UNPROCESSABLE
    try:
        return file_of(case.page, case.actor, with_words=False)
    except Refused as refused:
        return _draw(case, [("format", says(refused))]), UNPROCESSABLE


def _draw(case: Case, problems: list[tuple[str, str]]) -> str:
    asked, services = find_asked(case.slug), find_services()
    found = published.find(services, asked) if case.page.state == "closed" else None
    pack = packs.pack_of(find_log(), case.page.id) if case.is_audited else None
    stops = as_at.stops(services, asked) if found is not None and found.results else []
    return render_template(
        "scrutiny/show.html",
        case=case,
        facts=_facts(case.page),
        is_published=found is not None,
        stops=stops[::-1],
        are_ballots_public=case.page.are_ballots_public,
        has_openings=pack is not None and pack.openings is not None,
        has_ended=case.page.state in ENDED,
        formats=formats(),
        errors=problems,
        wrong=dict(problems),
        vkey_address=url_for("log.vkey"),
    )


def _facts(page: ConsultationPage) -> list[tuple[str, str]]:
    states = {"open": _("Open"), "closed": _("Closed"), "withdrawn": _("Withdrawn")}
    found = [(_("State"), states.get(page.state, page.state))]
    if page.opened_at:
        found.append((_("Opened"), moment(page.opened_at, current())))
    if page.closed_at:
        found.append((_("Closed"), moment(page.closed_at, current())))
    elif page.terms is not None:
        found.append((_("Closes"), moment(page.terms.closes_at, current())))
    if page.terms is not None and said(page.terms.decides):
        found.append((_("Who decides"), said(page.terms.decides)))
    return found


def _actor_in(partnership_id: UUID) -> Actor | None:
    """Return in which role somebody looks into a partnership; the one that may see most."""
    held = staff_home.roles_in(member(), partnership_id, ROOM)
    order = (AUDITOR, ADMINISTRATOR, staff_home.SCRUTINY)
    role = next((role for role in order if role in held), None)
    return Actor(role, member().id.hex) if role else None


def _find(slug: str) -> Case:
    """Return the consultation of an address; 404 without one, 403 for other people's."""
    views = fresh_views().views
    with views.connect() as db:
        page = views.reader(Consultations).by_slug(db, slug)
        if page is None or page.opened_position is None:
            abort(404)
        g.partnership = views.reader(Partnerships).by_id(db, page.partnership_id)
    actor = _actor_in(page.partnership_id)
    if actor is None:
        abort(FORBIDDEN)
    return Case(page, actor)
