"""Presentation of pages: templates, filters, built assets, theme and content policy.

The application factory calls `install(app)`; templates use the names in `_globals` and `_filters`,
and the macros in templates/macros.
"""

import gzip
import hashlib
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask, Response, abort, current_app, request
from markupsafe import Markup

from consult.people.mailboxes import addresses
from consult.web.guarding import headers
from consult.web.layout import page_language
from consult.web.layout.theme import Theme, UnreadableColour
from consult.web.pages import Room
from consult.wording import ending, figures, language
from consult.wording.drafting.readiness_messages import language_word
from consult.wording.registries.role_words import role_name
from consult.wording.registries.sector_words import SECTOR_WORDS, TIER_WORDS
from consult.wording.registries.state_words import state_words
from events.consultations import levels, states

BUILT = Path(str(files("consult") / "static" / "built"))
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_COMPRESSED = {".css", ".js", ".svg", ".txt"}
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
THEMED = frozenset({"style.css", "embed.css"})

# Menu or footer link: key of the page, label, address.
Navigation = list[tuple[str, str, str]]

assets = Room("assets", __name__)


def install(
    app: Flask,
    theme: Callable[[], Theme] = Theme,
    navigation: Callable[[], Navigation] = list,
) -> None:
    """Set up templates, languages, assets and the content policy of an application.

    `theme` and `navigation` are called for each page, so they must be cheap. The menu is a list of
    (key, label, address); a page marks its own entry by `active`.
    """
    app.extensions["look"] = (theme, navigation)
    app.template_folder = None
    app.jinja_loader = jinja2.FileSystemLoader(templates_folder())
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = jinja2.StrictUndefined
    # Otherwise Flask checks every template's modification time on each request.
    app.jinja_env.auto_reload = bool(app.debug)
    page_language.install(app)
    app.jinja_env.globals.update(_globals())
    app.jinja_env.filters.update(_filters())
    app.register_blueprint(assets)
    headers.install(app, is_https=bool(app.config["SESSION_COOKIE_SECURE"]))


def templates_folder() -> str:
    """Return the folder of the templates: beside the packages, in the source tree and the wheel."""
    return str(Path(str(files("consult"))).parent / "templates")


def theme() -> Theme:
    """Return the theme of the partnership that the current page belongs to."""
    theme_now: Callable[[], Theme] = current_app.extensions["look"][0]
    return theme_now()


def navigation() -> Navigation:
    """Return the menu of the current page."""
    navigation_now: Callable[[], Navigation] = current_app.extensions["look"][1]
    return navigation_now()


def asset(path: str) -> str:
    """Return the address of a built file; it contains a digest, so it may be cached for ever."""
    colour = theme().colour if path in THEMED else ""
    return f"{page_language.root()}/assets/{_version()}/{f'{colour}/' if colour else ''}{path}"


def module(name: str) -> Markup:
    """Return the script element of one module; the page works without it."""
    return Markup('<script type="module" src="{}"></script>').format(asset(f"modules/{name}.js"))


@assets.get("/assets/<version>/<path:path>", is_file=True)
def file(version: str, path: str) -> Response:
    """Return one built file, compressed if the browser accepts it.

    Under an address of another version, return this version's file without caching: a page from
    before an upgrade keeps its styles, and no cache stores the new file under the old address.
    """
    return _answer(path, FOR_EVER if version == _version() else "no-store")


@assets.get("/favicon.ico", is_file=True)
def favicon() -> Response:
    """Return the icon that browsers request regardless of the page."""
    return _answer("favicon.svg", FOR_A_DAY)


def _answer(path: str, kept: str) -> Response:
    colour, _slash, name = path.rpartition("/")
    is_themed = name in THEMED and bool(colour)
    found = _themed(name, colour) if is_themed else _built().get(path)
    if found is None:
        abort(404)
    body, packed = found
    suffix = Path(path).suffix
    response = Response(body, content_type=_TYPES[suffix])
    response.headers["Cache-Control"] = kept
    if packed is not None:
        response.headers["Vary"] = "Accept-Encoding"
        if request.accept_encodings["gzip"] > 0:
            response.set_data(packed)
            response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=1)
