"""Pages, each declared once, where its view is: who it is for, who keeps a copy, who may list it.

Headers, robots.txt, the sitemap, the menu, the footer, the rooms of staff and docs/pages.md come
from what is declared. A page that nobody thought of is private: a browser asks again each time,
and no search engine lists it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.routing import Rule

from consult.access import Capability

NOBODY = "no-store"
"""No cache keeps it, not that of the browser either: it is one person's own."""
OWN = "private, no-cache"
"""It may have somebody's form in it: nobody else gets it, and they ask again each time."""


class Declared(NamedTuple):
    """What is declared of a page.

    `who`: what somebody must be allowed to do; None: it is for everybody. `keeps`: the
    Cache-Control of its answers, where its view says nothing else. `is_listed`: search engines may
    list it, and it names its own address. `is_file`: a picture, a sheet or a feed, which they may
    keep as well. `menu`: key and words of its entry in the menu. `footer`: words of its link there.
    """

    who: Capability | None = None
    keeps: str = OWN
    is_listed: bool = False
    is_file: bool = False
    menu: tuple[str, str] | None = None
    footer: str = ""


class Work(NamedTuple):
    """A room in which staff work: its first page, what they do there, and who may."""

    endpoint: str
    name: str
    capability: Capability


class Room(Blueprint):
    """A family of pages; what holds for all of them is declared with it, the rest with the view.

    `work`: what staff do there, in words; the first page is its view `index`. `refusing`: the
    template for somebody who is signed in and may not come in; without one they are led to where
    they work.
    """

    def __init__(
        self,
        name: str,
        import_name: str,
        *,
        work: str = "",
        refusing: str | None = None,
        url_prefix: str | None = None,
        **declared: Any,
    ) -> None:
        super().__init__(name, import_name, url_prefix=url_prefix)
        assert declared.keys() <= set(Declared._fields), declared
        self.work, self.refusing = work, refusing
        self.declared = declared
        self.views: dict[str, dict[str, Any]] = {}

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Any = None,
        provide_automatic_options: bool | None = None,  # noqa: FBT001  as Flask has it
        **options: Any,
    ) -> None:
        """Take what is declared of a page, and the rest as Flask has it."""
        mine = {name: options.pop(name) for name in Declared._fields if name in options}
        name = endpoint or view_func.__name__
        self.views[name] = self.views.get(name, {}) | mine
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)


def install(app: Flask) -> None:
    """Hold the pages of an application to what is declared; after all of them are registered."""
    app.extensions["pages"] = {
        endpoint: _declared(app, endpoint) for endpoint in app.view_functions
    }
    app.after_request(keep_to_it)
    app.jinja_env.globals["is_listed"] = is_listed


def all_of(app: Flask) -> Mapping[str, Declared]:
    """Return what is declared of every page, by endpoint, in the order of registration."""
    known: Mapping[str, Declared] = app.extensions.get("pages", {})
    return known


def declared(endpoint: str | None, app: Flask | None = None) -> Declared:
    """Return what is declared of a page, by its endpoint; of no page: that it is private."""
    return all_of(app or current_app).get(endpoint or "", Declared())


def needed() -> Capability:
    """Return what somebody must be allowed to do whom the page that is asked for is for."""
    who = declared(request.endpoint).who
    assert who is not None, request.endpoint
    return who


def rules(app: Flask) -> Iterator[tuple[Rule, Declared]]:
    """Yield every address that can be opened, in order, with what is declared of it."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" in (rule.methods or ()):
            yield rule, declared(rule.endpoint, app)


def rooms(app: Flask) -> list[Work]:
    """Return the rooms in which staff work, in the order in which they are registered."""
    return [
        Work(f"{name}.index", room.work, room.declared["who"])
        for name, room in app.blueprints.items()
        if isinstance(room, Room) and room.work
    ]


def keep_to_it(response: Response) -> Response:
    """Close what no view has opened."""
    headers, page = response.headers, declared(request.endpoint)
    headers.setdefault("Cache-Control", page.keeps)
    is_error = response.status_code >= 400  # noqa: PLR2004  an error
    if is_error or NOBODY in headers["Cache-Control"] or not (page.is_listed or page.is_file):
        headers["X-Robots-Tag"] = "noindex"
    return response


def is_listed() -> bool:
    """Say whether the page being made may be listed, so that it names its own address."""
    return declared(request.endpoint).is_listed


def closed_to_robots(app: Flask) -> list[str]:
    """Return where robots have nothing to look for: what is one person's own, or for staff."""
    closed = {
        re.sub(r"<[^>]+>", "*", rule.rule if rule.arguments else rule.rule.rstrip("/")).rstrip("*")
        for rule, page in rules(app)
        if page.keeps == NOBODY
    }
    return sorted(
        each for each in closed if not any(each != one and each.startswith(one) for one in closed)
    )


def as_table(app: Flask) -> str:
    """Return every page that can be opened as a table: docs/pages.md."""
    lines = [
        "# Pages",
        "",
        "Made from what is declared of each page where its view is (`consult/web/pages.py`), with",
        "`python -m consult.web`. *Who*: what somebody must be allowed to do, in any partnership",
        "([access.md](access.md)). *Kept*: what caches are told, where the view says nothing else.",
        "*Listed*: by search engines.",
        "",
        "| address | who | kept | listed | menu or footer |",
        "|---|---|---|---|---|",
    ]
    for rule, page in rules(app):
        who = page.who.does if page.who else "everybody"
        listed = "yes" if page.is_listed else "as a file" if page.is_file else ""
        place = page.menu[1] if page.menu else page.footer
        lines.append(f"| `{rule.rule}` | {who} | {page.keeps} | {listed} | {place} |")
    return "\n".join(lines) + "\n"


def _declared(app: Flask, endpoint: str) -> Declared:
    parts = endpoint.split(".")
    found: dict[str, Any] = {}
    for depth in range(1, len(parts)):
        room = app.blueprints.get(".".join(parts[:depth]))
        if isinstance(room, Room):
            found |= room.declared
            if depth == len(parts) - 1:
                found |= room.views.get(parts[-1], {})
    return Declared(**found)


def staff_room() -> Room | None:
    """Return the room of the page that is asked for, where somebody has to be let in."""
    outermost = str(request.endpoint or "").partition(".")[0]
    room = current_app.blueprints.get(outermost)
    return room if isinstance(room, Room) and "who" in room.declared else None
