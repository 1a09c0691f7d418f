"""Under which names the site answers: that of its public address, and this machine's own.

Whatever else a request calls it is refused before anything is read: a page, a cookie or a cache
under a name that somebody else chose would be theirs.
"""

import logging
import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix

from consult.wording.language import N_
from consult.wording.language import gettext as _

LOG = logging.getLogger(__name__)
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Names that lead nobody to somebody else's site; for health checks and for trying it out."""

OTHER = "folkmoot.other_name"
_PORT = re.compile(r"(:[0-9]{1,5})?")
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Real-Ip")


class OtherName(BadRequest):
    """Somebody asks for this site under a name that is not its own."""

    title = N_("This is not the address of this site")
    text = N_(
        "Nothing was recorded. The site is at %(address)s. Whoever runs it: FOLKMOOT_PUBLIC_URL "
        "says so, and a proxy has to pass on the name that people typed."
    )

    def words(self) -> str:
        """Say so in the language of the page."""
        return _(self.text, address=current_app.extensions["public address"])


class _TrustedNames:
    """Puts the name of the site in the place of any other, and notes that it did.

    So no code behind it ever sees a name that somebody chose, nor one that no address can have.
    """

    def __init__(self, app: Any, netloc: str) -> None:
        self.app = app
        self.netloc = netloc
        self.trusted = THIS_MACHINE | {name_of(netloc)}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if not _is_plain(environ.get("HTTP_HOST", ""), self.trusted):
            environ["HTTP_HOST"] = self.netloc
            environ[OTHER] = True
        return self.app(environ, start_response)


def _is_plain(netloc: str, trusted: Collection[str]) -> bool:
    """Say whether it is a trusted name, and a port at most."""
    port = netloc.lower().removeprefix(name_of(netloc)).removeprefix(".")
    return name_of(netloc) in trusted and _PORT.fullmatch(port) is not None


def install(app: Flask, public_url: str, proxies: int) -> None:
    """Answer under trusted names only. Install it first: nothing else looks at other requests.

    `proxies`: how many of ours pass requests on, each adding from whom. Anybody can write such
    an addition, so those of others are not believed.
    """
    if proxies:
        # The scheme from the nearest one, whether or not it adds to what came before.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask documents
            app.wsgi_app, x_for=proxies, x_proto=1
        )
    app.wsgi_app = _TrustedNames(  # type: ignore[method-assign]  # as Flask documents
        app.wsgi_app, urlsplit(public_url).netloc
    )
    app.extensions["public address"] = public_url
    app.extensions["is told of proxies"] = bool(proxies)
    app.before_request(_refuse_others)
    app.after_request(_stay_here)


def name_of(netloc: str) -> str:
    """Return the name in `name:port`, as names are compared."""
    head = netloc.lower()
    name = head[: head.find("]") + 1] if head.startswith("[") else head.partition(":")[0]
    return name.removesuffix(".")


def is_this_machine(netloc: str) -> bool:
    """Say whether a name leads nowhere but to the machine itself."""
    return name_of(netloc) in THIS_MACHINE


def came_from_here() -> bool:
    """Say whether somebody at this machine asks, and no proxy for somebody elsewhere."""
    is_near = request.remote_addr in {"127.0.0.1", "::1"} and is_this_machine(_asked_for())
    return is_near and not any(name in request.headers for name in FORWARDED)


def _refuse_others() -> None:
    _warn_of_proxies()
    if OTHER in request.environ:
        raise OtherName


def _asked_for() -> str:
    return str(request.environ.get("HTTP_HOST", ""))


def _stay_here(response: Response) -> Response:
    """Lead to other pages of the site by their paths: no name in between to be mistaken."""
    location = response.headers.get("Location", "")
    own = f"{request.environ['wsgi.url_scheme']}://{_asked_for()}/"
    if location.startswith(own):
        response.headers["Location"] = "/" + location.removeprefix(own).lstrip("/")
    return response


def _warn_of_proxies() -> None:
    """Say once when a proxy is there that nobody told of: all people would be one connection."""
    if current_app.extensions["is told of proxies"]:
        return
    found = next((name for name in FORWARDED if name in request.headers), None)
    if found is not None:
        current_app.extensions["is told of proxies"] = True
        LOG.warning(
            "A request came with the header %s, and FOLKMOOT_PROXIES is 0. If a proxy of yours "
            "passes requests on, set it to how many there are: until then everybody counts as "
            "one connection where tries are limited. If there is none, somebody pretends.",
            found,
        )
