"""The queue keeps every job until it is done, once, whoever works and whatever is lost."""

import threading
from datetime import timedelta

import pytest

from consult.jobs import queue as queues
from consult.jobs.job import DONE, FAILED, RUNNING, WAITING, Wanted
from consult.jobs.queue import Lost, Queue

KINDS = ("count",)
HOUR = timedelta(hours=1)


@pytest.fixture
def queue(services) -> Queue:
    return Queue(services.vault, services.record.moment)


def wanted(key: str = "1", place: str = "", kind: str = "count") -> Wanted:
    return Wanted(kind, "{}", key, asked_by="ann", role="organiser", place=place)


def claimed(queue: Queue):
    job = queue.claim(KINDS, "here")
    assert job is not None
    return job


def test_a_lost_reply_gives_the_same_job_in_every_state(queue):
    first = queue.ask(wanted())
    assert queue.ask(wanted()) == first
    job = claimed(queue)
    assert queue.ask(wanted()).id == job.id
    queue.finish(job, HOUR)
    assert queue.ask(wanted()).id == job.id
    assert [each.id for each in queue.all()] == [job.id]


def test_many_who_ask_at_once_with_one_key_get_one_job(queue):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(queue.ask(wanted()).id)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_jobs_are_done_in_the_order_in_which_they_were_asked_for(queue, clock):
    for key in ("first", "second", "third"):
        queue.ask(wanted(key))
        clock.move(seconds=1)
    assert [claimed(queue).wanted.key for _ in range(3)] == ["first", "second", "third"]
    assert queue.claim(KINDS, "here") is None


def test_a_worker_takes_what_it_can_do_where_it_is(queue):
    queue.ask(wanted("elsewhere", place="there"))
    queue.ask(wanted("unknown", kind="dance"))
    assert queue.claim(KINDS, "here") is None
    queue.ask(wanted("here", place="here"))
    assert claimed(queue).wanted.key == "here"


def test_eight_workers_at_once_claim_each_job_once(queue):
    for number in range(20):
        queue.ask(wanted(str(number)))
    taken = []

    def work() -> None:
        while (job := queue.claim(KINDS, "here")) is not None:
            taken.append(job.id)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 20


def test_a_job_whose_worker_is_gone_is_taken_up_after_its_lease_and_the_old_one_changes_nothing(
    queue, clock
):
    queue.ask(wanted())
    old = claimed(queue)
    clock.move(seconds=20)
    queue.renew(old)
    clock.move(seconds=20)
    assert queue.claim(KINDS, "here") is None, "it is renewed"
    clock.move(seconds=10)
    new = claimed(queue)
    assert (new.id, new.tries) == (old.id, 2)
    for change in (
        lambda: queue.renew(old),
        lambda: queue.progress(old, 1, 2),
        lambda: queue.finish(old, HOUR),
        lambda: queue.put_off(old, "it failed"),
        lambda: queue.fail(old, "it failed"),
        lambda: queue.release(old),
    ):
        with pytest.raises(Lost):
            change()
    queue.progress(new, 3, 4)
    assert (queue.find(new.id).done, queue.find(new.id).total) == (3, 4)


def test_a_lease_renewed_between_finding_and_claiming_is_not_taken(queue, clock, monkeypatch):
    queue.ask(wanted())
    old = claimed(queue)
    clock.move(minutes=1)
    really, renewed = queue._write, []

    def write(job, *more, **changed):
        if not renewed:
            renewed.append(really(old, next_at=clock() + queues.LEASE_TIME))
        return really(job, *more, **changed)

    monkeypatch.setattr(queue, "_write", write)
    assert queue.claim(KINDS, "here") is None
    assert renewed == [True]


def test_what_fails_is_tried_slower_and_slower_and_then_has_failed_with_its_reason(queue, clock):
    id = queue.ask(wanted()).id
    pauses = []
    while queue.find(id).state == WAITING:
        job, waited = None, 0.0
        while (job := queue.claim(KINDS, "here")) is None:
            clock.move(seconds=0.5)
            waited += 0.5
        pauses.append(waited)
        queue.put_off(job, f"reason {job.tries}")
    assert pauses == [0, 0.5, 1, 2, 4, 8, 16, 30]
    failed = queue.find(id)
    assert (failed.state, failed.reason) == (FAILED, "reason 8")
    assert failed.has_ended
    clock.move(hours=2)
    assert queue.claim(KINDS, "here") is None
    clock.move(days=1)
    assert queue.find(id) is None


