"""Open the application of a web process, with retries, and show a starting page meanwhile.

Until the read models have caught up with the record as at the start, pages would be out of date:
a published result would be shown as unpublished. So no page is shown before.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from html import escape
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from consult.config import Config
from consult.connections import THREADS
from consult.services import Services
from consult.supervising import pause_after
from consult.web import create_app
from consult.wording.language import DEFAULT, N_, gettext, in_language, names
from events.errors import Refused
from projections import ALL
from projections.engine.database import Views

LOG = logging.getLogger(__name__)

LOOK_SECONDS = 0.1
BEHIND_SECONDS = 2.0
"""How long requests wait for the read models before the starting page is shown."""

PAUSE_SECONDS_MAX = 15.0
"""The longest pause after failures, and between two lines of the log while waiting."""

ASK_AGAIN_SECONDS = 5
FIELDS_MAX = 5_000
HEALTH = "/healthz"


TITLE = N_("The service is starting")
READING = N_(
    "It is reading its record and answers when it has read all of it: %(percent)s%% so far."
)
WAITING = N_("It cannot reach its database yet, and keeps trying.")
KEPT = N_("What you sent is kept on this page. Do not close it: wait a minute, then send it again.")
NEXT = N_("Nothing was recorded. Wait a minute, then load this page again.")
AGAIN = N_("Send again")


class Opening:
    """A WSGI application that shows the progress of opening the real one, and opens it."""

    def __init__(
        self, config: Config, accept: Callable[[Any], None], threads: int = THREADS
    ) -> None:
        self._config = config
        self._accept = accept
        self._threads = threads
        self._percent = 0
        self._is_waiting = False
        self.services: Services | None = None
        self.stop = threading.Event()
        self.is_known = threading.Event()
        """Set when the application is open, or when opening takes longer."""

    def run(self) -> None:
        """Open the application and wait for the read models, retrying with growing pauses."""
        failures = 0
        while not self.stop.is_set():
            try:
                self._open()
            except Exception as error:  # of any kind: retrying recovers once the cause has passed
                self._is_waiting = True
                self.is_known.set()
                if isinstance(error, Refused):
                    LOG.error("The pages wait: %s", error)  # noqa: TRY400  it says all there is
                else:
                    LOG.exception("The pages could not be opened; trying again.")
                failures += 1
                self.stop.wait(pause_after(failures, PAUSE_SECONDS_MAX))
            else:
                return

    def _open(self) -> None:
        if self.services is None:
            self.services = Services.open(self._config, has_background=True, threads=self._threads)
        application = create_app(self.services)
        self._is_waiting = False
        if self._caught_up(self.services):
            self._accept(application)
            self.is_known.set()

    def _caught_up(self, services: Services) -> bool:
        """Wait until the read models reach the present head of the record; False if stopped."""
        goal = services.record.head()
        began_at = said_at = time.monotonic()
        while not self.stop.is_set():
            position = position_of(services.views)
            if position is not None and position >= goal:
                return True
            self._percent = 100 * (position or 0) // max(1, goal)
            if time.monotonic() - began_at > BEHIND_SECONDS:
                self.is_known.set()
            if time.monotonic() - said_at > PAUSE_SECONDS_MAX:
                said_at = time.monotonic()
                LOG.warning(
                    "No page is shown yet: the read models have reached %s of %s.", position, goal
                )
            self.stop.wait(LOOK_SECONDS)
        return False

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Respond that the service is starting, with a form that keeps what was sent."""
        if environ["PATH_INFO"] == HEALTH:
            kind = "application/json"
            body = msgspec.json.encode(
                {"status": "starting", "percent": self._percent, "waits": self._is_waiting}
            )
        else:
            kind = "text/html; charset=utf-8"
            body = self._page(environ).encode()
        headers = [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Retry-After", str(ASK_AGAIN_SECONDS)),
            ("Content-Security-Policy", "default-src 'none'; form-action 'self'"),
        ]
        start_response("503 Service Unavailable", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _page(self, environ: dict[str, Any]) -> str:
        first = environ["PATH_INFO"].lstrip("/").partition("/")[0]
        language = first if first in names() else DEFAULT
        with in_language(language):
            title = gettext(TITLE)
            how_far = (
                gettext(WAITING) if self._is_waiting else gettext(READING, percent=self._percent)
            )
            rest = self._again(environ) or f"<p>{escape(gettext(NEXT))}</p>"
        return (
            f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(title)}</title></head><body><main><h1>{escape(title)}</h1>"
            f"<p>{escape(how_far)}</p>{rest}</main></body></html>"
        )

    def _again(self, environ: dict[str, Any]) -> str:
        """Return a form with the sent fields, or "" if no form was sent."""
        if not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
            return ""
        sent = environ["wsgi.input"].read().decode("utf-8", "replace")
        try:
            fields = parse_qsl(sent, keep_blank_values=True, max_num_fields=FIELDS_MAX)
        except ValueError:
            return ""
        hidden = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in fields
        )
        return (
            f'<form method="post">{hidden}<p>{escape(gettext(KEPT))}</p>'
            f'<button type="submit">{escape(gettext(AGAIN))}</button></form>'
        )


def position_of(views: Views) -> int | None:
    """Return the position of the read models; None while one has no tables yet."""
    try:
        for projection in ALL:
            views.reader(projection)
    except LookupError:
        return None
    return views.position()
