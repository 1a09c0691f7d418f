"""Mails on their way: durable, sent in turn, given up when of no use, and erasable."""

from datetime import timedelta
from uuid import uuid4

import pytest

from consult.commands.data_protection.erasure import erase_by_holder
from consult.people import tables
from consult.people.mailboxes import addresses, outbox
from consult.people.mailboxes.addresses import BadEmail
from tests.builders import BEGINNING, RESIDENT
from tests.consult.people.erasable import EMAIL, answer, asked, rows, tell_more


def put(services, to="ann@example.org", subject="Hello", **more):
    outbox.put(services.vault, to=to, subject=subject, text="Words", now=BEGINNING, **more)


def test_mails_are_taken_in_turn_each_by_one_process(services):
    put(services)
    outbox.put(
        services.vault,
        to="bob@example.org",
        subject="Later",
        text="ŵ",
        headers={"List-Unsubscribe": "<https://example.org/stop>"},
        now=BEGINNING + timedelta(seconds=1),
    )
    now = BEGINNING + timedelta(seconds=2)
    first, second = outbox.take(services.vault, now), outbox.take(services.vault, now)
    assert (first.to, first.tries) == ("ann@example.org", 1)
    assert (second.text, dict(second.headers)) == (
        "ŵ",
        {"List-Unsubscribe": "<https://example.org/stop>"},
    )
    assert outbox.take(services.vault, now) is None
    outbox.sent(services.vault, first.id)
    assert [mail.to for mail in outbox.waiting(services.vault)] == ["bob@example.org"]


def test_a_code_does_not_wait_behind_mails_that_have_time(services):
    for number in range(3):
        put(services, f"person{number}@example.org")
    now = BEGINNING + timedelta(minutes=1)
    until = now + timedelta(minutes=15)
    outbox.put(services.vault, to="ann@example.org", subject="", text="", now=now, until=until)
    assert outbox.take(services.vault, now).to == "ann@example.org"


def test_what_a_stopped_process_had_taken_is_taken_again(services):
    put(services)
    first = outbox.take(services.vault, BEGINNING)
    again = outbox.take(services.vault, BEGINNING + outbox.LEASE_TIME)
    assert (again.id, again.tries) == (first.id, 2)


def test_a_mail_that_no_server_takes_waits_longer_each_time(services):
    put(services)
    now = BEGINNING
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        outbox.put_off(services.vault, outbox.take(services.vault, now), now)
        now += timedelta(minutes=minutes)
        assert outbox.take(services.vault, now - timedelta(seconds=1)) is None
    assert outbox.take(services.vault, now)


def test_a_mail_of_no_use_any_more_is_neither_sent_nor_kept(services):
    put(services, until=BEGINNING + timedelta(minutes=15))
    put(services, "bob@example.org")
    later = BEGINNING + timedelta(minutes=15)
    assert outbox.take(services.vault, later).to == "bob@example.org"
    assert outbox.sweep(services.vault, later) == 1
    assert outbox.sweep(services.vault, BEGINNING + outbox.KEPT_TIME) == 1
    assert rows(services, tables.outbox) == []


BAD = (
    "",
    "ann",
    "ann@",
    "@example.org",
    "ann@localhost",
    "ann@example.org\r\nBcc: all@example.org",
    "ann@exam\nple.org",
    "ann@example.org, bob@example.org",
    "Ann <ann@example.org>",
    "ann bob@example.org",
    '"ann"@example.org',
    "ann@[127.0.0.1]",
    "ann@127.0.0.1",
    "ann@-x.org",
    "ann@x..org",
    "a" * 65 + "@example.org",
    "ann@" + "a." * 126 + "org",
    "gŵen@example.org",
    "ann\0@example.org",
)


@pytest.mark.parametrize("to", BAD)
def test_what_is_no_address_is_refused_and_nothing_is_kept(services, to):
    with pytest.raises(BadEmail):
        put(services, to)
    assert outbox.waiting(services.vault) == []


def test_a_subject_is_one_line(services):
    put(services, subject="Your answers\r\nBcc: all@example.org\n\nto " + "x" * 500)
    [mail] = outbox.waiting(services.vault)
    assert mail.subject.startswith("Your answers Bcc: all@example.org to x")
    assert len(mail.subject) == outbox.SUBJECT_LENGTH_MAX


@pytest.mark.parametrize("header", [{"X": "a\nBcc: b"}, {"To": "b@x.org"}, {"X: y\nZ": "a"}])
def test_a_header_that_would_change_who_gets_it_is_our_own_mistake(services, header):
    with pytest.raises(AssertionError):
        put(services, headers=header)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (" Ann.Larch@Example.ORG\n", "Ann.Larch@example.org"),
        ("o'brien+vote@example.org", "o'brien+vote@example.org"),
        ("ann@gŵyl.cymru", "ann@xn--gyl-b2a.cymru"),
    ],
)
def test_an_address_is_written_as_mail_needs_it(typed, written):
    assert addresses.written(typed) == written


def test_one_mailbox_is_one_whatever_way_its_address_is_written():
    ways = ("ann@example.org", "Ann@Example.org", "ann+1@example.org", "ANN+@example.org")
    assert {addresses.mailbox(addresses.written(way)) for way in ways} == {"ann@example.org"}
    assert addresses.mailbox("+ann@example.org") == "+ann@example.org"
    assert addresses.mailbox("a.nn@example.org") != "ann@example.org"


def test_an_erasure_takes_back_what_is_on_its_way_to_that_person(services):
    mine = answer(services, asked(services).id)
    tell_more(services, mine)
    about = mine.consultation_id
    put(services, EMAIL, consultation_id=about)
    put(services, EMAIL.title(), consultation_id=about)
    put(services, EMAIL, consultation_id=uuid4(), subject="another consultation")
    put(services, "bob@example.org", consultation_id=about, subject="another person")
    erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    left = {mail.subject for mail in outbox.waiting(services.vault)}
    assert left == {"another consultation", "another person"}
