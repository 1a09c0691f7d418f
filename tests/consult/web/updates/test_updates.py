"""Being told by e-mail: nobody is written to who did not press, and everybody hears news once."""

import re

import pytest
from msgspec.structs import replace

from consult.commands.data_protection.erasure import erase_by_holder
from consult.commands.data_protection.retention import CONFIRM_TIME
from consult.commands.results.counting import publish_results
from consult.commands.results.follow_up import publish_follow_up
from consult.notifying import news
from consult.people import tables
from consult.people.mailboxes import contacts, notices, outbox
from tests.builders import ORGANISER, close_consultation, consultation
from tests.consult.commands.results.test_follow_up import ROW, said
from tests.consult.people.erasable import rows
from tests.consult.sealing.audits import RESIDENT, answer

EMAIL = "sam@example.org"


@pytest.fixture
def about(services):
    found = consultation(services)
    services.catch_up()
    return found


def mails(services):
    return sorted(outbox.waiting(services.vault), key=lambda mail: mail.put_at)


def take(services):
    """Everything on its way, as a mail server takes it."""
    found = mails(services)
    for mail in found:
        outbox.sent(services.vault, mail.id)
    return found


def link(mail) -> str:
    (found,) = re.findall(r"https?://[^/]+(/\S*(?:confirm|stop)/\S+)", mail.text)
    return found


def ask(browser, about, email=EMAIL, language=""):
    page = f"{language}/c/{about.slug}/updates"
    return browser.send(browser.open(page), _to="", email=email)


def join(services, browser, about, email=EMAIL, language=""):
    ask(browser, about, email, language)
    (mail,) = take(services)
    browser.send(browser.open(link(mail)), _to=link(mail))
    return mail


def publish(services, about):
    close_consultation(services, about.id, actor=ORGANISER)
    publish_results(services, about.id, actor=ORGANISER)
    services.catch_up()


def test_only_who_presses_the_button_in_the_mail_is_written_to(services, resident, about):
    sent = ask(resident, about)
    assert "Open the link in it and press the button" in sent.words
    (mail,) = take(services)
    resident.open(link(mail))  # as a mail scanner does
    assert contacts.of_consultation(services.vault, about.id) == []
    confirmed = resident.send(resident.open(link(mail)), _to=link(mail))
    assert "We will tell you" in confirmed.words
    assert [one.email for one in contacts.of_consultation(services.vault, about.id)] == [EMAIL]
    ask(resident, about)
    assert take(services) == [], "who is on the list already gets no further mail"


def test_the_result_and_what_came_of_it_are_told_once_each(services, resident, about, clock):
    answer(services, about, "Ada")
    join(services, resident, about, language="/cy")
    assert news.tell(services) == 0
    publish(services, about)
    assert [news.tell(services) for _ in range(3)] == [1, 0, 0]
    (mail,) = take(services)
    assert mail.to == EMAIL
    assert "Canlyniadau" in mail.subject
    assert f"/cy/c/{about.slug}/results" in mail.text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    for theme in ("Buses", "Trees"):
        publish_follow_up(services, about.id, replace(ROW, theme=said(theme)), actor=ORGANISER)
    services.catch_up()
    assert news.tell(services) == 0, "more rows may come in a moment"
    clock.move(minutes=11)
    assert [news.tell(services) for _ in range(2)] == [1, 0]
    (mail,) = take(services)
    assert "Buses" in mail.text
    assert "Trees" in mail.text


def test_a_process_that_stops_half_way_tells_the_rest_later_and_nobody_twice(
    services, about, monkeypatch
):
    for number in range(6):
        mine = answer(services, about, f"voter {number}")
        contacts.keep(services.vault, about.id, mine.subject_id, 1, f"p{number}@x.example", "en")
    publish(services, about)
    real, calls = outbox.put, []

    def dies_at_the_third(*arguments, **more):
        calls.append(more["to"])
        if len(calls) == 3:
            raise KeyboardInterrupt
        real(*arguments, **more)

    monkeypatch.setattr(notices.outbox, "put", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        news.tell(services)
    monkeypatch.setattr(notices.outbox, "put", real)
    assert len(mails(services)) == 2
    assert news.tell(services) == 4
    to = [mail.to for mail in mails(services)]
    assert len(to) == len(set(to)) == 6


def test_stopping_takes_one_press_without_a_session_and_opening_does_nothing(
    app, services, resident, about
):
    answer(services, about, "Ada")
    join(services, resident, about)
    publish(services, about)
    news.tell(services)
    (mail,) = take(services)
    page = resident.open(link(mail))
    assert "Stop these mails?" in page.heading
    assert len(contacts.of_consultation(services.vault, about.id)) == 1
    program = app.test_client()
    (address,) = re.findall(r"https?://[^/]+(/[^>]+)>", mail.headers["List-Unsubscribe"])
    answered = program.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answered.status_code == 200
    assert rows(services, tables.contact) == []
    assert "The mails are stopped" in resident.open(link(mail)).words


def test_a_receipt_erases_the_address_and_what_it_was_told(services, about):
    mine = answer(services, about, "Ada")
    contacts.keep(services.vault, about.id, mine.subject_id, 1, EMAIL, "en")
    publish(services, about)
    news.tell(services)
    assert rows(services, tables.told)
    erase_by_holder(services, holder=mine.holder, actor=RESIDENT)
    for table in (tables.contact, tables.told, tables.outbox):
        assert rows(services, table) == [], table.name


def test_an_address_that_nobody_confirmed_goes_after_a_week(services, resident, about, clock):
    ask(resident, about)
    (mail,) = take(services)
    clock.move(days=8)
    assert contacts.sweep(services.vault, services.clock() - CONFIRM_TIME) == 1
    assert resident.open(link(mail)).status == 410


def test_what_is_no_address_is_said_and_kept(resident, about):
    again = ask(resident, about, "sam at example")
    assert again.status == 422
    assert 'value="sam at example"' in again.text
    assert ask(resident, about, "").summary == [("email", "Enter your e-mail address.")]


def test_no_page_about_mails_is_kept_or_indexed(resident, about):
    page = resident.open(f"/c/{about.slug}/updates")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Referrer-Policy"] == "no-referrer"
