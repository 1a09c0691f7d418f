"""Counting and publishing: at once where that is quick, and otherwise by a job that all can see."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from consult.commands.accounts.members import remove_member
from consult.commands.files.importing import discard_import, import_votes
from consult.commands.results import counting as counting_commands
from consult.commands.results import recorded_ballots
from consult.jobs import words
from consult.jobs.asking import queue_of
from consult.jobs.job import DONE, FAILED, RUNNING, WAITING
from consult.jobs.kinds import counting
from consult.people.accounts.staff import find_by_email
from consult.services import Services
from consult.wording.language import in_language
from events import Consultation, Count
from projections.consultations import Consultations
from tests.builders import ADMINISTRATOR, ORGANISER, close_consultation, consultation
from tests.conftest import only
from tests.consult.commands.results.test_counting_meanwhile import VOTES, counts
from tests.consult.jobs.workers import do_jobs, in_a_process
from tests.consult.serving.sites import until
from tests.consult.web.organisers import EMAIL, main_form, sign_in
from tests.kinds import answer_all, of_kind

HERE = "/organise/c/riverside"
SPAWN = multiprocessing.get_context("spawn")
LEASE_SECONDS = 2.0
COUNTED = [Count.Counted.TOPIC, Count.Counted.TOPIC]


@pytest.fixture
def about(services) -> Consultation:
    """A closed consultation with two questions that a rule counts."""
    opened = consultation(services, of_kind("ranking"), of_kind("points"))
    answer_all(services, opened, 4)
    closed = close_consultation(services, opened.id, actor=ORGANISER)
    services.catch_up()
    return closed


@pytest.fixture
def site(app, services, monkeypatch):
    """A web process beside others."""
    services.has_background = True
    runner = services.runner
    monkeypatch.setattr(
        runner, "wait_for", lambda goal, _seconds: not (runner.catch_up(until=goal))
    )
    return app


@pytest.fixture
def large(monkeypatch) -> None:
    """Every count takes long."""
    monkeypatch.setattr(counting, "LOOKS_AT_ONCE_MAX", 0)


@pytest.fixture
def ann(site, services, about):
    return sign_in(site, services)


def press(organiser, step: str, prefix: str = ""):
    return organiser.send(organiser.open(f"{prefix}{HERE}/{step}"))


def jobs(services: Services):
    return queue_of(services).all()


@only("sqlite")
def test_what_is_quick_is_counted_and_published_at_the_press_of_the_button(ann, services, about):
    assert "It is counted. Look at the result" in press(ann, "count").words
    assert counts(services) == COUNTED
    assert "The results are published." in press(ann, "publish").words
    assert services.record.get(Consultation, about.id).published_at is not None
    assert jobs(services) == []


def test_what_was_counted_or_published_before_is_not_said_as_if_for_the_first_time(
    ann, services, about
):
    for step, done, again in (
        ("count", "It is counted. Look at", "It is counted already. Nothing was changed."),
        ("publish", "The results are published.", "The results are published already."),
    ):
        first, second = ann.open(f"{HERE}/{step}"), ann.open(f"{HERE}/{step}")
        assert done in ann.send(first).words
        services.catch_up()
        head = services.record.head()
        assert again in ann.send(second).words
        assert services.record.head() == head


@only("sqlite")
@pytest.mark.parametrize(
    ("prefix", "counted", "published"),
    [
        ("", "It is being counted.", "The results are being published."),
        ("/cy", "Mae’n cael ei gyfrif.", "Mae’r canlyniadau’n cael eu cyhoeddi."),
    ],
)
def test_what_takes_long_is_done_in_the_background_and_its_page_says_how_far_it_is(
    site, ann, services, about, large, prefix, counted, published
):
    page = press(ann, "count", prefix)
    assert not page.faults
    [job] = jobs(services)
    status = f"{prefix}{HERE}/result-jobs/{job.id}/status"
    assert counted in page.words
    assert status in page.text
    assert f"{HERE}/count" not in page.text, "it is not offered meanwhile"
    assert ann.client.get(status).json["states"] == ["waiting", "waiting"]
    queue = queue_of(services)
    claimed = queue.claim(("count",), "")
    queue.progress(claimed, 1, 2)
    assert ann.client.get(status).json["states"] == ["done", "doing"]
    assert counted in ann.open(f"{prefix}{HERE}/count").words, "it leads back"
    queue.release(claimed)
    assert counts(services) == []
    assert do_jobs(site) == 1
    assert counts(services) == COUNTED
    assert ann.client.get(status).json["finished"]
    page = ann.open(f"{prefix}{HERE}/")
    assert counted not in page.words
    assert f"{HERE}/publish" in page.text
    page = press(ann, "publish", prefix)
    assert not page.faults
    assert published in page.words
    assert do_jobs(site) == 1
    assert services.record.get(Consultation, about.id).published_at is not None
    assert published not in ann.open(f"{prefix}{HERE}/").words


@only("sqlite")
def test_publishing_what_is_not_counted_yet_counts_it_first(site, ann, services, about, large):
    press(ann, "publish")
    [job] = jobs(services)
    assert (job.wanted.kind, job.total) == ("publish", 3)
    do_jobs(site)
    assert services.record.get(Consultation, about.id).published_at is not None
    assert counts(services)[:2] == COUNTED


@only("sqlite")
def test_two_presses_of_two_organisers_are_one_job_and_one_count(site, ann, services, about, large):
    ben = sign_in(site, services, role="administrator", email="ben@example.org")
    forms = [main_form(each.open(f"{HERE}/count")) for each in (ann, ben)]
    for _ in range(2):
        for who, (address, values) in zip((ann, ben), forms, strict=True):
            assert who.client.post(address, data=values).status_code == 303
    [job] = jobs(services)
    assert job.wanted.asked_by == find_by_email(services.vault, EMAIL).hex
    assert "It is being counted." in ben.open(f"{HERE}/").words
    assert ben.client.get(f"{HERE}/result-jobs/{job.id}/status").status_code == 200
    assert do_jobs(site) == 1
    assert counts(services) == COUNTED
    for who, (address, values) in zip((ann, ben), forms, strict=True):
        assert who.client.post(address, data=values).status_code == 303
    do_jobs(site)
    assert counts(services) == COUNTED


@only("sqlite")
def test_why_it_could_not_be_counted_is_said_in_each_language_and_it_is_counted_again(
    site, ann, services, about, large, monkeypatch
):
    press(ann, "count")
    with monkeypatch.context() as patch:
        patch.setattr(recorded_ballots, "recorded_ballots", lambda *_a, **_m: 7)
        do_jobs(site)
    assert jobs(services)[0].state == FAILED
    page = ann.open(f"{HERE}/")
    assert not page.faults
    assert "It could not be counted. The record holds 7 ballots and only 4" in page.words
    welsh = ann.open(f"/cy{HERE}/")
    assert not welsh.faults
    assert "Ni ellid ei gyfrif. Mae’r cofnod yn dal 7" in welsh.words
    assert "Count again" in page.words
    press(ann, "count")
    assert "could not be counted" not in ann.open(f"{HERE}/").words
    assert [job.state for job in jobs(services)] == [WAITING]
    assert do_jobs(site) == 1
    assert counts(services) == COUNTED


@only("sqlite")
def test_what_was_counted_in_another_way_meanwhile_is_no_failure(
    site, ann, services, about, large, monkeypatch
):
    press(ann, "count")
    with monkeypatch.context() as patch:
        patch.setattr(recorded_ballots, "recorded_ballots", lambda *_a, **_m: 7)
        do_jobs(site)
    counting_commands.count_consultation(services, about.id, actor=ORGANISER)
    page = ann.open(f"{HERE}/")
    assert "could not be counted" not in page.words
    assert f"{HERE}/publish" in page.text


@only("sqlite")
def test_whoever_has_lost_their_role_meanwhile_counts_nothing_and_somebody_else_can(
    site, ann, services, about, large
):
    ben = sign_in(site, services, role="administrator", email="ben@example.org")
    press(ann, "count")
    gone = find_by_email(services.vault, EMAIL)
    remove_member(services, about.partnership_id, gone, actor=ADMINISTRATOR)
    do_jobs(site)
    assert counts(services) == []
    page = ben.open(f"{HERE}/")
    assert "Whoever asked for this has no longer a role that allows it" in page.words
    assert "Nid oes gan bwy bynnag" in ben.open(f"/cy{HERE}/").words
    press(ben, "count")
    do_jobs(site)
    assert counts(services) == COUNTED


@only("sqlite")
@pytest.mark.parametrize("step", ["count", "publish"])
def test_votes_that_are_thrown_away_meanwhile_have_no_result_and_the_job_says_why(
    site, services, large, tmp_path: Path, step
):
    file = tmp_path / "votes.soi"
    file.write_text(VOTES)
    imported = import_votes(services, file)
    services.catch_up()
    ann = sign_in(site, services, slug="imported-votes")
    here = f"/organise/c/{imported.slug}"
    ann.send(ann.open(f"{here}/{step}"))
    discard_import(services, imported.consultation_id, actor=ORGANISER)
    do_jobs(site)
    assert counts(services) == []
    [job] = jobs(services)
    assert (job.state, job.tries) == (FAILED, 1)
    assert "was withdrawn: nothing of it is counted" in words.reason(job)
    with in_language("cy"):
        assert "Tynnwyd" in words.reason(job)
    assert "could not be" not in ann.open(f"{here}/").words, "there is nothing to be done again"
    assert "was withdrawn" in ann.open(f"/jobs/{job.id}").words


@only("sqlite")
def test_it_is_listed_among_what_somebody_asked_for_and_leads_to_the_consultation(
    site, ann, services, about, large
):
    press(ann, "count")
    [job] = jobs(services)
    assert "Counting the answers" in ann.open("/jobs/").words
    do_jobs(site)
    page = ann.open(f"/jobs/{job.id}")
    assert not page.faults
    assert f"{HERE}/" in page.links()


@only("sqlite")
def test_how_far_it_is_is_told_to_nobody_else_and_of_no_other_job(
    site, ann, services, about, large
):
    press(ann, "count")
    [job] = jobs(services)
    status = f"{HERE}/result-jobs/{job.id}/status"
    assert site.test_client().get(status).status_code == 303, "to sign in"
    consultation(services, slug="elsewhere")
    assert ann.client.get(status.replace("riverside", "elsewhere")).status_code == 404
    assert ann.client.get(status.replace(str(job.id), str(about.id))).status_code == 404


def slowly(folder: str, *process: object) -> None:
    """The process for jobs, in which the second question takes as long as a file is there."""
    really = counting_commands._counted

    def counted(services, about, count_id, question_id, actor):
        with (Path(folder) / "begun").open("a") as begun:
            begun.write(f"{question_id}\n")
        while question_id == "q-points" and (Path(folder) / "hold").exists():
            time.sleep(0.02)
        return really(services, about, count_id, question_id, actor)

    counting_commands._counted = counted
    in_a_process(*process)


def test_a_count_whose_process_is_killed_goes_on_where_it_stopped(
    site, ann, services, about, large, database_url, tmp_path: Path
):
    press(ann, "count")
    (tmp_path / "hold").touch()
    begun = tmp_path / "begun"
    begun.touch()
    process = (database_url, str(services.config.files_path), LEASE_SECONDS)
    first = SPAWN.Process(target=slowly, args=(str(tmp_path), *process))
    first.start()
    until(lambda: "q-points" in begun.read_text())
    os.kill(first.pid, signal.SIGKILL)
    first.join()
    [job] = jobs(services)
    assert job.state == RUNNING
    page = ann.open(f"{HERE}/")
    assert "It is being counted." in page.words
    assert f"{HERE}/publish" not in page.text, "one question of two is counted"
    (tmp_path / "hold").unlink()
    second = SPAWN.Process(target=slowly, args=(str(tmp_path), *process))
    second.start()
    try:
        until(lambda: jobs(services)[0].has_ended)
    finally:
        second.terminate()
        second.join(60)
    assert second.exitcode == 0
    assert (jobs(services)[0].state, jobs(services)[0].tries) == (DONE, 2)
    assert begun.read_text().split() == ["q-ranking", "q-points", "q-points"]
    assert counts(services) == COUNTED
    assert f"{HERE}/publish" in ann.open(f"{HERE}/").text


@only("sqlite")
def test_what_was_recorded_between_opening_and_closing_is_reckoned_with_and_what_is_done_is_not(
    services, about
):
    with services.views.connect() as db:
        page = services.views.reader(Consultations).by_id(db, about.id)
    long_since = replace(page, opened_position=page.closed_position - 200_000)
    for kind in (counting.COUNT, counting.PUBLISH):
        assert not counting.takes_long(page, kind, is_counted=False)
        assert counting.takes_long(long_since, kind, is_counted=False)
    assert not counting.takes_long(long_since, counting.COUNT, is_counted=True)
    assert counting.takes_long(long_since, counting.PUBLISH, is_counted=True)
    still_open = replace(page, closed_position=None)
    assert not counting.takes_long(still_open, counting.COUNT, is_counted=False)
