"""Signing in by a link that works once, and how a session ends."""

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from consult.people.mailboxes import outbox
from consult.services import Services
from consult.web.guarding import limits
from tests import builders
from tests.consult.web.organisers import EMAIL, Organiser, link_for, main_form
from tests.consult.web.residents import Page, form_values


@pytest.fixture
def somebody(app: Flask, services: Services) -> Organiser:
    builders.partnership(services)
    services.catch_up()
    return Organiser(app.test_client())


def test_opening_a_link_uses_nothing_up_and_pressing_the_button_does(
    somebody: Organiser, services: Services, app: Flask
):
    link = link_for(services)
    for _scanner in range(3):
        page = somebody.open(link)
        assert page.status == 200
    assert somebody.send(page).heading == "Your consultations"
    somebody_else = Organiser(app.test_client())
    again = somebody_else.send(somebody_else.open(link))
    assert again.status == 410
    assert "Ask for a new one" in again.words
    assert somebody_else.open("/organise/").heading == "Sign in"


def test_a_link_is_too_old_after_a_day(
    somebody: Organiser, services: Services, clock: builders.Clock
):
    link = link_for(services)
    clock.move(hours=25)
    assert somebody.send(somebody.open(link)).status == 410


def test_a_made_up_link_says_the_same_as_a_used_one(somebody: Organiser):
    page = somebody.send(somebody.open("/sign-in/made-up"))
    assert page.status == 410
    assert page.heading == "This link no longer works"


def test_pages_about_a_link_are_neither_kept_nor_told_to_others(
    somebody: Organiser, services: Services
):
    page = somebody.open(link_for(services))
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_the_button_of_a_link_needs_the_token_of_its_page(somebody: Organiser, services: Services):
    assert somebody.client.post(link_for(services), data={}).status_code == 400


def test_a_session_ends_after_eight_hours_without_a_page(
    somebody: Organiser, services: Services, clock: builders.Clock
):
    somebody.send(somebody.open(link_for(services)))
    for _page in range(2):
        clock.move(hours=2)
        assert somebody.open("/organise/").heading == "Your consultations"
    clock.move(hours=8, minutes=1)
    page = somebody.open("/organise/")
    assert page.heading == "Sign in"
    assert "You have been signed out" in page.words


def test_signing_out_ends_the_session(somebody: Organiser, services: Services):
    page = somebody.send(somebody.open(link_for(services)))
    assert somebody.press(page, "/sign-out").heading == "You have signed out"
    assert somebody.open("/organise/").heading == "Sign in"


def test_signing_in_begins_anew_and_leaves_what_is_a_residents_own(
    somebody: Organiser, services: Services
):
    with somebody.client.session_transaction() as session:
        session["device"] = "a browser's secret"
        session["staff"] = "somebody's token"
    page = somebody.open(link_for(services))
    with somebody.client.session_transaction() as session:
        before = session["csrf_token"]
    somebody.send(page)
    with somebody.client.session_transaction() as session:
        assert session["device"] == "a browser's secret"
        assert session.get("csrf_token") != before
        assert session["staff"] not in {"", "somebody's token"}


def test_somebody_whose_account_is_gone_is_signed_out(somebody: Organiser, services: Services):
    from sqlalchemy import delete

    from consult.people import tables

    somebody.send(somebody.open(link_for(services)))
    with services.vault.transaction() as connection:
        connection.execute(delete(tables.staff))
    assert somebody.open("/organise/").heading == "Sign in"


def test_the_page_about_signing_in_is_there_in_welsh(somebody: Organiser):
    assert somebody.open("/cy/sign-in").heading == "Mewngofnodi"


def test_a_link_opened_in_welsh_stays_in_welsh(somebody: Organiser, services: Services):
    page = somebody.open(f"/cy{link_for(services)}")
    assert main_form(page)[0].startswith("/cy/")
    assert somebody.send(page).address == "/cy/organise/"


def test_a_link_comes_by_e_mail_to_whoever_has_an_account_and_the_page_tells_nobody(
    somebody: Organiser, services: Services, app: Flask
):
    assert "consult sign-in" in somebody.open("/sign-in").words, "without a mail server"
    services.config = replace(services.config, outbox=True)
    link_for(services)  # makes the account
    pages = []
    for email in ("Ann@Example.org ", "nobody@example.org"):
        page = somebody.open("/sign-in")
        address, values = form_of(page)
        pages.append(somebody.client.post(address, data={**values, "email": email}))
    assert [page.headers["Location"] for page in pages] == ["/sign-in/sent"] * 2
    assert somebody.open("/sign-in/sent").heading == "Look at your e-mails"
    [mail] = outbox.waiting(services.vault)
    assert mail.to == "Ann@example.org"
    [link] = re.findall(r"http://127.0.0.1:8000(/sign-in/\S+)", mail.text)
    assert somebody.send(somebody.open(link)).heading == "Your consultations"


def asks(services: Services, browser: Organiser, email: str = EMAIL) -> tuple[str, str]:
    """Ask for a link in a browser; return the address in the mail, and the code on the page."""
    services.config = replace(services.config, outbox=True)
    link_for(services)  # makes the account
    address, values = form_of(browser.open("/sign-in"))
    sent = browser.client.post(address, data={**values, "email": email}, follow_redirects=True)
    [code] = re.findall(r"\b(\d{3} \d{3})\b", Page(sent).words)
    mails = outbox.waiting(services.vault)
    links = re.findall(r"http://127.0.0.1:8000(/sign-in/\S+)", mails[-1].text) if mails else []
    return (links or [""])[0], code


