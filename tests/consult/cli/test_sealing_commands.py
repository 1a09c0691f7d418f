"""The commands of the log and of a witness, as somebody types them."""

import json
import threading
from contextlib import closing

import pytest
from click.testing import CliRunner
from werkzeug.serving import make_server

from consult.cli import main
from consult.verifier.shipped import program
from consult.web import create_app
from events.log.checkpoint import Checkpoint
from events.log.keys import parse_vkey
from events.log.minute_words import lines_of, words_of
from tests.builders import ORGANISER, close_consultation, consultation
from tests.consult.sealing.audits import answer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def consult(services, log, monkeypatch):
    """Types a command; gives exit code and everything it says."""
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", services.config.database_url)
    monkeypatch.setenv("FOLKMOOT_KEY_FILE", str(services.config.key_file))

    def typed(*words):
        result = CliRunner().invoke(main, list(map(str, words)))
        return result.exit_code, result.output

    return typed


def test_seal_once_seals_what_there_is(services, consult, log):
    about = consultation(services)
    answer(services, about, "Ada")
    assert consult("seal", "--once") == (0, "The log has 5 entries.\n")
    assert log.latest().size == 5


def test_lines_for_the_minutes_are_printed_and_compared_with_the_log_of_today(
    services, consult, log, tmp_path
):
    assert consult("minutes")[0] == 1
    about = consultation(services)
    answer(services, about, "Ada")
    consult("seal", "--once")
    code, lines = consult("minutes")
    assert code == 0
    assert lines == f"{lines_of(log.latest().signed)}\n{program().line}\n"
    answer(services, about, "Ben")
    consult("seal", "--once")
    file = tmp_path / "lines"
    file.write_text(lines)
    assert consult("minutes", file) == (
        0,
        "Yes: the log of today, 6 entries, begins with these 5.\n",
    )
    origin, _, *_ = lines.split("\n")
    for point, says in (
        (Checkpoint(origin, 5, bytes(32)), "No: the first 5 entries of the log of today are other"),
        (
            Checkpoint(origin, 9, bytes(32)),
            "No: the lines name 9 entries, and the log",
        ),
    ):
        file.write_text(f"{point.size} {' '.join(words_of(point))}")
        code, said = consult("minutes", file)
        assert code == 1
        assert says in said
    tenth = lines.split()[12]
    file.write_text(lines.replace(tenth, "minutes"))
    code, said = consult("minutes", file)
    assert code == 1
    assert "Word 10, “minutes”, is not one of the words" in said


def test_the_key_is_shown_changed_replaced_and_the_log_retired(services, consult, log, seal):
    assert "has not begun yet" in consult("log-key", "show")[1]
    consultation(services)
    consult("seal", "--once")
    first = log.document("vkey").decode()
    assert consult("log-key", "show") == (0, first)
    code, said = consult("log-key", "rotate")
    assert code == 0
    assert said.startswith("The key was changed after 4 entries; both keys signed that.")
    assert "Print the new key where people find the old one" in said
    assert consult("log-key", "replace-lost")[0] == 1
    code, said = consult("log-key", "replace-lost", "--yes")
    assert code == 1
    assert "is there, so it is not lost" in said
    services.config.key_path.unlink()
    code, said = consult("log-key", "replace-lost", "--yes")
    assert code == 0
    assert "Nobody follows this by themselves." in said
    assert consult("log-key", "retire")[0] == 1
    assert consult("log-key", "retire", "--yes") == (0, "The log was retired after 4 entries.\n")
    code, said = consult("log-key", "show")
    assert said.count("\n") == 4
    assert consult("seal", "--once")[0] == 1


def test_openings_are_handed_out_after_the_closing_only(services, consult, log):
    about = consultation(services)
    answer(services, about, "Ada")
    consult("seal", "--once")
    code, said = consult("openings", "riverside")
    assert code == 1
    assert "only after the consultation has closed" in said
    close_consultation(services, about.id, actor=ORGANISER)
    consult("seal", "--once")
    code, said = consult("openings", about.id)
    assert code == 0
    assert json.loads(said)["x"] == '{"order":["a","b"]}'


def test_a_lost_memory_is_explained_and_can_be_given_up(services, consult, log, tmp_path):
    consultation(services)
    consult("seal", "--once")
    services.config.key_file.with_suffix(".state").unlink()
    code, said = consult("seal", "--once")
    assert code == 1
    assert "consult seal --adopt" in said
    assert consult("seal", "--adopt")[0] == 0


def test_a_witness_from_making_to_evidence(services, consult, log, seal, tmp_path):
    folder = ("--folder", tmp_path / "fern")
    assert consult("witness", "check", *folder)[0] == 1
    code, line = consult("witness", "init", "--name", "fern.example", *folder)
    assert code == 0
    assert parse_vkey(line.split()[2]).name == "fern.example"
    consultation(services)
    seal()
    server = make_server("127.0.0.1", 0, create_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    with closing(server.socket):
        address = f"http://127.0.0.1:{server.server_port}/log"
        code, said = consult("witness", "add", address, *folder)
        assert code == 0
        assert log.document("vkey").decode().strip() in said
        code, said = consult("witness", "check", *folder)
        assert code == 0
        assert log.latest().signed.decode().split("\n\n")[0] in said
        server.shutdown()
        thread.join()
    assert consult("witness", "check", *folder)[0] == 1
    assert consult("witness", "evidence", *folder) == (0, "There is none.\n")
