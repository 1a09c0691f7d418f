"""Whoever leaves out a step of docs/extending.md is told so by the tests that it names.

The steps were followed for `interest`, the example that the document keeps. Each is taken out of a
copy of the project, one after the other, and the tests must fail that the document names below it.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.mutation.copies import copy, environment

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "tests/golden/events/consult.interest.declared.v1.json"
FACTS = "tests/events/test_golden_facts.py"
ENTRIES = "tests/consult/sealing/public_entries/test_entries.py"
TRAIL = "tests/consult/web/results/test_trail.py"
TABLES = "tests/projections/test_tables.py"
ACCESS = "tests/consult/test_access.py"
PAGES = "tests/consult/web/test_pages.py"
LANGUAGE = "tests/consult/web/test_language.py"


class Step(NamedTuple):
    """A step of a chapter. `old` is replaced by `new` in a file, or the file is left out."""

    chapter: str
    file: str
    test: str
    old: str = ""
    new: str = ""


STEPS = {
    "sample": Step("A fact", SAMPLE, FACTS),
    "topic": Step(
        "A fact",
        "tests/golden/events/topics/list.json",
        FACTS,
        ' "consult.interest.declared.v1",\n',
    ),
    "entry": Step(
        "A fact",
        "consult/sealing/public_entries/official_entries.py",
        ENTRIES,
        "    Interest.Declared.TOPIC: interest,\n",
    ),
    "title": Step(
        "A fact",
        "consult/wording/registries/trail_words.py",
        TRAIL,
        '    Interest.Declared: FactWords(N_("A member declared an interest")),\n',
    ),
    "capability": Step(
        "A command",
        "consult/commands/interests.py",
        ACCESS,
        "@access.needs(access.DECLARE_INTEREST)\n",
    ),
    "table of access": Step(
        "A command",
        "consult/access.py",
        ACCESS,
        "record the interests that member organisations declare, and their end",
        "record interests",
    ),
    "list of read models": Step(
        "A read model", "projections/__init__.py", TABLES, "    Interests,\n"
    ),
    "tables": Step(
        "A read model",
        "projections/interests.py",
        TABLES,
        '            Column("position", BigInteger, nullable=False),\n',
    ),
    "room": Step(
        "A page", "consult/web/__init__.py", PAGES, '    "partnership.public.interests",\n'
    ),
    "who it is for": Step(
        "A page",
        "consult/web/partnership/declaring_interests.py",
        PAGES,
        ", who=access.DECLARE_INTEREST",
    ),
    "Welsh": Step(
        "A page",
        "consult/translations/cy/LC_MESSAGES/messages.po",
        LANGUAGE,
        'msgstr "Buddiannau ein haelodau"',
        'msgstr ""',
    ),
}


def chapter(name: str) -> str:
    """The text of a chapter of the document."""
    text = (ROOT / "docs" / "extending.md").read_text()
    return text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_the_document_names_the_test_that_tells(step: Step):
    named = [
        path
        for line in re.findall(r"`pytest ([^`]+)`", chapter(step.chapter))
        for path in line.split()
    ]
    assert any(step.test == path or step.test.startswith(f"{path}/") for path in named), named


def test_the_example_went_through_the_chapters_that_the_document_names():
    text = (ROOT / "docs" / "extending.md").read_text()
    said = re.search(r"went through the chapters on (.+?), and is kept", text)
    assert said
    named = re.split(r", | and ", said[1])
    chapters = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert {name.capitalize() for name in named} <= set(chapters)
    assert {step.chapter for step in STEPS.values()} <= {name.capitalize() for name in named}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy(tmp_path_factory.mktemp("extending") / "project")


def run(place: Path, test: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test]
    return subprocess.run(
        [*command, "-k", "not postgres"],
        cwd=place, env=environment(place) | {"PYTEST_ADDOPTS": ""},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.in_turn
@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_step_that_is_left_out_is_told(place: Path, step: Step):
    file = place / step.file
    whole = file.read_text()
    try:
        if step.old:
            assert step.old in whole
            file.write_text(whole.replace(step.old, step.new))
        else:
            file.unlink()
        ended = run(place, step.test)
    finally:
        file.write_text(whole)
    assert ended.returncode in {1, 2}, ended.stdout[-2_000:]


@pytest.mark.slow
def test_with_every_step_the_tests_pass(place: Path):
    ended = run(place, TABLES)
    assert ended.returncode == 0, ended.stdout[-2_000:]
