"""Whole addresses of pages, for what leaves the site: posters, mails, feeds and shared links."""

from flask import current_app

from consult.services import Services
from consult.web import language


def public(path: str, code: str | None = None) -> str:
    """Return the address of a page as others reach it, in a language (that of the page)."""
    services: Services = current_app.extensions["services"]
    chosen = code or language.current()
    prefix = "" if chosen == language.DEFAULT else f"/{chosen}"
    return f"{services.config.public_url}{prefix}{path}"


def typed(address: str) -> str:
    """Return an address as people type it."""
    return address.removeprefix("https://").removeprefix("http://")
