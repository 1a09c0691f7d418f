"""What a page says and asks, as lines of text that can be compared and read in a difference."""

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from pypdf import PdfReader
from werkzeug.test import TestResponse

from tests.consult.web.residents import Page

LINES = {
    *("h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "th", "td", "legend", "label", "summary"),
    *("caption", "button", "option", "title", "desc", "blockquote", "pre", "figcaption"),
}
"""Each begins a line. What stands in them is of the same line."""

FIELDS = {"input", "select", "textarea"}
LEFT_OUT = {"script", "style", "path", "rect", "line", "circle"}
TEXTS = ("text/", "application/json", "application/atom")
TEXT_MAX = 1_500
GENERAL = {"csrf_token", "command"}
"""Fields of every form, whose values are new each time."""

SAME_FOR_ALL = {403, 404, 405, 410}
"""Pages that say the same wherever they come: their heading will do."""

CHANGING = (
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "(id)"),
    (re.compile(r"\+[0-9a-f]{8}\+[\w+/]{43,}=*"), "+(key)"),
    (re.compile(r"(?<![\w+/])[\w+/]{43}=(?:\s+[a-z]{5}){10}"), "(root) (ten words)"),
    (re.compile(r"(?<![\w+/])[\w+/]{43}="), "(root)"),
    (re.compile(r"\b[0-9a-f]{40,64}\b"), "(digest)"),
    (re.compile(r"\b[0-9a-f]{12,32}\b"), "(id)"),
    (re.compile(r"(?<![\w-])[\w-]{43}(?![\w-])"), "(hash)"),
    (re.compile(r"\b[0-9a-f]{4}(?: [0-9a-f]{4}){2,}\b"), "(fingerprint)"),
    # A part of a commitment, less what a name of a file may not begin with or have twice.
    (re.compile(r'filename="[\w-]+-(?=plan\.pdf)'), 'filename="(hash)-'),
    (re.compile(r"(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4})+(?![\w-])"), "(code)"),
    (re.compile(r"(?<=li: )(?:[\w-]+, ){3}[\w-]+$", re.MULTILINE), "(four words)"),
    (re.compile(r"(?<=answers are entry )\d+"), "(a place among other answers)"),
    (re.compile(r"\?v=[\w.]+|/assets/[\w.]+/"), "(version)"),
)
"""What no two runs have in common."""


def lines_of(answer: TestResponse) -> list[str]:
    """Return what an answer says: its status, where it leads, and its words or fields."""
    head = [f"{answer.status_code} {answer.mimetype}"]
    for name in ("Location", "Content-Disposition"):
        head += [f"{name}: {value}" for value in answer.headers.getlist(name)]
    if answer.status_code in range(300, 400):
        pass
    elif answer.mimetype == "text/html":
        page = Page(answer)
        main = page.tree.find(".//main")
        if answer.status_code in SAME_FOR_ALL:
            head.append(page.title)
        elif main is not None:
            head += _lines(main)
    elif answer.mimetype == "application/pdf":
        head += _printed(answer.get_data())
    elif answer.mimetype.startswith(TEXTS):
        head += answer.get_data(as_text=True)[:TEXT_MAX].splitlines()
    return [line.rstrip() for line in head]


def same(text: str) -> str:
    """Return a text without what no two runs have in common."""
    for pattern, instead in CHANGING:
        text = pattern.sub(instead, text)
    return text


def _printed(content: bytes) -> list[str]:
    """The words of a document on paper, and what kind of part each stands in."""
    reader = PdfReader(io.BytesIO(content))
    words = [line for page in reader.pages for line in page.extract_text().splitlines()]
    parts = [f"parts: {' '.join(_parts(reader.root_object.get('/StructTreeRoot')))}"]
    return [f"{len(reader.pages)} pages", *parts, *words]


def _parts(part: Any) -> Iterator[str]:
    """The kinds of parts of a document in their order: H1, P, Table and so on."""
    part = part.get_object() if hasattr(part, "get_object") else part
    if not isinstance(part, dict):
        return
    if "/S" in part:
        yield str(part["/S"]).removeprefix("/")
    below = part.get("/K", [])
    below = below.get_object() if hasattr(below, "get_object") else below
    for each in below if isinstance(below, list) else [below]:
        yield from _parts(each)


def _lines(top: Element) -> list[str]:
    lines: list[list[str]] = [[]]
    for kind, text in _pieces(top):
        if kind == "begin":
            lines.append([f"{text}:"])
        else:
            lines[-1].append(text)
    said = (" ".join(" ".join(line).split()) for line in lines)
    return [line for line in said if line]


def _pieces(element: Element) -> Iterator[tuple[str, str]]:
    if element.tag in LEFT_OUT or not isinstance(element.tag, str):
        return
    if element.tag in LINES:
        yield "begin", element.tag
    if element.tag == "form":
        yield "begin", f"form {element.get('method', 'get')} {element.get('action', '')}"
    if element.tag in FIELDS and element.get("name") not in GENERAL:
        yield "begin", _field(element)
    if element.text:
        yield "text", element.text
    for child in element:
        yield from _pieces(child)
        if child.tail:
            yield "text", child.tail
    if element.tag == "a":
        yield "text", f"({element.get('href', '')})"


def _field(element: Element) -> str:
    named = {name: element.get(name) for name in ("name", "type", "value", "maxlength", "accept")}
    said = [f"{name}={value}" for name, value in named.items() if value is not None]
    marks = ("checked", "selected", "required", "disabled", "multiple")
    return " ".join(
        [element.tag, *said, *(mark for mark in marks if element.get(mark) is not None)]
    )
