"""Every command of the README and of the documents is run, in the order in which it stands there.

Each document begins in an empty folder. What a test cannot do on the machine it runs on is in
NOT_RUN, with the reason; what is done in its place is in INSTEAD and in the documents' own tables.
A command that is in none of them and does not succeed fails the test of its document.
"""

import getpass
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from consult.config import Config
from consult.sealing.running import seal_now
from consult.services import Services, set_up
from tests.builders import Clock, by_letter
from tests.consult.formats.vote_files import PABULIB
from tests.consult.notifying.mail_servers import Box
from tests.consult.notifying.mail_servers import running as mail_server
from tests.consult.people.erasable import answer, asked, tell_more
from tests.consult.serving.sites import CONSULT, free_port, until
from tests.consult.serving.sites import running as running_site
from tests.consult.web.organisers import Organiser
from tests.consult.web.residents import Resident, form_values
from tests.docs.documents import ROOT, blocks, commands, documents
from tests.docs.terminal import PYTHON, Terminal, tool
from tests.docs.units import Unit
from tests.journeys.installation import SETUP_LINK, Browser, at_a_terminal

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_800)]

README, RUNNING, MUTATION = "README.md", "docs/running.md", "docs/mutation.md"
WITNESS = "docs/witness.md"
POSTGRES = "sudo -u postgres "
LOG = "docs/log.md"
ATTESTING = (
    "python3 folkmoot_verify.py auditor-key auditor.example auditor.key",
    "consult openings ID --output openings.ndjson",
    (
        "python3 folkmoot_verify.py attest https://HOST/log --key log.vkey --consultation ID "
        "--openings openings.ndjson --signer auditor.key --output ID.attestation"
    ),
    'consult attestation add ID.attestation --vkey "auditor.example+..."',
    "python3 folkmoot_verify.py recount https://HOST/log --key log.vkey --auditors auditors.vkeys",
)

NOT_RUN = {
    (README, "make test"): "this test is one of those that it runs",
    (README, "python3 -m venv .venv"): "a site is installed by the commands of docs/running.md",
    (README, ".venv/bin/pip install ."): "a site is installed by the commands of docs/running.md",
    **{
        (LOG, command): "test_attestations_served.py signs and serves with these, of its own log"
        for command in ATTESTING
    },
    (MUTATION, "make mutants"): "it runs the tests hundreds of times, for hours",
    (
        MUTATION,
        'make mutants PACKAGES="consult/counting events" SAMPLE=20 SEED=2',
    ): "it runs the tests for hours",
    (RUNNING, "sudo apt-get update"): "it changes the machine",
    (RUNNING, "sudo apt-get install --yes python3-venv curl"): "it changes the machine",
    (RUNNING, "sudo apt-get install --yes caddy"): "it changes the machine",
    (RUNNING, "sudo apt-get install --yes postgresql"): "it changes the machine",
    (
        RUNNING,
        "sudo useradd --system --home-dir /var/lib/folkmoot --shell /usr/sbin/nologin folkmoot",
    ): "it needs root and makes an account on the machine",
    (RUNNING, "sudo userdel folkmoot"): "there is no account of that name",
    (RUNNING, "sudo systemctl daemon-reload"): "systemd does not know this test's unit",
    (RUNNING, "sudo systemctl restart caddy"): "test_proxies.py runs Caddy with this very file",
    (RUNNING, "sudo journalctl --unit folkmoot --since today"): "systemd does not run this unit",
    (
        WITNESS,
        "sudo useradd --system --shell /usr/sbin/nologin folkmoot-witness",
    ): "it needs root and makes an account on the machine",
    (
        WITNESS,
        "sudo cp docs/service/folkmoot-witness.service /etc/systemd/system/",
    ): "test_witness_service.py runs this unit",
    (
        WITNESS,
        "sudo chown -R folkmoot-witness:folkmoot-witness /var/lib/folkmoot-witness",
    ): "there is no account of that name",
    (
        WITNESS,
        "sudo systemctl enable --now folkmoot-witness",
    ): "test_witness_service.py runs this unit",
}
"""Commands that no test runs, and why."""

