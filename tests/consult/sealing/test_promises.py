"""Whoever sends answers is promised at once, with a signature, by when they are in the log."""

import shutil
from contextlib import closing
from dataclasses import replace
from functools import partial

import pytest

from consult.commands.answers.submitting import withdraw_answers
from consult.log_store.finding import latest_of_kind
from consult.log_store.store import LogStore
from consult.log_store.writer import Writer
from consult.sealing import key_change
from consult.sealing.promises import (
    promise_key_path,
    promise_of,
    promising_key,
    why_nothing_is_promised,
)
from consult.sealing.running import Sealing, seal_now
from events.log.errors import LogError
from events.log.keys import parse_vkey
from events.log.leaf import leaf_hashes
from events.log.promise import parse_promise
from tests.builders import consultation
from tests.consult.sealing.audits import RESIDENT, answer, contents, documents
from tests.consult.sealing.broken_writes import Broken, breaks

BY = 1_793_614_200
"""2 November 2026, 10:10 UTC: ten minutes after the hour in which tests begin."""


@pytest.fixture
def grouped(services, log):
    """Seals as the background process does, and has the log name the key of promises."""
    return partial(seal_now, services, log, promises=True)


@pytest.fixture
def about(services, log, grouped):
    about = consultation(services)
    grouped()
    return about


def named_keys(log):
    return [each["key"] for each in documents(log) if each["t"] == "promise_key"]


def parsed(log, promise):
    return parse_promise(promise, [parse_vkey(key) for key in named_keys(log)])


def test_what_is_promised_is_the_leaf_that_comes_whatever_happens_until_then(
    services, log, clock, about, grouped
):
    first = answer(services, about, "Ada")
    second = answer(services, about, "Ada", "c")
    promises = [promise_of(services, log, each.position) for each in (first, second)]
    withdraw_answers(services, holder=second.holder, actor=RESIDENT, command_id="w")
    clock.move(minutes=59, seconds=30)
    assert [promise_of(services, log, each.position) for each in (first, second)] == promises
    grouped()
    leaves = leaf_hashes(contents(log))
    for receipt, promise in zip((first, second), promises, strict=True):
        said = parsed(log, promise)
        assert leaves[log.find(receipt.position)] == said.leaf
        assert (said.origin, said.deadline) == (log_name(services), BY)


def log_name(services):
    return promise_key_path(services.config).read_text().split("+")[2].removesuffix("/promise")


def test_the_log_names_the_key_once_and_another_that_takes_its_place(services, log, about, grouped):
    grouped()
    [first] = named_keys(log)
    receipt = answer(services, about, "Ada")
    old = promise_of(services, log, receipt.position)
    promise_key_path(services.config).unlink()
    assert promise_of(services, log, receipt.position) is None
    grouped()
    assert len(named_keys(log)) == 2
    new = promise_of(services, log, receipt.position)
    assert old != new
    assert parsed(log, old) == parsed(log, new)
    with pytest.raises(LogError):
        parse_promise(new, [parse_vkey(first)])


def test_a_promise_that_was_changed_is_none(services, log, about):
    receipt = answer(services, about, "Ada")
    promise = promise_of(services, log, receipt.position)
    for changed in (
        promise.replace(b"%d" % BY, b"%d" % (BY + 1)),
        promise.replace(b"v1", b"v2"),
        promise.replace(b"/log\n", b"/other\n"),
        promise.replace(b"\n\n", b"\nmore\n\n"),
    ):
        assert changed != promise
        with pytest.raises(LogError):
            parsed(log, changed)


def test_a_key_that_the_log_does_not_name_promises_nothing_and_the_operator_reads_why(
    services, log, seal, grouped
):
    about = consultation(services)
    seal()
    receipt = answer(services, about, "Ada")
    assert promise_of(services, log, receipt.position) is None
    assert "Whoever seals makes it" in why_nothing_is_promised(services.config, log)
    grouped()
    assert why_nothing_is_promised(services.config, log) == ""
    path = promise_key_path(services.config)
    assert path.stat().st_mode & 0o777 == 0o600
    assert named_keys(log) == [promising_key(services.config, log).verifier.vkey]
    path.chmod(0o640)
    assert promise_of(services, log, receipt.position) is None
    assert "chmod 600" in why_nothing_is_promised(services.config, log)
    path.unlink()
    shutil.copy(services.config.key_path, path)
    assert promise_of(services, log, receipt.position) is None
    assert "copy the file of the host that seals" in why_nothing_is_promised(services.config, log)
    assert grouped(), "answers are sealed all the same"
    [trouble] = log.troubles()
    assert (trouble.what, "of another log" in trouble.detail) == ("promises", True)


def test_a_host_that_answers_people_promises_with_its_copy_and_has_no_key_of_the_log(
    services, log, about, tmp_path
):
    folder = tmp_path / "web host"
    folder.mkdir()
    shutil.copy(promise_key_path(services.config), folder)
    receipt = answer(services, about, "Ada")
    promised = promise_of(services, log, receipt.position)
    services.config = replace(services.config, key_file=folder / services.config.key_path.name)
    assert not services.config.key_path.exists()
    assert promise_of(services, log, receipt.position) == promised is not None


@pytest.mark.parametrize("when", ["lost", "reported lost"])
@pytest.mark.parametrize(
    ("place", "name"),
    [(Writer, "append"), (LogStore, "publish"), (LogStore, "keep_document")],
    ids=["append", "publish", "keep"],
)
def test_a_sealer_that_dies_while_it_names_the_key_names_it_once(
    services, log, seal, monkeypatch, place, name, when
):
    consultation(services)
    seal()
    breaks(monkeypatch, place, name, when)
    with closing(Sealer(services, log)) as sealing, pytest.raises(Broken):
        sealing.seal()
    with closing(Sealer(services, log)) as sealing:
        sealing.seal()
    assert len(named_keys(log)) == 1
    assert promising_key(services.config, log)


class Sealer(Sealing):
    """The duty of the background process, which lets go when it is closed."""

    def close(self):
        self.let_go()


def test_a_changed_key_of_the_log_changes_nothing_of_promises(services, log, about, grouped):
    receipt = answer(services, about, "Ada")
    promise = promise_of(services, log, receipt.position)
    key_change.rotate(services)
    assert promise_of(services, log, receipt.position) == promise
    grouped()
    assert len(named_keys(log)) == 1
    assert latest_of_kind(log, "no such kind") is None
