"""A witness over real HTTP: every answer of C2SP tlog-witness, and what it keeps as evidence."""

import threading
import urllib.error
import urllib.request
from contextlib import closing

import pytest

from consult.witness.serving import make_server
from consult.witness.state import NoWitness
from consult.witness.witness import KEY_FILE, STATE_FILE, Witness
from events.log.checkpoint import Checkpoint
from events.log.keys import Algorithm, SignerKey
from events.log.leaf import leaf_hashes
from events.log.merkle import in_memory, prove_consistency, root_of
from events.log.signed_checkpoint import add_cosignatures, open_checkpoint, sign_checkpoint
from events.log.witness import origin_directory, request_cosignature

LOG = SignerKey("town.example/log", Algorithm.ED25519, bytes(range(32)))
THIEF = SignerKey("town.example/log", Algorithm.ED25519, bytes(range(1, 33)))
STRANGER = SignerKey("other.example/log", Algorithm.ED25519, bytes(range(2, 34)))


def hashes(size, changed=-1):
    return leaf_hashes([b"changed" if n == changed else b"%d" % n for n in range(size)])


def signed(size, changed=-1, key=LOG):
    return sign_checkpoint(Checkpoint(key.name, size, root_of(hashes(size, changed))), key)


def request(old, size, changed=-1, key=LOG):
    proof = prove_consistency(old, size, in_memory(hashes(size, changed))) if 0 < old < size else []
    return request_cosignature(old, proof, signed(size, changed, key)).encode()


@pytest.fixture
def witness(tmp_path):
    made = Witness.make(tmp_path / "witness", "fern.example")
    made.state.add_log(LOG.verifier, "")
    return made


@pytest.fixture
def address(witness):
    server = make_server(witness, "127.0.0.1", 0)
    with closing(server.socket):
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def post(address, body, path="/add-checkpoint"):
    asked = urllib.request.Request(f"{address}{path}", data=body)
    try:
        with urllib.request.urlopen(asked, timeout=10) as response:
            return response.status, response.headers["Content-Type"], response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read()


def get(address, path):
    try:
        with urllib.request.urlopen(f"{address}{path}", timeout=10) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_a_log_that_only_grows_is_cosigned(witness, address):
    for old, size in ((0, 3), (3, 3), (3, 8), (8, 300)):
        status, _, body = post(address, request(old, size))
        assert status == 200
        whole = add_cosignatures(signed(size), body, witness.key.verifier)
        opened = open_checkpoint(whole, [LOG.verifier], [witness.key.verifier])
        assert [item.key for item in opened.witnesses] == [witness.key.verifier]
        assert opened.witnesses[0].time > 0
    assert witness.state.evidence() == []


def test_another_old_size_is_answered_with_the_one_that_is_known(address):
    post(address, request(0, 8))
    assert post(address, request(3, 10)) == (409, "text/x.tlog.size", b"8\n")
    assert post(address, request(0, 10)) == (409, "text/x.tlog.size", b"8\n")


def test_a_fork_is_refused_and_both_checkpoints_are_kept(witness, address):
    post(address, request(0, 8))
    assert post(address, request(8, 12, changed=2))[0] == 422
    assert post(address, request(8, 8, changed=2))[0] == 422
    kept = witness.state.evidence()
    assert [item.seen for item in kept] == [signed(8)] * 2
    assert signed(12, 2) in kept[0].request
    assert post(address, request(8, 12))[0] == 200, "the true log goes on"


def test_the_same_evidence_is_kept_once(witness, address):
    post(address, request(0, 8))
    for _ in range(3):
        post(address, request(8, 12, changed=2))
    assert len(witness.state.evidence()) == 1


def test_a_wrong_key_is_403_and_an_unknown_log_404(address):
    assert post(address, request(0, 3, key=THIEF))[0] == 403
    assert post(address, request(0, 3, key=STRANGER))[0] == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        b"old x\n\n",
        b"old -1\n\n" + signed(3),
        b"\xff" * 99,
        b"old 9\n\n" + signed(3),
    ],
)
def test_what_is_no_request_is_400(address, body):
    assert post(address, body)[0] == 400


def test_nothing_else_is_there(address):
    assert post(address, b"", "/")[0] == 404
    assert get(address, "/add-checkpoint")[0] == 404
    assert get(address, f"/{'0' * 64}/checkpoint")[0] == 404


def test_too_long_a_request_is_refused_unread(address):
    import http.client

    host = address.removeprefix("http://")
    with closing(http.client.HTTPConnection(host, timeout=10)) as connection:
        connection.putrequest("POST", "/add-checkpoint")
        connection.putheader("Content-Length", "999999999999")
        connection.endheaders()
        assert connection.getresponse().status == 400


def test_the_last_cosigned_checkpoint_can_be_fetched(witness, address):
    post(address, request(0, 8))
    status, body = get(address, f"/{origin_directory(LOG.name)}/checkpoint")
    assert status == 200
    opened = open_checkpoint(body, [LOG.verifier], [witness.key.verifier])
    assert opened.checkpoint.size == 8
    assert len(opened.witnesses) == 1


def test_two_requests_at_once_never_both_extend_the_same_head(witness, address):
    post(address, request(0, 8))
    bodies = [request(8, 12), request(8, 12, changed=10)]
    answers = []
    threads = [
        threading.Thread(target=lambda body=body: answers.append(post(address, body)[0]))
        for body in bodies * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(200) == 1


def test_a_witness_remembers_after_a_restart(tmp_path, witness):
    witness.add_checkpoint(request(0, 8))
    again = Witness.open(tmp_path / "witness")
    assert again.key == witness.key
    assert again.add_checkpoint(request(0, 9)).body == b"8\n"


@pytest.mark.parametrize("lost", [KEY_FILE, STATE_FILE])
def test_a_witness_that_lost_its_memory_or_key_does_not_go_on(tmp_path, witness, lost):
    (tmp_path / "witness" / lost).unlink()
    with pytest.raises(NoWitness, match="consult witness init"):
        Witness.open(tmp_path / "witness")
