"""Health check for monitoring: one address that reports the state of the service."""

import threading
import time
from dataclasses import dataclass, field

import msgspec
from flask import Response, current_app

from consult.health import health_of
from consult.web import services as find_services
from consult.web.accounts import staff_session
from consult.web.guarding.errors import RETRY_SECONDS
from consult.web.pages import Room
from events.errors import Unavailable

health = Room("health", __name__)
SAID_SECONDS = 1.0
"""How long a response is cached: anybody may ask, as often as they like."""

OK = 200
NOT_WELL = 503


@dataclass
class Said:
    """The last response of this process."""

    body: bytes = b""
    code: int = OK
    at: float = float("-inf")
    looking: threading.Lock = field(default_factory=threading.Lock)


@health.get("/healthz")
def show() -> Response:
    """Return the state of the service in JSON: 200 if it is well, 503 if it needs attention."""
    said = current_app.extensions.setdefault("health", Said())
    # One thread checks, the others repeat the last response; only before the first do they wait.
    if time.monotonic() - said.at > SAID_SECONDS and said.looking.acquire(blocking=not said.body):
        try:
            said.body, said.code = _look()
            said.at = time.monotonic()
        finally:
            said.looking.release()
    response = Response(said.body, said.code, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    if said.code == NOT_WELL:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _look() -> tuple[bytes, int]:
    try:
        found = health_of(find_services())
    except Unavailable as unavailable:
        return _say({"status": "unavailable", "reason": type(unavailable).__name__}), NOT_WELL
    document = {
        "status": "ok" if found.is_well else "trouble",
        "record": found.head,
        "read_models": found.position,
        "is_stuck": found.is_stuck,
        "has_secret": not found.secret,
        # Without the reason: an error may quote what somebody wrote. See the log, or `consult
        # status`.
        "stopped": [{"name": one.name, "position": one.position} for one in found.stopped],
        "failing": [
            {"name": one.duty, "since": one.since.isoformat(), "failures": one.failures}
            for one in found.failing
        ],
    }
    return _say(document), OK if found.is_well else NOT_WELL


def _say(document: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def stopped_for_staff() -> list[str]:
    """Return the names of stopped read models, for the pages of staff."""
    if not staff_session.has_begun():
        return []
    services = find_services()
    try:
        return [row.name for row in services.views.set_aside()]
    except Unavailable:
        return []
