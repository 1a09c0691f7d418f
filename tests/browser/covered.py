"""What the gates have looked at, written down as it passes, and the summary that is shipped.

A page that passed every gate leaves a small file in build/accessibility. `python -m
tests.browser.covered` makes consult/web/site/accessibility.json of them, which the accessibility
statement shows: `make accessibility` does both.
"""

import json
import re
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.gates import NARROW, TAGS, WIDTHS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "accessibility"
SHIPPED = ROOT / "consult" / "web" / "site" / "accessibility.json"
LANGUAGES = ("en", "cy")


def note(page: Page, name: str) -> None:
    """Write down that a page passed, as it is now shown. Call it right after `check_page`."""
    size = page.viewport_size
    assert size is not None
    seen = {
        "page": name,
        "language": page.locator("html").get_attribute("lang"),
        "width": size["width"],
        "axe": page.evaluate("axe.version"),
        "rules": page.rules_run,
        "chromium": page.context.browser.version if page.context.browser else "",
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = re.sub(r"[^a-z0-9]+", "-", f"{name} {seen['language']} {seen['width']}".lower())
    (FOLDER / f"{file}.json").write_text(json.dumps(seen))


def summarise(seen: Iterable[dict[str, Any]], day: str) -> dict[str, Any]:
    """Put together what passed: nothing that was not looked at is in it."""
    found = sorted(seen, key=lambda one: (one["page"], one["language"], one["width"]))
    assert found, "no page was looked at"
    (axe,) = {one["axe"] for one in found}
    (rules,) = {one["rules"] for one in found}
    (chromium,) = {one["chromium"] for one in found}
    pages: dict[str, list[str]] = {}
    for one in found:
        pages.setdefault(one["page"], []).append(f"{one['language']} {one['width']}")
    return {
        "day": day,
        "pages": pages,
        "narrowest": NARROW,
        "tags": list(TAGS),
        "rules": rules,
        "violations": 0,  # a page that breaks a rule leaves no file
        "tools": {
            "axe-core": axe,
            "Chromium": chromium,
            "html5lib": version("html5lib"),
        },
    }


def possible(names: Iterable[str]) -> set[tuple[str, str]]:
    """Return everything that a summary may claim about these pages."""
    shown = [f"{language} {width}" for language in LANGUAGES for width in WIDTHS]
    return {(name, view) for name in names for view in shown}


def main() -> None:
    """Make the summary that is shipped."""
    seen = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))]
    summary = summarise(seen, f"{datetime.now(UTC):%Y-%m-%d}")
    SHIPPED.write_text(json.dumps(summary, indent=1, ensure_ascii=False) + "\n")
    shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main()
