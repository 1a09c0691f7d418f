"""The site's secret: made once, in a file of its own; without the right one nothing starts."""

import shutil
import stat
from contextlib import closing
from dataclasses import replace

import pytest
from click.testing import CliRunner

from consult.cli import main
from consult.people.site_secret import (
    SecretMissing,
    SecretOfAnother,
    SecretThere,
    SecretUnusable,
    make,
    read,
)
from consult.services import Services, set_up
from tests.consult.people.erasable import answer, asked
from tests.consult.web.site.test_health import health

REFUSED = (Services.open, set_up)


def run(services: Services, *words: str) -> tuple[int, str]:
    env = {
        "FOLKMOOT_DATABASE_URL": services.config.database_url,
        "FOLKMOOT_KEY_FILE": str(services.config.key_path),
    }
    result = CliRunner(env=env).invoke(main, list(words))
    return result.exit_code, " ".join(result.output.split())


def test_it_is_made_at_the_beginning_for_its_owner_alone_and_stays(services):
    path = services.config.secret_path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    set_up(services.config)
    assert path.read_bytes() == before
    assert make(path) == read(path)


@pytest.mark.parametrize("begin", REFUSED)
def test_without_it_nothing_starts_and_none_is_made_in_its_place(services, begin):
    services.config.secret_path.unlink()
    with pytest.raises(SecretMissing, match=r"Put it back.*consult init --new-secret"):
        begin(services.config)
    assert not services.config.secret_path.exists()


@pytest.mark.parametrize("begin", REFUSED)
def test_that_of_another_site_is_refused(services, begin):
    services.config.secret_path.unlink()
    make(services.config.secret_path)
    with pytest.raises(SecretOfAnother, match="not the secret of this site"):
        begin(services.config)


@pytest.mark.parametrize("content", [b"", b"\xff", b"folkmoot/site-secret/v1 AAAA", b"other"])
def test_a_damaged_file_is_refused_and_never_quoted(services, content):
    services.config.secret_path.write_bytes(content)
    with pytest.raises(SecretUnusable, match="damaged") as told:
        Services.open(services.config)
    assert "AAAA" not in str(told.value)


def test_hosts_with_the_same_file_give_the_same_receipts(services, clock, tmp_path):
    given = answer(services, asked(services).id)
    key = tmp_path / "another host" / "log.key"
    key.parent.mkdir(0o700)
    shutil.copy(services.config.secret_path, key.with_suffix(".secret"))
    with closing(Services.open(replace(services.config, key_file=key), clock)) as there:
        whose = (given.consultation_id, given.subject_id, given.version)
        assert there.vault.receipt_code(*whose) == given.code
        assert there.vault.site_key("session") == services.vault.site_key("session")


def test_whoever_watches_is_told_that_it_is_missing_while_pages_go_on(services, client):
    assert health(client)[1]["has_secret"]
    services.config.secret_path.unlink()
    code, said = health(client)
    assert (code, said["status"], said["has_secret"]) == (503, "trouble", False)
    assert client.get("/").status_code == 200
    code, words = run(services, "status")
    assert (code, "is missing, so nothing was started" in words) == (1, True)


def test_one_that_is_lost_for_good_is_replaced_and_what_is_lost_with_it_is_said(services, clock):
    about = asked(services).id
    before = answer(services, about)
    whose = (before.consultation_id, before.subject_id, before.version)
    code, words = run(services, "init", "--new-secret")
    assert (code, str(SecretThere(path=services.config.secret_path)) in words) == (1, True)
    services.config.secret_path.unlink()
    code, words = run(services, "init", "--new-secret")
    assert code == 0, words
    assert "receipts that were given cannot be checked" in words
    assert "The database is ready." in words
    with closing(Services.open(services.config, clock)) as anew:
        assert anew.vault.receipt_code(*whose) != before.code
        again = answer(anew, about)
        assert (again.subject_id, again.version) == (before.subject_id, 2)
