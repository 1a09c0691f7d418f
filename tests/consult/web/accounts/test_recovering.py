"""Lost passkeys: the code that was written down, once, or the operator."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from consult.commands.accounts.recovering import NobodyThere, reset_passkeys
from consult.people import tables
from consult.people.accounts import passkeys
from consult.people.accounts.staff import find_by_email
from consult.people.mailboxes import outbox
from consult.services import Services
from consult.web import create_app
from consult.web.guarding import limits
from tests import builders
from tests.builders import OPERATOR
from tests.consult.web.authenticator import SERVED_AT, Authenticator
from tests.consult.web.organisers import EMAIL, Organiser, sign_in
from tests.consult.web.passkey_pages import confirm, make, options
from tests.consult.web.residents import Page

WRITTEN = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")


@pytest.fixture
def site(services: Services) -> Flask:
    builders.partnership(services)
    services.catch_up()
    services.config = replace(services.config, public_url=SERVED_AT, outbox=True)
    return create_app(services)


@pytest.fixture
def ann(site: Flask, services: Services) -> Organiser:
    return sign_in(site, services)


def first_passkey(somebody: Organiser) -> str:
    """Make a first passkey; return the code on the page that follows."""
    answer = Authenticator().create(options(somebody, "/account/passkeys/options"))
    page = somebody.open("/account/")
    page = somebody.press(page, "/account/passkeys", name="My telephone", passkey=answer)
    assert page.heading == "Your recovery code"
    assert page.faults == []
    [code] = WRITTEN.findall(page.words)
    return code


def type_in(somebody: Organiser, code: str) -> Page:
    return somebody.send(somebody.open("/account/lost"), code=code)


def how_many(services: Services) -> int:
    id = find_by_email(services.vault, EMAIL)
    assert id is not None
    return len(passkeys.of_person(services.vault, id))


def test_a_code_comes_with_the_first_passkey_and_is_shown_once_and_kept_as_a_hash(
    ann: Organiser, services: Services
):
    code = first_passkey(ann)
    account = ann.open("/account/").words
    assert "You have a recovery code of" in account
    assert code not in account
    with services.vault.transaction() as connection:
        [row] = connection.execute(select(tables.recovery_code)).all()
    assert code not in str(row)
    assert code.replace("-", "") not in str(row)


@pytest.mark.parametrize("written", ["{0}", "{1}", " {2} "])
def test_who_has_the_code_removes_lost_passkeys_is_signed_out_elsewhere_and_makes_a_new_one(
    ann: Organiser, site: Flask, services: Services, written: str
):
    code = first_passkey(ann)
    elsewhere = sign_in(site, services)
    typed = written.format(code, code.replace("-", ""), code.lower())
    page = type_in(ann, typed)
    assert "Your passkeys are removed" in page.words
    assert how_many(services) == 0
    assert elsewhere.open("/organise/").heading == "Sign in"
    told = [mail.subject for mail in outbox.waiting(services.vault)]
    assert "All passkeys were removed from your account, with its recovery code" in told
    make(ann)
    assert how_many(services) == 1


def test_a_code_works_once_and_for_its_owner_alone(ann: Organiser, site: Flask, services: Services):
    code = first_passkey(ann)
    bob = sign_in(site, services, email="bob@example.org")
    theirs = first_passkey(bob)
    for somebody, typed in ((ann, theirs), (bob, code), (ann, "0000-0000-0000-0000")):
        page = type_in(somebody, typed)
        assert page.status == 422
        assert "This is not your recovery code" in page.words
    assert how_many(services) == 1
    type_in(ann, code)
    make(ann)
    assert type_in(ann, code).status == 422


def test_a_new_code_takes_the_place_of_the_old_one_and_needs_a_passkey(
    ann: Organiser, services: Services
):
    device, _page = make(ann)
    page = ann.press(ann.open("/account/"), "/account/recovery-code")
    page = confirm(ann, page, device)
    assert page.heading == "Your recovery code"
    [code] = WRITTEN.findall(page.words)
    type_in(ann, code)
    assert how_many(services) == 0


def test_codes_are_tried_only_so_often(ann: Organiser, monkeypatch):
    monkeypatch.setattr(limits, "RECOVERIES", limits.RateLimitItemPerHour(2))
    first_passkey(ann)
    pages = [type_in(ann, "0000-0000-0000-0000") for _ in range(3)]
    assert "too many tries" in pages[-1].words
    assert all("This is not your recovery code" in page.words for page in pages[:2])


def test_the_operator_takes_the_passkeys_from_whoever_lost_the_code_too(
    ann: Organiser, services: Services
):
    first_passkey(ann)
    assert reset_passkeys(services, EMAIL, actor=OPERATOR) == 1
    assert how_many(services) == 0
    assert ann.open("/organise/").heading == "Sign in"
    with pytest.raises(NobodyThere):
        reset_passkeys(services, "nobody@example.org", actor=OPERATOR)


def test_the_page_for_lost_passkeys_is_there_in_welsh(ann: Organiser):
    assert ann.open("/cy/account/lost").heading == "Cyfrin-allweddi coll"
