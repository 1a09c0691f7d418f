"""What is said of imported votes is true of them: a file promises nothing and asked nobody."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from consult.commands.files.importing import Imported, import_votes
from consult.commands.results.counting import publish_results
from consult.services import Services
from events import Consultation
from tests.builders import ORGANISER
from tests.conftest import only
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Resident

pytestmark = only("sqlite")
RANKED = '3 1\n4 1 2 0\n2 2 3 0\n0\n"Ann"\n"Ben"\n"Cat"\n"Board"\n'
CATEGORIES = """# FILE NAME: {name}
# TITLE: Grades
# DATA TYPE: cat
# NUMBER ALTERNATIVES: 2
# NUMBER CATEGORIES: 3
# CATEGORY NAME 1: Good
# CATEGORY NAME 2: Fair
# CATEGORY NAME 3: Bad
# ALTERNATIVE NAME 1: Ann
# ALTERNATIVE NAME 2: Ben
4: 1,2,{{}}
2: {{}},1,2
"""
FUND = """META
key;value
description;Fund
budget;25
vote_type;approval
{more}PROJECTS
project_id;cost;name
p;10;Pond
q;20;Quay
VOTES
voter_id;vote{column}
1;p{first}
2;p{second}
3;q{first}
"""
SILENT = FUND.format(more="", column="", first="", second="")
OF_CHANNELS = FUND.format(
    more="rule;greedy\n", column=";voting_method", first=";internet", second=";paper"
)
FILES = {
    "board.blt": RANKED,
    "grades.cat": CATEGORIES.format(name="grades"),
    "silent.pb": SILENT,
    "channels.pb": OF_CHANNELS,
}
FALSE = re.compile(
    r"published before|before the first|took part between|answers on \d|"
    r"everybody:|how people showed|who they answered for|each week|would fund|"
    r"show how it stood|nobody can send|answers that came in|stated by|“equal shares” would",
    re.IGNORECASE,
)


def published(services: Services, tmp_path: Path, name: str) -> Imported:
    path = tmp_path / name
    path.write_text(FILES[name])
    done = import_votes(services, path)
    services.catch_up()
    publish_results(services, done.consultation_id, actor=ORGANISER)
    services.catch_up()
    return done


def words_of(resident: Resident, address: str) -> str:
    return " ".join(resident.open(address).words.split())


@pytest.mark.parametrize("name", FILES)
def test_every_place_says_that_the_votes_come_from_a_file_and_nothing_false(
    services: Services, resident: Resident, tmp_path: Path, name: str
) -> None:
    slug = published(services, tmp_path, name).slug
    pdf = resident.client.get(f"/c/{slug}/results.pdf")
    printed = " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.data)).pages).split()
    )
    said = {
        "page": words_of(resident, f"/c/{slug}/results"),
        "list": words_of(resident, "/results"),
        "panel": " ".join(resident.client.get(f"/c/{slug}/embed").text.split()),
        "feed": resident.client.get("/feed.atom").text,
        "paper": printed,
    }
    for place, words in said.items():
        assert f"Answers from the file {name}, imported on" in words, place
        assert not FALSE.search(words), (place, FALSE.search(words))
    for place in ("count", ""):
        words = words_of(resident, f"/c/{slug}/{place}".rstrip("/"))
        assert "where a file names none that we have, it is our choice" in words, place
        assert not FALSE.search(words), (place, FALSE.search(words))
    document = resident.client.get(f"/c/{slug}/results.json").get_json()
    assert document["imported_from"] == name
    assert all("rule" not in one["comparison"] for one in document["questions"])
    assert not FALSE.search(resident.client.get(f"/c/{slug}/results.csv").text)


@pytest.mark.parametrize(
    ("role", "path"), [("organiser", "/organise/"), ("scrutiny", "/scrutiny/")]
)
def test_lists_of_staff_say_imported_and_not_closed(
    services: Services, app: Flask, tmp_path: Path, role: str, path: str
) -> None:
    published(services, tmp_path, "board.blt")
    listed = sign_in(app, services, role=role, slug="imported-votes").open(path).words
    assert "Imported 2 November 2026" in listed
    assert "Closed 2 November" not in listed


def test_channels_are_shown_where_the_file_has_them(
    services: Services, resident: Resident, tmp_path: Path
) -> None:
    silent, told = (published(services, tmp_path, f"{n}.pb").slug for n in ("silent", "channels"))
    without, with_them = (words_of(resident, f"/c/{slug}/results") for slug in (silent, told))
    assert "Who took part, and how, was not taken from the file." in without
    assert "How people took part" not in without
    assert "How people took part" in with_them
    assert "was not taken from the file" not in with_them


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("silent.pb", "The file names no rule. greedy-skip is used"),
        ("channels.pb", "The rule that the file names, greedy, is counted as greedy-skip."),
    ],
)
def test_the_record_keeps_whose_choice_the_rule_was(
    services: Services, tmp_path: Path, name: str, whose: str
) -> None:
    id = published(services, tmp_path, name).consultation_id
    assert whose in services.record.get(Consultation, id).overview["en"]


def test_money_without_a_currency_has_no_space_of_its_own_and_nobody_no_table(
    services: Services, resident: Resident, tmp_path: Path
) -> None:
    slug = published(services, tmp_path, "silent.pb").slug
    told = resident.client.get(f"/c/{slug}/results.csv").text
    told += resident.client.get(f"/c/{slug}/results").text
    assert "It costs 20, and 15 was left" in told
    assert not re.search(r"(costs|and|of|cost)  \d|>  ?\d+ of ", told)


def test_before_it_is_published_the_page_says_that_it_comes_from_a_file(
    services: Services, resident: Resident, tmp_path: Path
) -> None:
    path = tmp_path / "board.blt"
    path.write_text(RANKED)
    slug = import_votes(services, path).slug
    services.catch_up()
    words = words_of(resident, f"/c/{slug}/results")
    assert "These votes come from a file." in words
    assert "under the published rule" not in words
    assert "This consultation has closed" not in words
