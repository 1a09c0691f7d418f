"""An import is a job: it is finished whoever is killed, and never twice."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consult.cli import main
from consult.cli.root import OPERATOR
from consult.commands.files.importing import import_votes
from consult.commands.results.working_out import work_out
from consult.jobs import given_files
from consult.jobs import worker as working
from consult.jobs.asking import ask, queue_of
from consult.jobs.job import DONE, RUNNING, Job
from consult.jobs.kinds import imports
from consult.jobs.kinds.imports import IMPORT, import_wanted
from consult.jobs.waiting import wait_for
from consult.services import Services
from events import Consultation, Partnership
from events.consultations import states
from projections.consultations import Consultations
from tests.consult.jobs.workers import worker

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
VOTES
voter_id;vote
"""
BALLOTS = 6_000
PATIENCE_SECONDS = 120.0


@pytest.fixture
def votes(tmp_path: Path) -> Path:
    path = tmp_path / "many.pb"
    path.write_text(HEAD + "".join(f"{n};{'p' if n % 3 else 'q'}\n" for n in range(BALLOTS)))
    return path


@pytest.fixture
def settings(services: Services) -> dict[str, str]:
    return {
        "FOLKMOOT_DATABASE_URL": services.config.database_url,
        "FOLKMOOT_FILES_FOLDER": str(services.config.files_path),
        "FOLKMOOT_KEY_FILE": str(services.config.key_path),
    }


@pytest.fixture
def run(settings: dict[str, str]) -> Callable[..., Result]:
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words], env=settings)


def until(holds: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < ends_at
        time.sleep(0.005)


def killed(services: Services, settings: dict[str, str], votes: Path) -> None:
    """Run the command until its first ballots are stored, and kill it."""
    before = services.record.head()
    program = str(Path(sys.executable).with_name("consult"))
    process = subprocess.Popen(
        [program, "import", str(votes)],
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: services.record.head() > before + 2_000)
    process.send_signal(signal.SIGKILL)
    process.wait()


def only_job(services: Services) -> Job:
    [job] = queue_of(services).all()
    return job


def only_import(services: Services) -> Consultation:
    services.catch_up()
    with services.views.connect() as db:
        pages = services.views.reader(Consultations)
        [page] = pages.of_partnership(db, Partnership.id_for("imported-votes"))
    return services.record.get(Consultation, page.id)


def test_it_is_done_here_where_no_process_does_jobs_and_listed(run, votes: Path, services):
    done = run("import", votes)
    assert done.exit_code == 0, done.output
    listed = run("jobs").output
    assert "import: done" in listed
    assert not list((services.config.files_path / "given").iterdir()), "the copy is deleted"
    again = run("import", votes)
    assert (again.exit_code, again.stdout) == (0, done.stdout)


def test_an_import_that_is_killed_is_finished_by_the_process_for_jobs_from_its_own_copy(
    services: Services, settings, votes: Path
):
    killed(services, settings, votes)
    assert only_job(services).state == RUNNING
    votes.unlink()
    until(lambda: worker(services, IMPORT).work() is not None)
    assert only_job(services).state == DONE
    one = only_import(services)
    assert one.state == states.CLOSED
    assert work_out(services, one.id).outcome.ballots == BALLOTS


def test_the_same_command_finishes_an_import_that_was_killed_and_doubles_nothing(
    services: Services, settings, votes: Path, run
):
    killed(services, settings, votes)
    done = run("import", votes, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["ballots"] == BALLOTS
    assert json.loads(done.stdout)["resumed"] >= 2_000
    assert work_out(services, only_import(services).id).outcome.ballots == BALLOTS


def test_who_gives_the_command_while_it_is_being_done_follows_it(
    services: Services, votes: Path, monkeypatch: pytest.MonkeyPatch
):
    is_seen, told = threading.Event(), []

    def slowly(services, file, report, *, encoding):
        report(1, BALLOTS)
        assert is_seen.wait(PATIENCE_SECONDS)
        return import_votes(services, file, report, encoding=encoding)

    def never(_report):
        raise AssertionError("it was done twice")

    def update(done: int, total: int) -> None:
        told.append((done, total))
        is_seen.set()

    monkeypatch.setattr(imports, "import_votes", slowly)
    monkeypatch.setattr(working, "REPORT_SECONDS", 0.0)
    asked = import_wanted(services, votes, "utf-8", actor=OPERATOR)
    assert ask(services, IMPORT, asked, actor=OPERATOR)
    doing = threading.Thread(target=worker(services, IMPORT).work)
    doing.start()
    until(lambda: only_job(services).total > 0)
    assert wait_for(services, IMPORT, asked, never, update, actor=OPERATOR) is None
    doing.join()
    assert told[0] == (1, BALLOTS)
    assert only_import(services).state == states.CLOSED


def test_who_interrupts_an_import_leaves_nothing_that_goes_on_by_itself(
    services: Services, votes: Path
):
    def interrupted(report):
        report(1, BALLOTS)
        raise KeyboardInterrupt

    asked = import_wanted(services, votes, "utf-8", actor=OPERATOR)
    with pytest.raises(KeyboardInterrupt):
        wait_for(services, IMPORT, asked, interrupted, lambda *_: None, actor=OPERATOR)
    assert not queue_of(services).all()


def test_nobody_goes_on_with_an_import_that_was_thrown_away(
    services: Services, settings, votes: Path, run
):
    killed(services, settings, votes)
    assert run("discard", only_import(services).id).exit_code == 0
    assert not queue_of(services).all()
    assert worker(services, IMPORT).work() is None


def test_a_file_that_cannot_be_read_is_refused_and_leaves_no_job(
    services: Services, tmp_path: Path, run
):
    file = tmp_path / "none.pb"
    file.write_text("META\nno;votes\n")
    done = run("import", file)
    assert done.exit_code == 1
    assert done.stderr
    assert not queue_of(services).all()


def test_copies_stay_as_long_as_a_job_needs_them(
    services: Services, votes: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(given_files, "SPARED_SECONDS", -1.0)
    asked = import_wanted(services, votes, "utf-8", actor=OPERATOR)
    assert ask(services, IMPORT, asked, actor=OPERATOR)
    copies = services.config.files_path / "given"
    worker(services, IMPORT).sweep()
    assert len(list(copies.iterdir())) == 1
    worker(services, IMPORT).work()
    worker(services, IMPORT).sweep()
    assert not list(copies.iterdir())
