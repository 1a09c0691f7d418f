"""Addresses of pages: whole ones for posters, mails, feeds and links; numbers that one asks for."""

from flask import current_app, has_request_context, request

from consult.services import Services
from consult.web import page_language
from consult.wording import language

POSITION_MAX = 2**63 - 1
"""The largest that a database can hold."""


def asked_position(name: str) -> int | None:
    """Return the position of the record that an address asks for, the nearest that can be one.

    None when it asks for none, or for what is no number.
    """
    wanted = request.args.get(name, type=int)
    return None if wanted is None else min(max(0, wanted), POSITION_MAX)


def public(path: str, code: str | None = None) -> str:
    """Return the address of a page as others reach it, in a language (that of the page).

    `path`: with or without the prefix of the language that `url_for` puts before it.
    """
    services: Services = current_app.extensions["services"]
    chosen = code or language.current()
    prefix = "" if chosen == language.DEFAULT else f"/{chosen}"
    return f"{services.config.public_url}{prefix}{_without_language(path)}"


def _without_language(path: str) -> str:
    here = request.script_root.removeprefix(page_language.root()) if has_request_context() else ""
    return path.removeprefix(here) if here and path.startswith(f"{here}/") else path


def typed(address: str) -> str:
    """Return an address as people type it."""
    return address.removeprefix("https://").removeprefix("http://")
