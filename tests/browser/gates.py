"""What every page must pass in a browser; see `check_page`."""

import json
import os
from functools import cache
from importlib.resources import files
from pathlib import Path

import html5lib
from playwright.sync_api import Page

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
GATES = Path(__file__).with_name("gates.js")
NARROW = 320
WIDTHS = (1280, 375)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""The rules of axe-core that are run."""


def check_page(page: Page, *, source: str | None = None) -> None:
    """Fail with every fault of the page as it is now shown.

    axe-core, structure, error summary, legends, no inline style, no console or policy
    message, no sideways scroll at 320 px, text spacing, and strict HTML of the source.
    `source` is the HTML as served; without it the page is asked for again.
    """
    assert page.runs_scripts, "axe would wait for ever where scripts are off"
    page.wait_for_load_state()
    faults = axe_violations(page)
    faults += run(page, "structure")
    faults += run(page, "spaced")
    faults += sideways_scroll(page)
    faults += html_errors(source or page.request.get(page.url).text())
    faults += page.messages
    assert not faults, f"{page.url}\n  " + "\n  ".join(faults)


def run(page: Page, gate: str) -> list[str]:
    """Run one gate of gates.js in the page; return its findings."""
    found: list[str] = page.evaluate(f"{GATES.read_text()}.{gate}()")
    return found


def axe_violations(page: Page) -> list[str]:
    """Run axe-core without adding a script element, which the policy would refuse."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_source())
    found, page.rules_run = page.evaluate(
        """async (tags) => {
          const {violations, passes, incomplete, inapplicable} =
            await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
          const ran = [violations, passes, incomplete, inapplicable].flat();
          return [violations, new Set(ran.map((one) => one.id)).size];
        }""",
        TAGS,
    )
    return [
        f"axe {one['id']}: {one['help']}: {node['html'][:160]} {json.dumps(node['any'][:1])[:240]}"
        for one in found
        for node in one["nodes"][:3]
    ]


def sideways_scroll(page: Page) -> list[str]:
    """What sticks out at 320 px; the page gets its width back."""
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": NARROW, "height": before["height"]})
    faults: list[str] = run(page, "widest")
    page.set_viewport_size(before)
    return faults


def html_errors(source: str) -> list[str]:
    """Parse errors of the served HTML, by the rules of the HTML standard."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(source)
    return [f"html at {place}: {code}" for place, code, _details in parser.errors]


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the whole page for people to look at: with `make screenshots` only."""
    if not os.environ.get("FOLKMOOT_SCREENSHOTS"):
        return
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    # Hiding the caret would put a style on every input.
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True, caret="initial")


@cache
def _axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
