"""Fields for numbers take what people type, and their hints name the unit once."""

from pathlib import Path

import pytest

from tests.builders import consultation
from tests.kinds import of_kind

ROOT = Path(__file__).resolve().parents[4]
MILES = {"en": "miles", "cy": "milltir"}


@pytest.mark.parametrize(
    ("limits", "english", "welsh"),
    [
        ({"least": "0", "most": "1200.5"}, "In miles. From 0 to 1,200.5.",
         "Mewn milltir. O 0 i 1,200.5."),
        ({"least": "0"}, "In miles. 0 or more.", "Mewn milltir. 0 neu fwy."),
        ({"most": "40"}, "In miles. 40 or less.", "Mewn milltir. 40 neu lai."),
        ({}, "In miles.", "Mewn milltir."),
    ],
)  # fmt: skip
def test_the_hint_of_a_number_says_its_unit_once(services, resident, limits, english, welsh):
    consultation(services, of_kind("number", unit=MILES, **limits))
    for language, sentence in (("", english), ("/cy", welsh)):
        page = resident.open(f"{language}/c/riverside/q/q-number")
        hints = [each for each in page.tree.iter("div") if each.get("class") == "govuk-hint"]
        assert [" ".join(each.itertext()).strip() for each in hints] == [sentence]


def test_no_field_takes_away_what_it_does_not_know():
    """A field of the type number is empty for the server once it holds £ or a comma."""
    for template in (ROOT / "templates").rglob("*.html"):
        assert 'type="number"' not in template.read_text(), template
