"""For search engines: robots.txt and the sitemap."""

from collections.abc import Iterator
from html import escape

from flask import current_app, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from consult.web import pages
from consult.web import services as find_services
from consult.web.layout import page_language
from consult.web.layout.addresses import public
from consult.web.pages import Room
from consult.wording import language
from events.consultations import states
from projections.consultations import Consultations
from projections.results import Results

indexing = Room("indexing", __name__)

KEPT = "public, max-age=86400"
SITEMAP_SECONDS = 3_600
XML = "application/xml"


@indexing.get("/robots.txt", is_file=True)
def robots() -> Response:
    """Return robots.txt: the excluded path prefixes."""
    prefixes = [
        "",
        *(f"/{code}" for code, _own in page_language.offered() if code != language.DEFAULT),
    ]
    lines = ["User-agent: *"]
    closed = pages.closed_to_robots(current_app)
    lines += [f"Disallow: {prefix}{path}" for prefix in prefixes for path in closed]
    lines.append(f"Sitemap: {public('/sitemap.xml', language.DEFAULT)}")
    response = Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = KEPT
    return response


@indexing.get("/sitemap.xml", is_file=True)
def sitemap() -> Response:
    """Return the sitemap: every listed page, once per language (sitemaps.org 0.9)."""
    codes = [code for code, _own in page_language.offered()]
    addresses = [public(path, code) for path in _listed_paths() for code in codes]
    found = "".join(f"<url><loc>{escape(address)}</loc></url>" for address in addresses)
    body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{found}</urlset>'
    response = Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n', mimetype=XML)
    response.headers["Cache-Control"] = f"public, max-age={SITEMAP_SECONDS}"
    return response


def _listed_paths() -> Iterator[str]:
    """Yield the listed pages of the site, and of each consultation those with content."""
    own = [rule for rule, page in pages.rules(current_app) if page.is_listed and not rule.arguments]
    yield from (rule.rule for rule in own)
    services = find_services()
    with services.views.connect() as db:
        shown = services.views.reader(Consultations).in_state(db, states.OPEN, states.CLOSED)
        published = services.views.reader(Results).are_published(db, [each.id for each in shown])
    for each in shown:
        yield f"/c/{each.slug}"
        yield f"/c/{each.slug}/count"
        if each.id in published:
            yield f"/c/{each.slug}/results"


def canonical(code: str | None = None) -> str:
    """Return the canonical address of the current page in a language, without its query."""
    return public(request.path, code)


@indexing.record_once
def _tell_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["canonical"] = canonical
