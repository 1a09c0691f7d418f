"""Our log and our witness together over HTTP: asked, cosigned, served, looked at from outside."""

import threading
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import delete
from werkzeug.serving import make_server as make_site

from consult.log_store import tables
from consult.log_store.store import LogStore
from consult.sealing.key_change import replace_lost, rotate
from consult.sealing.receipts import public_half
from consult.sealing.running import open_key
from consult.sealing.witnesses import WitnessDisagreesError, ask, policy_of
from consult.web import create_app
from consult.witness.checking import NotGrown, OutOfReach, check
from consult.witness.serving import make_server
from consult.witness.state import Known, State
from consult.witness.witness import Witness
from events.log.key_change import KeyChange, Kind, announce
from events.log.keys import SignerKey
from events.log.merkle import TreeHead
from events.log.proof import parse_receipt
from events.log.signed_checkpoint import open_checkpoint
from tests.builders import consultation
from tests.consult.sealing.audits import answer
from tests.consult.sealing.broken_writes import Broken, breaks

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@contextmanager
def running(server):
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def about(services, seal):
    about = consultation(services)
    answer(services, about, "Ada")
    seal()
    return about


@pytest.fixture
def witness(services, log, about, tmp_path):
    made = Witness.make(tmp_path / "fern", "fern.example")
    made.state.add_log(open_key(services.config, log).verifier, "")
    return made


@pytest.fixture
def policy(services, log, witness, tmp_path, seal):
    with running(make_server(witness, "127.0.0.1", 0)) as address:
        file = tmp_path / "witnesses"
        file.write_text(f"witness fern {witness.key.verifier.vkey} {address}\nquorum fern\n")
        services.config = replace(services.config, witnesses_file=file)
        seal()
        yield policy_of(services.config, open_key(services.config, log).verifier)


def test_a_witness_that_is_asked_cosigns_and_is_served_with_the_checkpoint(
    services, log, seal, about, witness, policy, client
):
    (fern,) = policy.witnesses
    assert "Not enough witnesses have signed" in client.get("/log-health").text
    missing = "not enough witnesses have signed the log of today. Those asked are fern"
    assert missing in client.get("/what-is-proven").text
    assert ask(log, fern, services.clock())
    assert not ask(log, fern, services.clock()), "nothing new"
    keys = [policy.logs[0].key]
    opened = open_checkpoint(client.get("/log/checkpoint").data, keys, [fern.key])
    assert policy.is_met([item.key for item in opened.witnesses])
    assert b"witness fern" in client.get("/log/policy").data
    assert "Enough witnesses have signed" in client.get("/log-health").text
    signed = (
        "Who the witnesses are that have signed the log of today, so that all are shown the same"
    )
    told = client.get("/what-is-proven").text
    assert f"{signed}: fern" in told
    assert "no witness outside watches it" not in told
    for number in range(300):
        answer(services, about, f"voter {number}")
    seal()
    assert ask(log, fern, services.clock()), "growth over a full tile, with a proof"


def test_receipts_carry_the_newest_checkpoint_that_was_witnessed(
    services, log, seal, about, witness, policy
):
    ask(log, policy.witnesses[0], services.clock())
    index = log.latest().size - 1
    witnessed = public_half(log, index)
    answer(services, about, "Ben")
    seal()
    assert public_half(log, index) == witnessed
    receipt = parse_receipt(witnessed)
    assert receipt.verify([policy.logs[0].key], [policy.witnesses[0].key]).witnesses
    assert parse_receipt(public_half(log, index + 1)).verify([policy.logs[0].key])


@pytest.mark.parametrize("when", ["lost", "reported lost"])
def test_a_cosignature_whose_storing_fails_is_asked_for_again_or_is_there(
    services, log, about, witness, policy, client, monkeypatch, when
):
    (fern,) = policy.witnesses
    left = breaks(monkeypatch, LogStore, "keep_cosignature", when)
    with pytest.raises(Broken):
        ask(log, fern, services.clock())
    assert not left
    ask(log, fern, services.clock())
    keys = [policy.logs[0].key]
    served = client.get("/log/checkpoint").data
    assert len(open_checkpoint(served, keys, [fern.key]).witnesses) == 1
    assert len(log.cosignatures(log.latest().size)) == 1


@pytest.mark.parametrize("when", ["lost", "reported lost"])
def test_a_witness_whose_memory_fails_cosigns_no_fork_and_goes_on(
    services, log, about, witness, policy, seal, monkeypatch, when
):
    """It remembers before it signs, so an answer that was lost costs a second question."""
    (fern,) = policy.witnesses
    breaks(monkeypatch, State, "judge", when)
    with pytest.raises((OSError, WitnessDisagreesError)):
        ask(log, fern, services.clock())
    assert log.cosignatures(log.latest().size) == []
    assert (witness.state.seen(policy.logs[0].key.name) is None) == (when == "lost")
    assert ask(log, fern, services.clock())
    answer(services, about, "Ben")
    seal()
    assert ask(log, fern, services.clock())
    assert not witness.state.evidence()


