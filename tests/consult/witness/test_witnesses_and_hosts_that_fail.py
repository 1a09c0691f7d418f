"""Witnesses that hang, lie, are put back from a backup or have a wrong clock; two sealers."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from consult.sealing.running import Sealing, open_key, seal_now, sealing_duties
from consult.sealing.witnesses import Asked, ask, cosigners, identity, policy_of
from consult.services import Services
from consult.supervising import Duty, Keeper, supervise
from consult.web import create_app
from consult.witness.serving import make_server
from consult.witness.witness import Witness
from events.log.checkpoint import Checkpoint
from events.log.keys import Algorithm, SignerKey
from events.log.policy import KnownWitness, Policy
from events.log.signed_checkpoint import cosign, open_checkpoint, sign_checkpoint
from tests.builders import consultation
from tests.consult.sealing.audits import answer, audit
from tests.consult.verifier.test_commands import HOLDS, UNMET, run, saved

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LIAR = SignerKey("liar.example", Algorithm.COSIGNATURE, bytes(range(32)))
SECONDS_MAX = 60


def until(happens: Any) -> None:
    ends_at = time.monotonic() + SECONDS_MAX
    while not happens():
        assert time.monotonic() < ends_at
        time.sleep(0.02)


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    with closing(server.socket):
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@contextmanager
def answering(said: Any) -> Iterator[str]:
    """A witness that answers what a function says to a body."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = said(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        yield address


@pytest.fixture
def about(services, log, seal):
    about = consultation(services)
    seal_now(services, log, promises=True)  # whoever seals has the log name that key first
    answer(services, about, "Ada")
    seal()
    return about


@pytest.fixture
def fern(services, log, about, tmp_path) -> Iterator[tuple[Witness, KnownWitness]]:
    """A true witness of this log, and how it is known."""
    made = Witness.make(tmp_path / "fern", "fern.example")
    made.state.add_log(open_key(services.config, log).verifier, "")
    with serving(make_server(made, "127.0.0.1", 0)) as address:
        yield made, KnownWitness("fern", made.key.verifier, address)


def test_a_witness_that_signs_another_root_is_not_believed_and_is_shown(services, log, about):
    key = open_key(services.config, log)

    def lies(_body: bytes) -> bytes:
        other = sign_checkpoint(Checkpoint(key.name, log.latest().size, bytes(32)), key)
        return cosign(other, LIAR, 1_700_000_000)

    with answering(lies) as address:
        liar = KnownWitness("liar", LIAR.verifier, address)
        Keeper(Asked(log, liar, services.clock).duty(lambda: True)).round()
    assert log.cosignatures(log.latest().size) == []
    [trouble] = log.troubles()
    assert trouble.what == "witness liar"
    assert "does not verify" in trouble.detail
    assert cosigners(log, log.latest(), Policy(witnesses=(liar,))) == []


def test_a_witness_that_hangs_holds_up_neither_sealing_nor_another_witness(
    services, log, about, fern, tmp_path
):
    _, true = fern
    is_over, is_asked = threading.Event(), threading.Event()

    def hangs(_body: bytes) -> bytes:
        is_asked.set()
        is_over.wait(SECONDS_MAX)
        return b""

    with answering(hangs) as address:
        slow = KnownWitness("liar", LIAR.verifier, address)
        file = tmp_path / "witnesses"
        file.write_bytes(Policy(witnesses=(slow, true)).encode())
        services.config = replace(services.config, witnesses_file=file)
        stop = threading.Event()
        duties = sealing_duties(services, log, 1)
        running = threading.Thread(target=supervise, args=(duties, stop))
        running.start()
        try:
            assert is_asked.wait(SECONDS_MAX)
            size = log.latest().size
            answer(services, about, "Ben")
            until(lambda: log.latest().size == size + 1)
            until(lambda: len(log.cosignatures(size + 1)) == 1)
            assert not is_over.is_set()
        finally:
            stop.set()
            is_over.set()
            running.join(SECONDS_MAX)


