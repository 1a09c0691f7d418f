"""What happens without a page goes on by itself after the database has been away."""

import os
import signal
import subprocess
from pathlib import Path

import psycopg

from consult.commands.consultations.opening import open_consultation
from consult.log_store.store import LogStore
from consult.people.trouble import Trouble, failing
from consult.services import Services
from tests.builders import ORGANISER, draft
from tests.conftest import only
from tests.consult.serving.sites import CONSULT, until


@only("postgres")
def test_read_models_and_seal_go_on_after_the_database_was_away_twice(
    services: Services, database_url: str, tmp_path: Path
):
    services.has_background = True
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    admin = database_url.replace(f"/{name}?", "/postgres?")
    log = LogStore.open(database_url)
    environment = os.environ | {
        "FOLKMOOT_DATABASE_URL": database_url,
        "FOLKMOOT_KEY_FILE": str(services.config.key_path),
    }

    def is_done() -> bool:
        head = services.record.head()
        sealed = log.stored()
        shown = services.views.position() >= head
        return shown and sealed is not None and sealed.position >= head

    with psycopg.connect(admin, autocommit=True) as db, (tmp_path / "said").open("wb") as said:

        def away() -> None:
            db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )

        away()
        project = subprocess.Popen([CONSULT, "project"], env=environment, stdout=said, stderr=said)
        try:
            until(lambda: b"waits" in (tmp_path / "said").read_bytes())
            db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            drafted = draft(services)
            until(is_done)
            away()
            until(lambda: (tmp_path / "said").read_bytes().count(b"waits") > 2)
            db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            open_consultation(services, drafted.id, actor=ORGANISER)
            until(is_done)
        finally:
            project.send_signal(signal.SIGTERM)
            assert project.wait(60) == 0
    log.close()


@only("sqlite")
def test_trouble_of_what_is_done_no_more_is_shown_no_more(services: Services, database_url: str):
    report = Trouble(services.vault, services.clock)
    for duty in ("witness gone", "jobs", "old files"):
        report.note(duty, 3, "It does not answer.")
    environment = os.environ | {
        "FOLKMOOT_DATABASE_URL": database_url,
        "FOLKMOOT_KEY_FILE": str(services.config.key_path),
    }
    project = subprocess.Popen([CONSULT, "project"], env=environment)

    def is_told() -> bool:
        assert project.poll() is None, "it runs"
        return len(failing(services.vault)) < 3

    try:
        until(is_told)
        left = {each.duty for each in failing(services.vault)}
        assert left == {"jobs", "old files"}, "which another process does"
    finally:
        project.send_signal(signal.SIGTERM)
        assert project.wait(60) == 0
