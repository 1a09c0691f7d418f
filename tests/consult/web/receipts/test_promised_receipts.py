"""What a receipt is worth before its answers are in the log: a signed promise, on every page."""

from dataclasses import replace
from functools import partial

import pytest

from consult.people.mailboxes import outbox
from consult.sealing.key import read_key
from consult.sealing.promises import promise_key_path
from consult.sealing.running import seal_now
from events.log.keys import parse_vkey
from events.log.promise import parse_promise
from tests.builders import consultation
from tests.consult.web.residents import Page

HERE = "/c/riverside/receipt"
BY = "2 November 2026, 10:10am"
MAIL = "/receipt/mail"
UNPROMISED = "This site signs no promise"


@pytest.fixture
def grouped(services, log):
    return partial(seal_now, services, log, promises=True)


@pytest.fixture
def sent(services, grouped, resident):
    """The page after sending, on a site whose log names its key of promises."""
    services.config = replace(services.config, outbox=True)
    consultation(services)
    grouped()
    resident.send(resident.open("/c/riverside/all"), q__order=["a"])
    return resident.open(HERE)


def promise_from(resident, page):
    address, values = page.form("/receipt/promise")
    return resident.client.post(address, data=values)


def test_the_page_after_sending_gives_the_promise_that_the_log_keeps(
    services, log, clock, grouped, resident, sent
):
    assert f"Your answers will be in the public log by {BY}." in sent.words
    assert "We have signed this promise." in sent.words
    file = promise_from(resident, sent)
    code = resident.receipt_code()
    assert f"receipt-{code[:4]}.promise" in file.headers["Content-Disposition"]
    key = parse_vkey(promise_key(services))
    assert parse_promise(file.data, [key]).deadline % 3_600 == 600
    kept = resident.client.get("/c/riverside/receipt.txt").text
    assert file.text.strip() in kept
    clock.move(hours=1)
    grouped()
    after = resident.open(HERE)
    assert "of the public log." in after.words
    assert "promise" not in after.words.casefold()
    assert "----- Promise" not in resident.client.get("/c/riverside/receipt.txt").text


def promise_key(services):
    return read_key(promise_key_path(services.config)).verifier.vkey


def test_whoever_has_the_checking_code_gets_the_promise_too(
    resident, somebody_else, sent, services
):
    page = somebody_else.send(somebody_else.open("/receipt"), code=resident.receipt_code())
    assert f"will be in the public log by {BY}" in page.words
    assert promise_from(somebody_else, page).data == promise_from(resident, sent).data
    assert not page.faults


def test_a_promise_that_is_late_is_said_to_be_one_to_keep(resident, sent, clock):
    clock.move(hours=1, minutes=10)
    late = resident.open(HERE)
    assert f"should have been in the public log by {BY}" in late.words
    assert "Keep the promise that we signed" in late.words
    assert promise_from(resident, late).data == promise_from(resident, sent).data


def test_where_no_promise_is_signed_every_page_says_so(services, log, resident, sent, client):
    promise_key_path(services.config).unlink()
    assert UNPROMISED in resident.open(HERE).words
    assert "----- Promise" not in resident.client.get("/c/riverside/receipt.txt").text
    refused = promise_from(resident, sent)
    assert refused.status_code == 503
    assert "This site signs no promises at the moment" in refused.text
    assert "No promises are signed here." in Page(client.get("/log-health")).words
    mail = resident.send(resident.open(HERE), MAIL, email="a@example.org")
    assert mail.status == 422
    assert f"in the public log by {BY}" in mail.summary[0][1]


def test_before_the_seal_the_mail_holds_the_promise(services, log, resident, sent):
    assert resident.send(sent, MAIL, email="ada@example.org").status == 200
    [mail] = outbox.waiting(services.vault)
    promise = promise_from(resident, sent).text.strip()
    assert promise in mail.text
    assert mail.subject == "Promise about your answers: Riverside Park"
    assert resident.receipt_code() not in mail.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_promise_is_said_in_welsh_too(resident, sent):
    page = resident.open(f"/cy{HERE}")
    assert "public log" not in page.words
    assert "Rydym wedi llofnodi’r addewid hwn." in page.words
    assert not page.faults
