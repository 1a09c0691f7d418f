"""Printed documents: the same bytes each time, accessible, and nothing taken for markup."""

from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

import hatch_build
from consult.printing import document

ROOT = Path(__file__).parents[3]
WHEN = datetime(2026, 4, 1, 9, 12, 44, 631_902, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def built():
    return hatch_build.build(ROOT)


def letter(words="Siaradwch â ni am y dŵr a'r tŷ"):
    made = document("Llythyr", "cy", footer="Ashenmoor Together")
    made.heading("Dweud eich dweud")
    made.paragraph(words, "lead")
    made.heading("Niferoedd", 2)
    made.table(["Prosiect", "Cost"], [["Goleuadau", "£48,000"], ["Coed", "£24,000"]])
    made.bullets(["un", "dau"])
    made.qr("https://example.org/c/fund", "Cod QR sy'n agor y dudalen")
    made.panel("Eich cod", "K7QM-2XHD-9FTA")
    return made


def read(pdf):
    return PdfReader(BytesIO(pdf))


def words_of(pdf):
    return "\n".join(page.extract_text() for page in read(pdf).pages)


def test_the_same_blocks_and_moment_give_the_same_bytes():
    assert letter().as_pdf(WHEN) == letter().as_pdf(WHEN)


def test_a_document_says_its_title_its_language_and_when_it_was_made():
    found = read(letter().as_pdf(WHEN))
    assert found.metadata.title == "Llythyr"
    assert found.trailer["/Root"]["/Lang"] == "cy"
    assert found.metadata.creation_date == datetime(2026, 4, 1, 9, 12, 44, tzinfo=UTC)


@pytest.mark.parametrize(
    "when",
    [
        WHEN,
        WHEN.astimezone(ZoneInfo("Pacific/Chatham")),
        WHEN.astimezone(timezone(timedelta(hours=-3, minutes=-30))),
    ],
)
def test_any_moment_of_a_real_clock_in_any_zone_can_be_typeset(when):
    assert letter().as_pdf(when) == letter().as_pdf(datetime(2026, 4, 1, 9, 12, 44, tzinfo=UTC))


def test_a_screen_reader_finds_headings_tables_lists_and_the_text_of_the_picture():
    tree = str(structure(read(letter().as_pdf(WHEN)).trailer["/Root"]["/StructTreeRoot"]))
    for role in ("/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/Figure"):
        assert role in tree
    assert "Cod QR sy'n agor y dudalen" in tree


def structure(node):
    """Return roles and alternative texts of the structure tree, depth first."""
    found = []
    todo = [node]
    while todo:
        here = todo.pop().get_object()
        if isinstance(here, list):
            todo += here
        elif isinstance(here, dict):
            found += [str(here[key]) for key in ("/S", "/Alt") if key in here]
            if "/K" in here and not isinstance(here["/K"], int):
                todo += here["/K"] if isinstance(here["/K"], list) else [here["/K"]]
            todo = [one for one in todo if not isinstance(one, int)]
    return found


def test_welsh_letters_are_printed_in_our_own_font():
    pdf = letter().as_pdf(WHEN)
    assert "dŵr a'r tŷ" in words_of(pdf)
    fonts = read(pdf).pages[0]["/Resources"]["/Font"]
    names = {str(font.get_object()["/BaseFont"]).split("+")[1] for font in fonts.values()}
    assert names == {"PublicSans-Regular", "PublicSans-Bold"}


def test_nothing_that_somebody_wrote_is_taken_for_markup():
    words = '#read("/etc/passwd") $x^2$ *bold* \\ <label> @ref = heading'
    assert words in words_of(letter(words).as_pdf(WHEN)).replace("\n", " ")


def test_a_batch_of_letters_counts_the_pages_of_each_again():
    made = letter()
    made.page_break(count_again=True)
    made.address(["Y Preswylydd", "12 Stryd y Tŷ"])
    made.heading("Ail lythyr")
    pages = read(made.as_pdf(WHEN)).pages
    assert [page.extract_text().splitlines()[-1] for page in pages] == [
        "Ashenmoor Together 1",
        "Ashenmoor Together 1",
    ]


def test_each_part_is_read_aloud_in_its_own_language():
    made = letter()
    made.language = "en"
    made.heading("Have your say", 2)
    pdf = made.as_pdf(WHEN)
    tree = languages(read(pdf).trailer["/Root"]["/StructTreeRoot"])
    assert "en" in tree


def languages(node):
    found, todo = set(), [node]
    while todo:
        here = todo.pop()
        here = here.get_object() if hasattr(here, "get_object") else here
        if isinstance(here, list):
            todo += here
        elif isinstance(here, dict):
            found |= {str(here["/Lang"])} if "/Lang" in here else set()
            todo += [here["/K"]] if "/K" in here else []
    return found


def test_a_document_without_a_level_one_heading_is_our_mistake():
    made = document("Title", "en")
    made.heading("Third level at once", 3)
    with pytest.raises(RuntimeError, match="heading"):
        made.as_pdf(WHEN)
