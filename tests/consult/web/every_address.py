"""Asks for every address, in every way; addresses come from the application's own map."""

import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from consult.commands.context import fresh_command_id
from consult.config import Config
from consult.log_store.store import LogStore
from consult.sealing.running import seal_now
from consult.services import Services
from consult.web import create_app
from consult.web.forms.command_key import COMMAND
from events import Consultation
from tests.builders import Clock
from tests.consult.web import every_state
from tests.consult.web.every_state import Made, World
from tests.consult.web.residents import Page, form_values

FORBIDDEN, FAILURE = 403, 500
LONG = "9" * 5_000
"""More digits than Python makes a number of."""
GARBAGE = "ŵ'\"<%00-1"
NOBODY_HAS = "00000000-0000-4000-8000-000000000000"
SITE = "the site"
NONE = Made("-")
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
SOME_QUESTIONS = ("order", "more", "plan", "nope")
EVERY_QUESTION = (("draft ready", "organiser"), ("open", every_state.MIDWAY))
"""Who looks at the pages of each kind of question, and when."""
LOOKED_AT_ONLY = tuple(
    f"{id}" for id in [one.id for one in every_state.QUESTIONS] if id not in SOME_QUESTIONS
)
PRESSING = ("organiser", "desk", "data protection officer", every_state.MIDWAY)
"""Who presses buttons for good; the other roles take the same ways through the code."""
GARBAGE_VALUES = (
    *("", " ", "\0", "\u202e", "-1", "0", "9" * 400, LONG, "1e400", "NaN", "½", "2026-02-30"),
    *("31", "99", "ŵ" * 3_000, "<b>", "{x}", "%s", "24:61", "en", "=1+1", "a\r\nb: c"),
)
SOURCES = Path(every_state.__file__).parents[3] / "consult" / "web"
ASKED_FOR = re.compile(
    r"""(?:args(?:\.get(?:list)?\(|\[)|asked_position\()\s*"(\w+)"|"(\w+)" in request\.args"""
)
QUERIES = ("9" * 40, LONG, GARBAGE)
LOOKING = ("organiser", every_state.ANSWERED)
"""Who looks in Welsh too, and adds to addresses what nobody asked for."""


def values(world: World, made: Made, rule: Rule, argument: str) -> list[str]:
    """What an argument of an address may hold: valid, of before, of others, and nonsense."""
    everywhere = [each.tokens for each in world.states.values()]
    kept = {
        "contact": [token for each in everywhere for token in each.get("contact", [])],
        "consultation": [str(each.id) for each in world.states.values() if each.id],
    }
    ids = {
        "organise.follow_ups.one": made.tokens.get("follow_up", []),
        **{
            f"organise.partnership.seats.{what}": world.tokens.get("seat", [])
            for what in ("filling", "vacating", "giving_up")
        },
        **dict.fromkeys(("updates.offer", "updates.confirm"), kept["contact"]),
        **dict.fromkeys(("updates.offer_stop", "updates.stop"), kept["contact"]),
    }
    log = rule.endpoint.startswith("log.")
    paths = ["0/000", "0/000.p/1", "entries/000", "9/x001/000", f"{LONG}/000", f"0/{LONG}"]
    assets = ["style.css", "00635d/style.css", "modules/none.js", "../../config.py"]
    known: dict[str, list[str]] = {
        "slug": [made.slug],
        "question_id": [*made.questions, "nope"],
        "option_id": ["a", "nope"],
        "kind": [*(question.kind for question in every_state.QUESTIONS), "nope"],
        "rule_id": ["points-N", "greedy-skip", "none"],
        "name": [*made.tokens.get("name", []), GARBAGE],
        "batch": [*made.tokens.get("batch", []), GARBAGE],
        "commitment": [*made.tokens.get("commitment", []), GARBAGE],
        "case_id": [*made.tokens.get("case_id", []), NOBODY_HAS, GARBAGE],
        "id": [*(kept["consultation"] if log else ids.get(rule.endpoint, [])), NOBODY_HAS, GARBAGE],
        "token": [*world.tokens.get("token", []), GARBAGE],
        "person": [*world.tokens.get("person", []), GARBAGE],
        "digest": ["0" * 64, GARBAGE],
        "organisation": ["canal", GARBAGE],
        "size": ["1", "0", "-1", "9" * 40, LONG, GARBAGE],
        "version": ["any"],
        "partnership_slug": ["ashenmoor", "elsewhere", "nowhere", GARBAGE],
        "path": assets if rule.endpoint == "assets.file" else [*paths, GARBAGE],
    }
    if argument not in known:
        pytest.fail(f"{rule.rule} has an argument “{argument}”: say here what it may hold")
    return known[argument]


