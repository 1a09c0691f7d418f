"""What people wrote is read in pages, with how it stands, and the record says who read it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from consult.commands.answers import reading
from consult.commands.answers.attaching import attach_file
from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.reading import (
    FileAltered,
    Wanted,
    mark_read,
    note_reading,
    open_file,
    plain,
)
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import submit_answers
from consult.commands.context import Actor
from consult.commands.data_protection.erasure import erase_by_holder
from consult.people import tables
from consult.services import Services
from events import DataProtectionCase
from projections.writings import Chosen, Writings
from tests.attached import pdf
from tests.builders import ORGANISER, RANKING, RESIDENT, consultation, question

MORE = question("more", "text", "Anything else?", required=False)
PLACE = question("place", "single", "Where?", "Park", "Quay", required=False, other=True)
PLAN = question("plan", "file", "Have you drawn it?", required=False)
SKETCH = question("sketch", "file", "And a sketch?", required=False)
PDF = pdf()
STAFF = uuid4()
READER = Actor("organiser", STAFF.hex)


@pytest.fixture
def asked(services: Services) -> Any:
    return consultation(services, RANKING, MORE, PLACE, PLAN, SKETCH, wards=True)


@pytest.fixture
def write(services: Services, asked: Any, clock: Any) -> Any:
    """Somebody answers, a minute after the one before."""

    def send(voter: str, words: str = "", *, key: str = "", **how: Any) -> Any:
        clock.move(minutes=1)
        files = {}
        for each in (PLAN, SKETCH):
            if name := how.pop(each.id, ""):
                secret = f"{voter}/{key}"
                kept = attach_file(
                    services, asked.id, each, draft_secret=secret, name=name, content=PDF
                )
                files[each.id] = kept.commitment
        channel = how.pop("channel", "online")
        return submit_answers(
            services,
            consultation_id=asked.id,
            voter=voter,
            sheet=Sheet({"order": ["a"]}, {"more": words} if words else {}, files=files, **how),
            actor=replace(RESIDENT, channel=channel),
            command_id=key or voter,
        )

    return send


def read(
    services: Services, asked: Any, of: Any = MORE, actor: Actor = ORGANISER, **how: Any
) -> Any:
    return reading.read(services, asked.id, Wanted(of, **how), actor=actor)


def said(page: Any) -> list[str]:
    return [row.words for row in page.rows]


def readings(services: Services) -> int:
    return sum(
        row.topic == DataProtectionCase.WordsRead.TOPIC for row in services.record.read(0, 10_000)
    )


def spoil(services: Services, statement: Any) -> None:
    with services.vault.transaction() as connection:
        connection.execute(statement)


def test_a_row_says_everything_that_is_known_of_it(services, asked, write, clock):
    write(
        "growers",
        "Keep the trees",
        area="W03",
        respondent="organisation",
        organisation="Canal Growers",
        channel="paper",
        plan="lock.pdf",
        sketch="sketch.pdf",
    )
    page = read(services, asked)
    [row] = page.rows
    assert (page.older, page.is_cut) == (None, False)
    assert (row.standing, row.words, row.file, row.is_marked) == (
        "shown", "Keep the trees", None, False,
    )  # fmt: skip
    assert row.organisation == "Canal Growers"
    assert [(file.question_id, file.name) for file in row.beside] == [
        ("plan", "lock.pdf"),
        ("sketch", "sketch.pdf"),
    ]
    about = row.writing
    assert (about.area, about.channel, about.respondent, about.campaign, about.is_erased) == (
        "W03", "paper", "organisation", "", False,
    )  # fmt: skip
    assert about.at == clock.now
    [row] = read(services, asked, PLAN).rows
    assert (row.standing, row.words, row.organisation) == ("shown", "", "Canal Growers")
    assert row.file == (
        "plan", row.writing.commitment, "lock.pdf", "pdf", len(PDF), False,
    )  # fmt: skip
    assert [file.name for file in row.beside] == ["sketch.pdf"], "not the file itself"


def test_words_and_files_stand_as_they_are(services, asked, write):
    """Of words and of a file: as sent, changed, gone, and erased."""
    receipt = write("ann", "Keep the trees", plan="lock.pdf")

    def standing() -> tuple[Any, ...]:
        [words], [file] = read(services, asked).rows, read(services, asked, PLAN).rows
        return words.standing, words.words, file.standing, file.file is not None

    assert standing() == ("shown", "Keep the trees", "shown", True)
    spoil(services, update(tables.free_text).values(words="Cut the trees"))
    assert standing() == ("altered", "", "shown", True)
    spoil(services, delete(tables.free_text))
    assert standing() == ("missing", "", "shown", True)
    spoil(services, delete(tables.attachment))
    assert standing() == ("missing", "", "missing", False)
    erase_by_holder(services, holder=receipt.holder, actor=RESIDENT)
    assert standing() == ("erased", "", "erased", False)


def test_the_name_of_an_organisation_that_somebody_changed_is_not_shown(services, asked, write):
    write("growers", "Trees", respondent="organisation", organisation="Canal Growers")
    write("ann", "Buses")
    assert [row.organisation for row in read(services, asked).rows] == ["", "Canal Growers"]
    where = tables.free_text.c.words == "Canal Growers"
    spoil(services, update(tables.free_text).where(where).values(words="Canal Fellers"))
    assert [row.organisation for row in read(services, asked).rows] == ["", ""]


@pytest.mark.parametrize(
    ("people", "sizes"), [(0, [0]), (2, [2]), (3, [3]), (4, [3, 1]), (7, [3, 3, 1])]
)
def test_pages_hold_everybody_once_newest_first(services, asked, write, monkeypatch, people, sizes):
    monkeypatch.setattr(reading, "PAGE", 3)
    monkeypatch.setattr(reading, "CHUNK", 2)
    for number in range(people):
        write(f"voter {number}", f"Thought {number}")
    chosen, pages = Chosen(), []
    while True:
        page = read(services, asked, chosen=chosen)
        pages.append(said(page))
        assert not page.is_cut
        if page.older is None:
            break
        chosen = Chosen(before=page.older)
    assert [len(page) for page in pages] == sizes
    expected = [f"Thought {number}" for number in reversed(range(people))]
    assert [words for page in pages for words in page] == expected


def test_rare_words_are_looked_for_a_part_at_a_time_and_the_page_says_so(
    services, asked, write, monkeypatch
):
    monkeypatch.setattr(reading, "CHUNK", 2)
    monkeypatch.setattr(reading, "SCANNED_MAX", 4)
    write("first", "The rare lapwing")
    for number in range(5):
        write(f"voter {number}", "Common")
    page = read(services, asked, search="lapwing")
    assert (said(page), page.is_cut) == ([], True)
    page = read(services, asked, search="lapwing", chosen=Chosen(before=page.older))
    assert (said(page), page.is_cut, page.older) == (["The rare lapwing"], False, None)


def test_long_answers_are_looked_through_fewer_at_a_time(services, asked, write, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 1)
    monkeypatch.setattr(reading, "LETTERS_MAX", 2_000)
    write("first", "The rare lapwing")
    for number in range(4):
        write(f"voter {number}", "Common " * 150)
    page = read(services, asked, search="lapwing")
    assert (said(page), page.is_cut, page.scanned) == ([], True, 2)
    again = read(services, asked, search="lapwing", chosen=Chosen(before=page.older))
    assert (again.is_cut, again.scanned) == (True, 2)
    assert again.reached < page.reached, "it says how far it has come"
    last = read(services, asked, search="lapwing", chosen=Chosen(before=again.older))
    assert (said(last), last.is_cut) == (["The rare lapwing"], False)


def test_pages_and_parts_are_as_large_as_shipped():
    assert (reading.PAGE, reading.CHUNK, reading.SCANNED_MAX) == (50, 100, 1_000)
    assert reading.LETTERS_MAX == 500_000


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", {"ann", "bob", "eve"}),
        ("  ", {"ann", "bob", "eve"}),
        ("TREES", {"ann"}),
        ("trees ann", {"ann"}),
        ("ann trees", {"ann"}),
        ("trees quay", set()),
        ("ty", {"eve"}),
        ("tŷ", {"eve"}),
        ("ree", {"ann"}),
        ("strasse", {"bob"}),
    ],
)
def test_words_are_found_whatever_their_case_and_accents(services, asked, write, search, found):
    write("ann", "ann: keep the Trees")
    write("bob", "bob: the quay in the Straße")
    write("eve", "eve: mae tŷ yma")
    assert {words[:3] for words in said(read(services, asked, search=search))} == found


def test_files_are_found_by_their_names_and_erased_words_by_nothing(services, asked, write):
    write("ann", plan="Lock at night.pdf")
    receipt = write("bob", "The lock")
    assert len(read(services, asked, PLAN, search="LOCK night").rows) == 1
    assert not read(services, asked, PLAN, search="bridge").rows
    assert said(read(services, asked, search="lock")) == ["The lock"]
    erase_by_holder(services, holder=receipt.holder, actor=RESIDENT)
    assert said(read(services, asked, search="lock")) == []
    assert [row.standing for row in read(services, asked).rows] == ["erased"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("Tŷ", "ty"),
        ("CAFÉ", "cafe"),
        ("Straße", "strasse"),
        ("ﬁne", "fine"),
        ("a b", "a b"),
    ],
)
def test_folding_takes_case_and_accents_and_nothing_else(text, folded):
    assert plain(text) == folded
    assert plain(folded) == folded


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"channel": "paper"}, ["bob"]),
        ({"channel": "telephone"}, []),
        ({"area": "W03"}, ["ann"]),
        ({"campaign": "Cards"}, ["eve"]),
        ({"since": 2}, ["eve", "bob"]),
        ({"until": 2}, ["ann"]),
        ({"since": 1, "until": 3}, ["bob", "ann"]),
        ({"channel": "online", "area": "W09"}, ["eve"]),
    ],
)
def test_what_is_chosen_is_shown_and_nothing_else(services, asked, write, clock, chosen, found):
    """A moment counts from its beginning; the end of a time is not in it."""
    beginning = clock.now
    write("ann", "ann", area="W03")
    write("bob", "bob", area="W03" if chosen == {} else "W09", channel="paper")
    receipt = write("eve", "eve", area="W09")
    group_campaign(services, asked.id, [receipt.subject_id], name="Cards", actor=ORGANISER)
    given = {
        name: beginning + timedelta(minutes=value) if name in {"since", "until"} else value
        for name, value in chosen.items()
    }
    assert said(read(services, asked, chosen=Chosen(**given))) == found


def test_marks_are_set_once_taken_away_and_looked_for(services, asked, write):
    for name in ("ann", "bob", "eve"):
        write(name, name)
    ids = {row.words: row.writing.commitment for row in read(services, asked).rows}

    def marked(mark: str) -> list[str]:
        return said(read(services, asked, mark=mark))

    how = {"actor": READER}
    assert (marked("read"), marked("unread")) == ([], ["eve", "bob", "ann"])
    for _ in range(2):
        mark_read(services, asked.id, [ids["ann"], ids["eve"]], is_read=True, **how)
    assert (marked("read"), marked("unread"), len(marked(""))) == (["eve", "ann"], ["bob"], 3)
    assert [row.is_marked for row in read(services, asked).rows] == [True, False, True]
    mark_read(services, asked.id, [ids["ann"]], is_read=False, **how)
    assert (marked("read"), marked("unread")) == (["eve"], ["bob", "ann"])
    mark_read(services, uuid4(), [ids["eve"]], is_read=False, **how)
    assert marked("read") == ["eve"], "of another consultation"


def test_nothing_is_marked_that_does_not_stand_there(services, asked, write):
    receipt = write("ann", "ann")
    [row] = read(services, asked).rows
    mark_read(services, uuid4(), [row.writing.commitment], actor=READER, is_read=True)
    mark_read(services, asked.id, ["0" * 64], actor=READER, is_read=True)
    erase_by_holder(services, holder=receipt.holder, actor=RESIDENT)
    mark_read(services, asked.id, [row.writing.commitment], actor=READER, is_read=True)
    with services.vault.transaction() as connection:
        assert not connection.execute(tables.read_mark.select()).all()


def opened(services: Services, asked: Any, commitment: str, *questions: Any) -> Any:
    return open_file(services, asked.id, questions or (PLAN, MORE), commitment, actor=ORGANISER)


def test_a_file_is_handed_out_whole_or_not_at_all(services, asked, write):
    receipt = write("ann", "Words", plan="lock.pdf")
    [file], [words] = read(services, asked, PLAN).rows, read(services, asked).rows
    commitment = file.writing.commitment
    known, content = opened(services, asked, commitment)
    assert (known.name, known.kind, content) == ("lock.pdf", "pdf", PDF)
    assert opened(services, asked, commitment, SKETCH) is None, "of another question"
    assert opened(services, asked, "0" * 64) is None
    assert opened(services, asked, words.writing.commitment) is None, "words are no file"
    spoil(services, update(tables.attachment).values(content=PDF + b"more"))
    with pytest.raises(FileAltered) as told:
        opened(services, asked, commitment)
    assert str(told.value) == (
        "This file does not match the commitment in the record, so it is not handed out. Tell "
        "whoever runs this site: a backup of the vault may still hold the right one."
    )
    spoil(services, delete(tables.attachment))
    assert opened(services, asked, commitment) is None
    erase_by_holder(services, holder=receipt.holder, actor=RESIDENT)
    assert opened(services, asked, commitment) is None


def test_a_file_that_was_erased_is_not_handed_out_even_while_the_vault_has_it(
    services, asked, write, monkeypatch
):
    receipt = write("ann", plan="lock.pdf")
    [file] = read(services, asked, PLAN).rows
    monkeypatch.setattr("consult.commands.data_protection.erasure.forget", lambda *_: None)
    erase_by_holder(services, holder=receipt.holder, actor=RESIDENT)
    assert opened(services, asked, file.writing.commitment) is None


def test_who_read_which_question_is_recorded_once_a_day_for_each_of_them(
    services, asked, write, clock
):
    write("ann", "Words", plan="lock.pdf")
    other = replace(ORGANISER, reference="organiser-2")
    for _ in range(2):
        note_reading(services, asked.id, "more", actor=ORGANISER)
    assert readings(services) == 1
    read(services, asked)
    assert readings(services) == 1
    note_reading(services, asked.id, "plan", actor=ORGANISER)
    note_reading(services, asked.id, "more", actor=other)
    assert readings(services) == 3
    clock.move(days=1)
    [file] = read(services, asked, PLAN).rows
    assert readings(services) == 4
    opened(services, asked, file.writing.commitment)
    assert readings(services) == 4
    opened(services, asked, "0" * 64)
    assert readings(services) == 4, "nothing was there to read"
    found = services.record.get(
        DataProtectionCase,
        DataProtectionCase.reading_id(asked.id, "plan", "organiser-1", clock.now.date()),
    )
    [event] = services.record.events.get(found.id)
    fact = event.fact
    assert (fact.at, fact.by.actor, fact.question_id, fact.consultation_id) == (
        clock.now, "organiser-1", "plan", asked.id,
    )  # fmt: skip


def test_nothing_is_read_from_a_part_of_the_record(services, asked, write, monkeypatch):
    from events.errors import ReadModelsBehind

    write("ann", "Words")
    services.catch_up()

    def spoilt(*_given: Any) -> None:
        raise ValueError("not understood")

    reader = services.views.reader(Writings)
    topic = next(topic for topic in reader.bound if "response.submitted" in topic)
    monkeypatch.setitem(reader.bound, topic, spoilt)
    monkeypatch.setattr(reading, "SECONDS_MAX", 0.2)
    write("bob", "More")
    for act in (
        lambda: read(services, asked),
        lambda: opened(services, asked, "0" * 64),
        lambda: mark_read(services, asked.id, ["0" * 64], actor=READER, is_read=True),
    ):
        with pytest.raises(ReadModelsBehind):
            act()
