"""Many letters are made in the background, readable by nobody, and their codes work when taken."""

import csv
import io
import multiprocessing
import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

import hatch_build
from consult.commands.accounts.members import remove_member
from consult.commands.answers.letter_codes import CodeUnknown, check_code
from consult.commands.backing_up import back_up
from consult.commands.data_protection.retention import retain
from consult.jobs import result_files, words
from consult.jobs.asking import queue_of
from consult.jobs.job import DONE, FAILED, RUNNING
from consult.jobs.kinds import letters
from consult.jobs.queue import Queue
from consult.people import tables
from consult.people.accounts.staff import find_by_email
from consult.people.proving import letter_codes
from consult.printing import handing_out
from consult.services import Services
from consult.wording.language import in_language
from events import Consultation
from tests.builders import ADMINISTRATOR, ORGANISER, by_letter, close_consultation
from tests.conftest import only
from tests.consult.jobs.workers import do_jobs, duties_of, in_a_process
from tests.consult.serving.sites import until
from tests.consult.web.organisers import EMAIL, Organiser, link_for, main_form, sign_in

CODES = "/organise/c/riverside/codes"
SPAWN = multiprocessing.get_context("spawn")
LEASE_SECONDS = 2.0
WHY = "the typesetter has no ink"
NUMBER = 7


@pytest.fixture(scope="module", autouse=True)
def built():
    return hatch_build.build(Path(__file__).parents[5])


@pytest.fixture
def asked(services) -> Consultation:
    return by_letter(services, wards=True)


@pytest.fixture
def site(app, services, asked, monkeypatch):
    """A web process beside others, for which a few letters are many."""
    services.has_background = True
    runner = services.runner
    monkeypatch.setattr(
        runner, "wait_for", lambda goal, _seconds: not (runner.catch_up(until=goal))
    )
    monkeypatch.setattr(letters, "AT_ONCE_MAX", {"csv": NUMBER - 1, "pdf": NUMBER - 1})
    return app


@pytest.fixture
def ann(site, services) -> Organiser:
    return sign_in(site, services)


def ask(organiser: Organiser, **more: str):
    """Ask for letters; return the page that tells how far they are."""
    return organiser.send(organiser.open(CODES), **{"number": str(NUMBER)} | more)


def take(organiser: Organiser, page):
    """Press the button that hands them out."""
    address, values = main_form(page)
    return organiser.client.post(address, data=values)


def batches(services: Services, asked: Consultation):
    return services.record.get(Consultation, asked.id).batches


def codes_in(response) -> list[str]:
    return [row["code"] for row in csv.DictReader(io.StringIO(response.text))]


def hashes(services: Services) -> int:
    with services.vault.transaction() as db:
        return len(db.execute(tables.letter_code.select()).all())


def files(services: Services) -> list[Path]:
    folder = result_files.folder_of(services.config)
    return [path for path in folder.iterdir() if path.name != result_files.PLACE]


def works(services: Services, asked: Consultation, code: str) -> bool:
    try:
        check_code(services, asked.id, code)
    except CodeUnknown:
        return False
    return True


@only("sqlite")
def test_a_few_letters_come_with_the_answer_as_ever(ann, services, asked):
    given = ann.fill(ann.open(CODES), number=str(NUMBER - 1))
    assert given.status_code == 200
    assert len(codes_in(given)) == NUMBER - 1
    assert queue_of(services).all() == []


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_many_letters_are_followed_and_taken_once_and_only_then_their_codes_work(
    site, ann, services, asked, prefix
):
    page = ann.send(ann.open(f"{prefix}{CODES}"), number=str(NUMBER), ward="W09")
    assert not page.faults
    [job] = queue_of(services).all()
    assert page.address == f"{prefix}{CODES}/letters/{job.id}"
    assert f"/jobs/{job.id}/status" in page.text
    assert f"0 {'of' if not prefix else 'o'} {NUMBER}" in page.words
    assert f"{CODES}/letters/{job.id}" in ann.open(f"{prefix}{CODES}").text
    assert do_jobs(site) == 1
    ready = ann.open(page.address)
    assert not ready.faults
    assert hashes(services) == NUMBER
    assert batches(services, asked) == {}, "nothing is issued yet"
    given = take(ann, ready)
    assert given.status_code == 200
    assert given.headers["Cache-Control"] == "no-store"
    assert "attachment" in given.headers["Content-Disposition"]
    codes = codes_in(given)
    assert len(set(codes)) == NUMBER
    assert all(works(services, asked, code) for code in codes)
    assert [(each.number, each.ward) for each in batches(services, asked).values()] == [
        (NUMBER, "W09")
    ]
    assert files(services) == []
    assert queue_of(services).all() == []
    again = ann.open(take(ann, ready).headers["Location"])
    assert again.address == f"{prefix}{CODES}"
    assert {"": "are not here any more", "/cy": "yma mwyach"}[prefix] in again.words
    assert len(batches(services, asked)) == 1
    assert not any(code in again.text for code in codes)