def test_a_witness_put_back_from_a_backup_is_asked_from_where_it_was(
    services, log, seal, about, fern, tmp_path
):
    witness, known = fern
    assert ask(log, known, services.clock())
    old = log.latest().size
    shutil.copytree(tmp_path / "fern", tmp_path / "backup")
    answer(services, about, "Ben")
    seal()
    assert ask(log, known, services.clock())
    back = Witness.open(tmp_path / "backup")
    assert back.state.seen(log_name(services, log))[0].size == old
    with serving(make_server(back, "127.0.0.1", 0)) as address:
        answer(services, about, "Cai")
        seal()
        assert ask(log, replace(known, url=address), services.clock())
    assert back.state.seen(log_name(services, log))[0].size == log.latest().size
    assert not back.state.evidence()
    assert log.cosigned(identity(witness.key.verifier)).size == log.latest().size


def log_name(services, log):
    return open_key(services.config, log).name


@pytest.mark.parametrize(("hours", "within"), [(-2, UNMET), (2, HOLDS)])
def test_a_witness_whose_clock_is_two_hours_wrong_cosigns_and_its_time_is_measured(
    services, log, about, fern, client, tmp_path, hours, within
):
    witness, known = fern
    witness._now = lambda: time.time() + hours * 3_600
    assert ask(log, known, services.clock())
    point = saved(tmp_path / "checkpoint", client.get("/log/checkpoint").data)
    policy = policy_of(services.config, open_key(services.config, log).verifier)
    whole = replace(policy, witnesses=(known,), quorum="fern")
    rules = saved(tmp_path / "policy", whole.encode())
    assert run("checkpoint", point, "--policy", rules, "--max-age", "3").returncode == HOLDS
    assert run("checkpoint", point, "--policy", rules, "--max-age", "1").returncode == within


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_sealer_whose_clock_is_two_hours_wrong_seals_the_same_entries(
    services, log, about, hours
):
    right, services.clock = services.clock, lambda: right() + timedelta(hours=hours)
    answer(services, about, "Ben")
    size = seal_now(services, log, group_min=1)
    services.clock = right
    answer(services, about, "Cai")
    assert seal_now(services, log, group_min=1) == size + 1
    assert audit(services, log) == size + 1


def test_two_web_hosts_and_two_sealers_make_one_log(services, log, about):
    """Each host answers people and would seal; one at a time does, and the other takes over."""
    with ExitStack() as opened:
        hosts = [Services.open(services.config, services.clock) for _ in range(2)]
        for host in hosts:
            opened.callback(host.close)
        stops = [threading.Event() for _ in hosts]
        sealing = [Sealing(host, host.log, 1) for host in hosts]
        running = [
            threading.Thread(target=supervise, args=(_duties(one), stop))
            for one, stop in zip(sealing, stops, strict=True)
        ]
        for thread in running:
            thread.start()
        try:
            until(lambda: any(one.is_sealer() for one in sealing))
            first = next(at for at, one in enumerate(sealing) if one.is_sealer())
            size = _answered_at_both(hosts, about, log, 0)
            assert not sealing[1 - first].is_sealer()
            stops[first].set()
            running[first].join(SECONDS_MAX)
            size = _answered_at_both(hosts, about, log, 10)
            assert sealing[1 - first].is_sealer()
        finally:
            for stop in stops:
                stop.set()
            for thread in running:
                thread.join(SECONDS_MAX)
        pages = [create_app(host).test_client().get("/log/checkpoint").data for host in hosts]
    assert pages[0] == pages[1]
    assert open_checkpoint(pages[0], [open_key(services.config, log).verifier])
    assert audit(services, log) == size


def _duties(sealing: Sealing) -> list[Any]:

    return [Duty("sealing", 0.0, sealing.seal, 1.0, sealing.let_go)]


def _answered_at_both(hosts: list[Services], about: Any, log: Any, first: int) -> int:
    """Hand in answers at both hosts; return the size once all are sealed."""
    size = log.latest().size + 10
    for number in range(10):
        answer(hosts[number % 2], about, f"voter {first + number}")
    until(lambda: log.latest().size == size)
    return size
