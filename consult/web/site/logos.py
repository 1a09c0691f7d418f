"""Logos of partnerships, each at an address that contains its digest."""

from flask import abort
from werkzeug.wrappers import Response

from consult.web import services as find_services
from consult.web.guarding.headers import FOR_OTHER_SITES
from consult.web.pages import Room
from projections.logos import Logos

logos = Room("logos", __name__)
FOR_EVER = "public, max-age=31536000, immutable"


@logos.get("/logo/<digest>.png", is_file=True)
def file(digest: str) -> Response:
    """Return a logo."""
    views = find_services().views
    with views.connect() as db:
        content = views.reader(Logos).content(db, digest[:64])
    if content is None:
        abort(404)
    response = Response(content, content_type="image/png")
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Cross-Origin-Resource-Policy"] = FOR_OTHER_SITES
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response
