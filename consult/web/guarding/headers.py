"""Security headers of every response, and the refusal of cross-site requests."""

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

# All resources from this site; nothing inline, no frames.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
UNUSED = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
"""Browser features that no page of ours uses."""

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
}
ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}
"""One year. Without includeSubDomains: subdomains may belong to other people's sites."""

FOR_OTHER_SITES = "cross-origin"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask, *, is_https: bool) -> None:
    """Add the headers to every response; a header set by the view is kept."""
    sent = ALWAYS | (ENCRYPTED if is_https else {})

    def secure(response: Response) -> Response:
        # setdefault is slow: Werkzeug raises and catches an exception for each missing header.
        present = {name.lower() for name, _value in response.headers}
        for name, value in sent.items():
            if name.lower() not in present:
                response.headers.add(name, value)
        return response

    app.after_request(secure)


def refuse_other_sites() -> None:
    """Refuse forms sent by pages of other sites, by a header that scripts cannot set.

    Requests of mail programs, for unsubscribing, have no such header. Raises BadRequest.
    """
    came_from = request.headers.get("Sec-Fetch-Site", "none")
    if request.method not in SAFE and came_from not in {"same-origin", "none"}:
        raise BadRequest
