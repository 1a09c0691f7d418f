"""Each gate stops the fault it is there for: one that lets all through is worse than none."""

import pytest

from tests.browser.gates import check_page

pytestmark = pytest.mark.browser

SOUND = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Have your say</title></head>
<body><main><h1>Have your say</h1>{}</main></body></html>"""
FAULTS = {
    "a word too long for a phone": (
        "<pre tabindex='0'>python3 verify.py receipt receipt.proof --key log.vkey</pre>",
        "the page needs",
    ),
    "a box too wide for a phone": ("<div class='wide'>Wide</div>", "DIV.wide sticks out"),
    "a field without a label": ("<input type='text'>", "axe label"),
    "text that cannot be read": ("<p class='faint'>Faint</p>", "axe color-contrast"),
    "a second heading of the first level": ("<h1>Again</h1>", "2 h1 elements"),
    "a group of fields without a legend": (
        "<fieldset><label>Name <input></label></fieldset>",
        "a fieldset has no legend",
    ),
    "an id used twice": ("<p id='a'>One</p><p id='a'>Two</p>", "id a is used twice"),
    "a hint that is not there": (
        "<label>Name <input aria-describedby='gone'></label>",
        "aria-describedby names gone",
    ),
    "an error summary that leads nowhere": (
        "<div class='govuk-error-summary'><a href='#gone'>Say your name</a></div>",
        "summary link to #gone leads nowhere",
    ),
    "a style of its own": ("<p style='margin: 0'>Styled</p>", "inline style on P"),
    "text too small": ("<p class='small'>Small</p>", "text of 10px in P"),
    "text that wider spacing cuts off": ("<p class='cut'>Cut off at once</p>", "P.cut"),
    "HTML that browsers have to guess": ("<p><b>Bold</p>", "html at"),
    "another font": ("<p class='serif'>Serif</p>", "is set in"),
}
LOOK = """
  body { font: 19px "Public Sans", sans-serif; }
  pre { font-family: monospace; }
  .wide { width: 500px; }
  .faint { color: #ccc; }
  .small { font-size: 10px; }
  .cut { height: 20px; width: 120px; overflow: hidden; white-space: nowrap; }
  .serif { font-family: serif; }
"""
PUT_ON = """look => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(look);
  document.adoptedStyleSheets = [sheet];
}"""


def shown(open_page, inside: str):
    """Show a page that is sound but for what is inside it."""
    page = open_page("about:blank", width=375)
    source = SOUND.format(inside)
    page.set_content(source)
    page.evaluate(PUT_ON, LOOK)
    return page, source


def test_a_sound_page_passes(open_page):
    page, source = shown(open_page, "<p>Tell us what matters to you.</p>")
    check_page(page, source=source)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_does_not_pass(open_page, fault):
    inside, words = FAULTS[fault]
    page, source = shown(open_page, inside)
    with pytest.raises(AssertionError, match=words):
        check_page(page, source=source)


def test_what_the_browser_complains_about_does_not_pass(open_page):
    page, source = shown(open_page, "<p>Tell us what matters to you.</p>")
    page.evaluate("console.error('Refused to apply a style')")
    with pytest.raises(AssertionError, match="Refused to apply a style"):
        check_page(page, source=source)


def test_a_page_whose_scripts_are_off_is_not_checked_for_ever(open_page):
    page = open_page("about:blank", script=False)
    with pytest.raises(AssertionError, match="wait for ever"):
        check_page(page, source="")
