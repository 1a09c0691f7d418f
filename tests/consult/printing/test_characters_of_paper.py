"""Whatever people write can be printed: what the fonts lack is said in others, and said to be."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

import hatch_build
from consult.printing import characters, document, letters
from consult.printing.card import card
from consult.printing.characters import is_whole, printable
from consult.printing.letters import Letters
from consult.printing.poster import Part, poster

WHEN = datetime(2026, 4, 1, 9, 12, 44, tzinfo=UTC)
HYPHEN = "\u2011"
NOTES = {
    "en": "Some characters could not be shown here. The web page has them.",
    "cy": "Ni ellid dangos rhai nodau yma. Maen nhw ar y dudalen we.",
}
NASTY = (
    f"Buses ✓ → 😀 👩‍👩‍👧 a{HYPHEN}b",
    "Привет 中文 عربي தமிழ் ਪੰਜਾਬੀ",
    "\u200b\u00ad\ufeff",
    "\x00\x01\x0b\x1f\x7f\x85\u2028\u2029",
    "\ufffe\uffff\ue000\U0010ffff\U000e0041",
    "\ud800",
    "\u0323\u0302x\u0302\u034f\ufe0f",
    "line\n\nline\r\n\tline",
    "W" * 400,
    "ŵ" * 400,
    "\ufdfa" * 200,
)


@pytest.fixture(scope="module", autouse=True)
def built():
    return hatch_build.build(Path(__file__).parents[3])


def part(text: str, language: str) -> Part:
    return Part(
        language=language,
        title=text,
        about=text,
        closes=text,
        online=text,
        address="example.org/c/fund",
        opens="https://example.org/c/fund",
        paper=text,
        qr_says=text,
    )


def made_document(text: str, language: str = "en") -> bytes:
    made = document(f"Results: {text}", language, footer=text)
    made.heading(text)
    made.paragraph(text, "lead")
    made.language = "cy"
    made.heading(text, 2)
    made.bullets([text])
    made.table([text, text], [[text, text]])
    made.panel(text, text)
    made.address(text.splitlines())
    made.qr("https://example.org", text)
    return made.as_pdf(WHEN)


def made_poster(text: str, *languages: str) -> bytes:
    parts = [part(text, language) for language in languages]
    return poster(parts, name=text, service=text, colour="#00635d", made_at=WHEN)


def made_card(text: str, language: str) -> bytes:
    words = {"name": text, "kicker": text, "title": text, "words": text}
    return card(**words, language=language, colour="#00635d")


def made_letters(text: str) -> bytes:
    both = {"en": text, "cy": text}
    common = Letters("https://example.org", "fund", both, both, WHEN, ("en", "cy"))
    return letters.as_pdf(common, ["K7QM-2XHD-9FTA", "K7QM-2XHD-9FTB"])


def everything(text: str) -> None:
    assert made_document(text).startswith(b"%PDF")
    assert made_poster(text, "en", "cy").startswith(b"%PDF")
    assert made_letters(text).startswith(b"%PDF")
    for language in ("en", "cy"):
        assert made_card(text, language).startswith(b"\x89PNG")


def words_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nothing_of_this_stops_the_typesetter(text):
    everything(text)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(st.characters(), min_size=1, max_size=80))
def test_no_text_stops_the_typesetter(text):
    everything(text)


def test_every_character_there_is_is_printed_by_what_both_fonts_have(built):
    fonts = [TTFont(path).getBestCmap() for path in sorted((built / "print").glob("*.ttf"))]
    assert len(fonts) == 2
    has = {chr(code) for code in set(fonts[0]) & set(fonts[1])} | {"\n"}
    for code in range(0x110000):
        assert set(printable(chr(code))) <= has, hex(code)


def test_all_that_our_fonts_have_stays_as_it_is():
    welsh = "Siaradwch â ni am y dŵr a'r tŷ: Łódź, £48,000 – “ïe”…"
    assert printable(welsh) == welsh
    assert is_whole(welsh)


@pytest.mark.parametrize(
    ("written", "shown", "same"),
    [
        (f"co{HYPHEN}op", "co-op", True),
        ("a\u202fb\u3000c", "a b c", True),
        ("w\u0302", "ŵ", True),
        ("soft\u200bly ©\ufe0f", "softly ©", True),
        ("ﬁve → ten", "five -> ten", True),
        ("Nguyễn", "Nguyen", False),
        ("Buses ✓", "Buses +", False),
        ("Ask 中文", "Ask ??", False),
        ("👩‍👧", "??", False),
    ],
)
def test_what_they_lack_is_said_by_what_looks_alike_and_else_marked(written, shown, same):
    assert printable(written) == shown
    assert is_whole(written) is same


def test_what_is_read_aloud_and_not_drawn_stays():
    drawn = {"words": "中", "alt": "中", "parts": [{"qr_says": "中"}], "file_title": "中"}
    heard = {"words": "?", "alt": "中", "parts": [{"qr_says": "中"}], "file_title": "中"}
    assert printable(drawn) == heard
    assert PdfReader(BytesIO(made_document("中文"))).metadata.title == "Results: 中文"


def test_where_something_is_missing_it_is_said_once_in_each_language_concerned():
    for pdf in (made_document("Buses 😀"), made_poster("Buses 😀", "en", "cy")):
        words = " ".join(words_of(pdf))
        assert [words.count(note) for note in NOTES.values()] == [1, 1]
    for page in words_of(made_letters("Buses 😀")):
        assert [page.count(note) for note in NOTES.values()] == [1, 1]
    only = document("Title", "en")
    only.heading("Title")
    only.language = "cy"
    only.paragraph("Bws 😀")
    words = " ".join(words_of(only.as_pdf(WHEN)))
    assert [words.count(note) for note in NOTES.values()] == [0, 1]


def test_the_picture_says_it_too(monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "consult.printing.typesetting.as_png",
        lambda _template, content, **_options: drawn.append(content) or b"",
    )
    made_card("Buses 😀", "cy")
    made_card("Buses", "cy")
    assert [content["note"] for content in drawn] == [NOTES["cy"], ""]


def test_where_nothing_is_missing_nothing_is_said():
    for pdf in (made_document("dŵr"), made_poster("dŵr", "en", "cy"), made_letters("dŵr")):
        words = " ".join(words_of(pdf))
        assert not any(note in words for note in NOTES.values())
    assert characters.note() == NOTES["en"]


def test_two_letters_stay_two_pages_with_the_note():
    assert len(words_of(made_letters("Homes 😀 " * 10))) == 2


def test_a_poster_stays_one_sheet_with_the_note():
    assert len(words_of(made_poster("Homes 😀 " * 30, "en", "cy"))) == 1