INSTEAD = {
    "make demo": ".venv/bin/consult demo --port {port}",  # what make does after installing
    "127.0.0.1:8000": "127.0.0.1:{port}",
    "--port 8000": "--port {port}",
    "/opt/folkmoot": "{folder}/opt/folkmoot",
    "/etc/folkmoot": "{folder}/etc/folkmoot",
    "/etc/caddy": "{folder}/etc/caddy",
    "/etc/systemd/system": "{folder}/etc/systemd/system",
    "/usr/local/bin": "{folder}/tools",
    "/var/lib/folkmoot": "{folder}/var/lib/folkmoot",
    # Nothing is fetched: what it is made with is there already.
    "bin/pip install --require-hashes --requirement requirements.txt": "bin/pip list --quiet",
    "bin/pip install .": "bin/pip install --quiet --no-index --no-deps --no-build-isolation .",
    # There is no such account, and nobody but root gives files away.
    " -o folkmoot -g folkmoot": "",
    " -o folkmoot": "",
    " -g folkmoot": "",
    '"$(id -un)" = folkmoot': '"$(id -un)" = {user}',
    "host=/var/run/postgresql": "host={socket}",
}
"""What is put in the place of what stands there, in commands and in docs/service."""

EDITS = {
    "smtps://haveyoursay:password@mail.example.gov.uk": "smtp://127.0.0.1:{mail_port}",
}
"""What an operator changes in the settings."""