def _built() -> dict[str, tuple[bytes, bytes | None]]:
    """Return every built file with its compressed form: about 120 KB, read once."""
    if not (BUILT / "style.css").is_file():
        raise RuntimeError(
            f"{BUILT} holds no stylesheet. Install with pip, or run `python hatch_build.py`."
        )
    found = {}
    for path in sorted(BUILT.rglob("*")):
        if path.is_file() and path.suffix in _TYPES:
            body = path.read_bytes()
            packed = gzip.compress(body, 9, mtime=0) if path.suffix in _COMPRESSED else None
            found[path.relative_to(BUILT).as_posix()] = (body, packed)
    return found


@lru_cache(maxsize=64)
def _themed(path: str, colour: str) -> tuple[bytes, bytes] | None:
    """Return a stylesheet with a partnership's colour appended, saving a request.

    The colour is in the address, so no page has to be known. None if it is unreadable.
    """
    try:
        sheet = Theme(brand=f"#{colour}").stylesheet()
    except UnreadableColour:
        return None
    # Themed addresses are one folder deeper; the fonts are shared.
    body = _built()[path][0].replace(b"fonts/public-sans", b"../fonts/public-sans") + sheet
    return body, gzip.compress(body, 9, mtime=0)


@lru_cache(maxsize=1)
def _version() -> str:
    digest = hashlib.sha256()
    for path, (body, _packed) in _built().items():
        digest.update(path.encode() + b"\0" + body)
    return digest.hexdigest()[:12]


def _globals() -> dict[str, Any]:
    return {
        "_": language.gettext,
        "asset": asset,
        "module": module,
        "theme": theme,
        "navigation": navigation,
        "language": language.current,
        "languages": page_language.offered,
        "same_page": page_language.same_page,
        "home": page_language.home,
        "switch_field": page_language.SWITCH_FIELD,
        "ordinal": lambda value: figures.ordinal(value, language.current()),
        "errors": (),  # pages without a form need not mention them
        "bar_share": bar_share,
        "levels": levels,
        "states": states,
        "state_words": state_words,
        "ending": ending.sentence,
        "stop_title": ending.stop_title,
        "stop_words": ending.stop_words,
    }


def _filters() -> dict[str, Callable[..., Any]]:
    return {
        "said": language.said,
        "number": figures.number,
        "money": figures.money,
        "percent": figures.percent,
        "ordinal": lambda value: figures.ordinal(value, language.current()),
        "day": lambda value: figures.day(value, language.current()),
        "language_word": language_word,
        "sector": lambda value: language.gettext(SECTOR_WORDS[value]),
        "tier": lambda value: language.gettext(TIER_WORDS[value]),
        "rough_day": lambda value: figures.rough_day(value, language.current()),
        "weekday": lambda value: figures.weekday(value, language.current()),
        "clock": lambda value: figures.clock(value, language.current()),
        "moment": lambda value: figures.moment(value, language.current()),
        "code_groups": code_groups,
        "address": addresses.shown,
        "role_name": role_name,
    }


def bar_share(part: int, whole: int) -> str:
    """Return the width of a bar as an SVG length, at most its track: "66.7%"."""
    if whole <= 0 or part <= 0:
        return "0%"
    thousandths = min(1000, part * 1000 // whole)
    return f"{thousandths // 10}.{thousandths % 10}%"


def code_groups(code: str) -> str:
    """Return a receipt code in groups of four, for reading aloud: "K7QM-2XHD-9FTA"."""
    bare = code.replace("-", "").replace(" ", "")
    return "-".join(bare[at : at + 4] for at in range(0, len(bare), 4))
