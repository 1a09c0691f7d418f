"""The link that sets a new site up: printed in a terminal, and kept nowhere but there."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from consult.cli import main
from consult.config import Config
from consult.services import Services, set_up
from consult.serving import first_link
from tests.builders import partnership


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FOLKMOOT_DATABASE_URL", f"sqlite:///{tmp_path}/folkmoot.db")
    set_up(Config.from_environment())
    opened = Services.open(Config.from_environment())
    yield opened
    opened.close()


def test_the_command_prints_a_link_and_the_vault_has_only_its_hash(
    services: Services, tmp_path: Path
):
    printed = CliRunner().invoke(main, ["setup-link"])
    link = printed.output.strip()
    assert (printed.exit_code, link[:29]) == (0, "http://127.0.0.1:8000/set-up/")
    assert len(link) == 29 + 32
    for file in tmp_path.iterdir():
        if file.is_file():
            assert link[29:].encode() not in file.read_bytes(), file.name


def test_whoever_starts_a_new_site_at_a_terminal_is_told_the_link(
    services: Services, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    first_link.tell(services)
    told = capsys.readouterr().out
    assert "This site has no partnership yet. Open this link to set it up" in told
    assert "http://127.0.0.1:8000/set-up/" in told


def test_a_service_writes_no_secret_into_its_journal(
    services: Services, capsys: pytest.CaptureFixture[str]
):
    first_link.tell(services)
    told = capsys.readouterr().out
    assert "get a link in a terminal: consult setup-link" in told
    assert "/set-up/" not in told


def test_on_a_site_with_a_partnership_there_is_no_link(
    services: Services, capsys: pytest.CaptureFixture[str]
):
    partnership(services)
    first_link.tell(services)
    assert capsys.readouterr().out == ""
    refused = CliRunner().invoke(main, ["setup-link"])
    assert refused.exit_code == 1
    assert "This site has a partnership already" in refused.output