@dataclass
class Desk:
    """One document being followed. `seen`: what commands printed that later ones need."""

    folder: Path
    terminal: Terminal
    port: int = field(default_factory=free_port)
    words: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    running: ExitStack = field(default_factory=ExitStack)
    box: Box | None = None
    unit: Unit | None = None

    def here(self, text: str) -> str:
        """Put what is here in the place of what stands in a document."""
        for old, new in INSTEAD.items():
            text = text.replace(old, new.format(**self.words) if "{" in new else new)
        for old, new in self.seen.items():
            text = re.sub(rf"(?<![\w./-]){re.escape(old)}\b", new, text)
        return text

    def answers(self, path: str = "/") -> bool:
        try:
            with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
                connection.request("GET", path)
                return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty folder, and the programs that the machine of a newcomer has."""
    folder, tools = tmp_path / "here", tmp_path / "here" / "tools"
    tools.mkdir(parents=True)
    tool(tools, "python3", PYTHON)
    tool(tools, "sudo", 'test "$1" = -u && shift 2\nexec "$@"')
    made = Desk(folder, Terminal(folder, tools))
    made.words = {
        "port": str(made.port),
        "folder": str(folder),
        "user": getpass.getuser(),
        "socket": "/var/run/postgresql",
    }
    with made.running:
        yield made


def follow(desk: Desk, document: str, chosen: Callable[[str], bool] = lambda _command: True) -> int:
    """Give every command of a document, in order; how many were run."""
    number = 0
    for command in commands(document):
        if not chosen(command) or (document, command) in NOT_RUN:
            continue
        number += 1
        BEFORE.get((document, command), nothing)(desk)
        in_place = IN_PLACE.get((document, command))
        if in_place:
            in_place(desk)
        else:
            line = desk.here(command)
            only_here(line, desk.folder)
            desk.terminal.run(line)
        AFTER.get((document, command), nothing)(desk)
    return number


def only_here(line: str, folder: Path) -> None:
    """Refuse to touch anything of the machine."""
    for path in re.findall(r"(?<![\w.:/])/(?:etc|opt|var|usr|srv|home|root)\b[^\s'\"]*", line):
        assert path.startswith((str(folder), "/var/run/postgresql")), f"{path} in: {line}"
    assert not line.startswith("sudo ") or "systemctl" not in line, line


def nothing(_desk: Desk) -> None:
    """There is nothing to do."""


def prepared(desk: Desk) -> Config:
    """An installation in the folder, as `consult init` leaves it."""
    config = Config(database_url=f"sqlite:///{desk.folder}/folkmoot.db")
    set_up(config)
    (desk.folder / "tools" / "consult").symlink_to(CONSULT)
    return config


def real_services(config: Config) -> Services:
    return Services.open(config, Clock(datetime.now(UTC)))


def document_of(name: str) -> str:
    assert f"docs/{name}.md" in documents()
    return f"docs/{name}.md"


# The README: a clone, the demo, votes, the verifier.


def demo_is_served(desk: Desk) -> None:
    target = re.search(r"^demo:.*\n\t(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert target
    assert target[1] == "$(BIN)/consult demo --port $(PORT)"
    (desk.folder / ".venv" / "bin").mkdir(parents=True)
    (desk.folder / ".venv" / "bin" / "consult").symlink_to(CONSULT)
    # As the address that the demo is served at, for whoever gives commands beside it.
    desk.terminal.set(FOLKMOOT_PUBLIC_URL=f"http://127.0.0.1:{desk.port}")
    process = desk.terminal.start(desk.here("make demo"), desk.folder / "said")
    desk.running.callback(process.wait)
    desk.running.callback(process.terminate)
    until(desk.answers)


SERVE = (
    "FOLKMOOT_DATABASE_URL=sqlite:///site/folkmoot.db FOLKMOOT_PUBLIC_URL=http://127.0.0.1:8001 "
    ".venv/bin/consult serve --port 8001"
)


def a_new_site_is_set_up(desk: Desk) -> None:
    """By the link that is printed, up to the first draft."""
    port = free_port()
    words = SERVE.replace("8001", str(port)).replace(".venv", f"{desk.folder}/.venv")

    def start(terminal: int) -> "subprocess.Popen[bytes]":
        return desk.terminal.start(f"env {words}", desk.folder / "said", terminal)

    with at_a_terminal(start, SETUP_LINK) as link:
        home = f"http://127.0.0.1:{port}"
        until(lambda: Browser(home).get("/").status_code == 200)
        founder = Organiser(Browser(home))
        path = urlsplit(link).path
        page = founder.send(founder.open(path), name="Jo", email="jo@example.org")
        named = {"name__en": "Mill Together", "name__cy": "Melin Ynghyd"}
        named |= {"area__en": "Mill Valley", "area__cy": "Cwm Melin", "profile": "wales"}
        page = founder.send(page, **named)
        assert "Step 2 of 5" in page.heading
        draft = founder.send(founder.open("/organise/new"), title__en="A park", title__cy="Parc")
        assert draft.address == "/organise/c/park/"


def votes_are_there(desk: Desk) -> None:
    (desk.folder / "votes.pb").write_text(PABULIB)


def the_id_is_seen(desk: Desk) -> None:
    id = re.compile(r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.MULTILINE)
    (desk.seen["ID"],) = id.findall(desk.terminal.output)


def in_another_folder(desk: Desk) -> None:
    desk.terminal.run("mkdir elsewhere && cd elsewhere")


def the_program_is_here(desk: Desk) -> None:
    desk.terminal.run(f"cp {ROOT}/consult/verifier/folkmoot_verify.py .")


def it_was_recounted(desk: Desk) -> None:
    assert "Everything that was checked holds." in desk.terminal.output


# Backup and restore.


def something_to_keep(desk: Desk) -> None:
    config = prepared(desk)
    services = real_services(config)
    answer(services, asked(services).id)
    services.close()
    desk.terminal.run("consult seal --once")


def an_empty_place(desk: Desk) -> None:
    desk.terminal.set(
        FOLKMOOT_DATABASE_URL="sqlite:///restored/folkmoot.db",
        FOLKMOOT_KEY_FILE="restored/log.key",
    )
    desk.terminal.run("install -d -m 700 restored")


# A witness of a log that is served.


def a_log_to_watch(desk: Desk) -> None:
    site_folder = desk.folder / "site"
    site_folder.mkdir(mode=0o700)
    config = Config(database_url=f"sqlite:///{site_folder}/folkmoot.db")
    set_up(config)
    services = real_services(config)
    asked(services)
    seal_now(services, services.log, group_min=1)
    vkey = services.log.document("vkey")
    services.close()
    assert vkey is not None
    site = desk.running.enter_context(
        running_site(config.database_url, site_folder, FOLKMOOT_KEY_FILE=str(config.key_path))
    ).ready()
    (desk.folder / "tools" / "consult").symlink_to(CONSULT)
    (desk.folder / "var" / "lib").mkdir(parents=True)
    desk.seen |= {
        "https://consult.example.org/log": f"{site.address}/log",
        "KEY": vkey.decode().strip(),
    }


# Letters.


def a_fund_with_letters(desk: Desk) -> None:
    services = real_services(prepared(desk))
    by_letter(services, slug="three-wards-fund", wards=True)
    services.close()


def the_batch_is_seen(desk: Desk) -> None:
    desk.seen["BATCH"] = re.findall(r"batch ([^,\s]+),", desk.terminal.output)[-1]


# Erasing.


def three_people(desk: Desk) -> None:
    services = real_services(prepared(desk))
    id = asked(services, slug="riverside").id
    ann, bob, carys = (answer(services, id, name) for name in ("ann", "bob", "carys"))
    tell_more(services, bob, "name@example.org")
    services.catch_up()
    services.close()
    desk.seen |= {"8WQM-2DJR-5T0V-K7N3": ann.changing_code, "3F7K-XX2M-9QRT-A1B2": ann.code}
    desk.seen |= {"ID": str(carys.subject_id)}


def the_case_is_seen(desk: Desk) -> None:
    desk.seen["CASE"] = desk.terminal.output.strip().splitlines()[-1]


# A partnership.


def a_partnership(desk: Desk) -> None:
    prepared(desk)
    shutil.copy(ROOT / "docs" / "service" / "facts.toml", desk.folder)
    desk.terminal.run('consult partnership form ashenmoor --name "Ashenmoor" --area Ashenmoor')


# From nothing to a live site.


def the_project(desk: Desk) -> None:
    """Unpack the project, with what stands for the machine in its place."""
    source = desk.folder / "source"
    source.mkdir()
    for name in ("README.md", "LICENSE", "pyproject.toml", "hatch_build.py"):
        shutil.copy2(ROOT / name, source)
    for name in ("consult", "events", "projections", "templates", "docs"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (source / "docs" / "service").iterdir():
        path.write_text(desk.here(path.read_text()))
    for folder in ("etc/systemd/system", "etc/caddy", "var/lib", "opt"):
        (desk.folder / folder).mkdir(parents=True)
    desk.box = Box()
    desk.words["mail_port"] = str(desk.running.enter_context(mail_server(desk.box)))
    edits = "".join(f"s#{old}#{new.format(**desk.words)}#\n" for old, new in EDITS.items())
    (desk.folder / "edits").write_text(edits)
    tool(desk.folder / "tools", "sudoedit", f'exec sed -i -f {desk.folder}/edits "$1"')
    desk.terminal.run("cd source")


def what_it_is_made_with(desk: Desk) -> None:
    """Let the new environment find the packages that the tests have, but not the project."""
    (packages,) = (desk.folder / "opt/folkmoot/lib").glob("python3*/site-packages")
    theirs = next(path for path in sys.path if path.endswith("site-packages"))
    (packages / "beside.pth").write_text(f"{theirs}\n")


def it_is_installed_whole(desk: Desk) -> None:
    python = f"{desk.folder}/opt/folkmoot/bin/python"
    said = desk.terminal.run(f"cd / && {python} -c 'import consult; print(consult.__file__)'")
    assert said.startswith(f"{desk.folder}/opt/folkmoot/lib"), said
    desk.terminal.run(f"cd {desk.folder}/source")


def the_settings_are_edited(desk: Desk) -> None:
    settings = (desk.folder / "etc/folkmoot/environment").read_text()
    assert f"smtp://127.0.0.1:{desk.words['mail_port']}" in settings


def the_facts_are_all_stated(desk: Desk) -> None:
    assert "Everything that people are owed is stated." in desk.terminal.output


def starts(desk: Desk) -> None:
    desk.unit = Unit(desk.folder / "etc/systemd/system/folkmoot.service", desk.folder / "said")
    desk.unit.start()
    desk.running.callback(desk.unit.stop)


def stops(desk: Desk) -> None:
    assert desk.unit is not None
    assert desk.unit.stop() == 0


def starts_again(desk: Desk) -> None:
    starts(desk)
    until(lambda: desk.answers("/healthz"))
    assert desk.answers("/")


def jo_signs_in(desk: Desk) -> None:
    """By the link that was printed, and later by one that came by mail to her browser."""
    link = desk.terminal.output.strip()
    assert link.startswith("https://haveyoursay.example.gov.uk/sign-in/")
    first, later = (Browser(f"http://127.0.0.1:{desk.port}") for _ in range(2))
    for browser, path in ((first, urlsplit(link).path), (later, mailed(desk, later))):
        organiser = Organiser(browser)
        page = organiser.send(organiser.open(path))
        assert page.address == "/organise/", page.words
        assert "Ashenmoor Together" in page.text


def mailed(desk: Desk, browser: Browser) -> str:
    assert desk.box is not None
    asker = Resident(browser)
    forms = [form_values(each) for each in asker.open("/sign-in").tree.iter("form")]
    [values] = [each for each in forms if "email" in each]  # another one is for passkeys
    values["email"] = "jo@example.gov.uk"
    browser.post("/sign-in", data=values)
    until(lambda: desk.box.mails)
    (mail,) = desk.box.mails
    assert "haveyoursay@example.gov.uk" in mail["From"]
    return urlsplit(re.findall(r"https://\S+/sign-in/\S+", mail.get_content())[0]).path


def everything_is_where_it_says(desk: Desk) -> None:
    """The table of the document, path by path."""
    rows = re.findall(
        r"^\| `(/\S+)` \| (\d+) \| (.*) \|$", (ROOT / RUNNING).read_text(), re.MULTILINE
    )
    assert len(rows) > 10
    for place, mode, about in rows:
        path = Path(desk.here(place))
        if not path.exists():
            assert "there after the first" in about, path
            continue
        assert f"{path.stat().st_mode & 0o777:o}" == mode, path
    kept = desk.folder / "var/lib"
    named = {desk.here(place) for place, _mode, _about in rows}
    secret = [path for path in kept.rglob("*") if path.suffix in {".db", ".key", ".state"}]
    beside = [path for path in secret if "backups" not in path.parts and "newer" not in str(path)]
    assert {str(path) for path in beside} <= named
    for path in kept.rglob("*"):
        is_given = path.name in {"facts.toml", "wards.csv"}
        assert is_given or not path.stat().st_mode & 0o077, path


def nothing_is_left(desk: Desk) -> None:
    for place in ("etc/folkmoot", "opt/folkmoot", "tools/consult"):
        assert not (desk.folder / place).exists()
    assert not list((desk.folder / "etc/systemd/system").iterdir())


def no_data_is_left(desk: Desk) -> None:
    assert not list((desk.folder / "var/lib").iterdir())


def step(name: str, number: int = 0) -> tuple[str, str]:
    """A command of docs/running.md by how it begins."""
    found = [command for command in commands(RUNNING) if command.startswith(name)]
    assert found, name
    return RUNNING, found[number]


BEFORE: dict[tuple[str, str], Callable[[Desk], None]] = {
    (README, ".venv/bin/consult import votes.pb"): votes_are_there,
    (README, "curl -sO http://127.0.0.1:8000/verify/folkmoot_verify.py"): in_another_folder,
    ("docs/backup.md", "consult backup backups/2026-11-22"): something_to_keep,
    ("docs/backup.md", "consult restore backups/2026-11-22"): an_empty_place,
    (
        "docs/codes.md",
        "consult codes three-wards-fund --count 5000 --ward W09 --output codes.csv",
    ): a_fund_with_letters,
    ("docs/erasure.md", "consult erase 8WQM-2DJR-5T0V-K7N3"): three_people,
    ("docs/partnership.md", "consult partnership state ashenmoor facts.toml"): a_partnership,
    (LOG, "sha256sum folkmoot_verify.py"): the_program_is_here,
    (
        WITNESS,
        "consult witness init --name witness.example.org --folder /var/lib/folkmoot-witness",
    ): a_log_to_watch,
    step("sudo python3 -m venv"): the_project,
    step("sudo systemctl disable"): everything_is_where_it_says,
}
"""What a document takes as given before a command."""

AFTER: dict[tuple[str, str], Callable[[Desk], None]] = {
    (README, ".venv/bin/consult import votes.pb"): the_id_is_seen,
    (
        README,
        "python3 folkmoot_verify.py recount http://127.0.0.1:8000/log --key log.vkey",
    ): it_was_recounted,
    (
        "docs/codes.md",
        "consult codes three-wards-fund --count 40 --format pdf --output letters.pdf",
    ): the_batch_is_seen,
    (
        "docs/erasure.md",
        'consult hold set riverside --reason "Judicial review, claim CO/123/2026"',
    ): the_case_is_seen,
    step("sudo python3 -m venv"): what_it_is_made_with,
    step("sudo /opt/folkmoot/bin/pip install ."): it_is_installed_whole,
    step("sudoedit /etc/folkmoot/environment"): the_settings_are_edited,
    step("consult partnership state"): the_facts_are_all_stated,
    step("consult sign-in"): jo_signs_in,
    step("sudo rm -r /etc"): nothing_is_left,
    step("sudo rm -rf /var"): no_data_is_left,
}
"""What has to be true after a command, or is needed by a later one."""

IN_PLACE: dict[tuple[str, str], Callable[[Desk], None]] = {
    (README, "make demo"): demo_is_served,
    (README, SERVE): a_new_site_is_set_up,
    step("sudo systemctl enable --now folkmoot"): starts,
    step("sudo systemctl stop folkmoot"): stops,
    step("sudo systemctl start folkmoot"): starts_again,
    step("sudo systemctl disable --now folkmoot"): stops,
}
"""What stands in for systemd and for the clone: the unit's own command, in its own settings."""


