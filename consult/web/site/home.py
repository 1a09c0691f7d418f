"""The home page: open, closed and counted consultations, filtered by words or ward."""

import unicodedata

from flask import render_template, request

from consult.commands.setting_up import unfinished
from consult.web import services as find_services
from consult.web.accounts import staff_session
from consult.web.pages import Room
from consult.wording.language import N_, said
from events.consultations import states
from projections.consultations import ConsultationPage, Consultations
from projections.partnerships import Partnerships
from projections.results import Results

home = Room("home", __name__)
LISTED_MAX = 200
WORDS_LENGTH_MAX = 100


@home.get("/", is_listed=True, menu="part", title=N_("Have your say"), link=N_("Take part"))
def index() -> str:
    """List consultations, open ones first."""
    services = find_services()
    words = request.args.get("q", "")[:WORDS_LENGTH_MAX].strip()
    ward_code = request.args.get("ward", "")[:WORDS_LENGTH_MAX]
    views = services.views
    consultations, results = views.reader(Consultations), views.reader(Results)
    with views.connect() as db:
        partnerships = views.reader(Partnerships).all(db)
        if not partnerships:
            return _being_set_up()
        pages = consultations.in_state(db, states.OPEN, states.CLOSED, limit=LISTED_MAX)
        published = results.are_published(db, [page.id for page in pages])
    wards = {ward.code: ward for partnership in partnerships for ward in partnership.wards}
    found = [page for page in pages if _has_words(page, words) and _concerns(page, ward_code)]
    now = services.clock()
    is_open = {page.id: page.state_at(now) in states.RUNNING for page in found}
    closed = sorted((page for page in found if not is_open[page.id]), key=_closing, reverse=True)
    return render_template(
        "home/index.html",
        words=words,
        ward=ward_code if ward_code in wards else "",
        wards=[(ward.code, said(ward.name)) for ward in wards.values()],
        is_search=bool(words or ward_code),
        open_ones=[page for page in found if is_open[page.id]],
        counted=[page for page in closed if page.id in published],
        closed=[page for page in closed if page.id not in published],
    )


def _being_set_up() -> str:
    """Say that there is nothing here yet, and lead on whoever sets it up."""
    services = find_services()
    member = staff_session.member(services) if staff_session.has_begun() else None
    is_founder = member is not None and unfinished(services, member.id)
    return render_template("home/setting_up.html", is_founder=is_founder)


def _closing(page: ConsultationPage) -> float:
    return page.ended_at.timestamp() if page.ended_at else 0.0


def _concerns(page: ConsultationPage, ward_code: str) -> bool:
    """Return whether an option is in the ward; without places it concerns everybody."""
    if not ward_code:
        return True
    places = {option.ward for question in page.questions.values() for option in question.options}
    return not places - {""} or ward_code in places


def _has_words(page: ConsultationPage, words: str) -> bool:
    """Return whether every word is in the title, overview, a question or an option."""
    if not words:
        return True
    text = [page.title, page.overview]
    for question in page.questions.values():
        text += [question.title, *(option.title for option in question.options)]
    everything = _plain(" ".join(each for one in text for each in one.values()))
    return all(word in everything for word in _plain(words).split())


def _plain(text: str) -> str:
    """Fold case and remove accents, so that "ty" finds "tŷ"."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
