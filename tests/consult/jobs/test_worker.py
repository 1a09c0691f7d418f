"""A worker does what is asked for, says how far it is, and what became of it."""

import hashlib
import json
import multiprocessing
import os
import signal
import threading
import time
from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest

from consult.clocks.store_clock import utc_now
from consult.commands.results.recorded_ballots import BallotsMissing
from consult.jobs import result_files, words
from consult.jobs import worker as working
from consult.jobs.asking import queue_of
from consult.jobs.job import DONE, FAILED, RUNNING, WAITING
from consult.jobs.kinds.kind import Kind
from consult.jobs.queue import Queue
from consult.wording.language import in_language
from events import DataProtectionCase
from events.errors import Conflict, OutcomeUnknown, Overloaded, RecordUnavailable
from events.store import private_files
from tests.builders import consultation
from tests.conftest import only
from tests.consult.jobs.workers import (
    LINES,
    SLOW,
    Slow,
    in_a_process,
    put,
    without_pages,
    worker,
)
from tests.consult.serving.sites import until

SPAWN = multiprocessing.get_context("spawn")
HOUR = timedelta(hours=1)
CONTENT = "".join(f"{number}\n" for number in range(LINES)).encode()


class Plain(msgspec.Struct, frozen=True):
    """A job with nothing to say."""

    name: str = ""


def kind(work, **more) -> Kind:
    return Kind("plain", Plain, work, HOUR, **more)


def raising(error: Exception):
    def work(_services, _parameters, _report):
        raise error

    return kind(work)


def folder(services):
    return result_files.folder_of(services.config)


