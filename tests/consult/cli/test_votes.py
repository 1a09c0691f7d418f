"""Votes from real files go in through the command line and come out counted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from consult.cli import main
from consult.commands.answers.submitting import Sheet, submit_answers
from events.consultations.terms import CountingTerms
from events.store.record import Record
from tests.builders import EVERY_KIND, RESIDENT, close_consultation, consultation, question

SMALL = """META
key;value
description;Small
country;Nowhere
unit;Village
instance;2026
num_projects;3
num_votes;4
budget;100
vote_type;approval
rule;greedy
date_begin;01.01.2026
date_end;02.01.2026
PROJECTS
project_id;cost;votes;name;selected
p;60;3;Pond;1
q;50;2;Quay;0
r;40;1;Roof;1
VOTES
voter_id;vote
1;p,q
2;p
3;p,r
4;q
"""


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", database_url)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.pb"
    path.write_text(SMALL)
    return path


def test_an_imported_file_is_counted_by_its_own_rule(run, small):
    id = run("import", small).stdout.strip()
    counted = answer(run("count", id, "--json"))
    assert counted["rule"] == "greedy-skip"
    assert counted["ballots"] == 4
    assert counted["funded"] == ["p", "r"]
    assert (counted["spent"], counted["left"]) == (100, 0)


def test_money_in_words_has_its_unit_and_no_pence(run, services):
    [basket] = [each for each in EVERY_KIND if each.kind == "basket"]
    rule = CountingTerms("greedy-skip", tie_chain=("cost", "votes"))
    about = consultation(services, basket, counting={basket.id: rule})
    lights = min(basket.options, key=lambda option: option.cost)
    submit_answers(
        services,
        consultation_id=about.id,
        voter="ann",
        sheet=Sheet({basket.id: [lights.id]}),
        actor=RESIDENT,
        command_id="ann",
    )
    close_consultation(services, about.id)
    left = basket.pot - lights.cost
    said = run("count", about.slug).stdout
    assert f"spent {lights.cost / 100:.2f} GBP, left {left / 100:.2f} GBP" in said


def test_money_of_a_file_that_names_no_currency_gets_none(run, small):
    slug = answer(run("import", small, "--json"))["slug"]
    assert "  spent 100, left 0\n" in run("count", slug).stdout
    assert "GBP" not in run("export", slug, "--format", "csv").stdout
    assert "GBP" not in run("export", slug, "--format", "json").stdout


def ranked(services):
    """A closed ranking of three, in which everybody has the same first choice."""
    order = question("order", "ranking", "Which first?", "Park", "Quay", "Roof")
    about = consultation(services, order)
    for name in ("ann", "bob"):
        ids = [option.id for option in order.options]
        submit_answers(
            services,
            consultation_id=about.id,
            voter=name,
            sheet=Sheet({order.id: ids}),
            actor=RESIDENT,
            command_id=name,
        )
    close_consultation(services, about.id)
    return about, ids


def test_who_is_elected_is_said_in_words_and_follows_the_seats(run, services):
    about, ids = ranked(services)
    one = run("count", about.slug, "--rule", "stv").stdout
    two = run("count", about.slug, "--rule", "stv", "--seats", "2").stdout
    assert f"  elected: {ids[0]}  Park\n" in one
    assert f"  elected: {ids[0]}  Park; {ids[1]}  Quay\n" in two


def test_what_a_count_is_told_is_used_or_refused(run, services):
    about, ids = ranked(services)
    for words in (("--seats", "1"), ("--seats", "99"), ("--lot", ids[0])):
        ignored = run("count", about.slug, *words)
        assert ignored.exit_code == 2
        assert "need --rule" in ignored.stderr
    unknown = f"The lot names 'zz', which is not an option. The options are: {', '.join(ids)}."
    twice = "The lot names an option twice. Name each once."
    for lot, says in (
        ("zz", unknown),
        (f"{ids[0]},zz", unknown),
        (f"{ids[0]},{ids[0]}", twice),
    ):
        wrong = run("count", about.slug, "--rule", "stv", "--lot", lot)
        assert wrong.exit_code == 1
        assert says in wrong.stderr
    head = services.record.head()
    assert run("count", about.slug, "--rule", "stv", "--as-at", head).exit_code == 0
    later = run("count", about.slug, "--rule", "stv", "--as-at", head + 1)
    assert later.exit_code == 1
    assert f"The record has {head} facts" in later.stderr


def test_without_a_counted_question_an_export_says_what_can_be_had(run, services):
    asked = question("words", "text", "What do you think?")
    about = consultation(services, asked)
    close_consultation(services, about.id)
    refused = run("export", about.slug)
    assert refused.exit_code == 1
    assert "no ballots to count or export. Every answer can be exported as csv" in refused.stderr
    assert "default: pabulib" in run("export", "--help").stdout
    assert run("export", about.slug, "--format", "csv").exit_code == 0


def test_a_text_that_begins_with_a_heading_is_no_file_of_votes(run, tmp_path: Path):
    text = tmp_path / "README.md"
    text.write_text("# Folkmoot\n\nConsult a community.\n")
    refused = run("import", text)
    assert refused.exit_code == 1
    for known in (".pb", ".soc", ".blt", ".csv"):
        assert known in refused.stderr


def test_an_import_into_a_database_without_a_record_says_that_it_made_one(
    run, small, tmp_path: Path, monkeypatch
):
    assert "a new one was made" not in run("import", small).stderr
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
    first = run("import", small)
    assert first.exit_code == 0
    assert f"there was no record in {tmp_path}/other.db, so a new one was made." in first.stderr
    assert "a new one was made" not in run("import", small).stderr


def test_importing_the_same_file_again_writes_nothing(run, small):
    first = answer(run("import", small, "--json"))
    cutoff = answer(run("count", first["id"], "--json"))["cutoff"]
    assert answer(run("import", small, "--json"))["id"] == first["id"]
    assert answer(run("count", first["id"], "--json"))["cutoff"] == cutoff


def test_another_rule_and_its_parameters_can_be_asked_for(run, small):
    id = run("import", small).stdout.strip()
    counted = answer(run("count", id, "--rule", "greedy-skip", "--set", "threshold=2", "--json"))
    assert counted["funded"] == ["p"]


@pytest.mark.parametrize(
    ("words", "exit_code", "reason"),
    [
        (["count", "nothing-here"], 1, "no consultation"),
        (["count", "small", "--rule", "lottery"], 1, "no rule called 'lottery'"),
        (["count", "small", "--rule", "greedy-skip", "--set", "x=1"], 1, "no parameter called 'x'"),
        (["count", "small", "--rule", "irv", "--set", "x"], 2, "name=value"),
        (["count", "small", "--set", "x=1"], 2, "--rule"),
        (["results", "small"], 1, "No result is published"),
        (["rebuild", "--only", "nothing"], 2, "nothing is not one of"),
    ],
)
def test_what_cannot_be_done_is_said_on_standard_error(run, small, words, exit_code, reason):
    slug = answer(run("import", small, "--json"))["slug"]
    result = run(*[slug if word == "small" else word for word in words])
    assert result.exit_code == exit_code
    assert reason in result.stderr
    assert result.stdout == ""


def test_a_malformed_file_is_refused_with_its_line_and_nothing_is_written(run, tmp_path):
    broken = tmp_path / "broken.pb"
    broken.write_text(SMALL.replace("3;p,r", "3;p,z"))
    assert run("init").exit_code == 0
    result = run("import", broken)
    assert result.exit_code == 1
    assert "line 23" in result.stderr
    assert "Nothing was imported" in result.stderr
    assert run("count", "broken").exit_code == 1


def test_published_results_name_rule_cutoff_and_digests(run, small):
    slug = answer(run("import", small, "--json"))["slug"]
    assert run("publish", slug).exit_code == 0
    (result,) = answer(run("results", slug, "--json"))["results"]
    assert result["rule"] == "greedy-skip"
    assert result["outcome"]["funded"] == ["p", "r"]
    assert result["input_digest"].startswith("sha256:")
    assert result["result_digest"].startswith("sha256:")
    assert "rule" not in result["comparison"], "the file asked for no other rule"


def test_an_export_imports_again_to_the_same_count(run, small, tmp_path):
    slug = answer(run("import", small, "--json"))["slug"]
    written = tmp_path / "written.pb"
    assert run("export", slug, "--format", "pabulib", "--output", written).exit_code == 0
    again = answer(run("import", written, "--json"))["slug"]
    counts = [answer(run("count", each, "--json")) for each in (slug, again)]
    assert counts[0]["input_digest"] == counts[1]["input_digest"]
    assert counts[0]["funded"] == counts[1]["funded"]


def test_all_answers_are_exported_as_table_workbook_and_document(run, small, tmp_path):
    slug = answer(run("import", small, "--json"))["slug"]
    table, book = tmp_path / "answers.csv", tmp_path / "answers.xlsx"
    assert run("export", slug, "--format", "csv", "--output", table).exit_code == 0
    assert len(table.read_text(encoding="utf-8-sig").splitlines()) == 5
    assert run("export", slug, "--format", "xlsx", "--output", book).exit_code == 0
    assert openpyxl.load_workbook(book).worksheets[0].max_row == 5
    assert book.stat().st_mode & 0o777 == 0o600, "it may hold what people wrote"
    assert {path.name for path in tmp_path.glob("answers*")} == {"answers.csv", "answers.xlsx"}
    assert len(answer(run("export", slug, "--format", "json"))["responses"]) == 4


def test_words_leave_by_a_flag_of_their_own_and_the_record_says_so(run, small, database_url):
    slug = answer(run("import", small, "--json"))["slug"]

    def recorded() -> list[Any]:
        record = Record(database_url)
        rows = [row for row in record.read(0, 10_000) if "words_exported" in row.topic]
        record.close()
        return rows

    run("export", slug, "--format", "json")
    assert not recorded()
    assert run("export", slug, "--format", "json", "--words").exit_code == 0
    [fact] = recorded()
    assert b'"role":"operator"' in fact.state
    refused = run("export", slug, "--format", "pabulib", "--words")
    assert refused.exit_code == 2
    assert "--words goes with all questions" in refused.output
    assert run("export", slug, "--format", "xlsx", "--question", "projects").exit_code == 2


def test_read_models_are_rebuilt_and_checked(run, small):
    run("import", small)
    assert run("rebuild").exit_code == 0
    checked = run("rebuild", "--check")
    assert checked.exit_code == 0
    assert "ballot_box: as it should be" in checked.stdout


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_explains_itself_with_an_example(run, command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Example: consult" in result.stdout


def test_a_ranking_goes_out_as_blt_and_comes_in_the_same(run, tmp_path):
    twins = tmp_path / "twins.blt"
    twins.write_text('3 2\n4 1 2 0\n2 3 0\n0\n"Castor"\n"Pollux"\n"Helen"\n"Twins"\n')
    slug = answer(run("import", twins, "--json"))["slug"]
    assert answer(run("count", slug, "--json"))["elected"] == ["1", "3"]
    written = tmp_path / "written.blt"
    assert run("export", slug, "--format", "blt", "--output", written).exit_code == 0
    assert written.read_text() == twins.read_text()


def test_the_encoding_of_a_file_is_said_and_never_guessed(run, small):
    small.write_bytes(SMALL.replace("Pond", "Café").encode("windows-1252"))
    refused = run("import", small)
    assert refused.exit_code == 1
    assert "--encoding windows-1252" in refused.stderr
    assert answer(run("import", small, "--json", "--encoding", "windows-1252"))["ballots"] == 4


def test_a_file_whose_project_looks_like_another_is_refused_with_the_character(run, small):
    small.write_text(
        SMALL.replace("q;50", "\u0440;50").replace("p,q", "p,\u0440").replace("4;q", "4;\u0440")
    )
    result = run("import", small)
    assert result.exit_code != 0
    assert "because of its character number 1, U+0440." in result.output
