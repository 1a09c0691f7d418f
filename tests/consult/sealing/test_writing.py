"""One process appends to the log: each append whole, after the head it names, and at once."""

from contextlib import closing
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from consult.log_store import tables, writer
from consult.log_store.store import LogStore, Stored
from consult.log_store.writer import AnotherSealer, LogMoved, Writer
from consult.sealing.public_entries.packs import list_lines
from consult.sealing.running import open_key
from events.log.merkle import TreeHead
from tests.builders import consultation
from tests.conftest import only
from tests.consult.sealing.audits import answer


@pytest.fixture
def about(services, seal):
    about = consultation(services)
    answer(services, about, "Ada")
    seal()
    return about


def test_only_one_process_appends_and_the_next_one_can_when_it_has_let_go(services, log, about):
    url = services.config.database_url
    with closing(LogStore.open(url)) as elsewhere:
        with closing(Writer(log)):
            with pytest.raises(AnotherSealer) as told:
                Writer(elsewhere)
            assert str(told.value) == (
                "Another process is sealing this log already, so this one waits."
            )
        first = Writer(elsewhere)
        first.close()
        first.close()
        Writer(log).close()


def test_an_append_after_another_head_than_the_stored_one_changes_nothing(log, about):
    stored = log.stored()
    wrong = (
        Stored(TreeHead(stored.head.size + 1, stored.head.root), stored.position),
        Stored(TreeHead(stored.head.size, b"\1" * 32), stored.position),
        Stored(stored.head, stored.position - 1),
    )
    with closing(Writer(log)) as mine:
        for before in wrong:
            with pytest.raises(LogMoved) as told:
                mine.advance(before, stored.position + 9)
            assert log.stored() == stored
        assert str(told.value) == (
            "The log was changed by something else while it was being sealed. Nothing was appended."
        )
        after = mine.advance(stored, stored.position + 9)
        assert after == Stored(stored.head, stored.position + 9)
    assert log.stored() == after


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 5])
def test_openings_are_kept_whole_in_portions(log, about, monkeypatch, number):
    assert writer.OPENINGS_AT_ONCE == 2_000, "as shipped"
    monkeypatch.setattr(writer, "OPENINGS_AT_ONCE", 2)
    lines = [(100 + n, b"line %d" % n) for n in range(number)]
    listed = [(f"tracker {n}", b"answers %d" % n) for n in range(number)]
    with closing(Writer(log)) as mine:
        mine.keep_openings(about.id, iter(lines), iter(listed), number)
    assert b"".join(list_lines(log, about.id)) == b"".join(line for _, line in listed)
    with log.read() as db:
        kept = db.execute(select(tables.opening).order_by(tables.opening.c.index)).all()
        [pack] = db.execute(select(tables.pack)).all()
    assert [(row.index, row.consultation_id, bytes(row.line)) for row in kept] == [
        (index, about.id, line) for index, line in lines
    ]
    assert (pack.consultation_id, pack.openings) == (about.id, number)


def test_openings_that_fail_half_way_are_not_kept_at_all(log, about, monkeypatch):
    monkeypatch.setattr(writer, "OPENINGS_AT_ONCE", 2)

    def lines():
        yield from ((n, b"x") for n in range(5))
        raise ZeroDivisionError

    with closing(Writer(log)) as mine, pytest.raises(ZeroDivisionError):
        mine.keep_openings(about.id, [(1, b"y")], ((str(n), x) for n, x in lines()), 9)
    with log.read() as db:
        assert db.execute(select(tables.listed)).all() == []
        assert db.execute(select(tables.opening)).all() == []
        assert db.execute(select(tables.pack.c.openings)).scalars().all() == [None]


def test_what_is_found_by_its_columns_is_there_for_every_entry(services, log, about):
    """Each entry with its place in the record, its consultation and, of a ballot, its person."""
    with log.read() as db:
        found = db.execute(select(tables.entry).order_by(tables.entry.c.index)).all()
    assert [row.index for row in found] == list(range(len(found)))
    rows = {row.position: row for row in services.record.read(0, 1_000)}
    ballots = [row for row in found if row.kind == "ballot"]
    opened = [row for row in found if row.kind == "opened"]
    assert len(ballots) == len(opened) == 1
    assert {row.consultation_id for row in (*ballots, *opened)} == {about.id}
    [ballot] = ballots
    assert (ballot.subject_id, ballot.version) == (rows[ballot.position].subject_id, 1)
    with log.read() as db:
        [pack] = db.execute(select(tables.pack)).all()
    assert (pack.consultation_id, pack.closed_index, pack.openings) == (about.id, None, None)
    assert log.find(ballot.position) == ballot.index
    assert log.find(10_000) is None
    assert uuid4() not in {row.consultation_id for row in found}


@only("sqlite")
def test_a_writer_takes_the_file_at_once_and_waits_for_the_disk(log, about, services):
    """A reader that becomes a writer later can be refused; and what is lost was signed."""
    said: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        said.append(statement)

    event.listen(log.engine, "before_cursor_execute", note)
    stored = log.stored()
    with closing(Writer(log)) as mine:
        raw = mine._connection.connection.driver_connection
        assert raw.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        said.clear()
        mine.advance(stored, stored.position + 1)
        assert said[0] == "BEGIN IMMEDIATE"
    said.clear()
    log.stored()
    assert "BEGIN IMMEDIATE" not in said, "a reader waits for nobody"
    assert open_key(services.config, log).name
