"""Equality answers and addresses are joined to nobody, by no export and no other store."""

import io
import json
from typing import Any

import pytest
from sqlalchemy import inspect, text

from consult.commands.answers.holding import find_by_receipt
from consult.commands.data_protection.copies import disclose
from consult.commands.files.exporting import export_votes
from consult.people import tables
from consult.people.answers import equality
from consult.people.answers.equality import NotAnEqualityAnswer
from consult.people.mailboxes import contacts
from consult.people.mailboxes.addresses import BadEmail
from consult.people.vault import KeyGone
from tests.builders import ORGANISER, close_consultation
from tests.consult.people.erasable import EMAIL, answer, asked, held, rows, tell_more


def everything_stored(services) -> str:
    """All text and numbers of the record, the read models and the rest of the vault."""
    found: list[Any] = [
        (row.subject_id, row.version, row.topic, row.state)
        for row in services.record.read(0, 10_000)
    ]
    for table in tables.metadata.sorted_tables:
        if table is not tables.equality_answer:
            found += rows(services, table)
    with services.views.connect() as db:
        inspector = inspect(db)
        for schema in {services.views.schema}:
            place = f'"{schema}".' if schema else ""
            for name in inspector.get_table_names(schema=schema):
                found += db.execute(text(f'SELECT * FROM {place}"{name}"')).all()
    return str(found)


def test_nothing_of_an_equality_answer_is_found_beside_a_ballot_or_anywhere_else(services):
    id = asked(services).id
    mine = answer(services, id)
    tell_more(services, mine)
    services.catch_up()
    stored = everything_stored(services)
    assert mine.subject_id.hex in stored.replace("-", "")
    for row in rows(services, tables.equality_answer):
        assert row.owner not in stored
        assert row.id.hex not in stored.replace("-", "")
    assert {column.name for column in tables.equality_answer.columns} == {
        "id", "consultation_id", "question", "value", "owner",
    }  # fmt: skip


def test_one_persons_equality_answers_are_not_joined_to_each_other_either(services):
    tell_more(services, answer(services, asked(services).id))
    found = rows(services, tables.equality_answer)
    assert len({row.owner for row in found}) == len(found) == 2


def test_no_export_has_equality_answers_or_addresses(services):
    id = asked(services).id
    mine = answer(services, id)
    tell_more(services, mine)
    close_consultation(services, id, actor=ORGANISER)
    copy = disclose(services, find_by_receipt(services, mine.code))
    written = json.dumps(copy).replace(EMAIL, "")
    for kind in ("csv", "json"):
        file = io.StringIO()
        export_votes(services, id, file, format=kind)
        written += file.getvalue()
    owners = [row.owner for row in rows(services, tables.equality_answer)]
    owners += [row.owner for row in rows(services, tables.contact)]
    for hidden in (*owners, "45-54", EMAIL):
        assert hidden not in written


def test_equality_answers_are_counted_and_later_ones_take_the_place_of_earlier(services):
    id = asked(services).id
    first = answer(services, id)
    equality.keep(services.vault, id, first.subject_id, 1, {"age": "45-54", "faith": "none"})
    equality.keep(services.vault, id, first.subject_id, 2, {"age": "55-64"})
    other = answer(services, id, "bob")
    equality.keep(services.vault, id, other.subject_id, 1, {"age": "55-64"})
    assert equality.counts(services.vault, id) == {"age": {"55-64": 2}}


def test_mixing_gives_every_row_another_id_and_changes_no_number(services):
    id = asked(services).id
    for name in ("ann", "bob"):
        tell_more(services, answer(services, id, name))
    before, counted = rows(services, tables.equality_answer), equality.counts(services.vault, id)
    equality.mix(services.vault, id)
    after = rows(services, tables.equality_answer)
    assert not {row.id for row in before} & {row.id for row in after}
    assert {row.owner for row in before} == {row.owner for row in after}
    assert equality.counts(services.vault, id) == counted
    assert equality.consultations(services.vault) == [id]


@pytest.mark.parametrize("answers", [{"": "x"}, {"age": ""}, {"age": "x" * 65}])
def test_what_no_form_offers_is_refused(services, answers):
    mine = answer(services, asked(services).id)
    with pytest.raises(NotAnEqualityAnswer):
        equality.keep(services.vault, mine.consultation_id, mine.subject_id, 1, answers)
    assert held(services)[2] == 0


def test_an_address_is_written_to_once_and_stopped_with_its_id(services):
    id = asked(services).id
    for name in ("ann", "bob"):
        mine = answer(services, id, name)
        contacts.keep(services.vault, id, mine.subject_id, 1, " Both@Example.org ", "cy")
    [both] = contacts.of_consultation(services.vault, id)
    assert (both.email, both.language) == ("both@example.org", "cy")
    assert contacts.stop(services.vault, both.id)
    assert contacts.of_consultation(services.vault, id) == []
    assert not contacts.stop(services.vault, both.id)


@pytest.mark.parametrize("email", ["", "no", "a@b", "a b@example.org", "a@example.org\n.x", "@x.y"])
def test_what_no_mail_reaches_is_refused(services, email):
    mine = answer(services, asked(services).id)
    with pytest.raises(BadEmail):
        contacts.keep(services.vault, mine.consultation_id, mine.subject_id, 1, email, "en")


def test_a_destroyed_key_is_never_made_anew(services):
    id = asked(services).id
    mine = answer(services, id)
    tell_more(services, mine)
    with services.vault.transaction() as connection:
        connection.execute(tables.key.update().values(secret=b""))
    services.vault.forget_keys()
    with pytest.raises(KeyGone):
        services.vault.pseudonym(id, "ann")
    with pytest.raises(KeyGone):
        services.vault.owner(id, mine.subject_id, 1, "contact")


KNOWN_TABLES = {
    "free_text": "erased by subject",
    "attachment": "erased by subject, else swept with its draft",
    "read_mark": "erased with what was read",
    "return_code": "gone with its draft",
    "contact": "erased by owner",
    "told": "erased by owner of the address",
    "equality_answer": "erased by owner",
    "draft": "erased by the browser that asks, else swept by age",
    "key": "about a consultation",
    "mark": "about the vault",
    "attempt": "a keyed hash of a connection or mailbox; gone after an hour",
    "email_code": "gone when used, else after a quarter of an hour",
    "letter_code": "a hash of a letter nobody is named in; wiped with the key",
    "outbox": "erased by address, gone when sent, else swept by age",
    "job": "about people who run consultations; gone a quarter of an hour or a day after it ended",
    "trouble": "about the background; quotes no data",
    "staff": "about people who run consultations",
    "setting_up": "about the first start of a site; gone with its first partnership",
    "staff_identity": "about people who run consultations; gone with the account",
    "recovery_code": "about people who run consultations; gone with the account",
    "passkey": "about people who run consultations; gone with the account",
    "sign_in_link": "about people who run consultations",
    "staff_session": "about people who run consultations; gone when it ends",
}


def test_somebody_has_decided_for_every_table_how_a_person_is_erased_from_it():
    assert set(KNOWN_TABLES) == {table.name for table in tables.metadata.sorted_tables}, (
        "teach consult/people/erasing/forgetting.py to erase a person from it, then say so here"
    )
