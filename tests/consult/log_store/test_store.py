"""What is asked of the log's store: the newest, the first, one's own, and nothing."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest

from consult.log_store import tables
from consult.log_store.store import Checkpoint, Cosignature
from consult.log_store.stored_tiles import Missing
from tests.builders import close_consultation, consultation
from tests.consult.sealing.audits import answer
from tests.tables_told import told

AT = datetime(2026, 11, 2, 9, 0, 41, 204_917, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
KEPT = Path(__file__).parents[2] / "golden" / "log_tables.json"


def test_an_empty_log_has_nothing(log):
    assert (log.stored(), log.latest(), log.latest_cosigned(), log.last_sealed()) == (None,) * 4
    assert (log.last_stamp(), log.stamp_of(1), log.document("vkey")) == (None, None, None)
    assert (log.entry(0), log.find(1), log.find_signed(1)) == (None, None, None)
    assert (log.checkpoint_of(0), log.cosigned("w"), log.closing_of(uuid4())) == (None, None, None)
    assert (log.entries_of(uuid4()), log.cosignatures(1), log.troubles()) == ([], [], [])
    with pytest.raises(Missing):
        log.content(0)


def test_a_checkpoint_is_published_once_and_the_largest_is_the_latest(log):
    for size in (3, 9, 5):
        log.publish(Checkpoint(size, b"signed %d" % size, AT))
    log.publish(Checkpoint(9, b"another", LATER))
    assert log.latest() == Checkpoint(9, b"signed 9", AT), "what was signed stays"
    assert log.checkpoint_of(3) == Checkpoint(3, b"signed 3", AT)
    assert log.checkpoint_of(4) is None


def test_the_newest_line_of_a_witness_replaces_an_older_one_for_the_same_size(log):
    for size in (3, 5, 9):
        log.publish(Checkpoint(size, b"signed %d" % size, AT))
    given = [
        Cosignature(3, "b", b"b 3", AT),
        Cosignature(3, "a", b"a 3", AT),
        Cosignature(5, "a", b"a 5 first", AT),
        Cosignature(5, "a", b"a 5", LATER),
    ]
    for each in given:
        log.keep_cosignature(each)
    assert log.cosignatures(3) == [given[1], given[0]], "by their names"
    assert log.cosignatures(5) == [given[3]]
    assert log.cosignatures(9) == []
    assert (log.cosigned("a"), log.cosigned("b"), log.cosigned("c")) == (given[3], given[0], None)
    over = {index: log.latest_cosigned(index) for index in (-1, 0, 2, 4, 5, 8)}
    five = log.checkpoint_of(5)
    assert over == {-1: five, 0: five, 2: five, 4: five, 5: None, 8: None}
    assert log.latest_cosigned() == five


def test_a_stamp_is_kept_once_and_a_document_says_the_last(log):
    for size, at in ((3, AT), (9, LATER), (9, LATER + timedelta(days=1)), (5, AT)):
        log.keep_stamp(size, b"%d at %d" % (size, at.day), at)
    assert log.last_stamp() == (9, LATER)
    assert (log.stamp_of(9), log.stamp_of(4)) == (b"9 at 2", None)
    for content in (b"one", b"two"):
        log.keep_document("vkey", content)
    assert (log.document("vkey"), log.document("policy")) == (b"two", None)


def test_trouble_is_told_from_when_it_began_until_it_is_over(log):
    log.note_trouble("sealing", "first", LATER)
    log.note_trouble("witness", "away", AT)
    log.note_trouble("sealing", "second", LATER + timedelta(days=1))
    told = [(row.what, row.detail, row.at) for row in log.troubles()]
    assert told == [("witness", "away", AT), ("sealing", "second", LATER)], "oldest first"
    log.end_trouble("witness")
    log.end_trouble("nothing")
    assert [row.what for row in log.troubles()] == ["sealing"]


def test_moments_are_utc_whatever_the_zone_they_were_given_in(log):
    summer = AT.astimezone(timezone(timedelta(hours=13, minutes=45)))
    log.publish(Checkpoint(1, b"signed", summer))
    found = log.latest().at
    assert (found, found.utcoffset()) == (AT, timedelta(0))


def test_entries_are_found_by_consultation_and_by_their_place_in_the_record(services, log, seal):
    about, other = consultation(services), consultation(services, slug="other")
    answer(services, about, "Ada")
    answer(services, other, "Ben")
    size = seal()
    mine = log.entries_of(about.id)
    assert [entry.kind for entry in mine] == ["opened", "ballot"]
    assert [log.entry(entry.index) for entry in mine] == mine
    assert [log.find(entry.position) for entry in mine] == [entry.index for entry in mine]
    assert [log.find_signed(entry.position) for entry in mine] == [entry.index for entry in mine]
    assert log.closing_of(about.id) is None
    last = log.last_sealed()
    assert (last.index, log.entry(size)) == (size - 1, None)
    assert json.loads(log.content(mine[0].index))["t"] == "opened"
    close_consultation(services, about.id)
    seal()
    [closed] = [entry for entry in log.entries_of(about.id) if entry.kind == "closed"]
    assert log.closing_of(about.id) == closed.index
    assert log.closing_of(other.id) is None
    assert log.stored().head.size == log.latest().size == closed.index + 1
    with log.write() as db:
        db.execute(tables.checkpoint.delete().where(tables.checkpoint.c.size > size))
    assert log.find_signed(closed.position) is None, "no checkpoint covers it"
    assert log.find(closed.position) == closed.index
    assert log.find_signed(mine[-1].position) == mine[-1].index


def test_the_tables_of_a_log_stay_as_they_are_in_every_installation():
    """Whoever changes one sees to the logs that there are: `create_tables` makes what is missing
    and drops what is gone. Then write what is new into the file."""
    assert told(tables.metadata) == json.loads(KEPT.read_text())
