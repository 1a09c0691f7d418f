"""A real browser for tests: a chromium, a served site, contexts by width and script.

Loaded for every test by tests/conftest.py: two of Playwright in one process do not go together.
A machine without chromium uses the one that tests.tools brings.
"""

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.tools import BROWSER, browser_environment, machine_browser, need

if TYPE_CHECKING:
    from jinja2 import BytecodeCache
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

# A closed network refuses what a browser asks for in the background, many times a second.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def built_assets() -> Path:
    """The compiled assets, brought up to date with the sources when these are here."""
    import hatch_build

    return hatch_build.build(ROOT)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    program, libraries = machine_browser(), {}
    if program is None:
        program, libraries = str(need(BROWSER) / "chromium"), browser_environment()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        environment = {**os.environ, **libraries, "HOME": home}
        started = playwright.chromium.launch(executable_path=program, args=FLAGS, env=environment)
        yield started
        started.close()


@pytest.fixture(scope="session")
def gallery_app(built_assets: Path) -> Flask:
    """A site of the gallery only, themed as the demo's partnership."""
    from consult.web.layout import templating
    from consult.web.layout.theme import Theme
    from consult.web.site import gallery

    app = Flask("gallery", static_folder=None)
    app.config.update(FOLKMOOT_GALLERY=True, TESTING=True)
    theme = Theme(
        name={"en": "Ashenmoor Together", "cy": "Ashenmoor Ynghyd"},
        run_by="Ashenmoor Community Empowerment Network",
        footer_links=(
            ({"en": "Accessibility statement", "cy": "Datganiad hygyrchedd"}, "/gallery/"),
            ({"en": "Privacy", "cy": "Preifatrwydd"}, "/gallery/"),
            ({"en": "Cookies", "cy": "Cwcis"}, "/gallery/"),
            ({"en": "Contact us", "cy": "Cysylltu â ni"}, "/gallery/"),
            ({"en": "Ask for a paper copy", "cy": "Gofyn am gopi papur"}, "/gallery/"),
        ),
    )
    templating.install(app, lambda: theme, _menu)
    gallery.install(app)
    return app


def _menu() -> list[tuple[str, str, str]]:
    from consult.web.layout.page_language import home

    here = f"{home()}gallery/"
    return [
        ("part", "Take part", here),
        ("results", "Results", f"{here}results/ranking"),
        ("counted", "How we counted", f"{here}counted/published"),
    ]


@pytest.fixture(scope="session")
def serve(compiled_templates: "BytecodeCache") -> Iterator[Callable[[Flask], str]]:
    """Serve an application on a free port for the rest of the session; return its address."""
    running = []

    def start(app: Flask) -> str:
        app.jinja_env.bytecode_cache = compiled_templates
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    # Each takes half a second to notice, so they are told all at once.
    endings = [threading.Thread(target=server.shutdown) for server, _thread in running]
    for ending in endings:
        ending.start()
    for (server, thread), ending in zip(running, endings, strict=True):
        ending.join()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def gallery_address(serve: Callable[[Flask], str], gallery_app: Flask) -> str:
    return f"{serve(gallery_app)}"


def note(page: "Page", said: "ConsoleMessage") -> None:
    """Keep what the browser says, but not that a page came with the status of a refusal."""
    is_refusal = "the server responded with a status of 4" in said.text
    if not is_refusal or "/assets/" in said.location.get("url", ""):
        page.messages.append(f"{said.type}: {said.text}")


@pytest.fixture
def open_page(browser: "Browser") -> "Iterator[Callable[..., Page]]":
    """Open a page in a fresh context: open_page(address, width=375, script=False)."""
    contexts: list[BrowserContext] = []

    def opened(address: str, *, width: int = 1280, script: bool = True) -> "Page":
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, locale="en-GB"
        )
        contexts.append(context)
        page = context.new_page()
        # The gate reads these afterwards: a refused style or script shows up here only.
        page.messages = []
        page.runs_scripts = script
        page.on("console", lambda said: note(page, said))
        page.on("pageerror", lambda error: page.messages.append(f"error: {error}"))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