@only("sqlite")
def test_letters_to_print_are_made_so_too(site, ann, services):
    page = ask(ann, format="pdf")
    do_jobs(site)
    given = take(ann, ann.open(page.address))
    assert given.content_type == "application/pdf"
    assert len(PdfReader(io.BytesIO(given.data)).pages) == NUMBER


@only("sqlite")
def test_letters_that_wait_can_be_read_by_nobody_and_are_in_no_backup(
    site, ann, services, tmp_path, monkeypatch
):
    made: list[str] = []
    really = letter_codes.make
    monkeypatch.setattr(
        letter_codes, "make", lambda *given: made.extend(really(*given)) or list(made)
    )
    ask(ann)
    do_jobs(site)
    [file] = files(services)
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    back_up(services.config, tmp_path / "backup", now=services.clock())
    everywhere = [
        *(tmp_path / "backup").iterdir(),
        file,
        *services.config.files_path.parent.iterdir(),
    ]
    kept = b"".join(path.read_bytes() for path in everywhere if path.is_file())
    assert len(made) == NUMBER
    for code in made:
        assert code.encode() not in kept
        assert code.replace("-", "").encode() not in kept
    assert file.name not in {path.name for path in (tmp_path / "backup").iterdir()}


@only("sqlite")
def test_another_browser_of_the_same_person_cannot_open_them_nor_this_one_after_signing_out(
    site, ann, services, asked
):
    page = ask(ann)
    do_jobs(site)
    elsewhere = Organiser(site.test_client())
    elsewhere.send(elsewhere.open(link_for(services)))
    for who in (elsewhere, ann):
        if who is ann:
            who.press(who.open(CODES), "/sign-out")
            who.send(who.open(link_for(services)))
        refused = take(who, who.open(page.address))
        assert refused.status_code == 422
        assert "Only the browser in which these letters were asked for" in refused.text
    assert batches(services, asked) == {}


@only("sqlite")
def test_they_are_somebody_elses_business_to_nobody(site, ann, services):
    page = ask(ann)
    do_jobs(site)
    ben = sign_in(site, services, role="administrator", email="ben@example.org")
    assert "are not here any more" in ben.open(page.address).words
    assert site.test_client().get(page.address).status_code == 303, "to sign in"


@only("sqlite")
def test_letters_that_nobody_takes_are_gone_after_a_quarter_of_an_hour_and_open_nothing(
    site, ann, services, asked, clock
):
    page = ask(ann)
    do_jobs(site)
    ready = ann.open(page.address)
    clock.move(minutes=15)
    assert "are not here any more" in ann.open(take(ann, ready).headers["Location"]).words
    assert batches(services, asked) == {}
    duties_of(site)[1].work()
    assert files(services) == []
    clock.move(days=1)
    retain(services)
    assert hashes(services) == 0


@only("sqlite")
def test_taken_twice_at_the_same_moment_they_are_handed_out_once(
    site, ann, services, asked, monkeypatch
):
    page = ask(ann)
    do_jobs(site)
    ready = ann.open(page.address)
    really, others = letters.issue_made_codes, []

    def after_another(*given, **more):
        if not others:
            others.append(None)
            others[0] = take(ann, ready)
        return really(*given, **more)

    monkeypatch.setattr(letters, "issue_made_codes", after_another)
    too_late = take(ann, ready)
    assert "are not here any more" in too_late.text
    codes = codes_in(others[0])
    assert not any(code in too_late.text for code in codes)
    assert all(works(services, asked, code) for code in codes)
    assert len(batches(services, asked)) == 1


