"""Going on at another device: the draft, its files and its code move there, and nothing stays."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from consult.people import tables
from consult.people.answers import attachments, drafts, returning
from consult.people.answers.drafts import draft_id
from consult.people.vault import Vault
from tests.builders import BEGINNING
from tests.consult.people.erasable import rows

HERE, THERE = uuid4(), uuid4()
JUST = timedelta(microseconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def vault(services) -> Vault:
    return services.vault


def begin(vault: Vault, browser: str, about: UUID = HERE, typed: str = "") -> str:
    """A draft with a file and a code."""
    drafts.save(vault, browser, about, {"typed": typed or browser}, now=BEGINNING)
    how = {"name": f"{browser}.txt", "kind": "txt", "content": b"x", "scan": "clean"}
    attachments.keep(vault, about, "plan", draft_id(browser), **how, now=BEGINNING)
    return returning.make(vault, browser, about, now=BEGINNING)


def everything(services) -> list[list[Any]]:
    kept = (tables.draft, tables.attachment, tables.return_code)
    return [sorted((tuple(row) for row in rows(services, table)), key=str) for table in kept]


def holds(vault: Vault, browser: str, about: UUID = HERE) -> tuple[Any, list[str]]:
    files = attachments.of_draft(vault, draft_id(browser), about)
    typed = drafts.load(vault, browser, about).get("typed")
    return typed, [file.name for file in files.values()]


def test_a_code_has_16_letters_and_leads_to_one_draft(services, vault):
    code = begin(vault, "phone")
    assert len(code) == 19
    assert [len(part) for part in code.split("-")] == [4, 4, 4, 4]
    for typed in (code, code.lower(), code.replace("-", " "), f" {code} "):
        assert returning.leads_to(vault, typed, "phone", HERE)
    assert not returning.leads_to(vault, code, "tablet", HERE)
    assert not returning.leads_to(vault, code, "phone", THERE)
    assert not returning.leads_to(vault, "0000-0000-0000-0000", "phone", HERE)
    [row] = rows(services, tables.return_code)
    assert code not in str(row)
    assert row.mails == 0


def test_a_new_code_ends_the_earlier_one_of_that_draft_alone(services, vault):
    first = begin(vault, "phone")
    other, there = begin(vault, "tablet"), begin(vault, "phone", THERE)
    later = returning.make(vault, "phone", HERE, now=BEGINNING)
    assert later != first
    assert not returning.leads_to(vault, first, "phone", HERE)
    assert returning.leads_to(vault, later, "phone", HERE)
    assert returning.leads_to(vault, other, "tablet", HERE)
    assert returning.leads_to(vault, there, "phone", THERE)
    assert len(rows(services, tables.return_code)) == 3


def test_a_code_says_when_its_draft_was_changed_last(vault):
    code = begin(vault, "phone")
    begin(vault, "phone", THERE)
    drafts.save(vault, "phone", THERE, {"typed": "x"}, now=BEGINNING + 2 * HOUR)
    assert returning.saved_at(vault, code, HERE) == BEGINNING
    drafts.save(vault, "phone", HERE, {"typed": "x"}, now=BEGINNING + HOUR)
    assert returning.saved_at(vault, code, HERE) == BEGINNING + HOUR
    assert returning.saved_at(vault, code, THERE) is None
    assert returning.saved_at(vault, "0000-0000-0000-0000", HERE) is None
    bare = returning.make(vault, "laptop", HERE, now=BEGINNING)
    assert returning.saved_at(vault, bare, HERE) is None


def test_a_draft_moves_to_another_device_with_its_files_and_its_code(services, vault):
    code = begin(vault, "phone")
    begin(vault, "phone", THERE)
    ended = begin(vault, "tablet")
    tablet_there = begin(vault, "tablet", THERE)
    assert returning.come_back(vault, code, "tablet", HERE)
    assert holds(vault, "tablet") == ("phone", ["phone.txt"])
    assert holds(vault, "phone") == (None, [])
    assert holds(vault, "phone", THERE) == ("phone", ["phone.txt"])
    assert holds(vault, "tablet", THERE) == ("tablet", ["tablet.txt"])
    assert returning.leads_to(vault, code, "tablet", HERE)
    assert not returning.leads_to(vault, ended, "tablet", HERE)
    assert returning.leads_to(vault, tablet_there, "tablet", THERE)
    assert [len(kept) for kept in everything(services)] == [3, 3, 3]
    before = everything(services)
    assert returning.come_back(vault, code, "tablet", HERE), "it is there already"
    assert everything(services) == before


def test_a_code_that_leads_nowhere_moves_nothing(services, vault):
    code = begin(vault, "phone")
    begin(vault, "tablet")
    bare = returning.make(vault, "laptop", HERE, now=BEGINNING)
    before = everything(services)
    for typed, about in ((code, THERE), ("0000-0000-0000-0000", HERE), (bare, HERE), ("", HERE)):
        assert not returning.come_back(vault, typed, "tablet", about)
    assert everything(services) == before


def test_a_code_is_mailed_three_times_and_no_other_pays_for_it(vault):
    code, other = begin(vault, "phone"), begin(vault, "tablet")
    assert [returning.may_mail(vault, code) for _ in range(5)] == [True] * 3 + [False] * 2
    assert returning.may_mail(vault, other.lower())
    assert not returning.may_mail(vault, "0000-0000-0000-0000")


@pytest.mark.parametrize(("older_than", "gone"), [(BEGINNING, 0), (BEGINNING + JUST, 1)])
def test_codes_whose_draft_is_gone_are_swept_and_others_stay(vault, older_than, gone):
    kept = begin(vault, "phone")
    begin(vault, "tablet", THERE)
    bare = returning.make(vault, "tablet", HERE, now=BEGINNING)
    assert returning.sweep(vault, older_than=older_than) == gone
    assert returning.leads_to(vault, kept, "phone", HERE)
    assert returning.leads_to(vault, bare, "tablet", HERE) is not bool(gone)


def test_a_draft_that_is_forgotten_takes_its_code_and_files_and_nothing_of_others(services, vault):
    begin(vault, "phone")
    begin(vault, "phone", THERE)
    begin(vault, "tablet")
    drafts.delete(vault, "phone", HERE)
    assert holds(vault, "phone") == (None, [])
    assert holds(vault, "phone", THERE) == ("phone", ["phone.txt"])
    assert holds(vault, "tablet") == ("tablet", ["tablet.txt"])
    assert [len(kept) for kept in everything(services)] == [2, 2, 2]
    before = everything(services)
    drafts.delete(vault, "phone", HERE)
    assert everything(services) == before


@pytest.mark.parametrize(("older_than", "gone"), [(BEGINNING, 0), (BEGINNING + JUST, 1)])
def test_drafts_and_their_files_are_swept_by_their_age(services, vault, older_than, gone):
    begin(vault, "phone")
    drafts.save(vault, "tablet", HERE, {"typed": "x"}, now=BEGINNING + HOUR)
    assert drafts.sweep(vault, older_than=older_than) == gone
    assert attachments.sweep(vault, older_than=older_than) == gone
    assert len(rows(services, tables.draft)) == 2 - gone
    assert len(rows(services, tables.attachment)) == 1 - gone


def test_files_are_taken_off_a_draft_one_question_at_a_time(vault):
    begin(vault, "phone")
    how = {"name": "photo.txt", "kind": "txt", "content": b"x", "scan": "clean"}
    attachments.keep(vault, HERE, "photo", draft_id("phone"), **how, now=BEGINNING)
    begin(vault, "phone", THERE)
    attachments.forget_draft(vault, draft_id("phone"), HERE, "plan")
    assert holds(vault, "phone") == ("phone", ["photo.txt"])
    attachments.forget_draft(vault, draft_id("phone"), HERE)
    assert holds(vault, "phone") == ("phone", [])
    assert holds(vault, "phone", THERE) == ("phone", ["phone.txt"])
