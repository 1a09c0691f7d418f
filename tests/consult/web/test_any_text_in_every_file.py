"""Whatever an organiser writes, every page and file about it is handed out and can be read."""

import csv
import io
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from pypdf import PdfReader

from consult.commands.results.counting import publish_results
from consult.commands.results.follow_up import publish_follow_up
from consult.formats.workbook import writing
from events.follow_up import Row
from tests.builders import ORGANISER, close_consultation, consultation, question, words
from tests.conftest import only
from tests.consult.sealing.audits import answer

TEXTS = (
    "Buses ✓ → 😀 👩‍👩‍👧 a\u2011b",
    "Привет 中文 عربي தமிழ் ਪੰਜਾਬੀ",
    "Tab\tbell\x07 null\x00 escape\x1b form\x0c \x85 \u2028 end",
    "None \ufffe \uffff \ue000 \U0010ffff \U000e0041",
    "line\r\nSubject: other\r\n\r\n<b>&amp;]]></b>",
    "=1+1",
    "\u200b\u00ad",
)
OPEN = ("", "/poster.pdf", "/poster-both.pdf", "/picture.png", "/share")
PUBLISHED = (
    "",
    "/results",
    "/results.pdf",
    "/results.png",
    "/results.csv",
    "/results.json",
    "/embed",
    "/count",
    "/what-we-did",
)


@pytest.fixture(params=TEXTS, ids=range(len(TEXTS)))
def text(request):
    return request.param


def about(services, text):
    asked = question("order", "ranking", text, f"A {text}", f"B {text}", f"C {text}")
    return consultation(services, asked, title=text, overview=text)


def handed_out(client, addresses):
    for language in ("", "/cy"):
        for address in addresses:
            given = client.get(f"{language}{address}")
            assert given.status_code == 200, f"{language}{address}"
            check(given)


def check(given):
    if given.mimetype == "application/pdf":
        assert PdfReader(io.BytesIO(given.data)).pages
    elif given.mimetype == "image/png":
        assert given.data.startswith(b"\x89PNG")
    elif given.mimetype.endswith("xml"):
        ET.fromstring(given.data)  # noqa: S314  we wrote it
    elif given.mimetype == "text/csv":
        assert len({len(row) for row in csv.reader(io.StringIO(given.text, newline=""))}) == 1


@only("sqlite")
def test_while_it_is_open(services, client, text):
    about(services, text)
    handed_out(client, [f"/c/riverside{each}" for each in OPEN])
    handed_out(client, ["/feed.atom", "/"])
    assert client.get("/sitemap.xml").status_code == 200


@only("sqlite")
def test_when_its_results_are_published(services, client, text):
    made = about(services, text)
    answer(services, made, "Ada")
    close_consultation(services, made.id)
    publish_results(services, made.id, actor=ORGANISER)
    said = words(f"Then {text}")
    row = Row(said, said, said, said, said, "not_done", date(2026, 9, 1), said)
    publish_follow_up(services, made.id, row, actor=ORGANISER, command_id="told")
    services.catch_up()
    handed_out(client, [f"/c/riverside{each}" for each in PUBLISHED])
    handed_out(client, ["/feed.atom", "/results"])


def test_a_workbook_can_be_read_again(tmp_path: Path, text):
    file = tmp_path / "book.xlsx"
    with writing(file) as book:
        book.sheet(text, [text, "n"], [[f"a{text}b", f"c{text}"]])
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert str(sheet["A2"].value).startswith("a")
    assert str(sheet["A2"].value).endswith("b")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("😀" * 40, "😀" * 15),
        ("a" + "😀" * 40, "a" + "😀" * 15),
        ("one\ttwo\nthree", "one two three"),
        ("History", "1"),
        ("'[]'", "()"),
        ("\x00", "\ufffd"),
        ("  ", "1"),
    ],
)
def test_a_title_becomes_a_sheet_name_that_spreadsheets_take(tmp_path: Path, title, shown):
    file = tmp_path / "book.xlsx"
    with writing(file) as book:
        book.sheet(title, ["n"], [])
    assert openpyxl.load_workbook(file).sheetnames == [shown]
