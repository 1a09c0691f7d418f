"""Weighty acts are confirmed with a passkey: each for itself, with what was typed kept."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from consult import access
from consult.commands.accounts.staff import of_partnership
from consult.config import Config
from consult.people.mailboxes import outbox
from consult.services import Services
from consult.web import create_app
from consult.web.guarding import limits
from consult.web.layout.page_language import SWITCH_FIELD
from consult.wording.registries.act_words import SENTENCES
from events import Consultation, Partnership
from events.consultations import states
from tests import builders
from tests.builders import Clock
from tests.consult.web.authenticator import SERVED_AT
from tests.consult.web.organisers import Organiser, main_form, sign_in
from tests.consult.web.passkey_pages import confirm, confirm_form, make, options, place_of
from tests.consult.web.residents import Page

HERE = Partnership.id_for("ashenmoor")
WITHDRAW = "/organise/c/riverside/withdraw"
REASON = {"reason__en": "It came too early.", "reason__cy": "Daeth yn rhy gynnar."}


def site_at(services: Services, **settings: object) -> Flask:
    builders.partnership(services)
    services.catch_up()
    services.config = replace(services.config, **settings)
    return create_app(services)


@pytest.fixture
def site(services: Services) -> Iterator[Flask]:
    """A site with an address that browsers make passkeys for."""
    return site_at(services, public_url=SERVED_AT, outbox=True)


@pytest.fixture
def it(site: Flask, services: Services) -> Consultation:
    return builders.consultation(services)


@pytest.fixture
def ann(site: Flask, services: Services, it: Consultation) -> Organiser:
    return sign_in(site, services)


def is_withdrawn(services: Services, it: Consultation) -> bool:
    return services.record.get(Consultation, it.id).state == states.WITHDRAWN


def test_an_act_is_done_when_a_passkey_has_confirmed_it_and_not_before(
    ann: Organiser, it: Consultation, services: Services
):
    device, _page = make(ann)
    page = ann.send(ann.open(WITHDRAW), **REASON)
    assert page.status == 422
    assert "withdraws the consultation for good" in page.words
    assert not is_withdrawn(services, it)
    assert "It is withdrawn." in confirm(ann, page, device).words
    withdrawn = services.record.get(Consultation, it.id)
    assert is_withdrawn(services, it)
    assert "It came too early." in str(vars(withdrawn))


def test_who_has_no_passkey_is_led_to_make_one_and_goes_on_with_what_they_typed(
    ann: Organiser, it: Consultation, services: Services
):
    page = ann.send(ann.open(WITHDRAW), **REASON)
    assert "which you do not have yet" in page.words
    assert "/account/" in page.links()
    device, _account = make(ann)
    address, values = confirm_form(page)
    page = Page(ann.client.post(address, data=values))
    assert not is_withdrawn(services, it)
    confirm(ann, page, device)
    assert is_withdrawn(services, it)


def test_who_goes_back_finds_everything_that_was_typed(
    ann: Organiser, it: Consultation, services: Services
):
    make(ann)
    page = ann.send(ann.open(WITHDRAW), **REASON)
    address, values = confirm_form(page)
    back = Page(ann.client.post(address, data={**values.to_dict(), SWITCH_FIELD: "en"}))
    assert back.heading == "Riverside Park Withdraw this consultation"
    assert main_form(back)[1]["reason-en"] == "It came too early."
    assert back.summary == []
    assert not is_withdrawn(services, it)


def test_a_form_with_something_to_correct_asks_for_no_passkey(ann: Organiser, it: Consultation):
    make(ann)
    page = ann.send(ann.open(WITHDRAW), reason__en="", reason__cy="")
    assert page.heading == "Riverside Park Withdraw this consultation"


def test_what_confirms_one_act_confirms_no_other(
    ann: Organiser, it: Consultation, site: Flask, services: Services
):
    """Not with another reason, nor elsewhere, nor in another session, nor a second time."""
    device, _page = make(ann)
    page = ann.send(ann.open(WITHDRAW), **REASON)
    answer = device.get(options(ann, place_of(page)))
    address, values = confirm_form(page)
    changed = {**values.to_dict(), "reason-en": "Because I say so.", "confirm-answer": answer}
    assert "could not be checked" in Page(ann.client.post(address, data=changed)).words
    elsewhere = {**values.to_dict(), "confirm-answer": answer}
    assert Page(ann.client.post(f"{address}?more=1", data=elsewhere)).status == 422
    phone = sign_in(site, services)
    there = phone.send(phone.open(WITHDRAW), **REASON)
    assert "could not be checked" in confirm(phone, there, device, answer).words
    assert not is_withdrawn(services, it)
    assert "It is withdrawn." in confirm(ann, page, device, answer).words
    assert "could not be checked" in confirm(ann, page, device, answer).words


def test_a_confirmation_is_at_most_five_minutes_old(
    ann: Organiser, it: Consultation, services: Services, clock: Clock
):
    device, _page = make(ann)
    page = ann.send(ann.open(WITHDRAW), **REASON)
    answer = device.get(options(ann, place_of(page)))
    clock.move(minutes=5, seconds=1)
    assert "could not be checked" in confirm(ann, page, device, answer).words
    assert not is_withdrawn(services, it)
    confirm(ann, page, device)
    assert is_withdrawn(services, it)


def test_nobody_confirms_with_the_passkey_of_somebody_else(
    ann: Organiser, it: Consultation, site: Flask, services: Services
):
    make(ann)
    bob = sign_in(site, services, email="bob@example.org")
    device, _page = make(bob)
    page = ann.send(ann.open(WITHDRAW), **REASON)
    assert "could not be checked" in confirm(ann, page, device).words
    assert not is_withdrawn(services, it)


def test_having_signed_in_with_a_passkey_confirms_no_act(
    ann: Organiser, it: Consultation, site: Flask, services: Services
):
    device, _page = make(ann)
    phone = Organiser(site.test_client())
    page = phone.open("/sign-in")
    answer = device.get(options(phone, "/passkeys/sign-in/options"))
    phone.press(page, "/passkeys/sign-in", passkey=answer)
    page = phone.send(phone.open(WITHDRAW), **REASON)
    assert page.heading == "Confirm that it is you"
    assert "could not be checked" in confirm(phone, page, device, answer).words


def test_the_session_notes_when_a_passkey_last_confirmed(
    ann: Organiser, it: Consultation, clock: Clock
):
    device, _page = make(ann)
    assert "Last confirmed" not in ann.open("/account/").words
    clock.move(minutes=3)
    confirm(ann, ann.send(ann.open(WITHDRAW), **REASON), device)
    assert "Last confirmed with a passkey" in ann.open("/account/").words


def test_a_role_is_given_only_with_a_passkey(site: Flask, services: Services):
    admin = sign_in(site, services, role="administrator")
    device, _page = make(admin)
    people = "/organise/partnership/ashenmoor/members/"
    filled = {"email": "bob@example.org", "name": "Bob", "role-0": "yes"}
    page = admin.send(
        admin.open(f"{people}new"), **{k.replace("-", "__"): v for k, v in filled.items()}
    )
    services.catch_up()
    assert [one.name for one in of_partnership(services, HERE)] == ["Ann administrator"]
    confirm(admin, page, device)
    services.catch_up()
    assert {one.name for one in of_partnership(services, HERE)} == {"Ann administrator", "Bob"}


def test_whoever_has_a_passkey_adds_and_removes_others_only_with_it(
    ann: Organiser, services: Services
):
    """A mailbox alone is then no way to make oneself another one."""
    first, _page = make(ann)
    second, page = make(ann, name="Security key")
    assert page.heading == "Confirm that it is you"
    assert "Security key" not in ann.open("/account/").words
    assert "Security key" in confirm(ann, page, first).words
    page = ann.press(ann.open("/account/"), "/account/passkeys/remove")
    assert page.heading == "Confirm that it is you"
    assert "is removed" in confirm(ann, page, second).words


def test_going_back_from_there_changes_nothing(ann: Organiser):
    make(ann)
    page = ann.press(ann.open("/account/"), "/account/passkeys/remove")
    address, values = confirm_form(page)
    back = {**values.to_dict(), SWITCH_FIELD: "en"}
    page = Page(ann.client.post(address, data=back, follow_redirects=True))
    assert page.heading == "Your account"
    assert "My telephone" in page.words


def test_looking_at_pages_needs_no_passkey(
    ann: Organiser, it: Consultation, site: Flask, services: Services
):
    custodian = sign_in(site, services, role="data protection officer", email="c@example.org")
    admin = sign_in(site, services, role="administrator", email="d@example.org")
    for somebody, address in (
        (ann, "/organise/c/riverside/"),
        (ann, WITHDRAW),
        (custodian, "/organise/personal-data/riverside/"),
        (custodian, "/organise/personal-data/riverside/erase"),
        (admin, "/organise/partnership/ashenmoor/members/"),
        (admin, "/organise/partnership/ashenmoor/members/new"),
    ):
        page = somebody.open(address)
        assert page.status == 200, address
        assert page.heading != "Confirm that it is you"


def code_in_mail(services: Services) -> str:
    codes = [
        mail.subject[:6] for mail in outbox.waiting(services.vault) if "to confirm" in mail.subject
    ]
    return codes[-1]


def with_code(somebody: Organiser, page: Page, code: str) -> Page:
    address, values = confirm_form(page)
    values["confirm-code"] = code
    return Page(somebody.client.post(address, data=values, follow_redirects=True))


@pytest.mark.parametrize(
    "settings",
    [
        {"public_url": "http://say.example.org"},
        {"public_url": SERVED_AT, "without_passkeys": "Until the keys have come."},
    ],
)
def test_where_passkeys_are_not_used_a_code_by_mail_confirms_an_act_and_everybody_reads_why(
    services: Services, settings: dict
):
    site = site_at(services, outbox=True, **settings)
    it = builders.consultation(services)
    ann = sign_in(site, services)
    page = ann.send(ann.open(WITHDRAW), **REASON)
    assert page.heading == "Confirm that it is you"
    assert page.faults == []
    code = code_in_mail(services)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    again = with_code(ann, page, wrong)
    assert "not the code we sent for this" in again.words
    assert len(outbox.waiting(services.vault)) == 1, "the code that was sent stays good"
    assert not is_withdrawn(services, it)
    assert "It is withdrawn." in with_code(ann, again, f"{code[:3]} {code[3:]}").words
    assert is_withdrawn(services, it)
    health = ann.open("/log-health").words
    assert "With a code by e-mail, not with a passkey." in health
    assert settings.get("without_passkeys", "no address with https") in health


def test_a_code_by_mail_takes_five_tries_confirms_one_act_and_lasts_a_quarter_of_an_hour(
    services: Services, clock: Clock
):
    site = site_at(services, outbox=True, public_url="http://say.example.org")
    it = builders.consultation(services)
    ann = sign_in(site, services)
    page = ann.send(ann.open(WITHDRAW), **REASON)
    code = code_in_mail(services)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _try in range(5):
        with_code(ann, page, wrong)
    assert "not the code we sent" in with_code(ann, page, code).words
    other = ann.send(ann.open(WITHDRAW), reason__en="Another.", reason__cy="Arall.")
    address, values = confirm_form(page)
    ticket = confirm_form(other)[1]["confirm-ticket"]
    moved = {**values.to_dict(), "confirm-ticket": ticket, "confirm-code": code_in_mail(services)}
    assert "not the code we sent" in Page(ann.client.post(address, data=moved)).words
    clock.move(minutes=15, seconds=1)
    assert "not the code we sent" in with_code(ann, other, code_in_mail(services)).words
    assert not is_withdrawn(services, it)


@pytest.mark.parametrize("ticket", ["x", "ŵ", "A" * 75, "=", "A" * 5_000])
def test_a_made_up_ticket_confirms_nothing(services: Services, ticket: str):
    site = site_at(services, outbox=True, public_url="http://say.example.org")
    it = builders.consultation(services)
    ann = sign_in(site, services)
    address, values = confirm_form(ann.send(ann.open(WITHDRAW), **REASON))
    made_up = {**values.to_dict(), "confirm-ticket": ticket, "confirm-code": "123456"}
    assert Page(ann.client.post(address, data=made_up)).status == 422
    assert not is_withdrawn(services, it)


def test_codes_to_confirm_are_sent_only_so_often(services: Services, monkeypatch):
    monkeypatch.setattr(limits, "CONFIRMATIONS_BY_MAILBOX", limits.RateLimitItemPerHour(1))
    site = site_at(services, outbox=True, public_url="http://say.example.org")
    builders.consultation(services)
    ann = sign_in(site, services)
    statuses = [ann.send(ann.open(WITHDRAW), **REASON).status for _ in range(2)]
    assert statuses == [422, 429]


def test_where_neither_can_be_used_the_page_says_who_can_do_it(services: Services):
    site = site_at(services, public_url="http://say.example.org")
    it = builders.consultation(services)
    ann = sign_in(site, services)
    page = ann.send(ann.open(WITHDRAW), **REASON)
    assert "can do it at the command line" in page.words
    assert not is_withdrawn(services, it)


def test_the_page_is_there_in_welsh_and_keeps_its_language(
    ann: Organiser, it: Consultation, services: Services
):
    device, _page = make(ann)
    page = ann.send(ann.open(f"/cy{WITHDRAW}"), **REASON)
    assert page.heading == "Cadarnhewch mai chi sydd yno"
    address, values = confirm_form(page)
    assert address == f"/cy{WITHDRAW}"
    values["confirm-answer"] = device.get(options(ann, place_of(page)))
    done = Page(ann.client.post(address, data=values, follow_redirects=True))
    assert done.address == "/cy/organise/c/riverside/"
    assert is_withdrawn(services, it)


@pytest.mark.parametrize(
    ("address", "how"),
    [
        ("https://say.example.org", "passkey"),
        ("http://localhost:8000", "passkey"),
        ("http://say.example.org", "mail"),
        ("https://192.0.2.7", "mail"),
        ("http://127.0.0.1:8000", "nothing"),
    ],
)
def test_the_address_of_a_site_decides_how_acts_are_confirmed(address: str, how: str):
    assert Config(public_url=address).confirms_with == how
    reason = Config.from_environment(
        {"FOLKMOOT_PUBLIC_URL": address, "FOLKMOOT_WITHOUT_PASSKEYS": "Keys are ordered."}
    )
    assert reason.confirms_with == "mail"


def test_each_act_that_needs_a_passkey_says_what_it_does():
    weighty = {each for each in access.CAPABILITIES.values() if each.needs_passkey}
    assert set(SENTENCES) == weighty
