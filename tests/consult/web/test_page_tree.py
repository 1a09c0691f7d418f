"""The quick way to the tree of a page gives what the standard's way gives."""

from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.consult.web.page_tree import NotPlain, _plain, parsed

PAGE = "<!doctype html>\n<html lang=en><head><title>T</title></head><body>{}</body></html>"
PLAIN = [
    "<main><h1>One &amp; two</h1><p>Some <b>words</b> and<br>more.</p></main>",
    "<ul><li>One</li>\n<li>Two</li></ul>",
    "<form method=post><textarea name=a>\n\nx</textarea><input name=b value='&quot;'></form>",
    "<table><thead><tr><th>A</th></tr></thead><tbody><tr><td><p>2</p></td></tr></tbody></table>",
    "<select name=s><option value=1 selected>One</option></select>",
    '<p>A <svg viewBox="0 0 1 1"><rect width="1"/><path d="M0"/></svg> picture</p>tail',
    '<svg class="c" xmlns="http://www.w3.org/2000/svg"><g><path d="M0"/></g></svg>',
    "<script>if (a < b) { c() }</script><dl><dt>a</dt><dd>b</dd></dl>",
]
MENDED = [
    "<p>One<p>Two",
    "<p><div>One</div></p>",
    "<table><tr><td>1</td></tr></table>",
    "<table>text<tbody></tbody></table>",
    "<ul><li>One<li>Two</ul>",
    "<a href=x>one<a href=y>two</a></a>",
    "<b><i>crossed</b></i>",
    "<select><p>One</p></select>",
    "<h1>One<h2>Two</h2></h1>",
    "<!-- a comment -->",
    "<svg><div>out of it</div></svg>",
    "<input id=a id=b>",
    "lines\r\nof Windows",
]


def strict(text: str) -> Element:
    return html5lib.HTMLParser(namespaceHTMLElements=False).parse(text)


def told(element: Element) -> Any:
    """Everything that a tree says, but for space between the outermost elements."""
    tails = element.tag in {"html", "head", "body"}
    return (
        element.tag,
        element.attrib,
        (element.text or "") if element.tag != "html" else "",
        [told(each) for each in element],
        "" if tails else (element.tail or ""),
    )


@pytest.mark.parametrize("inner", PLAIN)
def test_a_page_that_leaves_nothing_to_mend_has_the_tree_of_the_standard(inner: str):
    text = PAGE.format(inner)
    assert told(_plain(text)) == told(strict(text))


@pytest.mark.parametrize("inner", MENDED)
def test_what_a_browser_would_mend_is_left_to_the_standard(inner: str):
    text = PAGE.format(inner)
    with pytest.raises(NotPlain):
        _plain(text)
    assert told(parsed(text)) == told(strict(text))


@pytest.mark.parametrize("text", ["", "{}", "words", "<html><body>no type", "<!doctype html>x"])
def test_what_is_no_page_is_left_to_the_standard(text: str):
    with pytest.raises(NotPlain):
        _plain(text)
    assert told(parsed(text)) == told(strict(text))
