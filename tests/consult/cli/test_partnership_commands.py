"""Commands about a partnership: formed once, changed by name, and what it states from a file."""

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from consult.cli import main
from tests.builders import PARTICULARS
from tests.events.test_frameworks import OURS

FORM = ("partnership", "form", "mill", "--name", "Mill", "--area", "Mill Valley")
TOML = """
email = "hello@example.org"
telephone = "01632 960 123"
post = "Town Hall"
officer_email = "dpo@example.org"
answer_days = 7
has_paper = true

[controller]
en = "Mill Council"
[officer]
en = "The data protection office"
[lawful_basis]
en = "a public task"
[regulator]
en = "the Commissioner"
[accessibility_regulator]
en = "the Commission"

[[places]]
address = "High Street"
name.en = "Library"
hours.en = "Weekdays"
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", f"sqlite:///{tmp_path}/folkmoot.db")

    def command(*words: str) -> Result:
        return CliRunner().invoke(main, words)

    formed = command(*FORM)
    assert formed.exit_code == 0, formed.output
    return command


def shown(run) -> dict:
    return json.loads(run("partnership", "show", "mill").stdout)


def test_a_partnership_begins_under_rules_and_owes_people_a_statement(run):
    found = run("partnership", "show", "mill")
    assert json.loads(found.stdout)["profile"] == "local-agreement"
    assert "Still to do: say at which telephone number" in found.stderr


def test_nobody_can_choose_the_profile_that_is_for_imports(run):
    for words in (
        (*FORM, "--profile", "none"),
        ("partnership", "change", "mill", "--profile", "none"),
    ):
        done = run(*words)
        assert done.exit_code == 1
        assert "There is no framework profile “none”" in done.stderr


def test_forming_it_again_says_what_differs_and_changes_nothing(run):
    assert run(*FORM).exit_code == 0
    again = run(*FORM[:-1], "Elsewhere")
    assert again.exit_code == 1
    assert "another area" in again.stderr
    assert shown(run)["area"] == {"en": "Mill Valley"}


def test_a_statement_is_read_from_a_file(run, tmp_path: Path):
    file = tmp_path / "facts.toml"
    file.write_text(TOML)
    done = run("partnership", "state", "mill", str(file))
    assert done.exit_code == 0, done.output
    assert "Everything that people are owed is stated." in done.stderr
    found = shown(run)
    assert (found["telephone"], found["places"][0]["address"]) == ("01632 960 123", "High Street")


def test_what_is_shown_can_be_stated_again(run, tmp_path: Path):
    file = tmp_path / "facts.json"
    file.write_bytes(msgspec.json.encode(PARTICULARS))
    assert run("partnership", "state", "mill", str(file)).exit_code == 0
    found = {
        key: value
        for key, value in shown(run).items()
        if key not in {"slug", "name", "area", "profile"}
    }
    assert msgspec.convert(found, type(PARTICULARS)) == PARTICULARS


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('fax = "01632 960 002"', "“fax” is no name that it may state; the names are "),
        ('emial = "a@example.org"', "“emial” is no name that it may state; did you mean email?"),
        ("email = [", "cannot be read"),
        (
            "answer_days = 'soon'",
            "answer_days has to be a whole number, and is words in quotation marks",
        ),
        ('email = "nobody"', "is not an e-mail address"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_and_says_why(run, tmp_path: Path, text, reason):
    file = tmp_path / "facts.toml"
    file.write_text(text)
    done = run("partnership", "state", "mill", str(file))
    assert done.exit_code == 1
    assert reason in done.stderr
    assert shown(run).get("email", "") == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'["email"]', "it is no list of names with what each states"),
        (b'"email"', "it is no list of names with what each states"),
        ('{"post": "Ynys Môn"}'.encode("windows-1252"), "it is not UTF-8 text"),
    ],
)
def test_a_statement_of_another_form_is_refused_in_words(run, tmp_path: Path, content, reason):
    file = tmp_path / "facts.json"
    file.write_bytes(content)
    done = run("partnership", "state", "mill", str(file))
    assert done.exit_code == 1
    assert f"facts.json cannot be read: {reason}. Nothing was changed." in done.stderr


def test_name_and_profile_change_and_the_rest_stays(run):
    assert (
        run("partnership", "change", "mill", "--name", "New Mill", "--name-cy", "Melin").exit_code
        == 0
    )
    assert run("partnership", "change", "mill", "--profile", "wales").exit_code == 0
    found = shown(run)
    assert found["name"] == {"en": "New Mill", "cy": "Melin"}
    assert (found["area"], found["profile"]) == ({"en": "Mill Valley"}, "wales")


def test_a_profile_that_nobody_knows_is_refused_with_those_that_there_are(run):
    done = run("partnership", "change", "mill", "--profile", "moon")
    assert done.exit_code == 1
    assert "There is no framework profile “moon”. There are: free, local-agreement" in done.stderr


def test_profiles_are_listed_and_a_file_of_ones_own_is_checked_and_used(run, tmp_path, monkeypatch):
    folder = tmp_path / "frameworks"
    folder.mkdir()
    file = folder / "ours.json"
    file.write_text(json.dumps(OURS))
    assert "wales                      84  Wales" in run("partnership", "profiles").stdout
    checked = run("partnership", "profiles", "--check", str(file))
    assert checked.stdout == "ours                       21  Our rules\n"
    monkeypatch.setenv("FOLKMOOT_FRAMEWORKS", str(folder))
    assert run("partnership", "change", "mill", "--profile", "ours").exit_code == 0
    assert shown(run)["profile"] == "ours"
    file.write_text("{}")
    done = run("partnership", "show", "mill")
    assert done.exit_code == 1
    assert "ours.json cannot be used: Object missing required field `id`" in done.stderr
    monkeypatch.delenv("FOLKMOOT_FRAMEWORKS")
    assert (
        "choose another framework profile: ours is not known here"
        in run("partnership", "show", "mill").stderr
    )


def test_the_file_in_the_documentation_states_everything(run, tmp_path: Path):
    file = Path(__file__).parents[3] / "docs" / "service" / "facts.toml"
    done = run("partnership", "state", "mill", str(file))
    assert done.exit_code == 0, done.output
    assert "Everything that people are owed is stated." in done.stderr
