"""Imports that are killed, repeated, thrown away; and lines that stand for many ballots."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from consult import duties
from consult.cli import main
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.answers.submitting_refusals import ConsultationClosed
from consult.commands.context import Actor
from consult.commands.files.importing import (
    ClosedDiffers,
    NoImport,
    OtherImport,
    StoredDiffers,
    discard_import,
    import_votes,
)
from consult.commands.files.importing_setup import draft_of
from consult.commands.results.counting import publish_results
from consult.commands.results.working_out import work_out
from consult.formats import FormatError, read
from consult.services import Services
from consult.web import create_app
from events import Ballot, Consultation, Partnership, Response
from projections.consultations import Consultations
from tests.builders import RANKING, consultation

HEAD = """META
key;value
description;Many
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;name
p;60;Pond
q;50;Quay
r;40;Roof
VOTES
voter_id;vote
"""
VOTES = ("p", "p,r", "q", "r", "p,q,r")
BALLOTS = 5_000
HEAVY = """# FILE NAME: heavy.soi
# TITLE: Heavy
# DATA TYPE: soi
# NUMBER ALTERNATIVES: 3
# ALTERNATIVE NAME 1: Mill bridge
# ALTERNATIVE NAME 2: Lock bridge
# ALTERNATIVE NAME 3: Long bridge
3000000: 1,2,3
1000: 2,1
7: 3
"""


@pytest.fixture
def many(tmp_path: Path) -> Path:
    path = tmp_path / "many.pb"
    rows = (f"{n};{VOTES[n % len(VOTES)]}\n" for n in range(BALLOTS))
    path.write_text(HEAD + "".join(rows))
    return path


@pytest.fixture
def heavy(tmp_path: Path) -> Path:
    path = tmp_path / "heavy.soi"
    path.write_text(HEAVY)
    return path


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", database_url)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def killed(services: Services, database_url: str, many: Path) -> Iterator[Callable[[int], None]]:
    """Runs `consult import` until so many facts are stored, and kills it at once."""

    def kill(after: int) -> None:
        before = services.record.head()
        words = [str(Path(sys.executable).with_name("consult")), "import", str(many)]
        process = subprocess.Popen(
            words,
            env=os.environ | {"FOLKMOOT_DATABASE_URL": database_url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            end = time.monotonic() + 120
            while services.record.head() - before < after:
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < end, "nothing was stored"
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
        finally:
            process.kill()
            output, _errors = process.communicate()
        assert process.returncode == -signal.SIGKILL, "it was killed, not finished"
        assert output == b"", "nothing was reported"

    return kill


def imported(services: Services) -> Consultation:
    """The consultation of the last import, as the record has it."""
    services.catch_up()
    pages = services.views.reader(Consultations)
    with services.views.connect() as db:
        (latest, *_) = pages.of_partnership(db, Partnership.id_for("imported-votes"))
    return services.record.get(Consultation, latest.id)


@pytest.mark.in_turn
@pytest.mark.parametrize("after", [2, 5, 2_005, 5_005])
def test_an_import_that_is_killed_is_nobodys_to_see_and_is_finished_by_repeating_it(
    services: Services, run: Callable[..., Result], killed: Callable[[int], None], many: Path,
    clock: Any, after: int,
) -> None:  # fmt: skip
    killed(after)
    begun = imported(services)
    assert begun.state in {"draft", "open"}
    client = create_app(services).test_client()
    for address in ("", "/results", "/questions", "/check", "/results.csv", "/log"):
        assert client.get(f"/c/{begun.slug}{address}").status_code == 404
    assert begun.title["en"] not in client.get("/").text
    clock.move(days=3)
    duties.close_what_is_due(services)
    assert imported(services).state == begun.state, "it does not close by itself"

    again = run("import", many, "--json")
    assert again.exit_code == 0, again.output
    report = json.loads(again.stdout)
    assert report["ballots"] == BALLOTS
    assert report["resumed"] % 1_000 == 0
    assert report["resumed"] >= (after - 5) // 2_000 * 2_000
    assert imported(services).state == "closed"
    outcome = work_out(services, begun.id).outcome
    assert outcome.ballots == BALLOTS
    assert outcome.scores == {"p": "3000", "q": "2000", "r": "3000"}


def test_nobody_can_answer_an_import(
    services: Services, killed: Callable[[int], None], many: Path
) -> None:
    killed(2_005)
    begun = imported(services)
    assert begun.is_open
    with pytest.raises(ConsultationClosed):
        submit_answers(
            services,
            consultation_id=begun.id,
            voter="resident/1",
            sheet=Sheet({"vote": ["p"]}, assurance="imported"),
            actor=Actor("resident"),
            command_id="mine",
        )
    assert import_votes(services, many).ballots == BALLOTS


def test_an_import_is_thrown_away_with_one_command_and_can_begin_anew(
    services: Services, run: Callable[..., Result], killed: Callable[[int], None], many: Path
) -> None:
    killed(2_005)
    begun = imported(services)
    done = run("discard", begun.slug)
    assert done.exit_code == 0, done.output
    assert services.record.get(Consultation, begun.id).state == "withdrawn"
    fresh = json.loads(run("import", many, "--json").stdout)
    assert fresh["id"] != str(begun.id)
    assert (fresh["ballots"], fresh["resumed"]) == (BALLOTS, 0)
    assert run("discard", fresh["id"]).exit_code == 0
    assert json.loads(run("import", many, "--json").stdout)["slug"].endswith("-3")


def test_an_import_that_was_only_drafted_is_thrown_away(services: Services, many: Path) -> None:
    begun = draft_of(services, read(many), "many", many.name)
    assert services.record.get(Consultation, begun.id).state == "draft"
    discard_import(services, begun.id, actor=Actor("operator"))
    assert services.record.get(Consultation, begun.id).state == "withdrawn"


def test_a_consultation_of_people_is_not_thrown_away(services: Services) -> None:
    asked = consultation(services, RANKING)
    with pytest.raises(NoImport, match="was not imported"):
        discard_import(services, asked.id, actor=Actor("operator"))
    assert services.record.get(Consultation, asked.id).is_open


def test_a_file_read_in_another_way_does_not_continue_an_import(
    services: Services, tmp_path: Path
) -> None:
    path = tmp_path / "cafe.pb"
    path.write_bytes(HEAD.replace("Pond", "Pond £5").encode("windows-1252") + b"1;p\n")
    first = import_votes(services, path, encoding="windows-1252")
    with pytest.raises(OtherImport, match="consult discard"):
        import_votes(services, path, encoding="windows-1250")
    assert import_votes(services, path, encoding="windows-1252") == first


def test_success_is_never_reported_from_the_file(
    services: Services, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a store has lost, whatever the reason, is not reported and not closed."""
    appended = services.record.append_batch
    monkeypatch.setattr(
        services.record, "append_batch", lambda new, **more: appended(new[:-1], **more)
    )
    with pytest.raises(StoredDiffers) as refused:
        import_votes(services, many)
    id = imported(services).id
    assert type(refused.value) is StoredDiffers
    assert str(refused.value) == (
        f"The file has {BALLOTS} ballots, and what the record holds of it, {BALLOTS - 3}, is not "
        "the same. It stays unfinished, and nobody sees it. Throw it away with: consult discard "
        f"{id} - then import the file again."
    )
    assert imported(services).is_open
    monkeypatch.undo()
    assert import_votes(services, many).ballots == BALLOTS


