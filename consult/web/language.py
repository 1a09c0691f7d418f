"""Which language a page is in: decided by its address, and kept by every link on it.

English has no prefix and Welsh pages live under /cy. The prefix is moved into the
script name before routing, so views never see it and url_for puts it back by itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from babel import Locale
from babel.support import Translations
from flask import Flask, current_app, has_request_context, request

from consult.web import one_of
from consult.web.marking import N_ as N_  # noqa: PLC0414  everybody takes it from here
from events.errors import Refused

DEFAULT = "en"
SWITCH_FIELD = "switch-language"
_CHOSEN: ContextVar[str] = ContextVar("language", default="")

Words = str | Mapping[str, str]
WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class LanguagePrefix:
    """WSGI middleware that takes /cy off the path and remembers it."""

    def __init__(self, inner: WsgiApp) -> None:
        self._inner = inner

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer with the inner application, told the language in `folkmoot.language`."""
        first, _, rest = environ.get("PATH_INFO", "/").lstrip("/").partition("/")
        if first in names() and first != DEFAULT:
            environ["folkmoot.language"] = first
            environ["folkmoot.root"] = environ.get("SCRIPT_NAME", "")
            environ["SCRIPT_NAME"] = f"{environ['folkmoot.root']}/{first}"
            environ["PATH_INFO"] = f"/{rest}"
        return self._inner(environ, start_response)


def install(app: Flask) -> None:
    """Wrap the application, so that gettext follows the address."""
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]  # as Flask documents


@lru_cache(maxsize=1)
def names() -> Mapping[str, str]:
    """How each language calls itself, by its code: English, and each that has a catalogue."""
    found = sorted(place.parent.name for place in Path(_catalogue_folder()).glob("*/LC_MESSAGES"))
    return {code: _own_name(code) for code in (DEFAULT, *found)}


def _own_name(code: str) -> str:
    name = Locale.parse(code).language_name or code
    return name[0].upper() + name[1:]  # some write it small inside a sentence


def current() -> str:
    """The language of the page being made, or the one chosen: "en" outside a request."""
    chosen = _CHOSEN.get()
    if chosen:
        return chosen
    if not has_request_context():
        return DEFAULT
    return str(request.environ.get("folkmoot.language", DEFAULT))


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Say everything in one language meanwhile: a mail, or a sheet in two."""
    before = _CHOSEN.set(code if code in names() else DEFAULT)
    try:
        yield
    finally:
        _CHOSEN.reset(before)


def said(words: Words, language: str | None = None) -> str:
    """The text in this language; in the default one where a translation is missing."""
    if isinstance(words, str):
        return words
    return words.get(language or current()) or words.get(DEFAULT) or next(iter(words.values()), "")


def root() -> str:
    """The address prefix without any language, for files that have none."""
    return str(request.environ.get("folkmoot.root", request.environ.get("SCRIPT_NAME", "")))


def same_page(language: str) -> str:
    """The address of the page being shown, in another language."""
    prefix = "" if language == DEFAULT else f"/{language}"
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    return f"{root()}{prefix}{request.path}{query}"


def gettext(message: str, **values: object) -> str:
    """The message in the language of the page; what templates call `_`."""
    if not values:
        return _catalogue(current())(message)
    return _catalogue(current())(one_of.sentence(message, values)) % values


def refusal(refused: Refused) -> str:
    """The words of a refusal in the language of the page."""
    return gettext(refused.template).format(**refused.values)


def home() -> str:
    """The address of the first page, in the language of this one."""
    return f"{request.script_root}/"


def switch_asked() -> str | None:
    """The language whose switch was pressed inside a form, so its answers can be kept.

    A view that gets one saves what was typed and redirects to `same_page(...)`.
    """
    asked = request.form.get(SWITCH_FIELD)
    return asked if asked in names() else None


def offered() -> list[tuple[str, str]]:
    """Code and own name of each language that this site speaks."""
    codes = current_app.config.get("FOLKMOOT_LANGUAGES", tuple(names()))
    return [(code, names()[code]) for code in codes]


@lru_cache(maxsize=16)
def _catalogue(language: str) -> Callable[[str], str]:
    if language == DEFAULT:
        return str
    return Translations.load(_catalogue_folder(), [language]).gettext


def _catalogue_folder() -> str:
    return str(files("consult") / "translations")
