"""A resident with a browser that runs no scripts: reads forms, fills them in, presses buttons."""

import io
import re
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from tests.consult.web.page_tree import parsed

Values = MultiDict[str, str]


class Page:
    """One page as it came, with its forms."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.address = response.request.path
        self.text = response.get_data(as_text=True)
        self.headers = response.headers

    @cached_property
    def tree(self) -> Element:
        return parsed(self.text)

    @cached_property
    def faults(self) -> list[str]:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        parser.parse(self.text)
        return [str(code) for _place, code, _more in parser.errors]

    @property
    def title(self) -> str:
        return _text(self.tree.find(".//title"))

    @property
    def heading(self) -> str:
        heads = self.tree.findall(".//h1")
        assert len(heads) == 1, f"{len(heads)} h1 on {self.address}"
        return _text(heads[0])

    @property
    def words(self) -> str:
        return _text(self.tree.find(".//main"))

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Target and message of each entry of the error summary."""
        return [
            (link.get("href", "").removeprefix("#"), _text(link))
            for box in self.tree.iter("div")
            if box.get("class") == "govuk-error-summary"
            for link in box.iter("a")
        ]

    def form(self, to: str = "") -> tuple[str, Values]:
        """Address and values of a form, as a browser would send it untouched.

        `to`: how its address ends; without it the first form that is posted.
        """
        form = next(
            each
            for each in self.tree.iter("form")
            if each.get("method") == "post" and each.get("action", "").endswith(to)
        )
        return form.get("action") or self.address, form_values(form)

    def links(self) -> list[str]:
        return [link.get("href", "") for link in self.tree.iter("a")]


def form_values(form: Element) -> Values:
    """What a browser sends of a form that nobody touched."""
    values: Values = MultiDict()
    for field in form.iter():
        name = field.get("name")
        if not name:
            continue
        if field.tag == "input" and field.get("type") in {"radio", "checkbox"}:
            if field.get("checked") is not None:
                values.add(name, field.get("value", "on"))
        elif field.tag == "input":
            values.add(name, field.get("value", ""))
        elif field.tag == "textarea":
            values.add(name, (field.text or "").removeprefix("\n"))
        elif field.tag == "select":
            chosen = [each for each in field.iter("option") if each.get("selected") is not None]
            values.add(name, chosen[0].get("value", "") if chosen else "")
    return values


class Resident:
    """Somebody at a device; `client` holds the device's cookies."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, address: str) -> Page:
        return Page(self.client.get(address, follow_redirects=True))

    def send(self, page: Page, /, _to: str = "", **changes: Any) -> Page:
        """Fill in a form and press its green button; "__" in a name stands for "-"."""
        return Page(self.post(page, _to, follow=True, **changes))

    def post(
        self, page: Page, to: str = "", /, *, follow: bool = False, **changes: Any
    ) -> TestResponse:
        address, values = page.form(to)
        for name, value in changes.items():
            real = name.replace("__", "-")
            given = value if isinstance(value, list) else [value]
            values.setlist(real, [str(each) for each in given if each is not None])
        return self.client.post(address, data=values, follow_redirects=follow)

    def attach(self, page: Page, name: str, content: bytes, to: str = "", **more: Any) -> Page:
        """Send a form with a file for its question "plan"."""
        address, _values = page.form(to)
        kind, body = self.with_file(page, name, content, "q-plan", to, **more)
        return Page(self.client.post(address, data=body, content_type=kind, follow_redirects=True))

    def with_file(
        self, page: Page, name: str, content: bytes, field: str, to: str = "", **more: Any
    ) -> tuple[str, bytes]:
        """Type and bytes of a form with a file, as a browser sends it."""
        _address, values = page.form(to)
        file = FileStorage(io.BytesIO(content), name)
        # Encoded here, because the client leaves the temporary file of a large body open.
        mark, body = encode_multipart({**values.to_dict(flat=False), **more, field: file})
        return f"multipart/form-data; boundary={mark}", body

    def receipt_code(self, slug: str = "riverside") -> str:
        """The checking code on the receipt page, which may be shown."""
        return self._codes(slug)[0]

    def changing_code(self, slug: str = "riverside") -> str:
        """The changing code on the receipt page, which is secret."""
        return self._codes(slug)[1]

    def _codes(self, slug: str) -> list[str]:
        page = self.open(f"/c/{slug}/receipt")
        found = re.findall(r'fm-code">([0-9A-Z-]{19})<', page.text)
        assert found, page.words
        return found

    def mine(self, code: str, prefix: str = "") -> Page:
        """The page that offers what the holder of a changing code may do."""
        return self.send(self.open(f"{prefix}/receipt/mine"), code=code)


ANSWERS: dict[str, Any] = {
    "q__visit": "w",
    "q__uses": ["p", "w"],
    "q__views__s": "3",
    "q__views__c": "4",
    "q__order": ["c", "a"],
    "q__share__b": "4",
    "q__share__p": "6",
    "q__support": ["a", "c"],
    "q__money": ["k", "l"],
    "q__more": "Keep the trees, please",
}
"""What a careful person answers to one question of every kind."""


def answers_to(question_id: str) -> dict[str, Any]:
    name = f"q__{question_id}"
    return {k: v for k, v in ANSWERS.items() if k == name or k.startswith(f"{name}__")}


def _text(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())
