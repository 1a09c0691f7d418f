"""Large files are made once, out of the way of the pages, and come from the disk."""

import hashlib
import os
import threading
import time
from pathlib import Path

import pytest
from flask import Flask

from consult.jobs import result_files
from consult.jobs.asking import queue_of
from consult.jobs.job import FAILED
from consult.jobs.queue import TRIES_MAX
from consult.services import Services
from consult.web import kept_files
from consult.web.kept_files import folder_of, sweep
from tests.builders import Clock
from tests.conftest import only
from tests.consult.jobs.workers import do_jobs
from tests.consult.web.residents import Page
from tests.kinds import from_draft_to_published

pytestmark = only("sqlite")
ANSWERS = "/c/riverside/answers.json"


@pytest.fixture
def site(app: Flask, services: Services, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A web process beside others, with a published consultation that counts as large."""
    from_draft_to_published(services, "ranking", people=6)
    services.catch_up()
    monkeypatch.setattr(kept_files, "LARGE_FROM", 5)
    services.has_background = True
    return app


def counted_exports(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    from consult.web.results import downloads

    made: list[str] = []
    really = downloads.export_votes

    def export(*given: object, **more: object) -> None:
        made.append(threading.current_thread().name)
        time.sleep(0.1)
        really(*given, **more)

    monkeypatch.setattr(downloads, "export_votes", export)
    return made


@pytest.mark.parametrize("prefix", ["", "/cy"])
def test_who_asks_for_a_large_file_is_told_to_come_again_and_then_gets_it(
    site: Flask, services: Services, prefix: str
):
    client = site.test_client()
    early = Page(client.get(f"{prefix}{ANSWERS}"))
    assert early.status == 503
    assert int(early.headers["Retry-After"]) > 0
    assert early.heading
    assert not early.faults
    assert do_jobs(site) == 1
    answer = client.get(f"{prefix}{ANSWERS}")
    assert answer.status_code == 200
    assert sum(group[-1] for group in answer.json["groups"]) == 6
    digest = hashlib.sha256(answer.data).hexdigest()
    assert answer.headers["ETag"] == f'"{digest}"'
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    again = client.get(f"{prefix}{ANSWERS}", headers={"If-None-Match": f'"{digest}"'})
    assert (again.status_code, again.data) == (304, b"")


def test_who_waits_is_told_to_ask_again_after_as_long_as_it_was_waited_for(
    site: Flask, clock: Clock
):
    """One that is made in a second is not waited for much longer."""
    client = site.test_client()
    told = []
    for seconds in (0, 1, 2, 4, 8, 60):
        clock.move(seconds=seconds)
        told.append(int(client.get(ANSWERS).headers["Retry-After"]))
    assert told == [1, 1, 3, 7, 15, 15]


def test_24_readers_at_once_make_no_work_for_the_pages(
    site: Flask, services: Services, monkeypatch: pytest.MonkeyPatch
):
    made = counted_exports(monkeypatch)
    statuses = [site.test_client().get(ANSWERS).status_code for _ in range(24)]
    assert statuses == [503] * 24
    assert not made, "a page process writes no large file"
    assert do_jobs(site) == 1, "however many want it"
    assert [site.test_client().get(ANSWERS).status_code for _ in range(24)] == [200] * 24
    assert len(made) == 1


def test_a_small_file_is_made_at_once_and_once_however_many_ask(
    site: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(kept_files, "LARGE_FROM", 1_000)
    made = counted_exports(monkeypatch)
    statuses: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: statuses.append(site.test_client().get(ANSWERS).status_code)
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 8
    assert len(made) == 1


def test_a_file_that_could_not_be_made_is_not_half_there(
    site: Flask, services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    from consult.web.results import downloads

    def break_off(*_given: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    client = site.test_client()
    client.get(ANSWERS)
    with monkeypatch.context() as patched:
        patched.setattr(downloads, "export_votes", break_off)
        assert do_jobs(site) == 1
    assert client.get(ANSWERS).status_code == 503
    clock.move(seconds=0.5)
    assert do_jobs(site) == 1, "it is tried again"
    assert client.get(ANSWERS).status_code == 200
    left = {path.suffix for path in folder_of(services.config).iterdir()}
    assert left == {"", ".sha256"}, "and the folder of jobs"


def test_a_file_that_could_not_be_made_for_good_is_made_for_who_asks_next(
    site: Flask, services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    from consult.web.results import downloads

    def break_off(*_given: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    client = site.test_client()
    client.get(ANSWERS)
    with monkeypatch.context() as patched:
        patched.setattr(downloads, "export_votes", break_off)
        for _ in range(TRIES_MAX):
            assert do_jobs(site) == 1
            clock.move(seconds=30)
    [failed] = queue_of(services).all()
    assert failed.state == FAILED
    assert do_jobs(site) == 0, "until somebody asks"
    assert client.get(ANSWERS).status_code == 503
    assert do_jobs(site) == 1
    assert client.get(ANSWERS).status_code == 200


def test_by_whatever_address_people_come_one_job_makes_the_file(site: Flask, services: Services):
    client = site.test_client()
    for address in (ANSWERS, f"{ANSWERS}?question=q-ranking", f"{ANSWERS}?from=mail"):
        assert client.get(address).status_code == 503
    [job] = queue_of(services).all()
    assert client.get(f"/cy{ANSWERS}").status_code == 503
    assert len(queue_of(services).all()) == 2, "in another language it is another file"
    assert do_jobs(site) == 2
    assert client.get(f"{ANSWERS}?from=mail").status_code == 200
    assert job.wanted.place == result_files.place_of(services.config)


def test_what_nobody_asks_for_goes_and_is_made_again(site: Flask, services: Services):
    client = site.test_client()
    client.get(ANSWERS)
    do_jobs(site)
    folder = folder_of(services.config)
    sweep(folder, keep_seconds=3_600)
    assert client.get(ANSWERS).status_code == 200
    sweep(folder, keep_seconds=-1)
    assert [path.name for path in folder.iterdir()] == ["jobs"]
    assert client.get(ANSWERS).status_code == 503
    assert do_jobs(site) == 1
    assert client.get(ANSWERS).status_code == 200


def test_the_folder_is_its_owners_alone_and_stands_beside_the_database(
    services: Services, tmp_path: Path
):
    from dataclasses import replace

    assert folder_of(services.config).stat().st_mode & 0o777 == 0o700
    assert replace(services.config, files_folder=None).files_path == tmp_path / "folkmoot.files"


def test_only_its_owner_may_read_what_is_kept_whatever_the_umask(site: Flask, services: Services):
    before = os.umask(0)
    try:
        site.test_client().get(ANSWERS)
        do_jobs(site)
    finally:
        os.umask(before)
    folder = folder_of(services.config)
    kept = [folder, *folder.rglob("*")]
    assert {path.suffix for path in kept} >= {".sha256"}
    assert [path for path in kept if path.stat().st_mode & 0o077] == []