def test_the_file_of_a_job_is_whole_its_owners_alone_and_what_was_made(services):
    making = kind(lambda *_: iter([b"one ", b"two"]), makes_file=True)
    job = put(services, making, Plain())
    assert worker(services, making).work() == 0
    assert worker(services, making).work() is None
    done = queue_of(services).find(job.id)
    assert (done.state, done.size_bytes) == (DONE, 7)
    assert done.digest == hashlib.sha256(b"one two").hexdigest()
    with result_files.open_result(services.config, done) as opened:
        assert opened.read() == b"one two"
    [file] = [path for path in folder(services).iterdir() if path.name != "place"]
    assert (folder(services).stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    file.write_bytes(b"one tw0")
    assert result_files.open_result(services.config, done) is None, "it is not what was made"
    file.unlink()
    assert result_files.open_result(services.config, done) is None


def test_a_file_goes_with_its_job_and_what_a_crash_left_goes_too(services, clock):
    making = kind(lambda *_: iter([b"one"]), makes_file=True)
    put(services, making, Plain())
    here = worker(services, making)
    here.work()
    left = {folder(services) / name for name in ("0123-1.abc.part", "0123-1", "place.0123")}
    for each in left:
        each.write_bytes(b"half")
    here.sweep()
    assert not left & set(folder(services).iterdir())
    assert len(list(folder(services).iterdir())) == 2
    clock.move(hours=1)
    here.sweep()
    assert [path.name for path in folder(services).iterdir()] == ["place"]
    assert queue_of(services).all() == []


@only("sqlite")
def test_what_is_being_written_stays_however_long_that_takes(services):
    def work(_services, _parameters, _report):
        yield b"one "
        [part] = folder(services).glob("*.part")
        os.utime(part, (0, 0))
        others.sweep()
        assert part.exists()
        yield b"two"

    making = kind(work, makes_file=True)
    others = worker(services, making)
    job = put(services, making, Plain())
    worker(services, making).work()
    assert queue_of(services).find(job.id).state == DONE


@only("sqlite")
def test_a_file_that_is_made_while_old_ones_are_looked_for_stays(services):
    making = kind(lambda *_: iter([b"one"]), makes_file=True)
    here, queue = worker(services, making), queue_of(services)

    def read_just_before():
        found = queue.all()
        put(services, making, Plain())
        here.work()
        return found

    result_files.sweep(services.config, read_just_before)
    [job] = queue.all()
    with result_files.open_result(services.config, job) as opened:
        assert opened.read() == b"one"


@only("sqlite")
def test_while_the_database_is_away_the_lease_says_so_in_a_line_and_the_job_goes_on(
    services, monkeypatch, caplog
):
    tried = threading.Event()

    def away(*_):
        tried.set()
        raise RecordUnavailable

    def work(_services, _parameters, _report):
        with monkeypatch.context() as patched:
            patched.setattr(Queue, "renew", away)
            assert tried.wait(60)

    monkeypatch.setattr(working, "RENEW_SECONDS", 0.02)
    job = put(services, kind(work), Plain())
    worker(services, kind(work)).work()
    assert queue_of(services).find(job.id).state == DONE
    said = [one for one in caplog.records if "lease" in one.getMessage()]
    assert said
    assert not any(one.exc_info for one in said)
    assert str(RecordUnavailable()) in said[0].getMessage()


@only("sqlite")
def test_progress_is_noted_at_most_once_a_second(services, monkeypatch):
    now, seen = [100.0], []
    monkeypatch.setattr(working, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def work(_services, _parameters, report):
        for number in range(1, 5):
            now[0] += 0.5
            report(number, 4)
            seen.append(queue_of(services).find(job.id).done)

    job = put(services, kind(work), Plain())
    worker(services, kind(work)).work()
    assert seen == [0, 2, 2, 4]


@only("sqlite")
def test_a_refusal_is_final_and_said_in_the_language_of_who_reads_it(services):
    kinds = raising(BallotsMissing(found=3, recorded=5))
    job = put(services, kinds, Plain())
    worker(services, kinds).work()
    failed = queue_of(services).find(job.id)
    assert (failed.state, failed.tries) == (FAILED, 1)
    assert words.reason(failed) == str(BallotsMissing(found=3, recorded=5))
    with in_language("cy"):
        assert words.reason(failed).startswith("Mae’r cofnod yn dal 5")


@only("sqlite")
def test_a_refusal_that_is_too_long_to_keep_so_is_said_in_the_language_of_who_asked(services):
    kinds = raising(BallotsMissing(found=3, recorded="5" * 400))
    with in_language("cy"):
        job = put(services, kinds, Plain())
    worker(services, kinds).work()
    assert words.reason(queue_of(services).find(job.id)).startswith("Mae’r cofnod yn dal 555")


@only("sqlite")
@pytest.mark.parametrize("passing", [Conflict(), Overloaded(), OutcomeUnknown()])
def test_what_another_try_may_overcome_is_tried_again(services, passing):
    kinds = raising(passing)
    job = put(services, kinds, Plain())
    worker(services, kinds).work()
    waiting = queue_of(services).find(job.id)
    assert (waiting.state, words.reason(waiting)) == (WAITING, str(passing))


@only("sqlite")
def test_any_other_error_is_tried_again_and_quotes_nothing(services, caplog):
    kinds = raising(ValueError("what Ann wrote"))
    job = put(services, kinds, Plain())
    worker(services, kinds).work()
    waiting = queue_of(services).find(job.id)
    assert (waiting.state, waiting.reason) == (WAITING, "ValueError")
    assert "failed, try 1" in caplog.text


@only("sqlite")
def test_while_the_database_is_away_a_job_is_neither_done_nor_failed(services, clock):
    kinds = raising(RecordUnavailable())
    job = put(services, kinds, Plain())
    with pytest.raises(RecordUnavailable):
        worker(services, kinds).work()
    assert queue_of(services).find(job.id).state == RUNNING
    clock.move(seconds=30)
    with pytest.raises(RecordUnavailable):
        worker(services, kinds).work()


def test_told_to_stop_it_gives_the_job_back_at_once(services):
    stop = threading.Event()

    def work(_services, _parameters, report):
        stop.set()
        report(1, 2)

    job = put(services, kind(work), Plain())
    working.Worker(services, {"plain": kind(work)}, stop).work()
    assert (queue_of(services).find(job.id).state, queue_of(services).find(job.id).tries) == (
        WAITING,
        0,
    )


@only("sqlite")
def test_who_lost_a_job_meanwhile_stops_and_leaves_the_file_of_the_other(
    services, clock, monkeypatch
):
    monkeypatch.setattr(working, "RENEW_SECONDS", 0.02)
    others = worker(services, kind(lambda *_: iter([b"theirs"]), makes_file=True))

    def work(_services, _parameters, _report):
        yield b"mine"
        with monkeypatch.context() as asleep:
            asleep.setattr(Queue, "renew", lambda *_: None)
            clock.move(minutes=5)
            assert others.work() == 0
        time.sleep(0.2)
        yield b"too late"

    mine = kind(work, makes_file=True)
    job = put(services, mine, Plain())
    worker(services, mine).work()
    done = queue_of(services).find(job.id)
    with result_files.open_result(services.config, done) as opened:
        assert opened.read() == b"theirs"


def test_two_places_have_two_ids_and_each_keeps_its_own(services, tmp_path):
    here = result_files.place_of(services.config)
    assert result_files.place_of(services.config) == here
    other = SimpleNamespace(files_path=tmp_path / "other")
    assert result_files.place_of(other) != here


@only("sqlite")
def test_who_is_second_to_name_a_place_takes_the_name_of_the_first_also_where_it_swept(
    services, monkeypatch
):
    really = private_files.write_whole

    def overtaken(path, pieces):
        really(path, pieces)
        monkeypatch.setattr(private_files, "write_whole", really)
        theirs.append(result_files.place_of(services.config))
        result_files.sweep(services.config, queue_of(services).all)

    theirs = []
    monkeypatch.setattr(private_files, "write_whole", overtaken)
    assert [result_files.place_of(services.config)] == theirs
    assert [path.name for path in folder(services).iterdir()] == ["place"]


def begun(tmp_path) -> int:
    file = tmp_path / "begun"
    return file.read_text().count("begun") if file.exists() else 0


def test_a_process_killed_in_the_middle_of_a_job_loses_nothing_and_the_next_finishes_it_once(
    services, database_url, tmp_path
):
    about = consultation(services)
    hold = tmp_path / "hold"
    hold.touch()
    arguments = (database_url, str(services.config.files_path), 2.0)
    queue = Queue(services.vault, utc_now)
    job = put(services, SLOW, Slow(str(tmp_path), about.id))
    first = SPAWN.Process(target=in_a_process, args=arguments)
    first.start()
    until(lambda: begun(tmp_path) == 1)
    os.kill(first.pid, signal.SIGKILL)
    first.join()
    assert queue.find(job.id).state == RUNNING
    both = [SPAWN.Process(target=in_a_process, args=arguments) for _ in range(2)]
    for process in both:
        process.start()
    try:
        until(lambda: begun(tmp_path) == 2)
        time.sleep(5)
        assert begun(tmp_path) == 2, "its lease is renewed, so the other one leaves it alone"
        hold.unlink()
        until(lambda: queue.find(job.id).has_ended)
    finally:
        for process in both:
            process.terminate()
        for process in both:
            process.join(60)
            assert process.exitcode == 0
    done = queue.find(job.id)
    assert (done.state, done.tries) == (DONE, 2)
    with result_files.open_result(services.config, done) as opened:
        assert opened.read() == CONTENT
    rows = services.record.read(0, 10_000)
    held = [
        json.loads(row.state) for row in rows if row.topic == DataProtectionCase.LegalHoldSet.TOPIC
    ]
    assert len(held) == 1, "what it records has one command id"


@only("sqlite")
def test_jobs_that_need_no_page_are_done_without_making_the_application(
    services, database_url, tmp_path
):
    about = consultation(services)
    arguments = (database_url, str(services.config.files_path), 2.0)
    queue = Queue(services.vault, utc_now)
    job = put(services, SLOW, Slow(str(tmp_path), about.id))
    process = SPAWN.Process(target=without_pages, args=arguments)
    process.start()
    try:
        until(lambda: queue.find(job.id).has_ended or not process.is_alive())
        assert queue.find(job.id).state == DONE
    finally:
        process.terminate()
        process.join(60)
    assert process.exitcode == 0
