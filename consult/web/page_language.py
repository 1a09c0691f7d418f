"""Which language a page is in: decided by its address, and kept by every link on it.

English has no prefix and Welsh pages live under /cy. The prefix is moved into the
script name before routing, so views never see it and url_for puts it back by itself.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, current_app, g, request

from consult.wording import language
from consult.wording.language import DEFAULT, names

SWITCH_FIELD = "switch-language"
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
    """Let the address decide what is spoken; installed before anything that speaks."""
    # Before whatever may refuse a request in words.
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
    """The address prefix without any language, for files that have none."""
    return str(request.environ.get("folkmoot.root", request.environ.get("SCRIPT_NAME", "")))


def same_page(language: str) -> str:
    """The address of the page being shown, in another language."""
    prefix = "" if language == DEFAULT else f"/{language}"
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    return f"{root()}{prefix}{request.path}{query}"


def home() -> str:
    """The address of the first page, in the language of this one."""
    return f"{request.script_root}/"


def switch_asked() -> str | None:
    """The language whose switch was pressed inside a form, so its answers can be kept.

    A view that gets one saves what was typed and redirects to `same_page(...)`.
    """
    asked = request.form.get(SWITCH_FIELD)
    return asked if asked in names() else None


def switched_page() -> str | None:
    """The address of this page in the language whose switch was pressed inside a form, if any."""
    asked = switch_asked()
    return same_page(asked) if asked else None


def offered() -> list[tuple[str, str]]:
    """Code and own name of each language that this site speaks."""
    codes = current_app.config.get("FOLKMOOT_LANGUAGES", tuple(names()))
    return [(code, names()[code]) for code in codes]