def test_a_mailed_link_is_confirmed_by_a_button_in_the_browser_that_asked(
    somebody: Organiser, services: Services
):
    link, _code = asks(services, somebody)
    page = somebody.open(link)
    assert "Code" not in page.words
    assert somebody.send(page).heading == "Your consultations"


@pytest.mark.parametrize("written", ["{0}", "{1}", " {0} ", "{0}."])
def test_a_mailed_link_asks_in_another_browser_for_the_code_that_the_first_one_shows(
    somebody: Organiser, services: Services, app: Flask, written: str
):
    link, code = asks(services, somebody)
    phone = Organiser(app.test_client())
    page = phone.open(link)
    assert "It is on the page where you asked for the link" in page.words
    typed = written.format(code, code.replace(" ", ""))
    assert phone.send(page, code=typed).heading == "Your consultations"


def test_whoever_has_the_mail_alone_signs_nobody_in_and_uses_nothing_up(
    somebody: Organiser, services: Services, app: Flask
):
    link, code = asks(services, somebody)
    [mail] = outbox.waiting(services.vault)
    assert code not in mail.text
    assert code.replace(" ", "") not in mail.text
    scanner = Organiser(app.test_client())
    for _press in range(10):
        page = scanner.send(scanner.open(link))
        assert page.status == 422
        assert page.summary == [("code", "Type in the code. It has 6 digits.")]
        assert page.faults == []
    assert scanner.open("/organise/").heading == "Sign in"
    assert somebody.send(somebody.open(link)).heading == "Your consultations"


def test_a_link_that_somebody_else_asked_for_signs_nobody_in_without_their_code(
    somebody: Organiser, services: Services, app: Flask
):
    """Neither in the browser of whoever gets the mail, nor in one that asked for another link."""
    asker = Organiser(app.test_client())
    link, _code = asks(services, asker)
    _nothing, own_code = asks(services, somebody, "nobody@example.org")
    page = somebody.send(somebody.open(link), code=own_code)
    assert page.status == 422
    assert "This is not the code that is shown where you asked" in page.words


def test_five_wrong_codes_make_a_link_useless_even_where_it_was_asked_for(
    somebody: Organiser, services: Services, app: Flask
):
    link, code = asks(services, somebody)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**6:06}"
    guesser = Organiser(app.test_client())
    page = guesser.open(link)
    assert [guesser.send(page, code=wrong).status for _ in range(6)] == [422] * 4 + [410] * 2
    assert guesser.send(page, code=code).status == 410
    assert somebody.send(somebody.open(link)).status == 410


def test_a_code_is_shown_whether_or_not_there_is_an_account_and_only_where_it_was_asked_for(
    somebody: Organiser, services: Services, app: Flask
):
    _link, code = asks(services, somebody, "nobody@example.org")
    assert code in somebody.open("/sign-in/sent").words
    assert outbox.waiting(services.vault) == []
    elsewhere = Organiser(app.test_client()).open("/sign-in/sent")
    assert not re.search(r"\d{3} \d{3}", elsewhere.words)


def test_whoever_asks_twice_may_open_either_mail_and_after_signing_in_has_another_code(
    somebody: Organiser, services: Services
):
    first, code = asks(services, somebody)
    second, same = asks(services, somebody)
    assert same == code
    for link in (first, second):
        assert "Code" not in somebody.open(link).words
    somebody.press(somebody.send(somebody.open(first)), "/sign-out")
    assert asks(services, somebody)[1] != code


def test_the_page_that_asks_for_the_code_is_there_in_welsh(
    somebody: Organiser, services: Services, app: Flask
):
    link, code = asks(services, somebody)
    phone = Organiser(app.test_client())
    page = phone.open(f"/cy{link}")
    assert "Cod" in page.words
    assert phone.send(page, code="12").summary[0][0] == "code"
    assert phone.send(page, code=code).address == "/cy/organise/"


@pytest.mark.parametrize("typed", ["", "ann", "a@example.org\nBcc: b@example.org"])
def test_no_link_goes_to_what_is_no_address(somebody: Organiser, services: Services, typed: str):
    services.config = replace(services.config, outbox=True)
    address, values = form_of(somebody.open("/sign-in"))
    page = Page(somebody.client.post(address, data={**values, "email": typed}))
    assert page.status == 422
    assert [field for field, _message in page.summary] == ["email"]
    assert page.faults == []
    assert outbox.waiting(services.vault) == []


def test_links_are_asked_for_only_so_often(somebody: Organiser, services: Services, monkeypatch):
    services.config = replace(services.config, outbox=True)
    monkeypatch.setattr(limits, "CODES_BY_MAILBOX", limits.RateLimitItemPerHour(1))
    address, values = form_of(somebody.open("/sign-in"))
    data = {**values, "email": "ann@example.org"}
    assert [somebody.client.post(address, data=data).status_code for _ in range(2)] == [303, 429]


def form_of(page: Page) -> tuple[str, Any]:
    return next(
        (form.get("action") or page.address, form_values(form))
        for form in page.tree.iter("form")
        if form.get("method") == "post"
    )
