"""The language of a page: determined by its address, and kept by every link.

English has no prefix and Welsh pages live under /cy. The prefix is moved into SCRIPT_NAME before
routing, so views never see it and url_for adds it automatically.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, current_app, g, request

from consult.wording import language
from consult.wording.language import DEFAULT, names

SWITCH_FIELD = "switch-language"
WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class LanguagePrefix:
    """WSGI middleware that strips a language prefix such as /cy from the path and records it."""

    def __init__(self, inner: WsgiApp) -> None:
        self._inner = inner

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Call the inner application with the language in `folkmoot.language`."""
        first, _, rest = environ.get("PATH_INFO", "/").lstrip("/").partition("/")
        if first in names() and first != DEFAULT:
            environ["folkmoot.language"] = first
            environ["folkmoot.root"] = environ.get("SCRIPT_NAME", "")
            environ["SCRIPT_NAME"] = f"{environ['folkmoot.root']}/{first}"
            environ["PATH_INFO"] = f"/{rest}"
        return self._inner(environ, start_response)


def install(app: Flask) -> None:
    """Set the language from the address; install before anything that produces text."""
    # First, so that refusals of other handlers are translated.
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.teardown_request(_end)
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]  # as Flask documents


def _begin() -> None:
    g.spoken_before = language.speak(request.environ.get("folkmoot.language", DEFAULT))


def _end(_error: BaseException | None) -> None:
    before: str | None = g.pop("spoken_before", None)
    if before is not None:
        language.speak(before)


def root() -> str:
    """Return the address prefix without a language, for files that have none."""
    return str(request.environ.get("folkmoot.root", request.environ.get("SCRIPT_NAME", "")))


def same_page(language: str) -> str:
    """Return the address of the current page in another language."""
    prefix = "" if language == DEFAULT else f"/{language}"
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    return f"{root()}{prefix}{request.path}{query}"


def home() -> str:
    """Return the address of the home page in the current language."""
    return f"{request.script_root}/"


def switch_asked() -> str | None:
    """Return the language whose switch was pressed inside a form, or None.

    The view then saves what was typed and redirects to `same_page(...)`.
    """
    asked = request.form.get(SWITCH_FIELD)
    return asked if asked in names() else None


def switched_page() -> str | None:
    """Return the address of this page in the language whose switch was pressed, or None."""
    asked = switch_asked()
    return same_page(asked) if asked else None


def offered() -> list[tuple[str, str]]:
    """Return code and own name of each language that this site offers."""
    codes = current_app.config.get("FOLKMOOT_LANGUAGES", tuple(names()))
    return [(code, names()[code]) for code in codes]