FOLLOWED = [
    document
    for document in documents()
    if document != RUNNING
    and any((document, command) not in NOT_RUN for command in commands(document))
]


def is_for_postgres(command: str) -> bool:
    return command.startswith(POSTGRES)


def in_turn(document: str) -> Any:
    """What newcomers read is followed on every day, the rest on a day of its own."""
    return pytest.param(document, marks=[] if document == README else pytest.mark.in_turn)


@pytest.mark.parametrize("document", [in_turn(document) for document in FOLLOWED])
def test_every_command_of_a_document_works(document: str, desk: Desk):
    if document == "docs/settings.md":
        (desk.folder / "var/lib").mkdir(parents=True)
    assert follow(desk, document)


def test_from_nothing_to_a_live_site_and_back(desk: Desk):
    assert follow(desk, RUNNING, lambda command: not is_for_postgres(command)) > 30


def test_a_database_on_postgresql_is_made_used_and_dropped(desk: Desk, postgres_server: str):
    parts = urlsplit(postgres_server)
    desk.words["socket"] = re.search(r"host=([^&]+)", parts.query)[1].replace("%2F", "/")
    desk.terminal.set(PGHOST=desk.words["socket"], PGUSER="postgres")
    made = [command for command in commands(RUNNING) if is_for_postgres(command)]
    making = [command for command in made if "create" in command]
    assert follow(desk, RUNNING, lambda command: command in making) == 2
    (setting,) = [block.text for block in blocks(RUNNING) if block.language == "ini"]
    name, _, value = desk.here(setting).partition("=")
    desk.terminal.set(
        **{name: shlex.split(value)[0], "FOLKMOOT_KEY_FILE": f"{desk.folder}/log.key"}
    )
    (desk.folder / "tools" / "consult").symlink_to(CONSULT)
    assert "ready" in desk.terminal.run("consult init")
    assert "0 facts" in desk.terminal.run("consult status || true")
    dropping = [command for command in made if command not in making]
    assert follow(desk, RUNNING, lambda command: command in dropping) == 2
    with psycopg.connect(postgres_server) as connection:
        found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'folkmoot'").fetchall()
    assert found == []


def test_nothing_is_listed_that_is_not_in_a_document():
    given = {(document, command) for document in documents() for command in commands(document)}
    for table in (NOT_RUN, BEFORE, AFTER, IN_PLACE):
        assert set(table) <= given, set(table) - given
    assert all(NOT_RUN.values())


def test_everything_put_in_the_place_of_something_is_needed():
    text = "\n".join(
        [command for document in documents() for command in commands(document)]
        + [block.text for block in blocks(RUNNING)]
        + [path.read_text() for path in (ROOT / "docs" / "service").iterdir()]
    )
    assert [old for old in INSTEAD if old not in text] == []
    assert [old for old in EDITS if old not in text] == []


def test_a_command_that_fails_fails_the_test(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(globals(), "commands", lambda _document: ["consult no-such-command"])
    (desk.folder / "tools" / "consult").symlink_to(CONSULT)
    with pytest.raises(AssertionError, match="no-such-command"):
        follow(desk, "docs/backup.md")


def test_a_command_that_would_touch_the_machine_is_not_run(tmp_path: Path):
    for line in ("sudo rm -r /etc/other", "cp a /usr/local/bin/b", "sudo systemctl stop other"):
        with pytest.raises(AssertionError):
            only_here(line, tmp_path)
