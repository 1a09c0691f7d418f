"""Sealing and stamping go on after trouble, show it while it lasts, and take it back."""

import logging
import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from consult.outgoing import NotAnsweredError
from consult.sealing import running, timestamps
from consult.sealing.running import KeyMissing, open_key, seal_now, sealing_duties
from consult.sealing.timestamps import NotStampedError, Stamping
from consult.supervising import Keeper, supervise
from events.errors import DatabaseUnavailable
from events.log.keys import Algorithm, SignerKey
from tests.builders import consultation
from tests.consult.sealing.audits import answer, audit

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PATIENCE_SECONDS = 60.0


def stamp_rounds(log: Any, clock: Any, monkeypatch: Any, *results: Any) -> list[float]:
    left = list(results)

    def stamp(*_: Any) -> bool:
        result = left.pop(0)
        if isinstance(result, Exception):
            raise result
        return bool(result)

    monkeypatch.setattr(timestamps, "stamp_today", stamp)
    keeper = Keeper(Stamping(log, "http://127.0.0.1:9/", clock).duty(lambda: True))
    return [keeper.round() for _ in results]


def test_stamping_waits_a_second_for_a_new_log_and_ten_minutes_otherwise(
    services, log, seal, clock, monkeypatch
):
    assert stamp_rounds(log, clock, monkeypatch, False) == [1]
    consultation(services)
    seal()
    assert stamp_rounds(log, clock, monkeypatch, False) == [600]


def test_trouble_with_stamps_is_shown_until_one_is_there(log, clock, monkeypatch, caplog):
    caplog.set_level(logging.WARNING)
    away = NotAnsweredError("away")
    assert stamp_rounds(log, clock, monkeypatch, away, RuntimeError(), False) == [0.5, 1, 1]
    [trouble] = log.troubles()
    assert (trouble.what, trouble.detail) == ("time-stamp", "away")
    assert "The checkpoint is not time-stamped: away" in caplog.text
    assert "time-stamping failed and will be tried again." in caplog.text
    stamp_rounds(log, clock, monkeypatch, NotStampedError("something else"))
    assert [each.detail for each in log.troubles()] == ["something else"]
    stamp_rounds(log, clock, monkeypatch, True)
    assert log.troubles() == []


def test_an_authority_that_is_away_is_asked_every_ten_minutes_in_the_end(log, clock, monkeypatch):
    away = [NotAnsweredError("away")] * 13
    assert stamp_rounds(log, clock, monkeypatch, *away)[-3:] == [512, 600, 600]


def test_a_log_without_its_key_says_so_and_makes_no_other(services, log, seal):
    consultation(services)
    seal()
    path = services.config.key_path
    kept = path.read_bytes()
    path.unlink()
    with pytest.raises(KeyMissing) as told:
        seal()
    assert str(told.value) == (
        f"The log is there, but its key file {path} is not. Put it back. If it is lost for "
        "good: consult log-key replace-lost"
    )
    assert not path.exists()
    path.write_bytes(kept)
    path.chmod(0o600)
    assert open_key(services.config, log).skey.encode() == kept.strip()


def test_sealing_now_takes_trouble_back_and_a_bad_file_of_witnesses_does_not_stop_it(
    services, log, tmp_path, caplog
):
    log.note_trouble("sealing", "It stood still.", services.clock())
    bad = tmp_path / "witnesses"
    bad.write_bytes(b"nonsense\n")
    services.config = replace(services.config, witnesses_file=bad)
    consultation(services)
    assert seal_now(services, log) == audit(services, log) > 1
    assert log.troubles() == []
    assert "The witnesses are not announced" in caplog.text
    assert log.document("policy") is None
    assert log.document("vkey")


def test_while_the_database_is_away_sealing_says_so_in_a_line(
    services, log, seal, monkeypatch, caplog
):
    caplog.set_level(logging.INFO)
    consultation(services)
    [sealing] = sealing_duties(services, log)
    keeper = Keeper(sealing)

    def away(*_: Any) -> None:
        raise DatabaseUnavailable

    try:
        with monkeypatch.context() as patched:
            patched.setattr(log, "note_trouble", away)
            patched.setattr(running, "open_sealer", away)
            assert keeper.round() == 0.5
        with monkeypatch.context() as patched:
            patched.setattr(log, "note_trouble", away)
            patched.setattr(running, "publish_openings", away)
            assert keeper.round() == 1
        assert str(DatabaseUnavailable()) in caplog.text
        assert not any(one.exc_info for one in caplog.records)
        assert keeper.round() == 0, "it is back"
    finally:
        sealing.end()


def test_trouble_of_what_is_asked_no_more_is_shown_no_more(services, log, clock, tmp_path):
    for what in ("witness fern", "witness gone", "time-stamp", "sealing"):
        log.note_trouble(what, "It does not answer.", clock())
    fern = SignerKey("fern.example", Algorithm.COSIGNATURE, bytes(range(32))).verifier.vkey
    file = tmp_path / "witnesses"
    file.write_text(f"witness fern {fern} https://fern.example\nquorum fern\n")
    with_all = {"witnesses_file": file, "timestamp_url": "http://127.0.0.1:9/"}
    services.config = replace(services.config, **with_all)
    sealing_duties(services, log)
    assert {each.what for each in log.troubles()} == {"witness fern", "time-stamp", "sealing"}
    file.write_text("nonsense")
    sealing_duties(services, log)
    assert "witness fern" in {each.what for each in log.troubles()}, "who is asked is not known"
    services.config = replace(services.config, witnesses_file=None, timestamp_url="")
    sealing_duties(services, log)
    assert [each.what for each in log.troubles()] == ["sealing"]


def wait_for(what: Any) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)


def test_sealing_goes_on_for_ever_after_a_fault_and_a_missing_key(services, log, seal, monkeypatch):
    about = consultation(services)
    seal_now(services, log, promises=True)
    path = services.config.key_path
    hidden = path.with_suffix(".away")
    path.rename(hidden)
    monkeypatch.setattr(running, "RETRY_SECONDS", 0.05)
    stop = threading.Event()
    thread = threading.Thread(target=supervise, args=(sealing_duties(services, log, 1), stop))
    thread.start()
    try:
        wait_for(lambda: [each.what for each in log.troubles()] == ["sealing"])
        assert "its key file" in log.troubles()[0].detail
        hidden.rename(path)
        wait_for(lambda: log.troubles() == [])
        before = log.latest().size
        answer(services, about, "Ada")
        wait_for(lambda: log.latest().size == before + 1)
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()
    answer(services, about, "Ben")
    assert seal() == before + 2, "the one that stopped let go"