def test_an_import_that_closed_without_all_its_ballots_is_not_called_finished(
    services: Services, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As imports of earlier versions did, whose deadline closed them."""
    monkeypatch.setattr("consult.commands.files.importing._store_ballots", lambda *_: 0)
    monkeypatch.setattr("consult.commands.files.importing._check_stored", lambda *_: 0)
    import_votes(services, many)
    monkeypatch.undo()
    with pytest.raises(ClosedDiffers) as refused:
        import_votes(services, many)
    assert str(refused.value) == (
        f"The file has {BALLOTS} ballots, and what the record holds of it, 0, is not the same. "
        f"It is closed all the same. Throw it away with: consult discard {imported(services).id} "
        "- then import the file again."
    )


def test_a_heavy_line_is_one_fact_and_counts_for_everybody_on_it(
    services: Services, heavy: Path, client: Any
) -> None:
    began = time.monotonic()
    before = services.record.head()
    done = import_votes(services, heavy)
    assert services.record.head() - before < 12
    assert time.monotonic() - began < 30
    assert done.ballots == 3_001_007
    tally = work_out(services, done.consultation_id)
    assert tally.outcome.ballots == 3_001_007
    assert tally.outcome.tables["pairwise"]["1"]["2"] == 3_000_000
    publish_results(services, done.consultation_id, actor=Actor("council officer"))
    services.catch_up()
    page = client.get(f"/c/{done.slug}/results").text
    assert "3,001,007" in page
    answers = client.get(f"/c/{done.slug}/answers.json").json
    assert answers["people"] == 3_001_007
    assert [["1", "2", "3"], 3_000_000] in answers["groups"]


def test_an_import_is_open_to_nobody_and_shows_all_that_can_be_shown(
    services: Services, heavy: Path
) -> None:
    """Its votes are published already, and nobody can be swayed or recognised any more."""
    done = import_votes(services, heavy)
    terms = services.record.get(Consultation, done.consultation_id).terms
    assert terms is not None
    assert terms.identity == ()
    assert terms.interim == "shown"
    assert not terms.other_rule_shown, "the file asked for no comparison"
    assert terms.fingerprints_accepted


def test_a_heavy_line_is_sealed_opened_and_recounted_by_the_verifier(
    services: Services, heavy: Path, seal: Callable[[], int], verified: Any
) -> None:
    done = import_votes(services, heavy)
    publish_results(services, done.consultation_id, actor=Actor("council officer"))
    seal()
    _code, report = verified()
    states = {step["id"].partition(".")[0]: step["state"] for step in report["steps"]}
    assert states["recount"] == states["answers"] == states["record"] == "holds", report["steps"]
    (recount,) = report["recounts"]
    assert recount["outcome"]["ballots"] == 3_001_007
    assert recount["outcome"]["tables"]["pairwise"]["2"]["3"] == 3_001_000


def test_a_line_of_more_ballots_than_the_limit_is_refused(
    services: Services, tmp_path: Path
) -> None:
    path = tmp_path / "heavy.soi"
    path.write_text(HEAVY.replace("3000000:", "5000001:"))
    before = services.record.head()
    with pytest.raises(FormatError, match="line 8: Each line stands for 1 to 5000000 ballots"):
        import_votes(services, path)
    assert services.record.head() == before


def test_amounts_finer_than_pence_stay_as_they_are_from_file_to_file(
    services: Services, client: Any, tmp_path: Path
) -> None:
    path = tmp_path / "fine.pb"
    rows = "".join(f"{n};0.335\n" for n in (1, 2, 3))
    path.write_text(
        "META\nkey;value\nbudget;1.005\nvote_type;approval\nrule;greedy\ncurrency;GBP\n"
        f"PROJECTS\nproject_id;cost\n{rows}VOTES\nvoter_id;vote\n1;1,2,3\n"
    )
    done = import_votes(services, path)
    outcome = work_out(services, done.consultation_id).outcome
    assert sorted(outcome.funded) == ["1", "2", "3"]
    assert (outcome.spent, outcome.left) == (1_005, 0)
    publish_results(services, done.consultation_id, actor=Actor("council officer"))
    services.catch_up()
    assert "£1.005" in client.get(f"/c/{done.slug}/results").text
    assert "0.335" in client.get(f"/c/{done.slug}/results.csv").text
    written = client.get(f"/c/{done.slug}/results.pb").text
    assert "budget;1.005\n" in written


def test_votes_of_a_file_are_ballots_as_those_of_people_are(services: Services, tmp_path: Path):
    file = tmp_path / "votes.soi"
    file.write_text(HEAVY.replace("3000000: 1,2,3", "3: 1,2,3").replace("1000: 2,1", "2: 2,1"))
    imported = import_votes(services, file)
    topics = [row.topic for row in services.record.read(0, 1_000)]
    assert topics.count(Ballot.Cast.TOPIC) == 3
    assert not [topic for topic in topics if topic.startswith(Response.TOPIC)]
    assert imported.ballots == 12
    again = import_votes(services, file)
    assert (again.ballots, again.consultation_id) == (12, imported.consultation_id)
    assert [row.topic for row in services.record.read(0, 1_000)] == topics
