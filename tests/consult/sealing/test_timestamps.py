"""One checkpoint a day is stamped by an outside authority, which here is openssl ts itself."""

import subprocess
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from rfc3161_client import decode_timestamp_response

from consult.sealing.key import read_key
from consult.sealing.running import sealing_duties
from consult.sealing.timestamps import NotStampedError, stamp_today
from events.log.append import Edge, append
from events.log.checkpoint import Checkpoint
from events.log.note import parse_note
from events.log.signed_checkpoint import sign_checkpoint
from tests.builders import consultation
from tests.consult.sealing.audits import answer, contents
from tests.consult.sealing.broken_writes import Broken, breaks
from tests.consult.verifier.verifier_logs import write
from tests.tools import openssl

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CONFIG = """
[ tsa ]
default_tsa = ours
[ ours ]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""
EXTENSIONS = "basicConstraints=CA:FALSE", "extendedKeyUsage=critical,timeStamping"


@pytest.fixture
def authority(tmp_path):
    """An address that stamps; `authority.queries` are what it was asked."""
    program = openssl()
    folder = tmp_path / "tsa"
    folder.mkdir()
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    added = [item for each in EXTENSIONS for item in ("-addext", each)]
    subprocess.run(
        [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=Test authority", "-keyout", folder / "tsa.key", "-out", folder / "tsa.pem",
         *added],
        check=True, capture_output=True,
    )  # fmt: skip

    class Authority(BaseHTTPRequestHandler):
        stamps_something_else = False

        def do_POST(self):
            query = self.rfile.read(int(self.headers["Content-Length"]))
            (folder / "query").write_bytes(query)
            if type(self).stamps_something_else:
                (folder / "other").write_bytes(b"other")
                run(
                    "-query",
                    "-data",
                    folder / "other",
                    "-sha512",
                    "-cert",
                    "-out",
                    folder / "query",
                )
            run("-reply", "-queryfile", folder / "query", "-config", folder / "tsa.cnf",
                "-out", folder / "reply")  # fmt: skip
            body = (folder / "reply").read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    def run(*arguments):
        subprocess.run([program, "ts", *arguments], check=True, capture_output=True)

    server = HTTPServer(("127.0.0.1", 0), Authority)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    with closing(server.socket):
        Authority.url = f"http://127.0.0.1:{server.server_port}/"
        Authority.folder = folder
        yield Authority
        server.shutdown()
        thread.join()


@pytest.fixture
def about(services, seal):
    about = consultation(services)
    seal()
    return about


def test_a_checkpoint_is_stamped_once_a_day_and_openssl_agrees(
    services, log, seal, about, clock, authority, client
):
    services.config = replace(services.config, timestamp_url=authority.url)
    assert stamp_today(log, authority.url, clock())
    assert not stamp_today(log, authority.url, clock()), "once a day"
    size = log.latest().size
    served = client.get(f"/log/archive/timestamp/{size}")
    assert served.mimetype == "application/timestamp-reply"
    assert decode_timestamp_response(served.data).status == 0
    lines, reply = authority.folder / "lines", authority.folder / "served"
    lines.write_bytes(parse_note(log.latest().signed).text)
    reply.write_bytes(served.data)
    verify = ["openssl", "ts", "-verify", "-data", lines, "-in", reply, "-CAfile",
              authority.folder / "tsa.pem"]  # fmt: skip
    assert subprocess.run(verify, capture_output=True, check=False).returncode == 0
    lines.write_bytes(b"changed")
    assert subprocess.run(verify, capture_output=True, check=False).returncode != 0
    clock.now += timedelta(days=1)
    assert not stamp_today(log, authority.url, clock()), "nothing has come since"
    answer(services, about, "Ada")
    seal()
    assert stamp_today(log, authority.url, clock())
    assert "An outside authority stamped" in client.get("/log-health").text


@pytest.fixture
def stamped(log, seal, services, about, clock, authority):
    """A log with a time-stamp, to which something was added since."""
    assert stamp_today(log, authority.url, clock())
    for number in range(300):
        answer(services, about, f"voter {number}")
    seal()
    return log


def of_stamps(report):
    found = {step["id"]: step for step in report["steps"]}
    says = [one["says"] for one in found["record.stamps"]["findings"]]
    return found["record.stamps"]["state"], says, found.get("stamps.signed")


def test_the_verifier_holds_stamps_against_the_log_and_says_how_to_check_who_signed(
    stamped, authority, verified, tmp_path, clock
):
    code, report = verified(command="audit")
    state, _, signed = of_stamps(report)
    assert (code, state, signed["state"]) == (0, "holds", "not due")
    clock.now += timedelta(days=1)
    assert stamp_today(stamped, authority.url, clock())
    code, report = verified(command="audit")
    state, _, signed = of_stamps(report)
    assert (code, state) == (0, "holds")
    command = signed["reproduce"].replace("AUTHORITY.pem", str(authority.folder / "tsa.pem"))
    ended = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Verification: OK" in ended.stdout + ended.stderr


def test_a_log_without_stamps_says_that_there_was_nothing_to_look_at(log, seal, about, verified):
    code, report = verified(command="audit")
    assert of_stamps(report) == ("not due", [], None)
    assert code == 0


def test_a_stamp_of_something_else_is_proven_wrong(stamped, authority, verified, clock):
    token = stamped.stamp_of(stamped.last_stamp()[0])
    stamped.keep_stamp(stamped.latest().size, token, clock())
    code, report = verified(command="audit")
    assert code == 1
    state, says, _ = of_stamps(report)
    assert (state, says) == ("wrong", ["a time-stamp is of something else than its checkpoint"])


@pytest.mark.parametrize("token", [b"", b"stamped", b"\x30\x82\xff\xff", b"\x30\x80" * 400])
def test_what_is_no_stamp_is_proven_wrong(stamped, verified, clock, token):
    stamped.keep_stamp(stamped.latest().size, token, clock())
    code, report = verified(command="audit")
    assert code == 1
    assert of_stamps(report)[1] == ["a time-stamp cannot be read"]


def test_an_entry_dated_after_the_stamp_that_is_over_it_is_proven_wrong(
    services, log, seal, clock, authority, verified
):
    clock.now = clock.now.replace(year=2126)
    consultation(services)
    seal()
    assert stamp_today(log, authority.url, clock())
    code, report = verified(command="audit")
    assert code == 1
    [said] = of_stamps(report)[1]
    assert "an entry is dated after 20" in said


def test_a_log_that_was_written_anew_after_the_stamp_is_proven_wrong(
    services, stamped, client, tmp_path, verified
):
    """Whoever has the key signs another history; the archive has what was stamped."""
    size, entries = stamped.last_stamp()[0], contents(stamped)
    entries[size - 1] = entries[size].replace(b'"s":1', b'"s":2')
    appended = append(Edge(), entries)
    files = {tile.path: content for tile, content in appended.files}
    for path in ("archive/timestamps", f"archive/timestamp/{size}", f"archive/checkpoint/{size}"):
        files[path] = client.get(f"/log/{path}").data
    key = read_key(services.config.key_path)
    files["checkpoint"] = sign_checkpoint(Checkpoint(key.name, *appended.edge.head), key)
    folder = write(tmp_path / "anew", files)
    code, report = verified(command="audit", place=str(folder))
    assert code == 1
    assert "the log forked" in of_stamps(report)[1][0]


def test_only_the_process_that_seals_asks_for_a_stamp(services, log, about, authority):
    services.config = replace(services.config, timestamp_url=authority.url)
    sealing, stamping = sealing_duties(services, log)
    assert stamping.work() == 1, "it looks again soon: it may come to seal"
    assert log.last_stamp() is None
    sealing.work()
    try:
        stamping.work()
        assert log.last_stamp()[0] == log.latest().size
    finally:
        sealing.end()


@pytest.mark.parametrize("when", ["lost", "reported lost"])
def test_a_stamp_whose_storing_broke_is_there_once_after_the_next_try(
    services, log, about, clock, authority, monkeypatch, client, when
):
    left = breaks(monkeypatch, log, "keep_stamp", when)
    with pytest.raises(Broken):
        stamp_today(log, authority.url, clock())
    kept = client.get(f"/log/archive/timestamp/{log.latest().size}")
    assert kept.status_code == (404 if when == "lost" else 200)
    assert stamp_today(log, authority.url, clock()) == (when == "lost")
    assert not left
    served = client.get(f"/log/archive/timestamp/{log.latest().size}")
    assert decode_timestamp_response(served.data).status == 0
    if when == "reported lost":
        assert served.data == kept.data, "what was kept stays"


def test_a_stamp_of_something_else_is_not_kept(log, about, clock, authority):
    authority.stamps_something_else = True
    with pytest.raises(NotStampedError):
        stamp_today(log, authority.url, clock())
    assert log.last_stamp() is None


def test_an_authority_that_does_not_answer_is_asked_again_later(log, about, clock):
    with pytest.raises(OSError, match="refused"):
        stamp_today(log, "http://127.0.0.1:9/", clock())