def test_a_witness_that_forgot_where_it_was_is_asked_again_from_there(
    services, log, about, witness, policy, seal
):
    ask(log, policy.witnesses[0], services.clock())
    with log.write() as db:
        db.execute(delete(tables.cosignature))
    answer(services, about, "Ben")
    seal()
    assert ask(log, policy.witnesses[0], services.clock())


def test_a_witness_that_has_seen_more_is_trouble(services, log, about, witness, policy, seal):
    old = log.latest()
    answer(services, about, "Ben")
    seal()
    ask(log, policy.witnesses[0], services.clock())
    with log.write() as db:
        db.execute(delete(tables.cosignature))
        db.execute(delete(tables.checkpoint).where(tables.checkpoint.c.size > old.size))
    with pytest.raises(WitnessDisagreesError, match="has seen"):
        ask(log, policy.witnesses[0], services.clock())


@pytest.fixture
def site(services, log, monkeypatch):
    server = make_site("127.0.0.1", 0, create_app(services), threaded=True)
    with closing(server.socket), running(server) as address:
        yield address


def known(services, log, site):
    return Known(open_key(services.config, log).verifier, f"{site}/log")


def test_a_partner_without_a_server_checks_that_the_log_only_grew(
    services, log, about, witness, seal, site
):
    mine = known(services, log, site)
    assert check(witness, mine).before is None
    for number in range(300):
        answer(services, about, f"voter {number}")
    seal()
    found = check(witness, mine)
    assert found.now.checkpoint.size == found.before.size + 300
    assert check(witness, mine).before == found.now.checkpoint.head


def test_a_partner_sees_an_old_copy_and_keeps_both_checkpoints(
    services, log, about, witness, seal, site
):
    mine = known(services, log, site)
    old = log.latest()
    answer(services, about, "Ben")
    seal()
    check(witness, mine)
    newest = log.latest()
    with log.write() as db:
        db.execute(delete(tables.checkpoint).where(tables.checkpoint.c.size > old.size))
    with pytest.raises(NotGrown, match="now has"):
        check(witness, mine)
    (kept,) = witness.state.evidence()
    assert kept.seen == newest.signed
    assert old.signed in kept.request


def test_a_log_that_is_not_there_is_not_called_wrong(services, log, witness):
    with pytest.raises(OutOfReach, match="Nothing was checked"):
        check(witness, Known(open_key(services.config, log).verifier, "http://127.0.0.1:9/log"))


# --- the log's key changes ---


def test_a_witness_that_is_asked_follows_the_log_to_its_new_key(
    services, log, seal, about, witness, policy
):
    (fern,) = policy.witnesses
    assert ask(log, fern, services.clock())
    for number in range(2):
        rotate(services)
        answer(services, about, f"voter {number}")
        seal()
        assert ask(log, fern, services.clock()), "told with the announcement, and asked again"
    keys = witness.state.keys_of(policy.logs[0].key.name)
    assert sorted(until is None for until in keys.values()) == [False, False, True]


def test_a_witness_follows_no_loss_until_its_operator_adds_the_new_key(
    services, log, seal, about, witness, policy
):
    (fern,) = policy.witnesses
    assert ask(log, fern, services.clock())
    services.config.key_path.unlink()
    replace_lost(services)
    answer(services, about, "Ben")
    seal()
    with pytest.raises(WitnessDisagreesError, match="403"):
        ask(log, fern, services.clock())
    witness.state.add_log(open_key(services.config, log).verifier, "")
    assert ask(log, fern, services.clock())


def test_a_witness_takes_no_new_key_that_contradicts_what_it_cosigned(
    services, log, seal, about, witness, policy
):
    (fern,) = policy.witnesses
    key, head = open_key(services.config, log), log.stored().head
    assert ask(log, fern, services.clock())
    other = SignerKey(key.name, key.algorithm, bytes(range(32)))
    for size, root in ((head.size, bytes(32)), (head.size - 1, bytes(32))):
        change = KeyChange(Kind.ROTATED, TreeHead(size, root), key.verifier, other.verifier)
        answered = witness.add_keys(announce(change, [key, other]))
        assert answered.status == 403
        assert b"signed something else" in answered.body
    assert list(witness.state.keys_of(key.name)) == [key.verifier]
    assert witness.add_keys(b"nonsense").status == 400
    assert witness.add_keys(b"").status == 404


def test_a_partner_without_a_server_follows_the_log_to_its_new_key(
    services, log, seal, about, witness, site
):
    mine = known(services, log, site)
    check(witness, mine)
    rotate(services)
    answer(services, about, "Ben")
    seal()
    found = check(witness, mine)
    assert found.now.checkpoint.size == found.before.size + 1
