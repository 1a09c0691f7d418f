"""Results of the automated accessibility checks, shipped beside this module."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from consult.web import pages
from consult.web.guarding import errors
from consult.wording.language import N_
from consult.wording.language import gettext as _

FILE = "accessibility.json"
ERROR = "error"
PAGES: dict[str, tuple[str, str]] = {
    "accessibility": ("statements.accessibility", ""),
    "all questions and for whom": (
        "answers.everything",
        N_("with the question for whom somebody answers"),
    ),
    "all questions on one page": ("answers.everything", ""),
    "be told": ("updates.ask", ""),
    "be told, error": ("updates.ask", N_("with an error")),
    "change my answers": ("holding.change", ""),
    "check a receipt": ("receipts.check", ""),
    "check a receipt file": ("receipt_files.page", ""),
    "check answers": ("answers.check", ""),
    "check it yourself": ("verifying.page", ""),
    "confirm an address": ("updates.offer", ""),
    "confirmation gone": ("updates.offer", N_("with a link that is not good any more")),
    "cookies": ("statements.cookies", ""),
    "for whom they answer": ("whom.ask", ""),
    "health of the log": ("log_health.show", ""),
    "help others take part": ("sharing.show", ""),
    "help others take part, closed": ("sharing.show", N_("after it has closed")),
    "home and list": ("home.index", ""),
    "home, searched": ("home.index", N_("after a search")),
    "how we counted": ("audit.show", ""),
    "identity": ("identity.choose", ""),
    "lines from the minutes": ("minutes.show", ""),
    "list of results": ("results.index", ""),
    "mails stopped": ("updates.offer_stop", N_("with a link that is not good any more")),
    "paper copy": ("statements.paper", ""),
    "privacy": ("statements.privacy", ""),
    "question": ("answers.question", ""),
    "question, error": ("answers.question", N_("with an error")),
    "receipt": ("receipts.sent", ""),
    "results": ("results.show", ""),
    "results panel for other sites": ("sharing.panel", ""),
    "results, earlier": ("results.show", N_("as they stood earlier")),
    "results, not yet": ("results.show", N_("before they are published")),
    "results, with a campaign": ("results.show", N_("with a campaign")),
    "start page": ("consultations.start", ""),
    "start page, closed": ("consultations.start", N_("after it has closed")),
    "start page, paused": ("consultations.start", N_("while it is paused")),
    "start page, stopped": ("consultations.start", N_("after it was stopped")),
    "stop mails": ("updates.offer_stop", ""),
    "what is proven": ("proven.show", ""),
    "what we did": ("follow_up.show", ""),
    "what we did, nothing yet": ("follow_up.show", N_("before there is anything")),
}
"""The page behind each name in the file, and the state in which it was looked at, in words.

Pages that tell of an error have the name ERROR and its number.
"""


@dataclass(frozen=True)
class Found:
    """The last complete run. `pages`: names; `views`: pages, widths and languages checked."""

    day: date
    pages: tuple[str, ...]
    views: int
    widths: tuple[int, ...]
    narrowest: int
    languages: tuple[str, ...]
    rules: int
    violations: int
    tools: tuple[tuple[str, str], ...]


def called(name: str) -> str:
    """Return what a page of the file is called in the current language, and its state."""
    kind, _space, code = name.partition(" ")
    if kind == ERROR:
        return f"{_(errors.PAGES[int(code)][0])} ({code})"
    endpoint, state = PAGES[name]
    page = _(pages.declared(endpoint).called)
    return f"{page}: {_(state)}" if state else page


@lru_cache(maxsize=1)
def found() -> Found:
    """Return the results as stated in the file; cached."""
    summary: dict[str, Any] = json.loads(
        (files("consult") / "web" / "site" / FILE).read_text("utf-8")
    )
    views = {(page, *view.split(" ")) for page, seen in summary["pages"].items() for view in seen}
    return Found(
        day=date.fromisoformat(summary["day"]),
        pages=tuple(sorted(summary["pages"])),
        views=len(views),
        widths=tuple(sorted({int(width) for _page, _language, width in views})),
        narrowest=summary["narrowest"],
        languages=tuple(sorted({language for _page, language, _width in views}, reverse=True)),
        rules=summary["rules"],
        violations=summary["violations"],
        tools=tuple(summary["tools"].items()),
    )
