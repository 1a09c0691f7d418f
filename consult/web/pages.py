"""Declarations of pages, made where the view is: title, who it is for, caching, and listing.

Titles, headings, headers, robots.txt, the sitemap, the menu, the footer, the staff rooms and
docs/pages.md are derived from them. The default is private: a browser revalidates each time, and
no search engine lists the page.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.routing import Rule

from consult.access import Capability
from consult.wording.language import gettext
from events.consultations.states import STATES

NOBODY = "no-store"
"""Not stored by any cache, including the browser's: it belongs to one person."""
OWN = "private, no-cache"
"""May contain somebody's form: only the browser caches it, and revalidates each time."""


class Declared(NamedTuple):
    """Declarations of a page.

    `who`: required capability; None: everybody. `title`: of the page and its heading, marked with
    `N_`; what it names in `%(...)s`, such as the title of a consultation, its template fills in.
    `link`: what menu, footer and lists of pages call it, if not by its title. `keeps`:
    Cache-Control, unless the view sets it. `is_listed`: search engines may list it, and it states
    its canonical address. `is_file`: a picture, style sheet or feed, which they may also keep.
    `menu`: key of its menu entry. `footer`: whether the footer has a link to it.
    """

    who: Capability | None = None
    title: str = ""
    link: str = ""
    keeps: str = OWN
    is_listed: bool = False
    is_file: bool = False
    menu: str = ""
    footer: bool = False

    @property
    def called(self) -> str:
        """Return what menu, footer and lists of pages call it, not translated yet."""
        return self.link or self.title


class Work(NamedTuple):
    """A staff room: its first page, its purpose and the required capability."""

    endpoint: str
    name: str
    capability: Capability


class Room(Blueprint):
    """A group of pages; common declarations are made here, the others at the view.

    `work`: what staff do there, in words, which are the title of the first page too, the view
    `index`, unless it has another. `refusing`: the
    template for signed-in people without access; if None they are redirected to their room.
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
        """Separate the declarations of a page from Flask's options."""
        mine = {name: options.pop(name) for name in Declared._fields if name in options}
        name = endpoint or view_func.__name__
        self.views[name] = self.views.get(name, {}) | mine
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)


def install(app: Flask) -> None:
    """Apply the declarations to an application; call after all blueprints are registered."""
    app.extensions["pages"] = {
        endpoint: _declared(app, endpoint) for endpoint in app.view_functions
    }
    app.extensions["page titles"] = {rule.rule: page.title for rule, page in rules(app)}
    app.after_request(keep_to_it)
    app.context_processor(_fixed_title)
    app.jinja_env.globals.update(is_listed=is_listed, titled=titled, title_of=title_of)


def all_of(app: Flask) -> Mapping[str, Declared]:
    """Return the declarations of every page by endpoint, in order of registration."""
    known: Mapping[str, Declared] = app.extensions.get("pages", {})
    return known


def declared(endpoint: str | None, app: Flask | None = None) -> Declared:
    """Return the declarations of an endpoint; the private default for unknown ones."""
    return all_of(app or current_app).get(endpoint or "", Declared())


def title_of(endpoint: str, **values: Any) -> str:
    """Return the declared title of a page in the current language, with the values it names."""
    title = declared(endpoint).title
    assert title, endpoint
    return gettext(title, **values)


def titled(**values: Any) -> str:
    """Return the title of the page at the requested address, with the values it names."""
    title = _requested()
    assert title, request.endpoint
    return gettext(title, **values)


def _requested() -> str:
    """Return the declared title of the page that GET would return here; "" for none."""
    titles: Mapping[str, str] = current_app.extensions.get("page titles", {})
    return titles.get(request.url_rule.rule, "") if request.url_rule else ""


def _fixed_title() -> dict[str, str]:
    """Return the title for templates, unless it names values that only the template knows."""
    title = _requested()
    return {"page_title": gettext(title)} if title and "%(" not in title else {}


def needed() -> Capability:
    """Return the capability that the requested page requires."""
    who = declared(request.endpoint).who
    assert who is not None, request.endpoint
    return who


def rules(app: Flask) -> Iterator[tuple[Rule, Declared]]:
    """Yield every address that accepts GET, sorted, with its declarations."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" in (rule.methods or ()):
            yield rule, declared(rule.endpoint, app)


def rooms(app: Flask) -> list[Work]:
    """Return the staff rooms in order of registration."""
    return [
        Work(f"{name}.index", room.work, room.declared["who"])
        for name, room in app.blueprints.items()
        if isinstance(room, Room) and room.work
    ]


def keep_to_it(response: Response) -> Response:
    """Set caching and robots headers where the view did not."""
    headers, page = response.headers, declared(request.endpoint)
    headers.setdefault("Cache-Control", page.keeps)
    is_error = response.status_code >= 400  # noqa: PLR2004  an error
    if is_error or NOBODY in headers["Cache-Control"] or not (page.is_listed or page.is_file):
        headers["X-Robots-Tag"] = "noindex"
    return response


def is_listed() -> bool:
    """Return whether the current page may be listed and states its canonical address."""
    return declared(request.endpoint).is_listed


def closed_to_robots(app: Flask) -> list[str]:
    """Return the path prefixes excluded in robots.txt: personal pages and those of staff."""
    closed = {
        re.sub(r"<[^>]+>", "*", rule.rule if rule.arguments else rule.rule.rstrip("/")).rstrip("*")
        for rule, page in rules(app)
        if page.keeps == NOBODY
    }
    return sorted(
        each for each in closed if not any(each != one and each.startswith(one) for one in closed)
    )


def as_table(app: Flask) -> str:
    """Return every page that accepts GET as a Markdown table: docs/pages.md."""
    lines = [
        "# Pages",
        "",
        "Made from what is declared of each page where its view is (`consult/web/pages.py`), with",
        "`python -m consult.web`. *Who*: what somebody must be allowed to do, in any partnership",
        "([access.md](access.md)). *Kept*: what caches are told, where the view says nothing else.",
        "*States*: of the consultation, where it matters. *Listed*: by search engines. *Title*: of",
        "the page and its heading, with what the template fills in in italics. What is shown at an",
        "address in place of its page, such as a refusal, has its title in its own template.",
        "",
        "| address | title | who | states | kept | listed | menu or footer |",
        "|---|---|---|---|---|---|---|",
    ]
    for rule, page in rules(app):
        who = page.who.does if page.who else "everybody"
        needed = page.who.states if page.who else STATES
        during = "" if needed == STATES else ", ".join(needed)
        listed = "yes" if page.is_listed else "as a file" if page.is_file else ""
        place = page.called if page.menu or page.footer else ""
        title = re.sub(r"%\((\w+)\)s", r"*\1*", page.title)
        cells = (f"`{rule.rule}`", title, who, during, page.keeps, listed, place)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _declared(app: Flask, endpoint: str) -> Declared:
    parts = endpoint.split(".")
    found: dict[str, Any] = {}
    for depth in range(1, len(parts)):
        room = app.blueprints.get(".".join(parts[:depth]))
        if isinstance(room, Room):
            found |= room.declared
            if depth == len(parts) - 1:
                found |= {"title": room.work} if parts[-1] == "index" else {}
                found |= room.views.get(parts[-1], {})
    return Declared(**found)


def staff_room() -> Room | None:
    """Return the room of the requested page if it requires a capability, else None."""
    outermost = str(request.endpoint or "").partition(".")[0]
    room = current_app.blueprints.get(outermost)
    return room if isinstance(room, Room) and "who" in room.declared else None
