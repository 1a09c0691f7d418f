"""Restrict the host names of requests to the public address and this machine's own names.

Requests under any other name are refused before anything is read: a page, cookie or cache entry
under a name chosen by somebody else would be under their control.
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
"""Loopback names, for health checks and for trying the software out."""

OTHER = "folkmoot.other_name"
_PORT = re.compile(r"(:[0-9]{1,5})?")
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Real-Ip")


class OtherName(BadRequest):
    """The Host header is not a name of this site."""

    title = N_("This is not the address of this site")
    text = N_(
        "Nothing was recorded. The site is at %(address)s. Whoever runs it: FOLKMOOT_PUBLIC_URL "
        "says so, and a proxy has to pass on the name that people typed."
    )

    def words(self) -> str:
        """Return the explanation in the language of the page."""
        return _(self.text, address=current_app.extensions["public address"])


class _TrustedNames:
    """WSGI middleware that replaces an untrusted host name by that of the site, and flags it.

    So no code behind it sees a name chosen by the sender, or a malformed one.
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
    """Return whether `netloc` is a trusted name with at most a port."""
    port = netloc.lower().removeprefix(name_of(netloc)).removeprefix(".")
    return name_of(netloc) in trusted and _PORT.fullmatch(port) is not None


def install(app: Flask, public_url: str, proxies: int) -> None:
    """Accept requests under trusted names only; install first, so nothing else handles others.

    `proxies`: number of our own reverse proxies, each of which appends to X-Forwarded-For. Entries
    beyond that number can be forged and are ignored.
    """
    if proxies:
        # The scheme comes from the nearest proxy, whether it appends or replaces.
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
    """Return the name in `name:port`, normalised for comparison."""
    head = netloc.lower()
    name = head[: head.find("]") + 1] if head.startswith("[") else head.partition(":")[0]
    return name.removesuffix(".")


def is_this_machine(netloc: str) -> bool:
    """Return whether a name is a loopback name."""
    return name_of(netloc) in THIS_MACHINE


def came_from_here() -> bool:
    """Return whether the request comes from this machine, not via a proxy."""
    is_near = request.remote_addr in {"127.0.0.1", "::1"} and is_this_machine(_asked_for())
    return is_near and not any(name in request.headers for name in FORWARDED)


def _refuse_others() -> None:
    _warn_of_proxies()
    if OTHER in request.environ:
        raise OtherName


def _asked_for() -> str:
    return str(request.environ.get("HTTP_HOST", ""))


def _stay_here(response: Response) -> Response:
    """Make redirects within the site relative, so that they do not depend on a host name."""
    location = response.headers.get("Location", "")
    own = f"{request.environ['wsgi.url_scheme']}://{_asked_for()}/"
    if location.startswith(own):
        response.headers["Location"] = "/" + location.removeprefix(own).lstrip("/")
    return response


def _warn_of_proxies() -> None:
    """Warn once about an undeclared proxy: everybody would share the limits of one connection."""
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
