"""What a witness is asked and when, what its answers come to, and how often one is asked again."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from consult.config import BadSetting
from consult.sealing import witnesses
from consult.sealing.running import open_key, sealing_duties
from consult.sealing.witnesses import (
    Asked,
    WitnessDisagreesError,
    ask,
    cosigners,
    identity,
    policy_of,
)
from consult.supervising import Keeper
from events.log.errors import LogError
from events.log.keys import Algorithm, SignerKey
from events.log.policy import KnownWitness, Policy
from events.log.signed_checkpoint import cosign
from tests.builders import consultation
from tests.consult.sealing.audits import answer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

KEY = SignerKey("fern.example", Algorithm.COSIGNATURE, bytes(range(32)))
OTHER = SignerKey("moss.example", Algorithm.COSIGNATURE, bytes(range(1, 33)))
HOUR = timedelta(hours=1)
JUST = timedelta(microseconds=1)
Answers = Callable[[bytes], tuple[int, bytes]]


class Fern:
    """A witness that answers what a test says; `asked`: the bodies it was sent."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.paths: list[tuple[str, str]] = []
        self.answers: list[Answers] = []
        self.address = ""

    @property
    def known(self) -> KnownWitness:
        return KnownWitness("fern", KEY.verifier, self.address)

    def old_sizes(self) -> list[bytes]:
        return [body.partition(b"\n")[0] for body in self.asked]

    def proofs(self) -> list[int]:
        """How many hashes each question had."""
        return [len(body.partition(b"\n\n")[0].splitlines()) - 1 for body in self.asked]


def signs(body: bytes) -> tuple[int, bytes]:
    return 200, lines_of(body, KEY)


def lines_of(body: bytes, key: SignerKey) -> bytes:
    return cosign(body.partition(b"\n\n")[2], key, 1_700_000_000)


def says(status: int, body: bytes) -> Answers:
    return lambda _: (status, body)