def addresses(world: World, state: str, rule: Rule, who: str) -> Iterator[str]:
    """Every address of a rule: what its arguments may hold, one with the other."""
    made = world.states.get(state, NONE)
    given = {argument: values(world, made, rule, argument) for argument in rule.arguments}
    if "question_id" in given and (state, who) not in EVERY_QUESTION:
        given["question_id"] = [id for id in given["question_id"] if id in SOME_QUESTIONS]
    if rule.endpoint == "organise.questions.new" and (state, who) not in EVERY_QUESTION:
        given["kind"] = ["matrix", "nope"]
    if "option_id" in given or "rule_id" in given:
        given["question_id"] = ["order", "nope"]
    for chosen in product(*given.values()):
        one = dict(zip(given, chosen, strict=True))
        yield ARGUMENT.sub(lambda found, one=one: quote(one[found[1]], safe="/"), rule.rule)


class Person:
    """A browser with somebody's cookie; what one request does to it, the next knows nothing of."""

    def __init__(self, app: Flask, cookie: str) -> None:
        self._app, self._cookie, self._turn = app, cookie, 0
        page = self.ask("GET", "/receipt")
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
        assert found
        self.csrf = found[1]
        given = [each for each in page.headers.getlist("Set-Cookie") if each[:9] == "folkmoot="]
        self._cookie = given[0][9:].partition(";")[0] if given else cookie

    def ask(self, method: str, address: str, form: Any = None) -> TestResponse:
        client: FlaskClient = self._app.test_client()
        if self._cookie:
            client.set_cookie("folkmoot", self._cookie)
        self._turn += 1  # another network each time: limits are for another test
        here = {"REMOTE_ADDR": f"10.{self._turn >> 16}.{self._turn >> 8 & 255}.{self._turn & 255}"}
        return client.open(address, method=method, data=form, environ_base=here)

    def garbage(self, page: TestResponse) -> MultiDict[str, str]:
        """Fill in every field of a page, and rows it does not have, with what nobody asked for."""
        names = re.findall(r'\bname="([^"]+)"', page.get_data(as_text=True))
        names += [re.sub("[0-9]+", LONG, name) for name in names]
        form = MultiDict(
            (name, GARBAGE_VALUES[(self._turn + place) % len(GARBAGE_VALUES)])
            for place, name in enumerate(dict.fromkeys(names))
        )
        form["csrf_token"] = self.csrf
        form[COMMAND] = fresh_command_id()
        return form

    def untouched(self, page: TestResponse) -> MultiDict[str, str]:
        """Press the button of a page's form as it came; a bare key where there is none."""
        form: MultiDict[str, str] = MultiDict()
        if page.status_code == 200 and page.mimetype == "text/html":
            forms = [each for each in Page(page).tree.iter("form") if each.get("method") == "post"]
            main = [each for each in forms if each.get("id") == "form"] or forms
            form = form_values(main[0]) if main else form
        form["csrf_token"] = self.csrf
        form[COMMAND] = fresh_command_id()
        return form


class Site:
    """The built world in front of everybody."""

    def __init__(self, world: World) -> None:
        self.world, self.app = world, world.app

    def has_changed(self, made: Made) -> bool:
        """Say whether somebody has changed a consultation, so that it is in another state."""
        raise NotImplementedError  # asked of `Copied` alone: a sample changes nothing

    def reopen(self) -> None:
        """Go back to the world as it was built."""
        raise NotImplementedError  # likewise


