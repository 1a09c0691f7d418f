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
from tests.consult.web.organisers import Organiser, link_for, main_form
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
