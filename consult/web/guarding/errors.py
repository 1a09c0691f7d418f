"""Turn every error into one plain page: what happened, and what to do next."""

import secrets

from flask import Flask, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from consult.web.guarding.hosts import OtherName
from consult.wording import language
from consult.wording.refusals import says, status
from events.errors import Refused
from events.store.database_trouble import trouble_behind

UNEXPECTED = 500
UNAVAILABLE = 503
TOO_MANY = 429
RETRY_SECONDS = 15
"""Retry-After for failures of the database."""
_PLAIN = (
    "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Sorry</title>"
    "<h1>Sorry, there is a problem with the service</h1><p>Try again later.</p></html>"
)


def N_(message: str) -> str:  # noqa: N802  the name that catalogues look for
    """Mark a message for extraction to the catalogues; return it unchanged."""
    return message


# By status: title, and what happened and what to do.
PAGES: dict[int, tuple[str, str]] = {
    400: (
        N_("We could not read what your browser sent"),
        N_("Nothing was recorded. Go back and try again."),
    ),
    403: (
        N_("You cannot see this page"),
        N_("It is for people with another role. Sign in with an account that has it."),
    ),
    404: (
        N_("Page not found"),
        N_("Check the address. If you typed it, look for a letter too many or too few."),
    ),
    405: (
        N_("This page cannot be opened like that"),
        N_("Nothing was recorded. Go back and use the buttons of the page."),
    ),
    410: (
        N_("This page is gone"),
        N_("It was here once and was taken down for good."),
    ),
    413: (
        N_("That was too much to send at once"),
        N_("Nothing was recorded. Go back, shorten what you wrote, and send it again."),
    ),
    429: (
        N_("Too many tries"),
        N_("Nothing was recorded. Wait a few minutes, then try again."),
    ),
    500: (
        N_("Sorry, there is a problem with the service"),
        N_("If you were sending answers, check your receipt before you send them again."),
    ),
    503: (
        N_("The service cannot do that at the moment"),
        N_("Nothing was recorded. Wait a minute, then try again."),
    ),
}
EXPIRED = (
    N_("This page was open for too long"),
    N_("Nothing was recorded. Go back, load the page again, and repeat what you did."),
)


HANDLERS_MAX = 3
"""Limit of error handlers that may each raise another error."""


class Application(Flask):
    """Also handles errors that an error handler raises.

    An error handler redisplays a form whose CSRF token is too old, and may find only then that the
    consultation does not exist, or is not accessible.
    """

    def handle_user_exception(self, e: Exception) -> HTTPException | ResponseReturnValue:
        """Handle an error; an error raised by its handler is handled in the same way."""
        for _once in range(HANDLERS_MAX):
            try:
                return super().handle_user_exception(e)
            except (HTTPException, Refused) as other:
                if other is e:
                    break
                e = other
        if isinstance(e, Refused):
            return _refused(e)
        assert isinstance(e, HTTPException)  # all others are handled, or raised again
        return http_error(e)


def install(app: Flask) -> None:
    """Register handlers for refusals, HTTP errors and all other exceptions."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, _unexpected)


def _refused(refused: Refused) -> Response:
    code = status(refused)
    title = PAGES[code][0] if code in PAGES else N_("That cannot be done")
    if code == UNAVAILABLE:
        current_app.logger.warning("%s at %s: %s", request.method, request.path, refused)
    answer = current_app.make_response(_page(title, says(refused), code))
    if code in {UNAVAILABLE, TOO_MANY}:
        answer.headers["Retry-After"] = str(getattr(refused, "seconds", RETRY_SECONDS))
    if code == UNAVAILABLE:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    """Return the page for an HTTP error."""
    code = error.code or UNEXPECTED
    if code < 400:  # noqa: PLR2004  a redirect that routing makes
        return error
    if isinstance(error, CSRFError):
        return _page(EXPIRED[0], language.gettext(EXPIRED[1]), code)
    if isinstance(error, OtherName):
        return _page(error.title, error.words(), code)
    family = 400 if code < UNEXPECTED else UNEXPECTED
    title, text = PAGES.get(code, PAGES[family])
    return _page(title, language.gettext(text), code)


def _unexpected(error: Exception) -> Response | tuple[str, int]:
    """Log an error with its traceback under a reference that the page shows.

    If the database is unavailable or the disk is full, the page says so instead.
    """
    trouble = trouble_behind(error)
    if trouble is not None:
        return _refused(trouble)
    reference = secrets.token_hex(4)
    current_app.logger.error(
        "unexpected %s at %s %s", reference, request.method, request.path, exc_info=error
    )
    title, text = PAGES[UNEXPECTED]
    try:
        return _page(title, language.gettext(text), UNEXPECTED, reference)
    except Exception:  # rendering may depend on what is broken
        current_app.logger.exception("the page for %s could not be drawn", reference)
        return _PLAIN, UNEXPECTED


def _page(title: str, text: str, code: int, reference: str = "") -> tuple[str, int]:
    g.is_error_page = True  # rendering must not query the database from here on
    page = render_template(
        "errors/page.html",
        page_title=language.gettext(title),
        text=text,
        reference=reference,
        code=code,
        again=_typed() if code == UNAVAILABLE else None,
        has_files=bool(request.files) if code == UNAVAILABLE else False,
    )
    return page, code


def _typed() -> list[tuple[str, str]] | None:
    """Return the form data that was not recorded, for the page to keep; None without any."""
    if request.method != "POST":
        return None
    return [(name, value) for name, values in request.form.lists() for value in values]
