"""What is on the disk is for its owner alone, whatever the umask; a start refuses anything else."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from consult import own_files
from consult.cli.root import main
from consult.config import Config
from consult.services import Services, set_up
from events.store.private_files import OthersCanRead, OthersCanWrite
from tests.conftest import only

EVERYTHING = """
from datetime import UTC, datetime
from pathlib import Path
from consult.commands.backing_up import back_up, restore
from consult.commands.context import Actor
from consult.commands.partnerships import form_partnership
from consult.config import Config
from consult.people.erasing.ledger import Ledger
from consult.sealing.running import open_sealer
from consult.log_store.store import LogStore
from consult.services import Services, set_up
from consult.witness.witness import Witness
from projections import ALL
from projections.engine.rebuilding import rebuild

config = Config.from_environment()
set_up(config)
services = Services.open(config)
form_partnership(services, slug="a", name={"en": "A"}, area={"en": "A"}, profile="free",
                 actor=Actor("operator"))
services.catch_up()
store = LogStore.open(config.database_url)
sealer = open_sealer(config, services.record, store, services.clock)
sealer.seal()
back_up(config, Path("copies/today"), now=datetime.now(UTC))
Witness.make(Path("witness"), "witness.example")
open_while = [oct(path.stat().st_mode & 0o777) for path in Path.cwd().rglob("*.db*")]
assert set(open_while) == {"0o600"}, open_while
services.close()
restore(Config(database_url="sqlite:///back/folkmoot.db"), Path("copies/today"))
"""


def modes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): oct(stat.S_IMODE(path.stat().st_mode))
        for path in sorted(folder.rglob("*"))
    }


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_every_file_is_made_for_its_owner_alone_whatever_the_umask(tmp_path, umask):
    environment = os.environ | {
        "FOLKMOOT_DATABASE_URL": "sqlite:///deep/down/folkmoot.db",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", EVERYTHING],
        cwd=tmp_path,
        env=environment,
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr[-3_000:]
    found = modes(tmp_path)
    for name in ("db", "people.db", "views.db", "log.db", "log.key", "log.state"):
        assert f"deep/down/folkmoot.{name}" in found
    assert {"copies/today/people.db", "copies/today/manifest.json", "witness/witness.key"} <= {
        *found
    }
    folders = {name: mode for name, mode in found.items() if (tmp_path / name).is_dir()}
    assert set(folders.values()) == {"0o700"}, folders
    assert {mode for name, mode in found.items() if name not in folders} == {"0o600"}, found


@pytest.fixture
def installed(tmp_path) -> Config:
    folder = tmp_path / "data of ours"
    config = Config(database_url=f"sqlite:///{folder}/folkmoot.db")
    set_up(config)
    Services.open(config).close()
    return config


@pytest.mark.parametrize(
    "name", ["folkmoot.db", "folkmoot.people.db", "folkmoot.people.db-wal", "folkmoot.views.db",
             "folkmoot.log.key", "folkmoot.log.erasures", "folkmoot.db-lock"],
)  # fmt: skip
def test_a_start_refuses_what_others_can_read_and_says_what_to_type(installed, tmp_path, name):
    path = tmp_path / "data of ours" / name
    path.touch()
    path.chmod(0o640)
    run = CliRunner(env={"FOLKMOOT_DATABASE_URL": installed.database_url})
    refused = run.invoke(main, ["init"])
    assert refused.exit_code == 1
    assert f"Other accounts of this machine can read {path}" in refused.output
    command = refused.output.rpartition("then run: ")[2]
    subprocess.run(["sh", "-c", command], check=True)  # the very command it names
    assert run.invoke(main, ["init"]).exit_code == 0


def test_one_command_mends_everything_that_an_older_version_made(installed, tmp_path):
    for path in (tmp_path / "data of ours").iterdir():
        path.chmod(0o644)
    with pytest.raises(OthersCanRead) as refused:
        Services.open(installed)
    subprocess.run(["sh", "-c", str(refused.value).rpartition("then run: ")[2]], check=True)
    Services.open(installed).close()


def test_a_start_refuses_a_folder_into_which_others_can_write(installed, tmp_path):
    folder = tmp_path / "data of ours"
    folder.chmod(0o1777)
    with pytest.raises(OthersCanWrite) as refused:
        Services.open(installed)
    subprocess.run(["sh", "-c", str(refused.value).rpartition("Run: ")[2]], check=True)
    Services.open(installed).close()


def test_a_backup_refuses_too_and_its_folder_is_closed_to_others(installed, tmp_path):
    folder = tmp_path / "copies"
    folder.mkdir(0o755)
    run = CliRunner(env={"FOLKMOOT_DATABASE_URL": installed.database_url})
    assert run.invoke(main, ["backup", str(folder)]).exit_code == 0
    assert set(modes(folder).values()) == {"0o600"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (tmp_path / "data of ours" / "folkmoot.people.db").chmod(0o604)
    refused = run.invoke(main, ["backup", str(tmp_path / "more")])
    assert "chmod 600" in refused.output
    assert not (tmp_path / "more").exists()


@only("sqlite")
def test_every_file_beside_the_database_is_one_that_is_checked(services, tmp_path):
    known = {path.name for path in own_files.places(services.config)}
    endings = ("-wal", "-shm", "-turn", "-lock")
    for path in tmp_path.iterdir():
        assert any(path.name.removesuffix(end) in known for end in ("", *endings)), path
