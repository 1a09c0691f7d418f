"""Who looks after a site sees how it stands, backs it up and scrubs it; nobody takes it away."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from consult.commands import kept_backups
from consult.commands.backing_up import MANIFEST, check
from consult.jobs.asking import queue_of
from consult.services import Services
from tests import builders
from tests.builders import Clock
from tests.conftest import only
from tests.consult.jobs.workers import do_jobs
from tests.consult.web.organisers import Organiser, sign_in

SITE = "/this-site/"

pytestmark = only("sqlite")


@pytest.fixture
def administrator(app: Flask, services: Services) -> Organiser:
    builders.partnership(services)
    services.catch_up()
    return sign_in(app, services, role="administrator")


@pytest.fixture
def folder(services: Services, tmp_path: Path) -> Path:
    services.config = replace(services.config, backup_folder=tmp_path / "kept")
    return tmp_path / "kept"


def test_a_backup_is_made_where_the_operator_said_and_the_page_tells_its_digest(
    app: Flask, administrator: Organiser, folder: Path
):
    page = administrator.open(SITE)
    assert page.faults == []
    assert "There is none yet." in page.words
    begun = administrator.press(page, "/this-site/backup")
    assert "A backup is being made. This page says when it is there." in begun.words
    assert "Back up now" not in begun.words
    assert do_jobs(app) == 1
    [made] = folder.iterdir()
    assert check(made).files.keys() >= {"record.db", "people.db"}
    assert (made.stat().st_mode & 0o777, (made / MANIFEST).stat().st_mode & 0o777) == (0o700, 0o600)
    after = administrator.open(SITE)
    [told] = kept_backups.kept(app.extensions["services"].config)
    assert told.digest in after.words
    assert str(folder) in after.words
    assert f", {-(-told.size // 1000)} KB" in after.words
    assert after.words.count(made.name) == 1
    assert "Done" in administrator.open("/jobs/").words


def test_pressing_twice_makes_one_and_another_waits_ten_minutes(
    app: Flask, administrator: Organiser, folder: Path, services: Services, clock: Clock
):
    page = administrator.open(SITE)
    for _press in range(2):
        administrator.press(page, "/this-site/backup")
    assert do_jobs(app) == 1
    refused = administrator.press(page, "/this-site/backup")
    assert "The last backup is not ten minutes old, so no other was made." in refused.words
    clock.now += timedelta(minutes=11)
    administrator.press(administrator.open(SITE), "/this-site/backup")
    assert do_jobs(app) == 1
    assert len(list(folder.iterdir())) == 2


def test_a_backup_that_was_cut_short_is_made_anew(services: Services, folder: Path):
    builders.partnership(services)
    cut = folder / "one"
    cut.mkdir(parents=True, mode=0o700)
    folder.chmod(0o700)
    (cut / "record.db").write_bytes(b"half")
    kept_backups.make(services.config, "one", services.clock())
    whole = check(cut)
    kept_backups.make(services.config, "one", services.clock() + timedelta(hours=1))
    assert check(cut).made_at == whole.made_at


def test_a_stolen_session_fills_no_disk_and_takes_nothing_away(
    app: Flask,
    administrator: Organiser,
    folder: Path,
    services: Services,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
):
    administrator.press(administrator.open(SITE), "/this-site/backup")
    do_jobs(app)
    clock.now += timedelta(hours=1)
    with monkeypatch.context() as patched:
        patched.setattr(kept_backups, "KEPT_MAX", 1)
        page = administrator.press(administrator.open(SITE), "/this-site/backup")
        assert "There are 1 backups" in page.words or "There is 1 backup" in page.words
    with monkeypatch.context() as patched:
        patched.setattr(kept_backups, "ROOM_FACTOR", 10**12)
        page = administrator.press(administrator.open(SITE), "/this-site/backup")
        assert "has too little room left, so none was made" in page.words
    [made] = folder.iterdir()
    for file in (made.name, f"{made.name}/people.db", f"backup/{made.name}"):
        assert administrator.client.get(f"/this-site/{file}").status_code == 404
    links = administrator.open(SITE).links()
    assert not [link for link in links if made.name in link]


def test_without_a_folder_the_page_says_what_the_operator_does(administrator: Organiser):
    page = administrator.open(SITE)
    assert "This site has no folder for backups, so none can be made here." in page.words
    assert "consult backup FOLDER" in page.words
    assert "consult log-key rotate" in page.words
    assert "consult restore FOLDER" in page.words


def test_erased_bytes_are_made_unreadable_by_a_job(
    app: Flask, services: Services, administrator: Organiser
):
    begun = administrator.press(administrator.open(SITE), "/this-site/scrub")
    assert "It is being done. This page says when it is over." in begun.words
    assert do_jobs(app) == 1
    assert [job.state for job in queue_of(services).all()] == ["done"]
    after = administrator.open(SITE)
    assert "Done" in after.words
    assert "Make erased bytes unreadable now" in after.words


def test_who_looks_after_personal_data_scrubs_and_makes_no_backups(
    app: Flask, services: Services, folder: Path
):
    builders.partnership(services)
    services.catch_up()
    officer = sign_in(app, services, role="data protection officer", email="dpo@example.org")
    page = officer.open(SITE)
    assert "Back up now" not in page.words
    assert "Make erased bytes unreadable now" in page.words
    values = {"command": "abc", "csrf_token": ""}
    assert officer.client.post("/this-site/backup", data=values).status_code in {302, 303, 400, 403}
    assert queue_of(services).all() == []


def test_organisers_have_no_such_page(app: Flask, services: Services):
    builders.partnership(services)
    services.catch_up()
    organiser = sign_in(app, services)
    assert "This site" not in organiser.open("/organise/").words
    assert organiser.client.get(SITE).status_code == 403
