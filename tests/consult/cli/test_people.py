"""The first installation: a partnership, its wards, its people, and a way in."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consult.cli import main
from consult.commands.accounts.staff import find_member
from consult.config import Config
from consult.people.accounts.sign_in_links import use_sign_in_token
from consult.services import Services
from events import Partnership


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", f"sqlite:///{tmp_path}/folkmoot.db")

    def command(*words: str) -> Result:
        return CliRunner().invoke(main, words)

    formed = command("partnership", "form", "mill", "--name", "Mill", "--area", "Mill Valley")
    assert formed.exit_code == 0, formed.output
    return command


ANN = ("member", "add", "ann@example.org", "--name", "Ann", "--role", "organiser")


def test_somebody_is_added_and_signs_in_by_the_link_that_is_printed(run):
    assert run(*ANN, "--partnership", "mill").exit_code == 0
    link = run("sign-in", "ANN@example.org").output.strip()
    assert link.startswith("http://127.0.0.1:8000/sign-in/")
    services = Services.open(Config.from_environment())
    staff_id = use_sign_in_token(services.vault, link.rpartition("/")[2], services.clock())
    member = find_member(services, staff_id)
    services.close()
    assert member is not None
    assert member.roles == {Partnership.id_for("mill"): ("organiser",)}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("sign-in", "nobody@example.org"), "Add them with"),
        ((*ANN, "--partnership", "elsewhere"), "no partnership"),
        (
            ("member", "add", "ann", "--name", "A", "--role", "organiser", "--partnership", "mill"),
            "not an e-mail address",
        ),
    ],
)
def test_a_refusal_says_why_and_exits_1(run, words, reason):
    result = run(*words)
    assert result.exit_code == 1
    assert reason in result.stderr


def test_wards_come_from_a_file(run, tmp_path: Path):
    file = tmp_path / "wards.csv"
    file.write_text('code,name,name_cy,population,quintile\nW1,East,Dwyrain,"1,200",2\n')
    assert run("partnership", "wards", "mill", str(file), "--source", "Census").exit_code == 0
    services = Services.open(Config.from_environment())
    (ward,) = services.record.get(Partnership, Partnership.id_for("mill")).wards
    services.close()
    assert (ward.name, ward.population, ward.quintile) == ({"en": "East", "cy": "Dwyrain"}, 1200, 2)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("code,name\nW1,East\n", "line 1: There is no column population"),
        ("code,name,population\nW1,East,many\n", "line 2: “many” is not a number"),
        ("code,name,population\n,East,1\n", "line 2: The code or the name is missing"),
        ("code,name,population\nW1,East,-5\n", "line 2: The population is less than 0."),
        ("code,name,population\nW1,East,1000000000\n", "population is more than 999,999,999."),
        ("code,name,population,quintile\nW1,East,5,6\n", "line 2: The quintile is not 1 to 5."),
    ],
)
def test_a_file_of_wards_that_cannot_be_read_changes_nothing(run, tmp_path, content, reason):
    file = tmp_path / "wards.csv"
    file.write_text(content)
    result = run("partnership", "wards", "mill", str(file), "--source", "Census")
    assert result.exit_code == 1
    assert reason in result.stderr


WELSH_WARD = "code,name,population\nW1,Ynys Môn,70\n"


def test_wards_saved_by_a_spreadsheet_are_read_when_it_is_said_how(run, tmp_path: Path):
    file = tmp_path / "wards.csv"
    file.write_bytes(WELSH_WARD.encode("windows-1252"))
    words = ("partnership", "wards", "mill", str(file), "--source", "Census")
    refused = run(*words)
    assert refused.exit_code == 1
    assert "line 2: Byte 10 of this line is not UTF-8." in refused.stderr
    assert "--encoding windows-1252" in refused.stderr
    assert run(*words, "--encoding", "windows-1252").exit_code == 0
    services = Services.open(Config.from_environment())
    (ward,) = services.record.get(Partnership, Partnership.id_for("mill")).wards
    services.close()
    assert ward.name == {"en": "Ynys Môn"}


@pytest.mark.parametrize("content", [WELSH_WARD.encode("utf-16"), b""])
def test_wards_that_are_no_such_text_are_refused_in_words(run, tmp_path: Path, content: bytes):
    file = tmp_path / "wards.csv"
    file.write_bytes(content)
    refused = run("partnership", "wards", "mill", str(file), "--source", "Census")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("wards.csv")
    assert "Nothing was imported." in refused.stderr


def test_somebody_is_added_with_every_role_that_is_named(run):
    added = run(*ANN, "--role", "auditor", "--partnership", "mill")
    assert added.output == "Ann is organiser, auditor in mill.\n"
    assert run("member", "list", "mill").output == "Ann <ann@example.org>: auditor, organiser\n"


@pytest.mark.parametrize("name", ["Ashen moor", "../x", "MILL", "x" * 61, "mill-", ""])
def test_a_partnership_gets_no_short_name_that_cannot_stand_in_an_address(run, name: str):
    refused = run("partnership", "form", "--partnership", name, "--name", "M", "--area", "M")
    assert refused.exit_code == (1 if name else 2)
    assert "Use small letters, digits and hyphens." in refused.stderr or not name


def test_members_are_listed_changed_and_removed(run):
    run(*ANN, "--partnership", "mill")
    listed = ("member", "list", "--partnership", "mill")
    assert run(*listed).output == "Ann <ann@example.org>: organiser\n"
    changed = ("member", "change", "ann@example.org", "--partnership", "mill")
    assert run(*changed, "--name", "Anne", "--role", "auditor", "--role", "desk").exit_code == 0
    assert run(*listed).output == "Anne <ann@example.org>: auditor, desk\n"
    assert run(*changed, "--name", "Ann").exit_code == 0
    assert run(*listed).output == "Ann <ann@example.org>: auditor, desk\n"
    removed = ("member", "remove", "ann@example.org", "--partnership", "mill")
    assert run(*removed).exit_code == 0
    assert run(*listed).output == ""
    again = run(*removed)
    assert (again.exit_code, "Nobody with the address" in again.stderr) == (1, True)
    assert run("sign-in", "ann@example.org").exit_code == 1


def test_adding_somebody_again_under_another_name_is_refused(run):
    run(*ANN, "--partnership", "mill")
    assert run(*ANN, "--partnership", "mill").exit_code == 0
    words = ["Bob" if word == "Ann" else word for word in ANN]
    other = run(*words, "--partnership", "mill")
    assert other.exit_code == 1
    assert "under the name Ann" in other.stderr
