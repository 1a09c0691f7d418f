"""Staff see how far what they asked for is, and what became of it; nobody else does."""

from uuid import uuid4

import pytest
from click.testing import CliRunner

from consult.access import STAFF
from consult.cli import main
from consult.clocks.store_clock import utc_now
from consult.commands.answers.submitting import Sheet, submit_answers
from consult.jobs import words
from consult.jobs.asking import queue_of
from consult.jobs.job import FAILED
from consult.jobs.kinds.every_kind import KINDS
from consult.jobs.queue import TRIES_MAX, Queue
from consult.web import kept_files
from consult.web.accounts import jobs as pages_of_jobs
from tests.builders import ORGANISER, RANKING, RESIDENT, close_consultation, consultation
from tests.conftest import only
from tests.consult.jobs.workers import do_jobs
from tests.consult.serving.sites import until
from tests.consult.web.organisers import sign_in

pytestmark = only("sqlite")
PEOPLE = 6
EXPORT = "/organise/c/riverside/export/"


@pytest.fixture
def site(app, services, monkeypatch):
    """A web process beside others, with a closed consultation that counts as large."""
    about = consultation(services, RANKING)
    for number in range(PEOPLE):
        submit_answers(
            services,
            consultation_id=about.id,
            voter=f"voter {number}",
            sheet=Sheet({"order": ["a"]}),
            actor=RESIDENT,
            command_id=f"{number}",
        )
    close_consultation(services, about.id, actor=ORGANISER)
    services.catch_up()
    monkeypatch.setattr(kept_files, "LARGE_FROM", PEOPLE)
    services.has_background = True
    runner = services.runner
    monkeypatch.setattr(
        runner, "wait_for", lambda goal, _seconds: not (runner.catch_up(until=goal))
    )
    return app


@pytest.fixture
def organiser(site, services):
    return sign_in(site, services)


def asked(services, organiser, prefix: str = ""):
    organiser.send(organiser.open(f"{prefix}{EXPORT}"), format="csv")
    return queue_of(services).all()[0]


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_a_job_is_listed_and_followed_until_its_file_is_there(site, services, organiser, prefix):
    assert organiser.open(f"{prefix}/jobs/").status == 200
    job = asked(services, organiser)
    waiting = organiser.open(f"{EXPORT}waiting?format=csv")
    assert f"/jobs/{job.id}/status" in waiting.text
    assert f"0 of {PEOPLE}" in waiting.words
    listed = organiser.open(f"{prefix}/jobs/")
    assert not listed.faults
    assert f"/jobs/{job.id}" in listed.text
    page = organiser.open(f"{prefix}/jobs/{job.id}")
    assert not page.faults
    assert "data-progress-refresh" in page.text
    assert organiser.client.get(f"/jobs/{job.id}/status").json["total"] == PEOPLE
    assert {"": "Waiting", "/cy": "Yn aros"}[prefix] in page.words
    queue = queue_of(services)
    claimed = queue.claim(tuple(KINDS), job.wanted.place)
    queue.progress(claimed, 2, PEOPLE)
    said = organiser.client.get(f"{prefix}/jobs/{job.id}/status").json
    assert (said["done"], said["total"], said["finished"]) == (2, PEOPLE, False)
    queue.release(claimed)
    assert do_jobs(site) == 1
    assert organiser.client.get(f"{prefix}/jobs/{job.id}/status").json["finished"]
    done = organiser.open(f"{prefix}/jobs/{job.id}")
    assert not done.faults
    assert f"{EXPORT}waiting?format=csv" in done.text
    assert "Download" in organiser.open(f"{EXPORT}waiting?format=csv").words


def test_why_a_job_failed_is_said_and_it_is_done_again_at_the_press_of_a_button(
    site, services, organiser, monkeypatch
):
    job = asked(services, organiser)
    with monkeypatch.context() as patch:
        patch.setattr(
            "consult.commands.files.exporting_answers.recorded_ballots", lambda *_a, **_m: 7
        )
        do_jobs(site)
    assert queue_of(services).find(job.id).state == FAILED
    page = organiser.open(f"/jobs/{job.id}")
    assert not page.faults
    assert "The record holds 7 responses and only 6 can be read" in page.words
    form = page.form(f"/jobs/{job.id}/again")[1]
    first, second = (organiser.client.post(f"/jobs/{job.id}/again", data=form) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert second.location == "/jobs/", "where the one that was begun anew is listed"
    assert do_jobs(site) == 1
    assert "Download" in organiser.open(f"{EXPORT}waiting?format=csv").words


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ("", "It was begun several times and never finished."),
        ("/cy", "Fe’i dechreuwyd sawl gwaith"),
    ],
)
def test_that_a_job_ended_its_process_each_time_is_said_in_the_language_of_the_page(
    services, organiser, clock, prefix, said
):
    job = asked(services, organiser, prefix)
    queue = queue_of(services)
    for _ in range(TRIES_MAX):
        assert queue.claim(tuple(KINDS), job.wanted.place)
        clock.move(minutes=1)
    assert queue.claim(tuple(KINDS), job.wanted.place) is None
    for address in (f"{prefix}/jobs/{job.id}", f"{prefix}{EXPORT}waiting?format=csv"):
        page = organiser.open(address)
        assert not page.faults
        assert said in page.words, address


def test_nobody_sees_the_job_of_somebody_else(site, services, organiser):
    job = asked(services, organiser)
    other = sign_in(site, services, role="administrator", email="other@example.org")
    assert f"{job.id}" not in other.open("/jobs/").text
    for address in (f"/jobs/{job.id}", f"/jobs/{job.id}/status", f"/jobs/{uuid4()}"):
        assert other.client.get(address).status_code == 404
    assert site.test_client().get(f"/jobs/{job.id}").status_code == 303, "to sign in"


def test_every_kind_and_state_has_words_and_what_staff_ask_for_leads_somewhere(services):
    assert set(words.TITLES) == set(KINDS)
    of_staff = {name for name, kind in KINDS.items() if set(kind.needs.roles) & set(STAFF)}
    assert set(pages_of_jobs.RESULTS) == of_staff
    assert set(words.STATES) == {"waiting", "running", "done", "failed"}


def test_the_command_lists_jobs_and_says_what_failed_and_what_to_do(
    site, services, organiser, database_url, monkeypatch
):
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", database_url)

    def told() -> str:
        result = CliRunner().invoke(main, ["jobs"])
        assert result.exit_code == 0, result.output
        return result.output

    assert "There are no jobs." in told()
    job = asked(services, organiser)
    assert "answers: waits" in told()
    queue = Queue(services.vault, utc_now)  # the command has the real clock
    claimed = queue.claim(tuple(KINDS), job.wanted.place)
    queue.progress(claimed, 2, PEOPLE)
    assert "answers: being done 2 of 6" in told()
    queue.put_off(claimed, "ValueError")
    assert "try 1 of 8 failed: An error that nobody expected (ValueError)." in told()
    queue.fail(until(lambda: queue.claim(tuple(KINDS), job.wanted.place)), "It cannot be made.")
    assert "answers: FAILED after 2 tries: It cannot be made." in told()
    assert "can ask again" in told()