def test_a_job_that_kills_each_worker_fails_in_the_end_and_says_so(queue, clock):
    id = queue.ask(wanted()).id
    for _ in range(queues.TRIES_MAX):
        assert claimed(queue).state == RUNNING
        clock.move(seconds=31)
    assert queue.claim(KINDS, "here") is None
    assert queue.find(id).state == FAILED
    assert queue.find(id).reason == "It was begun several times and never finished."


def test_a_job_given_back_is_waiting_as_if_never_claimed(queue):
    queue.ask(wanted())
    job = claimed(queue)
    queue.release(job)
    again = claimed(queue)
    assert (again.id, again.tries) == (job.id, 1)


def test_what_is_done_is_kept_for_its_time_and_then_asked_for_anew(queue, clock):
    first = queue.ask(wanted())
    queue.finish(claimed(queue), HOUR, size_bytes=7, digest="d" * 64)
    done = queue.find(first.id)
    assert (done.state, done.size_bytes, done.digest) == (DONE, 7, "d" * 64)
    clock.move(hours=1)
    assert queue.find(first.id) is None
    assert queue.all() == []
    assert queue.ask(wanted()).id != first.id
    queue.finish(claimed(queue), HOUR)
    clock.move(hours=1)
    assert queue.forget_expired(KINDS, "here") == 1


def test_done_again_is_another_job_that_no_worker_of_the_old_one_can_change(queue):
    queue.ask(wanted())
    old = claimed(queue)
    queue.fail(old, "it failed")
    new = queue.again(queue.find(old.id))
    assert new.id != old.id
    assert (new.state, new.reason, new.wanted) == (WAITING, "", old.wanted)
    assert claimed(queue).tries == old.tries
    with pytest.raises(Lost):
        queue.finish(old, HOUR)


def test_somebody_sees_what_they_asked_for_and_no_more_wait_than_may(queue):
    mine = queue.ask(wanted(), most=1)
    assert queue.ask(wanted("2"), most=1) is None
    assert queue.ask(wanted(), most=1) == mine, "the same one is no other"
    queue.ask(Wanted("count", "{}", "3", asked_by="ben"))
    assert [each.id for each in queue.of("ann")] == [mine.id]


def test_a_place_where_nobody_works_takes_no_room_from_another(queue):
    assert queue.ask(wanted("1", "gone"), most=1)
    assert queue.ask(wanted("2", "gone"), most=1) is None
    assert queue.ask(wanted("3", "here"), most=1)
    assert queue.ask(wanted("4", "here"), most=1) is None


def test_what_nobody_took_for_a_day_expires_where_it_cannot_be_done_and_waits_where_it_can(
    queue, clock
):
    queue.ask(wanted("nobody makes files there", place="gone"))
    queue.ask(wanted("nobody does that any more", kind="dance"))
    queue.ask(wanted("made here", place="here"))
    queue.ask(wanted("made anywhere"))
    clock.move(hours=23.9)
    assert queue.forget_expired(KINDS, "here") == 0
    clock.move(hours=0.1)
    assert queue.forget_expired(KINDS, "here") == 2
    assert {job.wanted.key for job in queue.all()} == {"made here", "made anywhere"}


def test_what_another_place_works_at_stays_however_long_it_takes(queue, clock):
    queue.ask(wanted(place="there"))
    job = queue.claim(KINDS, "there")
    clock.move(days=2)
    queue.renew(job)
    assert queue.forget_expired(KINDS, "here") == 0
    clock.move(days=1, seconds=30)
    assert queue.forget_expired(KINDS, "here") == 1


@pytest.mark.parametrize("state", ["asked for", "claimed", "put off"])
def test_a_clock_that_is_set_back_stops_no_job(queue, clock, state):
    queue.ask(wanted())
    if state != "asked for":
        job = claimed(queue)
        if state == "put off":
            queue.put_off(job, "it failed")
    clock.move(hours=-2)
    assert claimed(queue).wanted.key == "1"
    assert queue.claim(KINDS, "here") is None, "it has a lease like any other"


def test_a_worker_that_was_suspended_for_a_while_takes_no_job_from_another(queue, clock):
    queue.ask(wanted())
    claimed(queue)
    clock.move(minutes=-4)
    assert queue.claim(KINDS, "here") is None


@pytest.mark.parametrize("how", ["finish", "fail"])
def test_asked_for_anew_what_has_ended_begins_again_and_what_has_not_is_the_same(queue, how):
    first = queue.ask(wanted(), anew=True)
    assert queue.ask(wanted(), anew=True) == first
    job = claimed(queue)
    assert queue.ask(wanted(), anew=True).id == first.id
    queue.finish(job, HOUR) if how == "finish" else queue.fail(job, "it failed")
    again = queue.ask(wanted(), anew=True)
    assert again.id != first.id
    assert (again.state, queue.all()) == (WAITING, [again])
