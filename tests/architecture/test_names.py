"""A subject keeps its noun through the layers, so that its noun finds all of it."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EVERYWHERE = ("events", "projections", "consult/commands", "consult/web", "templates", "tests")
NOUNS = {
    "answer": EVERYWHERE,
    "consultation": EVERYWHERE,
    "count": (
        "events",
        "consult/commands",
        "consult/counting",
        "consult/web",
        "templates",
        "tests",
    ),
    "data_protection": (*EVERYWHERE, "consult/cli"),
    "follow_up": EVERYWHERE,
    "interest": EVERYWHERE,
    "partnership": (*EVERYWHERE, "consult/cli"),
    "seat": EVERYWHERE,
    "short_name": ("events", "consult/commands", "consult/web", "tests"),
    "staff": (
        "events",
        "projections",
        "consult/people",
        "consult/commands",
        "consult/web",
        "tests",
    ),
}
"""Where there is a file or a folder of that name. Read models are of pages: short names have none,
and what was counted is read with the results."""
NOUN_OF = {
    "ballot": "answer",
    "response": "answer",
    "submission": "answer",
    "question": "consultation",
    "particulars": "partnership",
    "theme": "partnership",
}
"""Modules of the record that are part of a subject with another noun."""
OF_ALL = {"__init__", "base", "channels", "errors"}


def files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return listed.stdout.split()


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_finds_its_subject_in_every_layer(noun: str):
    known = files()
    missing = [
        layer
        for layer in NOUNS[noun]
        if not any(each.startswith(f"{layer}/") and noun in each for each in known)
    ]
    assert not missing


def test_every_module_of_the_record_belongs_to_a_noun():
    modules = {path.stem for path in (ROOT / "events").glob("*.py")} - OF_ALL
    assert not {each for each in modules if NOUN_OF.get(each, each) not in NOUNS}
