"""An auditor sees what each desk account sent and looks numbers of its list up, on the record."""

import re

import msgspec
import pytest

from consult.people import tables
from consult.people.vault import consultation_key_name
from events import DataProtectionCase
from events.base import FACTS
from projections.ballot_box import BallotBox
from tests.consult.web.assisted.test_assisting import asked, desk, help_one, signed_in
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Page

__all__ = ["asked", "desk"]
ADDRESS = "/scrutiny/riverside/desks"


@pytest.fixture
def codes(services, app, desk, clock, asked):
    """Two accounts have answered for six and two people; gives their codes."""
    for number in range(6):
        help_one(desk, "b", reference=f"LIB 100{number}")
        clock.move(minutes=2)
    clock.move(hours=3)
    other = signed_in(app, services, email="library@example.org")
    for number in range(2):
        help_one(other, "a", reference=f"LIB 200{number}")
        clock.move(minutes=90)
    services.catch_up()
    with services.whole(BallotBox) as (db, box):
        ordered = sorted(box.at_desks(db, asked.id), key=lambda each: each.position)
    return list(dict.fromkeys(each.desk for each in ordered))


@pytest.fixture
def auditor(app, services, asked):
    return sign_in(app, services, role="auditor", email="audit@example.org")


def looked_up(services):
    kind = FACTS[DataProtectionCase.ReferencesLookedUp.TOPIC]
    return [
        msgspec.json.decode(row.state, type=kind)
        for row in services.record.read(0, 10_000)
        if row.topic == kind.TOPIC
    ]


def test_an_auditor_finds_it_from_the_page_they_land_on(auditor, codes):
    landing = auditor.open("/scrutiny/")
    assert ADDRESS in landing.links()
    assert ADDRESS in auditor.open("/scrutiny/riverside/").links()


def test_each_account_stands_with_its_people_and_its_pace(services, auditor, codes):
    page = auditor.open(ADDRESS)
    assert not page.faults
    assert re.search(rf"{codes[0]} Ann desk 6 6 6 {codes[1]} Ann desk 2 2 1", page.words)
    assert "may send 30 answers within an hour" in page.words
    assert not looked_up(services), "counts are published; nothing was looked up"


def test_numbers_of_a_list_are_looked_up_and_the_record_says_by_whom(services, auditor, codes):
    typed = "lib-1000\nLIB 2001\n\nLIB 9999"
    page = auditor.send(auditor.open(ADDRESS), numbers=typed)
    assert page.status == 200
    assert not page.faults
    assert re.search(rf"1 lib-1000 {codes[0]} 2 November 2026 With help, in person", page.words)
    assert re.search(rf"2 LIB 2001 {codes[1]} 2 November 2026", page.words)
    assert "3 LIB 9999 No answers that staff sent" in page.words
    assert re.search(rf"not on the list Account People .*{codes[0]} 5", page.words)
    [fact] = looked_up(services)
    assert (fact.references, fact.found, fact.drawn, len(fact.subjects)) == (3, 2, 0, 2)
    assert fact.by.role == "auditor"
    assert fact.by.actor
    stored = b"".join(row.state for row in services.record.read(0, 10_000)).upper()
    for number in (b"LIB-1000", b"LIB1000", b"LIB 2001", b"LIB2001", b"LIB9999"):
        assert number not in stored, "never the numbers"
    services.catch_up()
    trail = Page(auditor.client.get("/c/riverside/count")).words
    assert "Answers sent by staff were looked up Auditor" in trail


def test_a_whole_list_explains_every_answer(auditor, codes):
    typed = "\n".join([*(f"LIB 100{n}" for n in range(6)), "LIB 2000", "LIB 2001"])
    page = auditor.send(auditor.open(ADDRESS), numbers=typed)
    assert "Every answer for which a number was checked has its line." in page.words


def test_answers_are_drawn_at_random_and_found_on_the_list(services, auditor, codes, seal):
    seal()
    typed = "\n".join(f"LIB 100{n}" for n in range(5))
    page = auditor.send(auditor.open(ADDRESS), numbers=typed, draw="6", desk=codes[0])
    rows = re.findall(
        rf"{codes[0]} 2 November 2026 With help, in person (\d+) Seen by a member of staff "
        r"(Line \d|No line has its number)",
        page.words,
    )
    assert len(rows) == 6
    assert sorted(where for _entry, where in rows) == [
        *(f"Line {line}" for line in range(1, 6)),
        "No line has its number",
    ]
    assert len({entry for entry, _where in rows}) == 6, "each has its entry of the log"
    [fact] = looked_up(services)
    assert (fact.drawn, fact.desk, len(fact.subjects)) == (6, codes[0], 6)


def test_a_draw_differs_by_the_press_and_is_the_same_for_the_same_one(services, auditor, codes):
    form = auditor.open(ADDRESS)
    twice = [auditor.send(form, draw="3").words for _ in range(2)]
    assert twice[0] == twice[1]
    assert len(looked_up(services)) == 2, "each look is recorded"
    for _ in range(8):
        auditor.send(auditor.open(ADDRESS), draw="3")
    drawn = {frozenset(fact.subjects) for fact in looked_up(services)}
    assert len(drawn) > 1
    assert all(len(subjects) == 3 for subjects in drawn)


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({}, "numbers", "Write numbers of the list, or say how many answers to draw."),
        ({"draw": "0"}, "draw", "500"),
        ({"draw": "501"}, "draw", "500"),
        ({"draw": "many"}, "draw", ""),
        ({"numbers": "x\n" * 1_001}, "numbers", "Lines at most: 1,000"),
    ],
)
def test_what_cannot_be_looked_up_is_said_and_leaves_nothing(
    services, auditor, codes, typed, field, says
):
    refused = Page(auditor.fill(auditor.open(ADDRESS), **typed))
    assert refused.status == 422
    [(target, message)] = refused.summary
    assert target == field
    assert says in message
    assert not looked_up(services)


def test_once_the_key_is_gone_nothing_can_be_compared_and_the_page_says_so(
    services, auditor, codes, asked
):
    form = auditor.open(ADDRESS)
    with services.vault.transaction() as connection:
        mine = tables.key.c.name == consultation_key_name(asked.id)
        connection.execute(tables.key.update().where(mine).values(secret=b""))
    services.vault.forget_keys()
    assert "not known any more" in auditor.open(ADDRESS).words
    refused = Page(auditor.fill(form, numbers="LIB 1000"))
    assert refused.status == 422
    assert "The key of this consultation was destroyed" in refused.words
    assert not looked_up(services)


def test_only_auditors_look_things_up(app, services, codes):
    member = sign_in(app, services, role="scrutiny", email="member@example.org")
    assert ADDRESS not in member.open("/scrutiny/").links()
    assert member.client.get(ADDRESS).status_code == 403
    assert "This page is for the auditors of this partnership." in member.open(ADDRESS).words


def test_where_no_staff_answered_the_page_says_so(auditor):
    page = auditor.open(ADDRESS)
    assert "Staff have not sent answers for anybody here." in page.words
