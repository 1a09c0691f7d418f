"""The results of a consultation: published, at an earlier moment, or not yet."""

import hashlib
from typing import NamedTuple

from flask import current_app, g, render_template, request
from werkzeug.wrappers import Response

from consult.services import Services
from consult.web import services as find_services
from consult.web.consultation_lookup import find
from consult.web.layout import header, templating
from consult.web.layout.addresses import asked_position
from consult.web.pages import Room
from consult.web.results import as_at, interim, published
from consult.web.results.as_at import Busy, Outcomes
from consult.web.results.published import Published
from consult.wording import figures, language
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from consult.wording.outcomes import charts as pictures
from consult.wording.outcomes import how_tallied, verdicts
from consult.wording.outcomes.counted import Counted
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import states
from projections.consultations import Consultations

results = Room("results", __name__)
LISTED_MAX = 100
NOT_FOR_CACHES = "no-store"
ASK_AGAIN = "public, no-cache"
"""May be stored, but must be revalidated before use."""
RETRY_SECONDS = "10"
UNAVAILABLE = 503
HTML = "text/html; charset=utf-8"


class Page(NamedTuple):
    """A rendered page and its ETag."""

    body: bytes
    etag: str


@results.get("/results", is_listed=True, menu="results", title=N_("Results"))
def index() -> str:
    """List every published outcome, latest closing first."""
    services = find_services()
    consultations = services.views.reader(Consultations)
    with services.views.connect() as db:
        pages = consultations.in_state(db, *published.SHOWN, limit=LISTED_MAX)
    listed = []
    for page in pages:
        asked = find(page.slug)
        found = published.find(services, asked) if asked.id == page.id else None
        if found is not None:
            outcome = " ".join(published.headlines(asked, found))
            listed.append((asked, outcome, verdicts.who_took_part(asked, found.tallies)))
    g.pop("partnership", None)  # the page belongs to the site, not to the last one listed
    listed.sort(key=lambda one: str(one[0].page.ended_at), reverse=True)
    return render_template("results/index.html", listed=listed)


@results.get(
    "/c/<slug>/results",
    is_listed=True,
    title=N_("Results: %(title)s"),
    link=N_("Results of a consultation"),
)
def show(slug: str) -> Response:
    """Show the outcome; before publication, explain what happens next."""
    asked, services = find(slug), find_services()
    found = published.find(services, asked)
    if found is None:
        return _not_yet(services, asked)
    wanted = asked_position("as_at")
    if wanted is not None and asked.page.opened_position is not None:
        return _earlier(services, asked, found, wanted)
    key = (*_frame(), tuple(found.digests))
    page = found.pages.get(key)
    if page is None:
        view = published.view(asked, found)
        # How votes from a file stood on an earlier day is how far reading it had got.
        stops = [] if asked.page.is_import else _stops(services, asked, found)
        page = _page(render_template("results/published.html", stops=stops, **view))
        found.keep(key, page)
    return _answer(page)


def _earlier(
    services: Services, asked: ShownConsultation, found: Published, wanted: int
) -> Response:
    stops = _stops(services, asked, found)
    position = as_at.place(asked, wanted, stops)
    key = (*_frame(), position)
    page = found.pages.get(key)
    if page is None:
        try:
            page = _page(_render_earlier(services, asked, found, stops, position))
        except Busy:
            busy = Response(render_template("results/busy.html", asked=asked), UNAVAILABLE)
            busy.content_type = HTML
            busy.headers["Retry-After"] = RETRY_SECONDS
            busy.headers["Cache-Control"] = NOT_FOR_CACHES
            return busy
        found.keep(key, page)
    return _answer(page)


def _render_earlier(
    services: Services,
    asked: ShownConsultation,
    found: Published,
    stops: list[as_at.Stop],
    position: int,
) -> str:
    kept = current_app.extensions.setdefault("outcomes as at", Outcomes())
    questions = []
    for one in published.counted(asked, found):
        outcome = kept.at(services, asked, one.question, position)
        then = Counted(asked, one.question, outcome)
        questions.append(
            {
                "title": said(one.question.title),
                "verdict": verdicts.outcome(then),
                "ballots": outcome["ballots"],
                "moves": _moves(then, one),
                "chart": pictures.scores(then) if then.outcome["order"] else None,
                "projects": pictures.projects(then) if then.is_budget else None,
                "money": (outcome["spent"], then.pot) if then.is_budget else None,
                "votes_title": _(then.unit.title),
            }
        )
    moment = max((stop for stop in stops if stop.position <= position), key=_at, default=None)
    return render_template(
        "results/earlier.html",
        asked=asked,
        position=position,
        moment=moment,
        stops=stops,
        earlier=max((s.position for s in stops if s.position < position), default=None),
        later=min((s.position for s in stops if s.position > position), default=None),
        questions=questions,
    )


def _moves(then: Counted, now: Counted) -> list[list[str]]:
    """Return the place of each option then and in the final result."""
    before = {id: place for place, id in enumerate(then.ranked, start=1)}
    return [
        [now.name(id), str(before.get(id, pictures.NOTHING)), str(place)]
        for place, id in enumerate(now.ranked, start=1)
    ]


def _stops(services: Services, asked: ShownConsultation, found: Published) -> list[as_at.Stop]:
    if found.stops is None:
        found.stops = as_at.stops(services, asked)
    return found.stops


def _at(stop: as_at.Stop) -> int:
    return stop.position


def _not_yet(services: Services, asked: ShownConsultation) -> Response:
    """While open, show only how many took part, unless the terms say otherwise (I18)."""
    state = asked.page.state_at(services.clock())
    is_running = state in states.RUNNING
    is_shown = is_running and interim.may_show(asked)
    standing = interim.standing(services, asked) if is_shown else None
    least = asked.page.terms.cell_min if asked.page.terms else 0
    people = interim.people(services, asked)
    body = render_template(
        "results/not_yet.html",
        asked=asked,
        state=state,
        is_running=is_running,
        is_shown=is_shown,
        people=people if people >= least else None,
        standing=standing,
        charts=interim.charts(asked, standing) if standing else [],
        least_people=figures.number(interim.PEOPLE_STEP),
        count_page=how_tallied.heading(asked),
        tallied=how_tallied.sentences(asked),
    )
    response = Response(body, content_type=HTML)
    response.headers["Cache-Control"] = NOT_FOR_CACHES
    return response


def _frame() -> tuple[object, ...]:
    """Return what else a page depends on: language, addresses, menu, theme, and the story day."""
    menu, today = tuple(templating.navigation()), header.story_day()
    shown = today and figures.day(today, language.current())
    return language.current(), request.script_root, menu, repr(templating.theme()), shown


def _page(html: str) -> Page:
    body = html.encode()
    return Page(body, hashlib.sha256(body).hexdigest()[:24])


def _answer(page: Page) -> Response:
    response = Response(page.body, content_type=HTML)
    response.set_etag(page.etag)
    response.headers["Cache-Control"] = ASK_AGAIN
    return response.make_conditional(request.environ)
