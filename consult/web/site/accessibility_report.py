"""Results of the automated accessibility checks, shipped beside this module."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

FILE = "accessibility.json"


@dataclass(frozen=True)
class Found:
    """Summary of the last complete run. `views`: number of pages, widths and languages checked."""

    day: date
    pages: tuple[str, ...]
    views: int
    widths: tuple[int, ...]
    narrowest: int
    languages: tuple[str, ...]
    rules: int
    violations: int
    tools: tuple[tuple[str, str], ...]


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
