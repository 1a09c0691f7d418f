"""Gives every page its look: templates, filters, built assets, theme and content policy.

The application factory calls `install(app)`; page authors use the names listed in
`_globals` and `_filters` inside templates, and the macros in templates/macros.
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

from consult.web import page_language
from consult.web.guarding import headers
from consult.web.layout.theme import Theme, UnreadableColour
from consult.web.pages import Room
from consult.wording import figures, language

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

# A link of the menu or footer: key of the page, label, address.
Navigation = list[tuple[str, str, str]]

assets = Room("assets", __name__)


def install(
    app: Flask,
    theme: Callable[[], Theme] = Theme,
    navigation: Callable[[], Navigation] = list,
) -> None:
    """Set up templates, languages, assets and the content policy of an application.

    `theme` and `navigation` are asked for each page, so they must be cheap; the menu
    is a list of (key, label, address) and a page marks its own by `active`.
    """
    app.extensions["look"] = (theme, navigation)
    app.template_folder = None
    app.jinja_loader = jinja2.FileSystemLoader(templates_folder())
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = jinja2.StrictUndefined
    # Flask would look at every template's age on each request otherwise.
    app.jinja_env.auto_reload = bool(app.debug)
    page_language.install(app)
    app.jinja_env.globals.update(_globals())
    app.jinja_env.filters.update(_filters())
    app.register_blueprint(assets)
    headers.install(app, is_https=bool(app.config["SESSION_COOKIE_SECURE"]))


def templates_folder() -> str:
    """Where the page templates are: beside the three packages, in tree and wheel alike."""
    return str(Path(str(files("consult"))).parent / "templates")


def theme() -> Theme:
    """The theme of the partnership whose page is being made."""
    theme_now: Callable[[], Theme] = current_app.extensions["look"][0]
    return theme_now()


def navigation() -> Navigation:
    """The menu of the page being made."""
    navigation_now: Callable[[], Navigation] = current_app.extensions["look"][1]
    return navigation_now()


def asset(path: str) -> str:
    """Address of a built file; it changes with the content, so it may be kept for ever."""
    colour = theme().colour if path in THEMED else ""
    return f"{page_language.root()}/assets/{_version()}/{f'{colour}/' if colour else ''}{path}"


def module(name: str) -> Markup:
    """The script element of one behaviour; the page is complete without it."""
    return Markup('<script type="module" src="{}"></script>').format(asset(f"modules/{name}.js"))


@assets.get("/assets/<version>/<path:path>", is_file=True)
def file(version: str, path: str) -> Response:
    """Serve one built file, compressed where the browser takes it.

    Under the address of another version it is what this version has, and nobody keeps it: a page
    from before an upgrade keeps its look, and no cache takes the new file for the old one.
    """
    return _answer(path, FOR_EVER if version == _version() else "no-store")


@assets.get("/favicon.ico", is_file=True)
def favicon() -> Response:
    """Browsers ask for this whatever the page says."""
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
    """Every built file with its compressed form: some 120 KB, read once."""
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
    """A stylesheet with a partnership's colour at its end, so that costs no further request.

    The colour is in the address: no page has to be known. None for one that cannot be read.
    """
    try:
        sheet = Theme(brand=f"#{colour}").stylesheet()
    except UnreadableColour:
        return None
    # One folder further down, and the same fonts as for everybody.
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
    }


def _filters() -> dict[str, Callable[..., Any]]:
    return {
        "said": language.said,
        "number": figures.number,
        "money": figures.money,
        "percent": figures.percent,
        "ordinal": lambda value: figures.ordinal(value, language.current()),
        "day": lambda value: figures.day(value, language.current()),
        "weekday": lambda value: figures.weekday(value, language.current()),
        "clock": lambda value: figures.clock(value, language.current()),
        "moment": lambda value: figures.moment(value, language.current()),
        "code_groups": code_groups,
    }


def bar_share(part: int, whole: int) -> str:
    """Width of a bar as an SVG length, never past its track: "66.7%"."""
    if whole <= 0 or part <= 0:
        return "0%"
    thousandths = min(1000, part * 1000 // whole)
    return f"{thousandths // 10}.{thousandths % 10}%"


def code_groups(code: str) -> str:
    """A receipt code in groups of four, which people can read out: "K7QM-2XHD-9FTA"."""
    bare = code.replace("-", "").replace(" ", "")
    return "-".join(bare[at : at + 4] for at in range(0, len(bare), 4))
