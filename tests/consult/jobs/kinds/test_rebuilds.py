"""Read models are built anew by a job, as the operator asks for at the command line."""

from click.testing import CliRunner

from consult.cli import main
from consult.jobs import words
from consult.jobs.asking import queue_of
from consult.jobs.job import DONE, FAILED, WAITING
from consult.jobs.kinds.rebuilds import REBUILD
from projections.consultations import Consultations
from projections.engine.generations import LIVE, all_generations
from projections.engine.rebuilding import RebuildFailed
from tests.builders import consultation
from tests.consult.jobs.workers import worker


def ask(*more: str) -> str:
    result = CliRunner().invoke(main, ["rebuild", "--later", *more])
    assert result.exit_code == 0, result.output
    return result.output


def live(services) -> int:
    with services.views.write() as db:
        [row] = [
            each
            for each in all_generations(db)
            if (each.name, each.state) == (Consultations.name, LIVE)
        ]
    return row.generation


def test_a_rebuild_that_is_left_for_later_is_done_once_by_the_process_for_jobs(
    services, database_url, monkeypatch
):
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", database_url)
    about = consultation(services)
    services.catch_up()
    before = live(services)
    assert "consult jobs" in ask("--only", Consultations.name)
    ask("--only", Consultations.name)
    [job] = queue_of(services).all()
    assert (job.state, live(services)) == (WAITING, before)
    services.clock.now = max(services.clock.now, job.asked_at)  # the command has the real clock
    here = worker(services, REBUILD)
    assert here.work() == 0
    assert here.work() is None
    assert queue_of(services).find(job.id).state == DONE
    assert live(services) != before
    with services.views.connect() as db:
        assert services.views.reader(Consultations).by_id(db, about.id) is not None
    ask("--only", Consultations.name)
    [again] = queue_of(services).all()
    assert again.id != job.id, "what was done before is no answer to a new wish"


def test_a_read_model_that_cannot_be_rebuilt_is_not_tried_again(
    services, database_url, monkeypatch
):
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", database_url)
    ask()
    [job] = queue_of(services).all()
    services.clock.now = max(services.clock.now, job.asked_at)

    def fail(*_given: object) -> None:
        raise RebuildFailed({})

    monkeypatch.setattr("consult.jobs.kinds.rebuilds.rebuild", fail)
    worker(services, REBUILD).work()
    failed = queue_of(services).find(job.id)
    assert (failed.state, failed.tries) == (FAILED, 1)
    assert words.reason(failed).startswith("Not everything was rebuilt.")