@pytest.fixture
def fern() -> Iterator[Fern]:
    made = Fern()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.asked.append(body)
            made.paths.append((self.path, self.headers["Content-Type"]))
            status, said = (made.answers.pop(0) if made.answers else signs)(body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    with closing(server.socket):
        made.address = f"http://127.0.0.1:{server.server_port}/"
        yield made
        server.shutdown()
        thread.join()


@pytest.fixture
def about(services, seal):
    about = consultation(services)
    answer(services, about, "Ada")
    seal()
    return about


def test_an_empty_log_asks_nobody(log, clock, fern):
    assert not ask(log, fern.known, clock())
    assert fern.asked == []


def test_a_witness_is_asked_from_where_it_was_and_its_line_is_kept(
    services, log, seal, about, clock, fern
):
    assert ask(log, fern.known, clock())
    first = log.latest().size
    [kept] = log.cosignatures(first)
    assert (kept.size, kept.witness, kept.at) == (first, identity(KEY.verifier), clock())
    assert kept.line == lines_of(fern.asked[0], KEY)
    assert fern.paths == [("/add-checkpoint", "text/plain; charset=utf-8")]
    answer(services, about, "Ben")
    answer(services, about, "Cai")
    seal()
    assert ask(log, fern.known, clock())
    assert fern.old_sizes() == [b"old 0", f"old {first}".encode()]
    assert fern.proofs()[0] == 0
    assert fern.proofs()[1] > 0
    assert log.cosigned(identity(KEY.verifier)).size == log.latest().size > first


@pytest.mark.parametrize(("after", "asked"), [(HOUR - JUST, 1), (HOUR, 2)])
def test_a_log_that_does_not_grow_is_cosigned_anew_after_an_hour(
    log, about, clock, fern, after, asked
):
    assert ask(log, fern.known, clock())
    assert ask(log, fern.known, clock() + after) is (asked == 2)
    assert len(fern.asked) == asked
    assert fern.proofs() == [0] * asked, "nothing has grown, so nothing is to prove"
    assert len(log.cosignatures(log.latest().size)) == 1


def test_a_witness_that_was_elsewhere_is_asked_again_from_there(
    services, log, seal, about, clock, fern
):
    first = log.latest().size
    answer(services, about, "Ben")
    seal()
    fern.answers = [says(409, f"{first}\n".encode()), signs]
    assert ask(log, fern.known, clock())
    assert fern.old_sizes() == [b"old 0", f"old {first}".encode()]
    assert fern.proofs()[1] > 0


def test_a_witness_that_is_as_far_as_we_are_needs_no_proof(log, about, clock, fern):
    size = log.latest().size
    fern.answers = [says(409, f"{size}\n".encode()), signs]
    assert ask(log, fern.known, clock())
    assert fern.proofs() == [0, 0]


def test_answers_that_are_no_cosignature_keep_nothing(log, about, clock, fern):
    size = log.latest().size
    told: list[str] = []
    for said in (
        [says(409, f"{size + 1}\n".encode())],
        [says(409, f"{size}\n".encode()), says(409, f"{size}\n".encode())],
        [says(403, b" unknown log \n")],
        [says(500, b"x" * 300)],
        [says(422, b"\xff")],
        [says(201, b"made")],
    ):
        fern.answers = said
        with pytest.raises(WitnessDisagreesError) as refused:
            ask(log, fern.known, clock())
        told.append(str(refused.value))
        assert fern.answers == []
    assert told == [
        f"It has seen {size + 1} entries of this log, and we have {size}.",
        f"It answered 409: {size}",
        "It answered 403: unknown log",
        f"It answered 500: {'x' * 200}",
        "It answered 422: \N{REPLACEMENT CHARACTER}",
        "It answered 201: made",
    ]
    for wrong in (
        lambda body: (200, lines_of(body, OTHER)),
        says(200, b"nonsense"),
        says(200, b""),
    ):
        fern.answers = [wrong]
        with pytest.raises(LogError):
            ask(log, fern.known, clock())
    assert log.cosignatures(size) == []
    assert ask(log, fern.known, clock())


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/x", "file:///tmp"])
def test_an_address_of_another_kind_is_not_asked(log, about, clock, fern, address):
    fern.address = address
    with pytest.raises(WitnessDisagreesError) as told:
        ask(log, fern.known, clock())
    assert str(told.value) == "Its address does not start with https://."


def test_a_policy_names_this_log_and_the_witnesses_of_the_file(services, log, about, tmp_path):
    key = open_key(services.config, log).verifier
    alone = policy_of(services.config, key)
    assert [(one.key, one.url) for one in alone.logs] == [
        (key, f"{services.config.public_url}/log")
    ]
    assert alone.witnesses == ()
    file = tmp_path / "witnesses"
    file.write_text(f"witness fern {KEY.verifier.vkey} https://fern.example\nquorum fern\n")
    named = policy_of(replace(services.config, witnesses_file=file), key)
    assert named.logs == alone.logs
    assert [(one.name, one.url) for one in named.witnesses] == [("fern", "https://fern.example")]
    assert not named.is_met([])
    for content in (b"witness fern nonsense\n", None):
        other = tmp_path / "other"
        if content is not None:
            other.write_bytes(content)
        else:
            other.unlink()
        with pytest.raises(BadSetting) as told:
            policy_of(replace(services.config, witnesses_file=other), key)
        assert told.value.values["name"] == "FOLKMOOT_WITNESSES"
        assert told.value.values["value"] == other
        assert told.value.values["advice"]


def test_only_witnesses_of_the_policy_whose_signature_holds_are_named(log, about, clock, fern):
    latest = log.latest()
    moss = KnownWitness("moss", OTHER.verifier, "")
    both, one = Policy(witnesses=(fern.known, moss)), Policy(witnesses=(moss,))
    assert cosigners(log, latest, both) == []
    ask(log, fern.known, clock())
    assert cosigners(log, latest, both) == [KEY.verifier]
    assert cosigners(log, latest, one) == []
    assert identity(KEY.verifier) == f"fern.example+{KEY.verifier.key_id.hex()}"


# --- asking for ever ---


def ask_rounds(log: Any, fern: Fern, clock: Any, number: int) -> list[float]:
    keeper = Keeper(Asked(log, fern.known, clock).duty(lambda: True))
    return [keeper.round() for _ in range(number)]


def test_a_witness_that_disagrees_is_shown_once_asked_more_slowly_and_forgiven(
    log, about, clock, fern, caplog
):
    fern.answers = [says(403, b"no")] * 8 + [says(403, b"still no")]
    caplog.set_level(logging.WARNING)
    assert ask_rounds(log, fern, clock, 9) == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
    assert [record.getMessage() for record in caplog.records] == [
        "witness fern waits: The witness does not cosign: It answered 403: no",
        "witness fern waits: The witness does not cosign: It answered 403: still no",
    ]
    [trouble] = log.troubles()
    assert (trouble.what, trouble.detail) == ("witness fern", "It answered 403: still no")
    fern.answers = [says(403, b"no"), signs]
    assert ask_rounds(log, fern, clock, 3) == [0.5, 1, 1]
    assert log.troubles() == [], "it has cosigned"


def test_a_witness_that_cosigns_after_a_restart_of_ours_is_shown_no_more(log, about, clock, fern):
    fern.answers = [says(403, b"no")]
    ask_rounds(log, fern, clock, 1)
    assert [each.what for each in log.troubles()] == ["witness fern"]
    ask_rounds(log, fern, clock, 1)  # by another process
    assert log.troubles() == []


def test_a_witness_that_is_away_is_asked_more_slowly_and_is_no_trouble(log, about, clock, fern):
    fern.address = "http://127.0.0.1:9/"
    assert ask_rounds(log, fern, clock, 3) == [0.5, 1, 2]
    assert log.troubles() == []


def test_a_fault_of_ours_does_not_end_the_asking(log, about, clock, fern, monkeypatch, caplog):
    def fails(*_: Any) -> bool:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(witnesses, "ask", fails)
        assert ask_rounds(log, fern, clock, 2) == [0.5, 1]
    assert "witness fern failed and will be tried again." in caplog.text
    assert ask_rounds(log, fern, clock, 1) == [1]
    assert log.cosignatures(log.latest().size)


def test_each_witness_with_an_address_is_a_duty_of_its_own_of_the_process_that_seals(
    services, log, about, fern, tmp_path
):
    silent = KnownWitness("moss", OTHER.verifier, "")
    file = tmp_path / "witnesses"
    file.write_bytes(Policy(witnesses=(fern.known, silent)).encode())
    services.config = replace(services.config, witnesses_file=file)
    sealing, asking = sealing_duties(services, log)
    assert (sealing.name, asking.name) == ("sealing", "witness fern")
    asking.work()
    assert log.cosignatures(log.latest().size) == [], "another process may be sealing"
    sealing.work()
    try:
        asking.work()
        assert log.cosignatures(log.latest().size)
    finally:
        sealing.end()