class Copied(Site):
    """It is opened from a copy of its files whenever somebody has changed it."""

    def __init__(self, world: World, files: Path, copy: Path) -> None:
        super().__init__(world)
        self._files, self._copy = files, copy
        self._opened: Services | None = None
        self.reopen()
        assert self._opened is not None
        self._versions = {
            made.id: self._opened.record.get(Consultation, made.id).version
            for made in world.states.values()
            if made.id
        }

    def reopen(self) -> None:
        self.close()
        shutil.rmtree(self._copy, ignore_errors=True)
        shutil.copytree(self._files, self._copy)
        config = replace(
            self.world.services.config, database_url=f"sqlite:///{self._copy}/folkmoot.db"
        )
        self._opened = Services.open(config, self.world.clock)
        self._opened.catch_up()
        put_under(self.app, self._opened)
        self._head = self._opened.record.head()

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def has_changed(self, made: Made) -> bool:
        """Say whether somebody has changed the consultation itself."""
        assert self._opened is not None
        record = self._opened.record
        if record.head() == self._head or made.id is None:
            return False
        self._head = record.head()
        known = record.find(Consultation, made.id)
        return known is not None and known.version != self._versions.get(made.id)


@contextmanager
def copied_site(
    prepared: Path, folder: Path, templates: FileSystemBytecodeCache
) -> Iterator[Copied]:
    """Build every state once in files below a folder, from a prepared database."""
    files = folder / "built"
    shutil.copytree(prepared, files)
    shutil.copy(files / "folkmoot.log.secret", folder / "log.secret")
    config = Config(database_url=f"sqlite:///{files}/folkmoot.db", key_file=folder / "log.key")
    world = built(config, folder, templates)
    world.services.close()
    made = Copied(world, files, folder / "copy")
    yield made
    made.close()


@contextmanager
def nothing_believed() -> Iterator[pytest.MonkeyPatch]:
    """Let every page read anew: what was pressed a moment ago shows at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("consult.web.consultation_lookup.FRESH_SECONDS", -1.0)
        patch.setattr("consult.web.layout.header.FRESH_SECONDS", -1.0)
        yield patch


def put_under(app: Flask, services: Services) -> None:
    """Let the pages stand on other services, and forget what they read of the ones before."""
    for kept in ("asked", "only partnership", "outcomes as at", "log"):
        app.extensions.pop(kept, None)
    app.extensions["services"] = services


class Failures(logging.Handler):
    """Keeps what the application logged of its own failures."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.causes: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        cause = record.exc_info[1] if record.exc_info else None
        self.causes.append(repr(cause) if cause else record.getMessage())


def built(config: Config, folder: Path, templates: FileSystemBytecodeCache) -> World:
    """Build every state, and seal what there is."""
    clock = Clock()
    services = Services.open(config, clock)
    app = create_app(services)
    app.jinja_env.bytecode_cache = templates
    world = every_state.build(services, app, clock, folder)
    log = LogStore.open(config.database_url)
    seal_now(services, log, group_min=1)
    log.close()
    return world


def rules_of(app: Flask, state: str) -> list[Rule]:
    """The rules that have to do with one consultation, or those of the whole site."""
    return [
        rule
        for rule in sorted(app.url_map.iter_rules(), key=str)
        if ("slug" in rule.arguments) == (state != SITE)
    ]


@cache
def query_names() -> list[str]:
    """Every name behind the “?” of an address that some page looks for."""
    found = {
        one or other
        for path in SOURCES.rglob("*.py")
        for one, other in ASKED_FOR.findall(path.read_text())
    }
    return sorted(found)


def tried(person: Person, address: str, rule: Rule, who: str) -> Iterator[tuple[str, TestResponse]]:
    """Ask for an address in every way; whom the door turns away tries no more than twice."""
    methods = rule.methods or set()
    if any(f"/{id}" in address for id in LOOKED_AT_ONLY):
        methods = methods - {"POST"}
    page = person.ask("GET", address)
    if "GET" in methods:
        yield "GET", page
    if "POST" in methods:
        answer = person.ask("POST", address, person.garbage(page))
        yield "POST garbage", answer
        page = answer if "GET" not in methods else page
    if page.status_code == FORBIDDEN or page.headers.get("Location", "").endswith("/sign-in"):
        return
    if "GET" in methods and who in LOOKING:
        yield "GET in Welsh", person.ask("GET", f"/cy{address}")
        for value in QUERIES:
            query = urlencode(dict.fromkeys(query_names(), value))
            yield "GET with a query", person.ask("GET", f"{address}?{query}")
    if "POST" in methods and who in PRESSING:
        yield "POST without a token", person.ask("POST", address, {})
        yield "POST empty", person.ask("POST", address, {"csrf_token": person.csrf})
        yield "pressed", person.ask("POST", address, person.untouched(page))
