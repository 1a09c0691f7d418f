"""Addresses of pages: absolute ones for posters, mails and feeds, and positions in the query."""

from flask import current_app, has_request_context, request

from consult.services import Services
from consult.web.layout import page_language
from consult.wording import language

POSITION_MAX = 2**63 - 1
"""Largest integer that a database can store."""


def asked_position(name: str) -> int | None:
    """Return the record position in the query, clamped to the valid range, or None."""
    wanted = request.args.get(name, type=int)
    return None if wanted is None else min(max(0, wanted), POSITION_MAX)


def public(path: str, code: str | None = None) -> str:
    """Return the absolute address of a page, by default in the language of the current page.

    `path`: with or without the language prefix that `url_for` adds.
    """
    services: Services = current_app.extensions["services"]
    chosen = code or language.current()
    prefix = "" if chosen == language.DEFAULT else f"/{chosen}"
    return f"{services.config.public_url}{prefix}{_without_language(path)}"


def _without_language(path: str) -> str:
    here = request.script_root.removeprefix(page_language.root()) if has_request_context() else ""
    return path.removeprefix(here) if here and path.startswith(f"{here}/") else path


def typed(address: str) -> str:
    """Return an address without its scheme, as people type it."""
    return address.removeprefix("https://").removeprefix("http://")
