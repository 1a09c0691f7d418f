"""The commands about personal data and copies, as they are typed."""

import json

import pytest
from click.testing import CliRunner, Result

from consult.cli import main
from tests.builders import BEGINNING
from tests.consult.people.erasable import EMAIL, WORDS, answer, asked, held, tell_more


@pytest.fixture
def consult(services, monkeypatch, tmp_path):
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", services.config.database_url)
    monkeypatch.setenv("FOLKMOOT_KEY_FILE", str(tmp_path / "folkmoot.log.key"))

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    return run


def test_a_person_is_shown_their_data_and_then_erased(services, consult):
    id = asked(services).id
    mine = answer(services, id)
    tell_more(services, mine)
    shown = consult("disclose", mine.code)
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.output)["history"][0]["texts"] == {"more": WORDS}
    erased = consult("erase", mine.changing_code)
    assert erased.exit_code == 0, erased.output
    assert held(services) == (0, 0, 0)
    assert WORDS not in consult("disclose", mine.code).output
    scrubbed = consult("scrub")
    assert scrubbed.exit_code == 0, scrubbed.output
    assert "rewritten" in scrubbed.output


def test_a_copy_goes_into_a_file_with_what_the_person_sent(services, consult, tmp_path):
    mine = answer(services, asked(services).id)
    done = consult("disclose", mine.code, "--output", str(tmp_path / "answer"))
    assert done.exit_code == 0, done.output
    copy = tmp_path / "answer.json"
    assert str(copy) in done.output
    assert json.loads(copy.read_text())["history"][0]["texts"] == {"more": WORDS}
    assert copy.stat().st_mode & 0o777 == 0o600


def test_equality_answers_are_spoken_of_in_both_languages(services, consult):
    mine = answer(services, asked(services).id)
    said = json.loads(consult("disclose", mine.code).output).get("equality_answers")
    assert said is None or said.keys() == {"en", "cy"}


def test_an_officer_erases_by_case_and_address(services, consult):
    id = asked(services).id
    tell_more(services, answer(services, id))
    done = consult("erase", "--case", "DP/1", "--email", EMAIL, "--consultation", "riverside")
    assert done.exit_code == 0, done.output
    assert held(services) == (0, 0, 0)


@pytest.mark.parametrize(
    ("words", "exit_code"),
    [
        (("erase",), 2),
        (("erase", "--email", EMAIL), 2),
        (("erase", "--submission", "6f1d3e58-3a0c-5f3e-9f0b-0d3c7a2b5e11"), 2),
        (("erase", "AAAA", "--case", "DP/1", "--email", EMAIL, "--consultation", "x"), 2),
        (("erase", "0000-0000-0000-0000"), 1),
        (("erase", "0000-0000-0000-0000", "--case", "Ann Larch"), 1),
        (("disclose", "0000-0000-0000-0000"), 1),
        (("hold", "set", "nowhere", "--reason", "x"), 1),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_erased(services, consult, words, exit_code):
    tell_more(services, answer(services, asked(services).id))
    refused = consult(*words)
    assert refused.exit_code == exit_code, refused.output
    assert held(services) == (1, 1, 2)


def test_a_hold_is_set_listed_and_lifted(services, consult):
    mine = answer(services, asked(services).id)
    case = consult("hold", "set", "riverside", "--reason", "Claim 1").output.strip()
    assert "Claim 1" in consult("hold", "list", "riverside").output
    assert "legal hold" in consult("erase", mine.changing_code).output
    assert consult("hold", "lift", case, "--reason", "Over").exit_code == 0
    assert consult("erase", mine.changing_code).exit_code == 0


def test_a_backup_is_made_and_not_put_over_what_is_there(services, consult, tmp_path):
    answer(services, asked(services).id)
    folder = str(tmp_path / "copy")
    made = consult("backup", folder)
    assert made.exit_code == 0, made.output
    again = consult("restore", folder)
    assert again.exit_code == 1
    assert "not empty" in again.output
    assert services.clock() == BEGINNING


def test_a_folder_that_is_no_copy_of_the_log_erases_nothing(services, consult, tmp_path):
    tell_more(services, answer(services, asked(services).id))
    before = held(services)
    done = consult("erase-again", str(tmp_path))
    assert done.exit_code == 1
    assert "is not a whole copy of this log" in done.output
    assert held(services) == before
