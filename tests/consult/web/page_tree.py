"""The tree of a page as browsers make it, quickly where the page leaves them nothing to mend.

html5lib follows the standard to the letter, which takes longer than making the page does. A page
that closes what it opens and says what it means has the same tree without all that; any other is
given to html5lib. `test_page_tree` compares the two.
"""

from html.parser import HTMLParser
from xml.etree.ElementTree import Element, SubElement

import html5lib

SVG = "{http://www.w3.org/2000/svg}"


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = names("area base br col embed hr img input link meta source track wbr")
HEADINGS = names("h1 h2 h3 h4 h5 h6")
SECTIONS = names("thead tbody tfoot")
ONLY = {
    "html": names("head body"),
    "head": names("base link meta script style title"),
    "table": SECTIONS | names("caption colgroup"),
    "colgroup": names("col"),
    "tr": names("td th"),
    "select": names("option optgroup"),
    "optgroup": names("option"),
    **{section: names("tr") for section in SECTIONS},
    **{words: names("") for words in names("option textarea title script style")},
}
"""What stands in an element; a browser puts anything else somewhere else."""
WITHIN = {
    "head": names("html"),
    "body": names("html"),
    "caption": names("table"),
    "colgroup": names("table"),
    "col": names("colgroup"),
    **{section: names("table") for section in SECTIONS},
    "tr": SECTIONS,
    "td": names("tr"),
    "th": names("tr"),
    "li": names("ul ol"),
    "dt": names("dl div"),
    "dd": names("dl div"),
    "option": names("select optgroup datalist"),
    "optgroup": names("select"),
}
NEVER_NESTED = names("a button form p")
INLINE = names(
    "a abbr b bdi bdo br button cite code data dfn em i img input kbd label mark output q s samp "
    "script select small span strong sub sup svg textarea time u var wbr option optgroup"
)
"""What stands in a paragraph; anything else ends it."""
TEXT = names("option textarea title script style")
LINES = names("pre textarea")
"""Where a line break at the beginning is none."""
PICTURE = names("svg g path rect circle line polyline polygon text")
MENDED = names("math template plaintext frameset noscript listing xmp image object")
"""Elements with rules of their own."""
SPELLED = {"viewbox": "viewBox", "xmlns": "{http://www.w3.org/2000/xmlns/}xmlns"}
"""Attributes of pictures that have another name in the tree."""


class NotPlain(Exception):  # noqa: N818  it is no error
    """A browser would mend the page."""


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: Element | None = None
        self.open: list[tuple[str, Element]] = []
        self.pictures = 0
        self.last: Element | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = self._began(tag, attrs)
        if self.pictures or tag not in VOID:
            self.open.append((tag, element))
            self.pictures += tag == "svg"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = self._began(tag, attrs)
        if not self.pictures and tag not in VOID:
            raise NotPlain(tag)
        self.last = element

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise NotPlain(tag)
        self.last = self.open.pop()[1]
        self.pictures -= tag == "svg"

    def handle_data(self, data: str) -> None:
        if not self.open:
            if data.strip():
                raise NotPlain(data)
            return
        tag, element = self.open[-1]
        if tag in ONLY and tag not in TEXT and data.strip():
            raise NotPlain(data)
        if tag in LINES and element.text is None:
            data = data.removeprefix("\n")
        if self.last is None:
            element.text = (element.text or "") + data
        else:
            self.last.tail = (self.last.tail or "") + data

    def handle_comment(self, data: str) -> None:
        raise NotPlain(data)

    def _began(self, tag: str, attrs: list[tuple[str, str | None]]) -> Element:
        self._check(tag)
        if len(dict(attrs)) < len(attrs):
            raise NotPlain(attrs)
        name = f"{SVG}{tag}" if self.pictures or tag == "svg" else tag
        values = {SPELLED.get(key, key): value or "" for key, value in attrs}
        if self.open:
            element = SubElement(self.open[-1][1], name, values)
        else:
            self.root = element = Element(name, values)
        self.last = element if tag in VOID and not self.pictures else None
        return element

    def _check(self, tag: str) -> None:
        """Refuse an element that a browser would not leave where it stands."""
        around = [each for each, _element in self.open]
        parent = around[-1] if around else ""
        is_left = (
            (bool(around) or (tag == "html" and self.root is None))
            and (tag in PICTURE if self.pictures else tag not in MENDED)
            and tag in ONLY.get(parent, (tag,))
            and parent in WITHIN.get(tag, (parent,))
            and not (tag in NEVER_NESTED and tag in around)
            and not (tag in HEADINGS and parent in HEADINGS)
            and not ("p" in around and not self.pictures and tag not in INLINE)
        )
        if not is_left:
            raise NotPlain(tag)


def parsed(text: str) -> Element:
    """Return the tree of a page, with no namespace but that of pictures."""
    try:
        return _plain(text)
    except NotPlain:
        return html5lib.HTMLParser(namespaceHTMLElements=False).parse(text)


def _plain(text: str) -> Element:
    if not text.lstrip().lower().startswith("<!doctype html>") or "\r" in text or "\0" in text:
        raise NotPlain
    parser = _Plain()
    parser.feed(text)
    parser.close()
    if parser.root is None or parser.open:
        raise NotPlain
    return parser.root
