"""Passkeys: made on the page of one's account, used to sign in, and removed."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from consult.commands.accounts.members import remove_member
from consult.config import Config
from consult.people.accounts import passkeys
from consult.people.accounts.staff import find_by_email
from consult.people.mailboxes import outbox
from consult.services import Services
from consult.web import create_app
from events import Partnership
from tests import builders
from tests.builders import OPERATOR, Clock
from tests.consult.web.authenticator import PRESENT, SERVED_AT, Authenticator
from tests.consult.web.organisers import EMAIL, Organiser, sign_in
from tests.consult.web.passkey_pages import confirm, make, options, use
from tests.consult.web.residents import form_values


@pytest.fixture
def site(services: Services) -> Iterator[Flask]:
    """A site with an address that browsers make passkeys for."""
    builders.partnership(services)
    services.catch_up()
    services.config = replace(services.config, public_url=SERVED_AT, outbox=True)
    return create_app(services)


@pytest.fixture
def ann(site: Flask, services: Services) -> Organiser:
    return sign_in(site, services)


def test_who_has_made_a_passkey_signs_in_with_it_and_without_an_e_mail(
    ann: Organiser, site: Flask, services: Services
):
    device, page = make(ann)
    assert "My telephone" in page.words
    assert "Not used yet" in page.words
    elsewhere = Organiser(site.test_client())
    assert use(elsewhere, device).heading == "Your consultations"
    account = elsewhere.open("/account/").words
    assert "Last used" in account
    assert "Signed in with a passkey." in account
    assert "Signed in with a link." in account


def test_somebody_is_told_by_mail_of_each_passkey_that_is_added_or_removed(
    ann: Organiser, services: Services
):
    device, page = make(ann)
    confirm(ann, ann.press(page, "/account/passkeys/remove"), device)
    told = [(mail.to, mail.subject) for mail in outbox.waiting(services.vault)]
    assert sorted(told) == [
        (EMAIL, "A passkey was added to your account"),
        (EMAIL, "A passkey was removed from your account"),
    ]
    assert all("My telephone" in mail.text for mail in outbox.waiting(services.vault))


def test_a_removed_passkey_signs_nobody_in(ann: Organiser, site: Flask):
    device, page = make(ann)
    confirm(ann, ann.press(page, "/account/passkeys/remove"), device)
    answer = use(Organiser(site.test_client()), device)
    assert answer.status == 422
    assert "not known here any more" in answer.words


def test_each_of_several_passkeys_signs_the_same_person_in(ann: Organiser, site: Flask):
    telephone, _page = make(ann)
    key, page = make(ann, name="Grey security key", by=telephone)
    assert "My telephone" in page.words
    assert "Grey security key" in page.words
    for device in (telephone, key):
        assert use(Organiser(site.test_client()), device).heading == "Your consultations"


def test_what_a_browser_has_sent_once_is_worth_nothing_a_second_time(
    ann: Organiser, site: Flask, clock: Clock
):
    device, _page = make(ann, Authenticator(counts=False))
    browser = Organiser(site.test_client())
    answer = device.get(options(browser, "/passkeys/sign-in/options"))
    assert use(browser, device, answer).status == 200
    thief = Organiser(site.test_client())
    assert use(thief, device, answer).status == 422
    clock.move(minutes=4)
    assert use(thief, device, answer).status == 422


def test_a_challenge_is_good_for_five_minutes(ann: Organiser, site: Flask, clock: Clock):
    device, _page = make(ann)
    for seconds, status in ((299, 200), (301, 422)):
        browser = Organiser(site.test_client())
        answer = device.get(options(browser, "/passkeys/sign-in/options"))
        clock.move(seconds=seconds)
        assert use(browser, device, answer).status == status


def test_a_challenge_for_one_thing_is_no_challenge_for_another(
    ann: Organiser, site: Flask, services: Services
):
    """Nor is one that was given to somebody else, or that was made up."""
    device, _page = make(ann)
    browser = Organiser(site.test_client())
    bob = sign_in(site, services, email="bob@example.org")
    asked = options(browser, "/passkeys/sign-in/options")
    for other in (options(ann, "/account/passkeys/options"), {"challenge": "A" * 75}):
        answer = device.get(asked | {"challenge": other["challenge"]})
        assert use(browser, device, answer).status == 422
    stolen = Authenticator().create(options(ann, "/account/passkeys/options"))
    page = bob.press(bob.open("/account/"), "/account/passkeys", name="Bob's", passkey=stolen)
    assert page.status == 422
    assert "could not be checked" in page.words


@pytest.mark.parametrize(
    "spoil",
    [
        {"origin": "https://say.example.org.evil.example"},
        {"origin": "http://say.example.org"},
        {"domain": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
    ],
)
def test_a_passkey_counts_only_at_this_address_and_for_whom_the_device_has_verified(
    ann: Organiser, site: Flask, spoil: dict
):
    device, _page = make(ann)
    vars(device).update(spoil)
    assert use(Organiser(site.test_client()), device).status == 422
    fresh = Authenticator()
    vars(fresh).update(spoil)
    assert make(ann, fresh)[1].status == 422


def test_another_key_does_not_sign_for_a_passkey(ann: Organiser, site: Flask):
    device, _page = make(ann)
    other = Authenticator()
    other.credential_id, other.user, other.counter = device.credential_id, device.user, 5
    assert use(Organiser(site.test_client()), other).status == 422


def test_a_device_that_counts_less_than_before_is_a_copy_and_is_not_taken(
    ann: Organiser, site: Flask
):
    device, _page = make(ann)
    for _time in range(2):
        assert use(Organiser(site.test_client()), device).status == 200
    device.counter = 0
    assert use(Organiser(site.test_client()), device).status == 422
    device.counter = 2
    assert use(Organiser(site.test_client()), device).status == 200


def test_a_passkey_that_is_known_is_not_added_a_second_time(
    ann: Organiser, site: Flask, services: Services
):
    device, _page = make(ann)
    assert options(ann, "/account/passkeys/options")["excludeCredentials"]
    bob = sign_in(site, services, email="bob@example.org")
    _device, page = make(bob, device)
    assert page.status == 422
    assert "known here already" in page.words


@pytest.mark.parametrize("name", ["", "  "])
def test_a_passkey_needs_a_name(ann: Organiser, name: str):
    _device, page = make(ann, name=name)
    assert page.status == 422
    assert page.summary == [("name", "Give the passkey a name.")]
    assert page.faults == []


def test_an_account_has_so_many_passkeys_and_no_more(ann: Organiser, monkeypatch):
    monkeypatch.setattr("consult.people.accounts.passkeys.EACH_MAX", 2)
    first, page = make(ann)
    statuses = [make(ann, by=first)[1].status for _ in range(2)]
    assert [page.status, *statuses] == [200, 200, 422]


@pytest.mark.parametrize(
    "answer",
    [
        *("", "{}", "[]", "null", "1", "x", "{" * 3_000, "[" * 49_000, "9" * 5_000, "\0"),
        '{"response": {"clientDataJSON": "e30"}}',
        '{"response": {"clientDataJSON": "W10"}}',
        '{"response": {"clientDataJSON": 1}}',
        '{"id": 1, "response": {"clientDataJSON": "eyJjaGFsbGVuZ2UiOiJBQUFBIn0"}}',
    ],
)
def test_whatever_else_is_sent_is_refused_in_words(ann: Organiser, site: Flask, answer: str):
    page = Organiser(site.test_client())
    assert page.press(page.open("/sign-in"), "/passkeys/sign-in", passkey=answer).status == 422
    added = ann.press(ann.open("/account/"), "/account/passkeys", name="X", passkey=answer)
    assert added.status == 422


@pytest.mark.parametrize("spoilt", ["authenticatorData", "signature", "id", "type"])
def test_an_answer_with_a_part_that_is_garbage_is_refused_in_words(
    ann: Organiser, site: Flask, spoilt: str
):
    device, _page = make(ann)
    browser = Organiser(site.test_client())
    answer = json.loads(device.get(options(browser, "/passkeys/sign-in/options")))
    part = answer if spoilt in answer else answer["response"]
    for garbage in ("", "AAAA", "ŵ", 1, None, ["x"]):
        part[spoilt] = garbage
        assert use(browser, device, json.dumps(answer)).status == 422


def test_the_passkeys_of_somebody_without_an_account_are_gone(
    ann: Organiser, site: Flask, services: Services
):
    device, _page = make(ann)
    id = find_by_email(services.vault, EMAIL)
    remove_member(services, Partnership.id_for("ashenmoor"), id, actor=OPERATOR)
    assert passkeys.of_person(services.vault, id) == []
    assert use(Organiser(site.test_client()), device).status == 422


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://say.example.org", "say.example.org"),
        ("https://say.example.org:8443", "say.example.org"),
        ("http://localhost:8000", "localhost"),
        ("http://127.0.0.1:8000", ""),
        ("https://192.0.2.7", ""),
        ("https://[2001:db8::7]", ""),
        ("http://say.example.org", ""),
    ],
)
def test_passkeys_are_bound_to_the_name_of_the_site_where_browsers_make_them(address, domain):
    assert Config(public_url=address).passkey_domain == domain


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Say.example.org", "https://say.example.org"),
        ("https://say.example.org:443", "https://say.example.org"),
        ("https://say.example.org:8443", "https://say.example.org:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
    ],
)
def test_the_origin_is_written_as_browsers_write_it(address, origin):
    assert Config(public_url=address).origin == origin


def test_where_browsers_make_no_passkeys_none_are_offered(app: Flask, services: Services):
    builders.partnership(services)
    services.catch_up()
    somebody = sign_in(app, services)
    page = somebody.open("/account/")
    assert "which this site does not have" in page.words
    assert "Sign in with a passkey" not in Organiser(app.test_client()).open("/sign-in").words
    assert somebody.client.get("/account/passkeys/options").status_code == 422
    assert somebody.client.get("/passkeys/sign-in/options").status_code == 422


def test_without_scripts_the_forms_for_passkeys_stay_hidden_and_the_link_is_there(
    ann: Organiser, site: Flask
):
    page = Organiser(site.test_client()).open("/sign-in")
    forms = {form.get("id") or "link": form for form in page.tree.iter("form")}
    assert "hidden" in forms["passkey-form"].attrib
    assert any("email" in form_values(form) for form in page.tree.iter("form"))
    assert (
        "hidden"
        in next(
            form
            for form in ann.open("/account/").tree.iter("form")
            if form.get("id") == "passkey-form"
        ).attrib
    )


def test_the_pages_about_passkeys_are_there_in_welsh(ann: Organiser):
    page = ann.open("/cy/account/")
    assert page.heading == "Eich cyfrif"
    assert "Cyfrin-allweddi" in page.words
