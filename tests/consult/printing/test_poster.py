"""The poster: whatever an organiser wrote, it stays one sheet."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

import hatch_build
from consult.printing.poster import ABOUT_LENGTH_MAX, Part, poster, shortened

WHEN = datetime(2026, 4, 1, 9, 12, 44, 631_902, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def built():
    return hatch_build.build(Path(__file__).parents[3])


def part(title: str, about: str) -> Part:
    return Part(
        language="en",
        title=title,
        about=about,
        closes="Closes 6 December 2026, 11:59pm",
        online="Scan the code with a phone, or go to:",
        address="example.org/c/" + "a" * 60,
        opens="https://example.org/c/" + "a" * 60,
        paper="On paper, by telephone or in person: ask at any library.",
        qr_says="QR code",
    )


@pytest.mark.parametrize("length", [10, 160, 4_000])
def test_long_titles_and_overviews_shrink_until_they_fit_on_one_sheet(length):
    long = part("Homes " * (length // 6), "Say what matters. " * (length // 18))
    made = poster([long, long], name="N", service="S", colour="#00635d", made_at=WHEN)
    pages = PdfReader(BytesIO(made)).pages
    assert len(pages) == 1
    assert "On paper, by telephone" in pages[0].extract_text()


def test_a_text_is_cut_after_a_sentence():
    text = "One sentence is here. " * 40
    cut = shortened(text, ABOUT_LENGTH_MAX)
    assert len(cut) <= ABOUT_LENGTH_MAX
    assert cut.endswith("here.")
    assert shortened("word " * 200, 50).endswith("word…")
    assert shortened("Short.", 50) == "Short."
