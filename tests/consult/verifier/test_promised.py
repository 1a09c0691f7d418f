"""A promise, judged by the verifier: kept, not yet due, or broken with what proves it."""

import json

import pytest

from consult.log_store.store import LogStore
from consult.sealing.promises import promise_of
from consult.sealing.running import seal_now
from events.log.leaf import leaf_hash
from events.log.promise import Promise
from tests.builders import consultation
from tests.consult.sealing.audits import answer
from tests.consult.verifier import verifier_logs
from tests.consult.verifier.test_commands import (
    HOLDS,
    INCOMPLETE,
    UNMET,
    USAGE,
    WRONG,
    run,
    saved,
)
from tests.consult.verifier.verifier_logs import (
    LOG_KEY,
    ORDER,
    ORIGIN,
    OTHER_KEY,
    WITNESS,
    World,
    key_of,
    pack,
    policy,
    story,
    write,
)

PROMISING = key_of("verifier tests: promises", f"{ORIGIN}/promise")
NEXT = key_of("verifier tests: promises later", f"{ORIGIN}/promise")
NOWHERE = b"\1" * 32
"""The leaf of an entry that never came."""
DAWN_SECONDS = 1_794_819_600
"""16 November 2026, 9:00 UTC, when the log of the story is dated."""
WITNESSED = DAWN_SECONDS + 3_600
"""When the witness signed: within the hours by which the clock of a log may be wrong."""


def names(world: World, key=PROMISING) -> int:
    return world.add({"t": "promise_key", "v": 1, "key": key.verifier.vkey})


@pytest.fixture
def world(monkeypatch) -> World:
    monkeypatch.setattr(verifier_logs, "LONG_AGO", WITNESSED)
    world = story()
    names(world)
    return world


@pytest.fixture
def ask(tmp_path, world):
    """Ask about a promise, as a person does; gives the exit code and the report."""

    def asked(promise, *more, key=LOG_KEY, is_zip=False):
        files = world.files(key, witnesses=[WITNESS])
        place = pack(tmp_path / "log.zip", files) if is_zip else write(tmp_path / "copy", files)
        content = promise if isinstance(promise, bytes) else promise.signed(PROMISING)
        words = [saved(tmp_path / "receipt.promise", content), "--log", place]
        words += ["--key", saved(tmp_path / "log.vkey", LOG_KEY.verifier.vkey), "--json", *more]
        done = run("promise", *words)
        report = json.loads(done.stdout)
        states = {step["id"]: step for step in report["steps"]}
        return done.returncode, states, report["summary"][1]["says"]

    return asked


@pytest.fixture
def with_witness(tmp_path):
    return "--policy", saved(tmp_path / "policy", policy(WITNESS))


def said(step) -> str:
    return step["reason"] or step["findings"][0]["says"]


@pytest.mark.parametrize("is_zip", [False, True])
def test_a_promised_entry_that_is_there_is_kept(ask, world, is_zip):
    promise = Promise(ORIGIN, leaf_hash(world.entries[4]), DAWN_SECONDS)
    code, steps, plain = ask(promise, is_zip=is_zip)
    assert code == HOLDS
    assert said(steps["promise.kept"]).startswith("it is entry 4")
    assert plain == "2. The answers: the answers that were promised are in it."


def test_before_the_log_shows_a_later_time_nothing_is_certain(ask, with_witness):
    code, steps, plain = ask(Promise(ORIGIN, NOWHERE, WITNESSED), *with_witness)
    assert code == INCOMPLETE
    assert "nothing shows yet that this log is of after 2026-11-16 10:00:00 UTC" in said(
        steps["promise.kept"]
    )
    assert plain.startswith("2. The answers: not in it yet, or not certain")


def test_what_a_witness_signed_after_the_deadline_without_it_proves_the_promise_broken(
    ask, with_witness
):
    code, steps, plain = ask(Promise(ORIGIN, NOWHERE, WITNESSED - 1), *with_witness)
    assert code == WRONG
    assert "the witness w0 signed this log, without it, 1 seconds later" in said(
        steps["promise.kept"]
    )
    assert "THE PROMISE WAS BROKEN" in plain
    assert ask(Promise(ORIGIN, NOWHERE, WITNESSED - 1))[0] == INCOMPLETE, "without the witness"


def test_what_the_log_dates_hours_after_the_deadline_proves_it_too(ask, world):
    late = 3 * 3_600
    promise = Promise(ORIGIN, NOWHERE, DAWN_SECONDS)
    assert ask(promise)[0] == INCOMPLETE
    vote = world.votes[0]
    index = vote.fact("key_destroyed", at="2026-11-16T12:00:01Z")
    code, steps, _ = ask(promise)
    assert code == WRONG
    assert f"entry {index} of this log is dated {late + 1} s later" in said(steps["promise.kept"])
    assert ask(Promise(ORIGIN, NOWHERE, DAWN_SECONDS + 1))[0] == INCOMPLETE, "a clock may be wrong"


def another_answer(world, c: str) -> Promise:
    """Somebody answers more, and was promised the place until dawn."""
    index = world.add({**json.loads(world.entries[3]), "b": "A" * 22, "c": c})
    return Promise(ORIGIN, leaf_hash(world.entries[index]), DAWN_SECONDS)


def test_what_came_late_breaks_the_promise_though_it_is_in(ask, world):
    world.votes[0].fact("key_destroyed", at="2026-11-16T13:00:00Z")
    code, steps, plain = ask(another_answer(world, world.vote([ORDER], {}).id))
    assert code == WRONG
    assert "; it came too late: entry" in said(steps["promise.kept"])
    assert "THE PROMISE WAS KEPT TOO LATE" in plain


