"""What every answer tells a browser: where it may load from, and what it may do for others."""

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest

# Everything comes from this site; nothing inline, nothing framed.
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
"""Of what a browser can do, what no page of ours ever asks for."""

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
}
ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}
"""A year. Not for the names below it, which may be other people's sites."""

FOR_OTHER_SITES = "cross-origin"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask, *, is_https: bool) -> None:
    """Put them on every answer; a view that set its own keeps it."""
    sent = ALWAYS | (ENCRYPTED if is_https else {})

    def secure(response: Response) -> Response:
        # Not with setdefault: Werkzeug raises and catches an error for each that is not there.
        present = {name.lower() for name, _value in response.headers}
        for name, value in sent.items():
            if name.lower() not in present:
                response.headers.add(name, value)
        return response

    app.after_request(secure)


def refuse_other_sites() -> None:
    """Take no form that a page of another site sent; what browsers say cannot be forged there.

    A mail program that stops messages is no page. Raises BadRequest.
    """
    came_from = request.headers.get("Sec-Fetch-Site", "none")
    if request.method not in SAFE and came_from not in {"same-origin", "none"}:
        raise BadRequest
