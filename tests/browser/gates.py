"""What every page must pass in a browser; see `check_page`."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path

import html5lib
from playwright.sync_api import Page

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
NARROW = 320

# Each finding is one sentence, so that a failing test reads as a list of faults.
_STRUCTURE = """() => {
  const faults = [];
  const all = (what) => [...document.querySelectorAll(what)];
  const heads = all('h1').length;
  if (heads !== 1) faults.push(`${heads} h1 elements`);
  if (!document.title.trim()) faults.push('no title');
  if (!document.documentElement.lang) faults.push('no lang');
  const summary = document.querySelector('.govuk-error-summary');
  if (summary && !/^(Error|Gwall):/.test(document.title)) faults.push('title does not start with Error:');
  for (const link of all('.govuk-error-summary a')) {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) { faults.push(`summary link to ${link.hash} leads nowhere`); continue; }
    target.focus();
    if (document.activeElement !== target) faults.push(`${link.hash} cannot take focus`);
  }
  for (const set of all('fieldset'))
    if (!set.querySelector(':scope > legend')?.textContent.trim()) faults.push('a fieldset has no legend');
  for (const styled of all('[style]')) faults.push(`inline style on ${styled.tagName}`);
  for (const inline of all('style, script:not([src])')) faults.push(`inline ${inline.tagName}`);
  const ids = all('[id]').map((one) => one.id);
  for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) faults.push(`id ${id} is used twice`);
  for (const one of all('[aria-describedby]'))
    for (const id of one.getAttribute('aria-describedby').split(/\\s+/))
      if (!document.getElementById(id)) faults.push(`aria-describedby names ${id}, which is not there`);
  for (const text of all('main *'))
    if (text.checkVisibility() && text.childNodes.length && parseFloat(getComputedStyle(text).fontSize) < 15)
      faults.push(`text of ${getComputedStyle(text).fontSize} in ${text.tagName}`);
  for (const text of all('body *'))
    if (text.textContent.trim() && !/Public Sans|mono/.test(getComputedStyle(text).fontFamily))
      faults.push(`${text.tagName}.${text.className} is set in ${getComputedStyle(text).fontFamily}`);
  return faults;
}"""
_WIDEST = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > width + 1)
    .slice(0, 3).map((one) => `${one.tagName}.${one.className} sticks out`);
}"""
# WCAG 1.4.12: text must survive this spacing without being cut off.
_SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}'
    + 'p{margin-bottom:2em!important}');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const clipped = [...document.querySelectorAll('main *, header *, footer *')].filter((one) => {
    const style = getComputedStyle(one);
    return style.overflow === 'hidden' && style.position !== 'absolute' && one.textContent.trim()
      && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
  }).map((one) => `${one.tagName}.${one.className} cuts text off when spaced`);
  document.adoptedStyleSheets = [];
  return clipped;
}"""


def check_page(page: Page, *, source: str | None = None) -> None:
    """Fail with every fault of the page as it is now shown.

    axe-core, structure, error summary, legends, no inline style, no console or policy
    message, no sideways scroll at 320 px, text spacing, and strict HTML of the source.
    `source` is the HTML as served; without it the page is asked for again.
    """
    faults = axe_violations(page)
    faults += page.evaluate(_STRUCTURE)
    faults += page.evaluate(_SPACED)
    faults += sideways_scroll(page)
    faults += html_errors(source or page.request.get(page.url).text())
    faults += page.messages  # type: ignore[attr-defined]
    assert not faults, f"{page.url}\n  " + "\n  ".join(faults)


def axe_violations(page: Page) -> list[str]:
    """Run axe-core without adding a script element, which the policy would refuse."""
    page.evaluate(_axe_source())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: tags})).violations",
        tags,
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
    faults: list[str] = page.evaluate(_WIDEST)
    page.set_viewport_size(before)
    return faults


def html_errors(source: str) -> list[str]:
    """Parse errors of the served HTML, by the rules of the HTML standard."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(source)
    return [f"html at {place}: {code}" for place, code, _details in parser.errors]


def screenshot(page: Page, name: str) -> Path:
    """Keep a picture of the whole page in build/screenshots, for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    # Hiding the caret would put a style on every input.
    page.screenshot(path=path, full_page=True, caret="initial")
    return path


@cache
def _axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
