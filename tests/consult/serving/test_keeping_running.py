"""A site that was started keeps running, one at a time on a port, and ends when it is told to."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from events.errors import Refused
from tests.consult.serving.sites import CONSULT, Site, free_port, running, until


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with running(f"sqlite:///{folder}/folkmoot.db", folder) as site:
        yield site.ready()


def test_a_second_server_on_the_port_is_refused_in_words(site: Site, tmp_path: Path):
    second = subprocess.run(
        [CONSULT, "serve", "--port", str(site.port)],
        env=os.environ | {"FOLKMOOT_DATABASE_URL": f"sqlite:///{tmp_path}/other.db"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert f"already listens on 127.0.0.1, port {site.port}" in second.stderr
    assert not list(tmp_path.iterdir()), "nothing was begun"
    assert site.get("/")[0] == 200


@pytest.mark.parametrize("options", [(), (socket.SO_REUSEADDR,), (socket.SO_REUSEPORT,)])
def test_a_port_is_taken_whoever_has_it_and_however(options: tuple[int, ...]):
    from consult.serving.listening import CannotListen, listen

    with socket.socket() as other:
        for option in options:
            other.setsockopt(socket.SOL_SOCKET, option, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(CannotListen, match="already listens"):
            listen("127.0.0.1", other.getsockname()[1])


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_an_address_of_another_machine_is_refused_in_words(host: str):
    from consult.serving.listening import listen

    with pytest.raises(Refused, match=f"not possible to listen on {host}"):
        listen(host, free_port())


def test_a_port_can_be_had_again_at_once_after_a_server_with_visitors(tmp_path: Path):
    from consult.serving.listening import listen

    port = free_port()
    with listen("127.0.0.1", port) as first:
        visitor = socket.create_connection(("127.0.0.1", port))
        accepted, _ = first.accept()
        accepted.close()  # the server ends first, so its side of the connection lingers
        visitor.close()
    listen("127.0.0.1", port).close()


def test_a_site_survives_its_processes_being_killed_in_quick_succession(site: Site):
    for round in (1, 2):
        killed = until(lambda: [*site.processes("web"), *site.processes("background")])
        for process in killed:
            process.kill()
        until(lambda: f"time {round} in a row" in site.log)  # noqa: B023  called at once
        until(lambda: len(site.processes("web")) == 2)
    assert "The process web 1 ended (signal 9)" in site.log
    assert "The process background ended (signal 9)" in site.log
    assert "starts again in 1.0 seconds" in site.log, "slower and slower"
    until(lambda: site.get("/")[0] == 200)


def test_while_one_web_process_is_away_the_other_serves_everybody(site: Site):
    one, _other = until(lambda: len(site.processes("web")) == 2 and site.processes("web"))
    until(lambda: all(site.get("/")[0] == 200 for _ in range(10)))
    one.kill()
    answers = [site.get("/", timeout=60)[0] for _ in range(20)]
    assert answers == [200] * 20, "and nobody meets the new one before it can answer"
    until(lambda: len(site.processes("web")) == 2)
    assert [site.get("/", timeout=60)[0] for _ in range(20)] == [200] * 20


@pytest.mark.parametrize("after_listening", [False, True])
def test_a_start_that_is_told_to_end_ends_and_leaves_nothing_running(
    tmp_path: Path, *, after_listening: bool
):
    with running(f"sqlite:///{tmp_path}/folkmoot.db", tmp_path) as site:
        if after_listening:
            until(lambda: "Listening" in site.log)
        else:
            time.sleep(0.3)
        began_at = time.monotonic()
        family = psutil.Process(site.process.pid).children(recursive=True)
        site.end()
        assert time.monotonic() - began_at < 60
        assert not psutil.wait_procs(family, timeout=30)[1]
        assert site.get("/")[0] == 0


def test_processes_end_with_the_one_that_started_them(tmp_path: Path):
    with running(f"sqlite:///{tmp_path}/folkmoot.db", tmp_path) as site:
        site.ready()
        family = psutil.Process(site.process.pid).children(recursive=True)
        assert len(family) >= 3
        os.kill(site.process.pid, signal.SIGKILL)
        site.process.wait()
        _gone, alive = psutil.wait_procs(family, timeout=60)
        assert not alive
