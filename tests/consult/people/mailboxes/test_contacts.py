"""Whom to tell how it ends: kept once, confirmed, written to once, and stopped."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from consult.people import tables
from consult.people.mailboxes import addresses, contacts, notices, outbox
from consult.people.mailboxes.addresses import BadEmail
from consult.people.mailboxes.contacts import Contact
from consult.people.mailboxes.notices import Letter
from consult.people.vault import Vault
from tests.builders import BEGINNING
from tests.consult.people.erasable import rows

HERE, THERE = uuid4(), uuid4()
ANN, BOB, CID = uuid4(), uuid4(), uuid4()
EMAIL = "ann@example.org"
DAY = timedelta(days=1)
JUST = timedelta(microseconds=1)


@pytest.fixture
def vault(services) -> Vault:
    return services.vault


def keep(vault: Vault, who: UUID = ANN, email: str = EMAIL, version: int = 1, **how: Any) -> UUID:
    about, language = how.pop("about", HERE), how.pop("language", "en")
    return contacts.keep(vault, about, who, version, email, language, **how)


def everything(services) -> list[list[Any]]:
    kept = (tables.contact, tables.told, tables.outbox)
    return [sorted((tuple(row) for row in rows(services, table)), key=str) for table in kept]


def test_an_address_is_kept_in_small_letters_with_its_language(services, vault):
    id = keep(vault, email=" Ann@Example.ORG ", language="cy-Wales-x")
    [row] = rows(services, tables.contact)
    assert (row.id, row.consultation_id, row.email) == (id, HERE, EMAIL)
    assert (row.language, row.waiting_since) == ("cy-Wales", None)
    assert row.owner == vault.owner(HERE, ANN, 1, "contact")
    assert contacts.of_consultation(vault, HERE) == [Contact(id, EMAIL, "cy-Wales")]
    assert contacts.of_person(vault, HERE, ANN, 1) == [Contact(id, EMAIL, "cy-Wales")]
    assert contacts.about(vault, id) == HERE
    assert contacts.about(vault, uuid4()) is None


def test_a_later_address_takes_the_place_of_the_earlier_of_that_person_alone(services, vault):
    keep(vault)
    bobs = keep(vault, BOB, "bob@example.org")
    there = keep(vault, about=THERE)
    later = keep(vault, email="later@example.org", version=3)
    assert {row.id for row in rows(services, tables.contact)} == {bobs, there, later}
    assert contacts.of_person(vault, HERE, ANN, 2) == []
    assert [each.id for each in contacts.of_person(vault, HERE, ANN, 3)] == [later]
    assert [each.id for each in contacts.of_person(vault, HERE, ANN, 4)] == [later]
    with vault.transaction() as connection:
        assert contacts.emails(vault, connection, HERE, ANN, 2) == set()
        assert contacts.emails(vault, connection, HERE, ANN, 3) == {"later@example.org"}
        assert contacts.forget(vault, connection, HERE, ANN, 2) == 0
        assert contacts.forget(vault, connection, HERE, ANN, 3) == 1
    assert {row.id for row in rows(services, tables.contact)} == {bobs, there}


def test_an_address_that_is_refused_leaves_the_earlier_one(services, vault):
    keep(vault)
    before = everything(services)
    with pytest.raises(BadEmail):
        keep(vault, email="ann@", version=2)
    assert everything(services) == before


def test_nobody_writes_to_an_address_before_it_is_confirmed(services, vault):
    id = keep(vault, waiting_since=BEGINNING)
    keep(vault, BOB, "bob@example.org", about=THERE, waiting_since=BEGINNING)
    assert contacts.of_consultation(vault, HERE) == []
    assert notices.consultations(vault) == []
    assert not contacts.is_confirmed(vault, HERE, EMAIL)
    assert contacts.of_person(vault, HERE, ANN, 1) == [Contact(id, EMAIL, "en")]
    assert contacts.confirm(vault, id) == Contact(id, EMAIL, "en")
    assert contacts.is_confirmed(vault, HERE, "ANN+news@example.org"), "the same mailbox"
    assert not contacts.is_confirmed(vault, THERE, EMAIL)
    assert not contacts.is_confirmed(vault, THERE, "bob@example.org")
    assert contacts.of_consultation(vault, HERE) == [Contact(id, EMAIL, "en")]
    assert notices.consultations(vault) == [HERE]
    before = everything(services)
    assert contacts.confirm(vault, uuid4()) is None
    assert contacts.confirm(vault, id) == Contact(id, EMAIL, "en")
    assert everything(services) == before


@pytest.mark.parametrize(("until", "gone"), [(-JUST, 0), (timedelta(0), 1), (DAY, 2)])
def test_addresses_that_nobody_confirmed_are_swept(services, vault, until, gone):
    keep(vault, waiting_since=BEGINNING)
    keep(vault, BOB, "bob@example.org", waiting_since=BEGINNING + DAY)
    kept = keep(vault, CID, "cid@example.org")
    assert contacts.sweep(vault, BEGINNING + until) == gone
    left = {row.id for row in rows(services, tables.contact)}
    assert len(left) == 3 - gone
    assert kept in left


def test_one_address_is_written_to_once_whoever_gave_it_and_stopped_at_once(services, vault):
    ids = {keep(vault, who, EMAIL) for who in (ANN, BOB)}
    cid = keep(vault, CID, "cid@example.org", language="cy")
    there = keep(vault, about=THERE)
    first, second = contacts.of_consultation(vault, HERE)
    assert first == Contact(min(ids), EMAIL, "en")
    assert second == Contact(cid, "cid@example.org", "cy")
    assert contacts.owners_of(vault, HERE, " ANN@example.org ") == {
        vault.owner(HERE, who, 1, "contact") for who in (ANN, BOB)
    }
    assert contacts.owners_of(vault, THERE, "bob@example.org") == set()
    assert contacts.stop(vault, first.id)
    assert {row.id for row in rows(services, tables.contact)} == {cid, there}
    assert not contacts.stop(vault, first.id)
    assert contacts.stop(vault, cid)
    assert [row.id for row in rows(services, tables.contact)] == [there]


def test_a_mailbox_is_known_by_every_rule_there_has_been_the_latest_last(vault):
    assert len(contacts.mailbox_hashes(vault, HERE, EMAIL)) == 1
    first, last = contacts.mailbox_hashes(vault, HERE, "a.nn@gmail.com")
    assert first != last
    assert contacts.mailbox_hashes(vault, HERE, "ann@googlemail.com")[-1] == last
    assert contacts.mailbox_hashes(vault, HERE, "ann@gmail.com") == [last]
    assert contacts.mailbox_hashes(vault, THERE, "ann@gmail.com") != [last]


def test_whose_rows_can_be_found_goes_up_to_the_version(vault):
    assert contacts.owners(vault, HERE, ANN, 0) == []
    assert contacts.owners(vault, HERE, ANN, 3) == [
        vault.owner(HERE, ANN, version, "contact") for version in (1, 2, 3)
    ]


# --- telling ---


def letter(contact: Contact, news: Any) -> Letter:
    return Letter(f"{contact.language}: {len(news)}", ", ".join(news), {"X-Id": str(contact.id)})


def tell(vault: Vault, *events: str, about: UUID = HERE) -> int:
    return notices.tell(vault, about, events, letter, BEGINNING)


def sent(vault: Vault) -> list[tuple[str, str, str]]:
    return sorted((mail.to, mail.subject, mail.text) for mail in outbox.waiting(vault))


def test_everybody_is_told_once_of_each_event(services, vault):
    ann = keep(vault)
    keep(vault, BOB, "bob@example.org", language="cy")
    keep(vault, CID, "cid@example.org", waiting_since=BEGINNING)
    keep(vault, CID, "cid@example.org", about=THERE)
    assert tell(vault, "closed") == 2
    assert sent(vault) == [
        ("ann@example.org", "en: 1", "closed"),
        ("bob@example.org", "cy: 1", "closed"),
    ]
    mail = next(mail for mail in outbox.waiting(vault) if mail.to == EMAIL)
    assert (mail.headers, mail.put_at) == ({"X-Id": str(ann)}, BEGINNING)
    assert {row.consultation_id for row in rows(services, tables.outbox)} == {HERE}
    before = everything(services)
    assert tell(vault, "closed") == 0
    assert everything(services) == before
    assert tell(vault, "closed", "counted", "answered") == 2
    assert sent(vault)[1] == ("ann@example.org", "en: 2", "counted, answered")
    assert tell(vault, "closed", "counted", "answered") == 0
    assert tell(vault, "answered") == 0
    assert len(rows(services, tables.told)) == 6
    assert tell(vault, "closed", about=THERE) == 1
    assert tell(vault) == 0


def test_who_comes_later_is_told_and_nobody_else_again(vault):
    keep(vault)
    tell(vault, "closed")
    keep(vault, BOB, "bob@example.org")
    assert tell(vault, "closed") == 1
    assert [to for to, _, _ in sent(vault)] == ["ann@example.org", "bob@example.org"]


def test_one_mailbox_is_told_once_however_it_is_written(vault):
    keep(vault, email="ann@gmail.com")
    keep(vault, BOB, "a.n.n+news@googlemail.com")
    assert tell(vault, "closed") == 1


def test_an_address_of_an_earlier_version_without_its_mailbox_is_not_told(vault):
    keep(vault)
    with vault.transaction() as connection:
        connection.execute(update(tables.contact).values(mailbox=None))
    assert tell(vault, "closed") == 0


def test_a_mail_that_cannot_be_worded_is_not_noted_as_told(services, vault):
    keep(vault)
    before = everything(services)

    def fails(_contact: Contact, _news: Any) -> Letter:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        notices.tell(vault, HERE, ["closed"], fails, BEGINNING)
    assert everything(services) == before
    assert tell(vault, "closed") == 1


def test_whoever_stops_at_the_same_moment_is_not_told_and_others_are(services, vault, monkeypatch):
    keep(vault)
    keep(vault, BOB, "bob@example.org")
    is_there, looked = notices._is_there, []

    def gone(connection: Any, id: UUID) -> bool:
        looked.append(id)
        return len(looked) > 1 and is_there(connection, id)

    monkeypatch.setattr(notices, "_is_there", gone)
    assert tell(vault, "closed") == 1
    assert len(rows(services, tables.outbox)) == 1
    with vault.transaction() as connection:
        assert is_there(connection, looked[0])
        assert not is_there(connection, uuid4())


def test_what_somebody_was_told_is_forgotten_with_them_alone(services, vault):
    keep(vault, email="a.nn@gmail.com")
    keep(vault, BOB, "bob@example.org")
    keep(vault, ANN, "a.nn@gmail.com", about=THERE)
    for about in (HERE, THERE):
        tell(vault, "closed", "counted", about=about)
    with vault.transaction() as connection:
        notices.forget(vault, connection, HERE, {"a.nn@gmail.com"})
        notices.forget(vault, connection, HERE, set())
    bob = contacts.mailbox_hashes(vault, HERE, "bob@example.org")
    ann = contacts.mailbox_hashes(vault, THERE, "a.nn@gmail.com")[-1:]
    told = {(row.consultation_id, row.mailbox, row.event) for row in rows(services, tables.told)}
    assert told == {
        (about, mailbox, event)
        for about, [mailbox] in ((HERE, bob), (THERE, ann))
        for event in ("closed", "counted")
    }


@pytest.mark.parametrize(
    ("address", "first", "second"),
    [
        ("Ann@example.org", "ann@example.org", "ann@example.org"),
        ("ann+x@example.org", "ann@example.org", "ann@example.org"),
        ("+x@example.org", "+x@example.org", "+x@example.org"),
        ("a.nn@gmail.com", "a.nn@gmail.com", "ann@gmail.com"),
        ("a.nn@googlemail.com", "a.nn@googlemail.com", "ann@gmail.com"),
        ("...@gmail.com", "...@gmail.com", "...@gmail.com"),
        ("ann@xn--strae-oqa.org", "ann@strasse.org", "ann@xn--strae-oqa.org"),
        ("ann@xn--a.org", "ann@xn--a.org", "ann@xn--a.org"),
    ],
)
def test_the_two_rules_of_what_is_one_mailbox(address, first, second):
    assert (addresses.mailbox(address, 1), addresses.mailbox(address, 2)) == (first, second)
    assert addresses.mailbox(address) == second
    assert addresses.mailboxes(address) == list(dict.fromkeys([first, second]))
