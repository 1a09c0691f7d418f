"""The spreadsheet of a result: numbers are numbers, money has its unit, headings are translated."""

import csv
import io
from pathlib import Path

import pytest

from consult.commands.context import Actor
from consult.commands.files.importing import import_votes
from consult.commands.results.counting import publish_results

NEGATIVE = """# FILE NAME: e01.toi
# TITLE: Fractions
# DATA TYPE: toi
# NUMBER ALTERNATIVES: 3
# ALTERNATIVE NAME 1: Ann, "Annie"
# ALTERNATIVE NAME 2: =1+1
# ALTERNATIVE NAME 3: Zoë; Ł
1: {1,2},3
1: 3
1: 2
"""
GRADES = """# FILE NAME: e02.cat
# TITLE: Grades
# DATA TYPE: cat
# NUMBER ALTERNATIVES: 2
# NUMBER CATEGORIES: 3
# CATEGORY NAME 1: Yes
# CATEGORY NAME 2: Maybe
# CATEGORY NAME 3: No
# ALTERNATIVE NAME 1: Ann
# ALTERNATIVE NAME 2: Bob
1: 1,2,{}
1: 2,1,{}
1: {},{1,2},{}
1: {},1,2
1: {},{},{1,2}
"""
MONEY = """META
key;value
description;Parks
budget;62000
vote_type;approval
rule;greedy
currency;GBP
PROJECTS
project_id;cost;name
p;62000;Pond
q;0.50;Quay
VOTES
voter_id;vote
1;p
2;p
3;q
"""


@pytest.fixture
def table(services, client, tmp_path: Path):
    """The rows of `results.csv` of a file, by option, in a language."""

    def rows(name: str, text: str, language: str = "") -> dict[str, dict[str, str]]:
        path = tmp_path / name
        path.write_text(text)
        imported = import_votes(services, path)
        publish_results(services, imported.consultation_id, actor=Actor("council officer"))
        services.catch_up()
        answer = client.get(f"{language}/c/{imported.slug}/results.csv")
        assert answer.status_code == 200
        assert answer.data.startswith(b"\xef\xbb\xbf")
        text = answer.data.decode("utf-8-sig")
        reader = list(csv.DictReader(io.StringIO(text, newline="")))
        return {list(row.values())[2]: row for row in reader}

    return rows


def test_a_negative_score_is_a_number_and_a_formula_is_not(table):
    rows = table("e01.toi", NEGATIVE)
    assert rows["1"]["number"] == "-1"
    assert rows["1"]["option title"] == 'Ann, "Annie"'
    assert rows["2"]["option title"] == "'=1+1"


def test_a_score_has_decimals_and_its_exact_value_beside_it(table):
    row = table("e02.cat", GRADES)["2"]
    assert (row["number"], row["number of"]) == ("1.8", "Average grade")
    assert row["number (exact)"] == "9/5"


def test_money_leaves_in_pounds_with_its_unit_in_the_heading(table):
    rows = table("parks.pb", MONEY)
    assert rows["p"]["cost (£)"] == "62000.00"
    assert rows["q"]["cost (£)"] == "0.50"


def test_the_headings_are_in_the_language_of_the_page(table):
    row = table("parks.pb", MONEY, "/cy")["q"]
    heads = ["cwestiwn", "teitl y cwestiwn", "opsiwn", "teitl yr opsiwn", "rhif", "rhif beth"]
    assert list(row)[:6] == heads
    assert row["wedi ennill"] == "nac ydy"
