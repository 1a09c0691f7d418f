"""What search engines may list and caches may keep: nothing, unless it is said here or by a view.

A page that nobody thought of is therefore private: a browser asks again each time, and no
search engine lists it. Interim results, drafts, receipts and organisers' pages never are.
"""

from flask import Blueprint, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from consult.web import page_language
from consult.web.addresses import public
from consult.wording import language

indexing = Blueprint("indexing", __name__)

LISTED = frozenset(
    {
        "home.index",
        "consultations.start",
        "results.index",
        "results.show",
        "follow_up.show",
        "audit.show",
        "sharing.show",
        "statements.accessibility",
        "statements.privacy",
        "statements.cookies",
        "statements.paper",
        "verifying.page",
    }
)
"""Pages that search engines may list, by endpoint, as long as they are not kept from caches."""
FILES = frozenset(
    {
        "assets.file",
        "assets.favicon",
        "indexing.robots",
        "logos.file",
        "feed.atom",
        "sharing.picture",
        "sharing.results_picture",
        "posters.one",
        "posters.both",
        "results_pdf.file",
    }
)
"""What pages and links are made of: pictures, sheets and feeds."""
OWN_PAGES = "private, no-cache"
"""It may have somebody's form in it: nobody else gets it, and they ask again each time."""
CLOSED_TO_ROBOTS = (
    "/organise",
    "/receipt",
    "/check-receipt-file",
    "/sign-in",
    "/confirm/",
    "/stop/",
    "/outbox",
)
KEPT = "public, max-age=86400"


@indexing.get("/robots.txt")
def robots() -> Response:
    """Say where robots have nothing to look for."""
    prefixes = [
        "",
        *(f"/{code}" for code, _own in page_language.offered() if code != language.DEFAULT),
    ]
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}{path}" for prefix in prefixes for path in CLOSED_TO_ROBOTS]
    lines += [f"Disallow: {prefix}/c/*/q/" for prefix in prefixes]
    response = Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = KEPT
    return response


@indexing.after_app_request
def keep_to_it(response: Response) -> Response:
    """Close what no view has opened."""
    headers = response.headers
    headers.setdefault("Cache-Control", OWN_PAGES)
    is_kept_back = "no-store" in headers["Cache-Control"] or response.status_code >= 400  # noqa: PLR2004  an error
    is_listed = request.endpoint in LISTED or request.endpoint in FILES
    if is_kept_back or not (is_listed or _is_log()):
        headers["X-Robots-Tag"] = "noindex"
    return response


@indexing.record_once
def _tell_templates(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(is_listed=is_listed, canonical=canonical)


def is_listed() -> bool:
    """Say whether the page being made may be listed, so that it names its own address."""
    return request.endpoint in LISTED


def canonical(code: str | None = None) -> str:
    """Return the one address of the page being made, in a language, without any question."""
    return public(request.path, code)


def _is_log() -> bool:
    return str(request.endpoint).startswith("log.")