@only("sqlite")
def test_when_they_were_issued_and_not_sent_they_can_be_taken_again(
    site, ann, services, asked, monkeypatch
):
    page = ask(ann)
    do_jobs(site)
    ready = ann.open(page.address)
    with monkeypatch.context() as patch:
        patch.setattr(Queue, "drop", lambda *_: 1 / 0)  # stands for the end of the process
        assert take(ann, ready).status_code == 500
    assert len(batches(services, asked)) == 1
    given = take(ann, ann.open(page.address))
    assert all(works(services, asked, code) for code in codes_in(given))
    assert len(batches(services, asked)) == 1


@only("sqlite")
def test_letters_that_are_being_taken_do_not_expire_meanwhile(
    site, ann, services, asked, clock, monkeypatch
):
    page = ask(ann)
    do_jobs(site)
    ready = ann.open(page.address)
    clock.move(minutes=14)
    really = letters.issue_made_codes

    def slowly(*given, **more):
        clock.move(minutes=5)
        duties_of(site)[1].work()
        return really(*given, **more)

    monkeypatch.setattr(letters, "issue_made_codes", slowly)
    assert len(codes_in(take(ann, ready))) == NUMBER


@only("sqlite")
def test_the_same_form_sent_twice_makes_letters_once_even_after_they_were_taken(
    site, ann, services, asked
):
    form = ann.open(CODES)
    first, second = (ann.fill(form, number=str(NUMBER)) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    do_jobs(site)
    take(ann, ann.open(first.headers["Location"]))
    third = ann.send(form, number=str(NUMBER))
    assert "This batch was made already" in third.words
    assert queue_of(services).all() == []
    assert len(batches(services, asked)) == 1


@only("sqlite")
@pytest.mark.parametrize(("at", "error"), [(1, RuntimeError(WHY)), (2, OSError(28, WHY))])
def test_letters_that_cannot_be_made_say_why_in_each_language_and_leave_no_code(
    site, ann, services, asked, monkeypatch, at, error
):
    page = ask(ann)
    really, times = handing_out.as_csv, []

    def failing(*given):
        times.append(1)
        if len(times) == at:
            raise error
        return really(*given)

    with monkeypatch.context() as patch:
        patch.setattr(handing_out, "as_csv", failing)
        do_jobs(site)
    assert (hashes(services), files(services), batches(services, asked)) == (0, [], {})
    [job] = queue_of(services).all()
    assert (job.state, job.tries) == (FAILED, 1)
    failed = ann.open(page.address)
    assert not failed.faults
    assert f"The letters could not be made ({WHY}), so no codes were issued." in failed.words
    assert f"Ni ellid gwneud y llythyrau ({WHY})" in ann.open(f"/cy{page.address}").words
    again = ann.press(failed, f"/jobs/{job.id}/again")
    assert "Letters with codes" in again.words
    do_jobs(site)
    [job] = queue_of(services).all()
    assert len(codes_in(take(ann, ann.open(f"{CODES}/letters/{job.id}")))) == NUMBER


@only("sqlite")
def test_a_job_that_is_given_back_leaves_no_code(site, ann, services, monkeypatch):
    ask(ann)
    duties = duties_of(site)
    stop = duties[0].work.__self__._stop
    monkeypatch.setattr(letter_codes, "ROWS_AT_ONCE", 2)
    really = letter_codes.keep

    def told_to_stop(*given):
        *rest, report = given

        def stopping(done):
            stop.set()
            report(done)

        return really(*rest, stopping)

    monkeypatch.setattr(letter_codes, "keep", told_to_stop)
    duties[0].work()
    assert hashes(services) == 0
    monkeypatch.undo()
    assert queue_of(services).all()[0].tries == 0


@only("sqlite")
def test_letters_of_what_has_closed_meanwhile_are_not_issued(site, ann, services, asked):
    page = ask(ann)
    do_jobs(site)
    ready = ann.open(page.address)
    close_consultation(services, asked.id, actor=ORGANISER)
    services.catch_up()
    after = ann.open(take(ann, ready).headers["Location"])
    assert "It is closed, so that cannot be done any more." in after.words
    assert "It is closed" in ann.open(page.address).words
    assert batches(services, asked) == {}


@only("sqlite")
def test_whoever_has_lost_their_role_meanwhile_gets_no_letters(site, ann, services, asked):
    page = ask(ann)
    gone = find_by_email(services.vault, EMAIL)
    remove_member(services, asked.partnership_id, gone, actor=ADMINISTRATOR)
    do_jobs(site)
    [job] = queue_of(services).all()
    assert job.state == FAILED
    assert "no longer a role" in words.reason(job)
    with in_language("cy"):
        assert "Nid oes gan" in words.reason(job)
    assert hashes(services) == 0
    assert ann.client.get(page.address).status_code in {303, 403}


@only("sqlite")
def test_a_host_that_has_not_the_file_says_so_and_issues_nothing(
    site, ann, services, asked, tmp_path
):
    page = ask(ann)
    do_jobs(site)
    ready = ann.open(page.address)
    here = services.config
    services.config = replace(here, files_folder=tmp_path / "other host")
    refused = take(ann, ready)
    assert "made on another machine" in refused.text
    assert batches(services, asked) == {}
    services.config = here
    assert len(codes_in(take(ann, ready))) == NUMBER


@only("sqlite")
@pytest.mark.parametrize("change", [lambda file: file.unlink(), lambda file: file.write_bytes(b"")])
def test_letters_whose_file_is_not_what_was_made_are_gone(site, ann, services, asked, change):
    page = ask(ann)
    do_jobs(site)
    ready = ann.open(page.address)
    change(files(services)[0])
    refused = take(ann, ready)
    assert "are not here any more" in refused.text
    assert batches(services, asked) == {}


def slowly(folder: str, *process: object) -> None:
    """The process for jobs, which stands still once the hashes of the codes are kept."""
    really = handing_out.made_unissued

    def made(ours, codes, kind):
        if codes != [handing_out.SAMPLE]:
            with (Path(folder) / "begun").open("a") as begun:
                begun.write("begun\n")
            while (Path(folder) / "hold").exists():
                time.sleep(0.02)
        return really(ours, codes, kind)

    handing_out.made_unissued = made
    in_a_process(*process)


def test_a_process_killed_while_it_makes_letters_has_issued_nothing_and_the_next_makes_others(
    site, ann, services, asked, database_url, tmp_path, clock
):
    page = ask(ann)
    (tmp_path / "hold").touch()
    begun = tmp_path / "begun"
    begun.touch()
    process = (database_url, str(services.config.files_path), LEASE_SECONDS)
    first = SPAWN.Process(target=slowly, args=(str(tmp_path), *process))
    first.start()
    until(lambda: begun.read_text().count("begun") == 1)
    os.kill(first.pid, signal.SIGKILL)
    first.join()
    assert hashes(services) == NUMBER
    assert queue_of(services).all()[0].state == RUNNING
    (tmp_path / "hold").unlink()
    second = SPAWN.Process(target=slowly, args=(str(tmp_path), *process))
    second.start()
    try:
        until(lambda: queue_of(services).all()[0].has_ended)
    finally:
        second.terminate()
        second.join(60)
    assert second.exitcode == 0
    [job] = queue_of(services).all()
    assert (job.state, job.tries) == (DONE, 2)
    assert hashes(services) == 2 * NUMBER
    clock.now = max(clock.now, job.asked_at)
    codes = codes_in(take(ann, ann.open(page.address)))
    assert all(works(services, asked, code) for code in codes)
    assert [each.number for each in batches(services, asked).values()] == [NUMBER]
    clock.move(days=400)
    retain(services)
    assert hashes(services) <= NUMBER, "those of the one that was killed are swept up"
