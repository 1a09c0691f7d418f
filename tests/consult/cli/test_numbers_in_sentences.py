"""What the command line says of a number fits one, as it fits many; amounts fit without a currency.

A number stands before its noun through `counted` alone, or after it, with a colon.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import consult
from consult.formats.plural import counted
from consult.wording import figures, language
from consult.wording.shown_consultation import ShownConsultation
from projections.consultations import ConsultationPage
from projections.partnerships import PartnershipPage

ROOT = Path(consult.__file__).parent
MODULES = sorted([*(ROOT / "cli").glob("*.py"), *(ROOT / "formats").glob("*.py")])
LIMIT = re.compile(r"_max$|_MAX$|longest|\.limits\.|limits\.")
"""What is never one."""
NOUN = re.compile(r"^,? (?:[a-z]+ )?(people|entries|[a-z]+[^s\W]s)\b")
VERBS = {"has", "is", "was", "stands", "closes", "goes", "names", "means", "contains", "works"}


def uncounted(module: Path) -> Iterator[str]:
    """Sentences with a bare number before a noun of many."""
    for node in ast.walk(ast.parse(module.read_text())):
        if not isinstance(node, ast.JoinedStr):
            continue
        for value, after in zip(node.values, node.values[1:], strict=False):
            if not (isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant)):
                continue
            said = ast.unparse(value.value)
            found = NOUN.match(str(after.value))
            is_number = bool(value.format_spec) or "len(" in said or "count" in said.lower()
            is_said = said.startswith("counted(") or LIMIT.search(said)
            if found and found[1] not in VERBS and is_number and not is_said:
                yield f"{module.name}:{node.lineno}: {ast.unparse(node)}"


def test_a_number_is_said_with_its_noun_by_one_function() -> None:
    assert [line for module in MODULES for line in uncounted(module)] == []


def test_the_check_finds_what_it_is_for(tmp_path: Path) -> None:
    module = tmp_path / "said.py"
    module.write_text('f"{size:,} entries"\nf"{len(found)} wards."\nf"{count} codes"\n')
    assert len(list(uncounted(module))) == 3


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [(1, "person", "1 person"), (2, "person", "2 people"), (0, "entry", "0 entries")],
)
def test_one_has_its_singular(number: int, noun: str, said: str) -> None:
    assert counted(number, noun) == said
    assert counted(1_200, "vote") == "1,200 votes"


@pytest.mark.parametrize(
    ("currency", "said"), [("", "1,200"), ("PLN", "PLN 1,200"), ("GBP", "£1,200")]
)
def test_an_amount_without_a_currency_has_no_space_before_it(currency: str, said: str) -> None:
    asked = ShownConsultation(ConsultationPage(currency=currency), PartnershipPage(), 0)
    assert figures.money(1_200, asked.unit, 0) == said


def test_a_small_file_has_bytes_in_both_languages() -> None:
    said = [figures.file_size(size) for size in (1, 10, 999, 1_000, 50_001)]
    assert said == ["1 byte", "10 bytes", "999 bytes", "1 kB", "50.1 kB"]
    with language.in_language("cy"):
        assert figures.file_size(10) == "10 beit"