def test_what_came_after_the_closing_does_not_keep_a_promise(ask, world):
    code, steps, plain = ask(another_answer(world, world.votes[0].id))
    assert code == WRONG
    assert "after the closing at entry" in said(steps["promise.kept"])
    assert "DO NOT COUNT: they stand after the closing" in plain


def test_of_what_was_withdrawn_a_promise_is_not_said_to_be_kept(ask, world):
    vote = world.vote([ORDER], {}).open()
    promise = another_answer(world, vote.id)
    vote.official("stopped", reason={"en": "A mistake"})
    code, _, plain = ask(promise)
    assert code == UNMET
    assert plain.endswith("withdrawn: the answers that were promised do not count.")


def test_a_promise_by_a_key_that_the_log_does_not_name_binds_nobody(ask, world, with_witness):
    foreign = Promise(ORIGIN, NOWHERE, WITNESSED - 1).signed(NEXT)
    code, steps, _ = ask(foreign, *with_witness)
    assert code == INCOMPLETE
    assert (
        said(steps["promise.signed"]) == "the log names no key that signed it, so it binds no one"
    )
    names(world, NEXT)
    assert ask(foreign, *with_witness)[0] == WRONG


def test_a_key_that_was_replaced_promises_nothing_for_long_after(ask, world):
    names(world, NEXT)
    for at in ("2026-11-16T09:30:00Z", "2026-11-17T13:00:00Z"):
        world.votes[0].fact("key_destroyed", at=at)
    half_past = DAWN_SECONDS + 1_800
    code, steps, _ = ask(Promise(ORIGIN, NOWHERE, half_past + 3 * 3_600 + 1))
    assert (code, said(steps["promise.signed"])) == (
        INCOMPLETE,
        "the log had replaced the key that signed it before",
    )
    assert ask(Promise(ORIGIN, NOWHERE, half_past + 3 * 3_600))[0] == WRONG


def test_what_was_changed_in_a_promise_is_wrong_and_what_is_none_is_not_judged(ask, world):
    whole = Promise(ORIGIN, NOWHERE, WITNESSED).signed(PROMISING)
    code, steps, plain = ask(whole.replace(b"%d" % WITNESSED, b"%d" % DAWN_SECONDS))
    assert code == WRONG
    assert "does not verify" in said(steps["promise.signed"])
    assert "NOT SIGNED as it stands" in plain
    for other in (b"", b"\xff", world.receipt(2), whole.replace(b"ashenmoor", b"elsewhere")):
        assert ask(other)[0] == USAGE
    for damaged in (whole + b"more\n", whole.replace(b"\n\n", b"\n"), whole[:-1], whole[:40]):
        assert ask(damaged)[0] == WRONG


def test_a_log_that_was_changed_or_that_another_key_signed_proves_nothing_broken(
    ask, world, with_witness, tmp_path
):
    promise = Promise(ORIGIN, NOWHERE, WITNESSED - 1)
    code, steps, _ = ask(promise, *with_witness, key=OTHER_KEY)
    assert code == WRONG, "because of the signature"
    assert steps["promise.kept"]["state"] == "not run"
    files = world.files(witnesses=[WITNESS])
    bundle = next(path for path in files if path.startswith("tile/entries"))
    files[bundle] = files[bundle].replace(b"person", b"nobody").replace(b'"s":1', b'"s":2')
    words = [saved(tmp_path / "receipt.promise", promise.signed(PROMISING)), "--log"]
    words += [write(tmp_path / "changed", files), "--json", *with_witness]
    done = run("promise", *words)
    states = {step["id"]: step["state"] for step in json.loads(done.stdout)["steps"]}
    assert (states["promise.read"], states["promise.kept"]) == ("wrong", "not run")


def test_the_audit_knows_the_keys_of_promises_and_refuses_those_of_others(tmp_path, world):
    key = saved(tmp_path / "log.vkey", LOG_KEY.verifier.vkey)
    done = run("audit", write(tmp_path / "good", world.files()), "--key", key)
    assert done.returncode == HOLDS, done.stdout
    for name, bad in (
        ("other", key_of("x", "other.example/log/promise").verifier.vkey),
        ("no key", "nonsense"),
        ("witness", WITNESS.verifier.vkey),
    ):
        entries = [*world.entries]
        world.add({"t": "promise_key", "v": 1, "key": bad})
        done = run("audit", write(tmp_path / name, world.files()), "--key", key)
        assert done.returncode == WRONG, name
        world.entries[:] = entries


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_promise_of_the_site_is_kept_within_the_hour(
    services, log: LogStore, clock, address, tmp_path
):
    about = consultation(services)
    seal_now(services, log, promises=True)
    receipt = answer(services, about, "Ada")
    promise = promise_of(services, log, receipt.position)
    file = saved(tmp_path / "receipt.promise", promise)
    key = saved(tmp_path / "key", log.document("vkey"))
    assert run("promise", file, "--log", address, "--key", key).returncode == INCOMPLETE
    clock.move(hours=1)
    seal_now(services, log)
    done = run("promise", file, "--log", address, "--key", key)
    assert done.returncode == HOLDS
    assert f"it is entry {log.find(receipt.position)}" in done.stdout


def test_too_few_witnesses_are_said_beside(ask, with_witness, tmp_path, world):
    promise = Promise(ORIGIN, leaf_hash(world.entries[4]), DAWN_SECONDS)
    none = "--policy", saved(tmp_path / "two", policy(WITNESS, key_of("w", "w.example", 4)))
    assert ask(promise, *none)[0] == UNMET
    assert ask(promise, *with_witness)[0] == HOLDS
