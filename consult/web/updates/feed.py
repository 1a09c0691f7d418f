"""The Atom feed: what opened, was paused or stopped, and published results, newest first."""

from datetime import datetime
from typing import NamedTuple
from xml.etree import ElementTree as ET

import msgspec
from flask import request
from werkzeug.wrappers import Response

from consult.clocks.local_time import moment_of
from consult.formats import xml_text
from consult.services import Services
from consult.web import services as find_services
from consult.web.consultation_lookup import find as find_asked
from consult.web.layout import templating
from consult.web.pages import Room
from consult.web.results import published
from consult.web.results.published import Published
from consult.wording import ending, language
from consult.wording.figures import utc
from consult.wording.follow_up_words import rows
from consult.wording.language import gettext as _
from consult.wording.language import said
from consult.wording.outcomes import verdicts
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import states
from projections.consultations import Consultations

feed = Room("feed", __name__)
ATOM = "http://www.w3.org/2005/Atom"
ENTRIES_MAX = 50
CONSULTATIONS_MAX = 200
TYPE = "application/atom+xml; charset=utf-8"
KEPT_SECONDS = 300


class News(NamedTuple):
    """One entry. `id`: permanent; `path`: of the page, without the language prefix."""

    id: str
    at: datetime
    title: str
    summary: str
    path: str


class _Dated(msgspec.Struct):
    """What every fact has."""

    at: datetime


@feed.get("/feed.atom", is_file=True)
def atom() -> Response:
    """Return the feed; interim figures are never part of it."""
    services = find_services()
    news = sorted(_news(services), key=lambda one: one.at, reverse=True)[:ENTRIES_MAX]
    response = Response(_document(services, news), content_type=TYPE)
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.add_etag()
    return response.make_conditional(request.environ)


def _news(services: Services) -> list[News]:
    consultations = services.views.reader(Consultations)
    with services.views.connect() as db:
        pages = consultations.in_state(db, states.OPEN, *published.SHOWN, limit=CONSULTATIONS_MAX)
    found = []
    for page in pages:
        if page.withdrawn_at is not None and (page.opened_at is None or page.is_import):
            continue  # nobody was ever asked
        asked = find_asked(page.slug)
        if asked.id != page.id:
            continue  # an older one has this address
        if page.opened_at is not None and not page.is_import:  # a file opened to nobody
            title = _("Opened: %(title)s", title=asked.title)
            at, path = utc(page.opened_at), f"/c/{asked.slug}"
            found.append(News(f"{page.id}/opened", at, title, said(page.overview), path))
        if page.is_paused and page.paused_at is not None:
            title, at = _("Paused: %(title)s", title=asked.title), utc(page.paused_at)
            name = f"{page.id}/paused/{at:%Y%m%dT%H%M%S}"
            found.append(News(name, at, title, said(page.pause_reason), f"/c/{asked.slug}"))
        outcome = _outcome(services, asked)
        if page.withdrawn_at is not None:
            title, at = _("Stopped: %(title)s", title=asked.title), utc(page.withdrawn_at)
            words = ending.stop_words(page, has_results=bool(outcome))
            found.append(News(f"{page.id}/stopped", at, title, words, f"/c/{asked.slug}"))
        found += outcome
    return found


def _outcome(services: Services, asked: ShownConsultation) -> list[News]:
    results = published.find(services, asked)
    if results is None:
        return []
    at, words = utc(results.published_at), " ".join(published.headlines(asked, results))
    if asked.page.is_import:
        words = f"{words} {verdicts.who_took_part(asked, results.tallies)}"
    title = _("Results: %(title)s", title=asked.title)
    path = f"/c/{asked.slug}/results"
    return [News(f"{asked.id}/results", at, title, words, path), *_follow_up(asked, results)]


def _follow_up(asked: ShownConsultation, results: Published) -> list[News]:
    """Return one entry per theme; an updated one moves to the top again."""
    path = f"/c/{asked.slug}/what-we-did"
    return [
        News(
            f"{asked.id}/follow-up/{one.id}",
            utc(one.changed_at),
            _("%(status)s: %(theme)s", status=row["status"], theme=row["theme"]),
            row["did"],
            f"{path}#{row['id']}",
        )
        for one, row in zip(results.follow_ups, rows(results.follow_ups), strict=True)
    ]


def _beginning(services: Services) -> datetime:
    """Return when the record began; while it is empty, when today did."""
    first = services.record.read(0, 1)
    if not first:
        return moment_of(services.today())
    return msgspec.json.decode(first[0].state, type=_Dated).at


def _document(services: Services, news: list[News]) -> bytes:
    site = services.config.public_url
    prefix = "" if language.current() == language.DEFAULT else f"/{language.current()}"
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {"xml:lang": language.current()})
    _text(root, "title", said(templating.theme().name))
    _text(root, "id", f"{site}{prefix}/feed.atom")
    _text(root, "updated", _moment(news[0].at if news else _beginning(services)))
    _link(root, "self", f"{site}{prefix}/feed.atom")
    _link(root, "alternate", f"{site}{prefix}/")
    author = ET.SubElement(root, f"{{{ATOM}}}author")
    _text(author, "name", said(templating.theme().name))
    for one in news:
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _text(entry, "id", f"{site}/id/{one.id}")
        _text(entry, "title", one.title)
        _text(entry, "updated", _moment(one.at))
        _text(entry, "summary", one.summary)
        _link(entry, "alternate", f"{site}{prefix}{one.path}")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _text(parent: ET.Element, name: str, words: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = xml_text.held(words)


def _link(parent: ET.Element, rel: str, address: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": address})


def _moment(at: datetime) -> str:
    return utc(at).isoformat(timespec="seconds").replace("+00:00", "Z")
