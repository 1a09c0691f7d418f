"""The proof by e-mail to oneself: the checking half only, on request, and the address is gone."""

from dataclasses import replace

import pytest

from consult.people import tables
from consult.people.mailboxes import outbox
from events.log.proof import parse_receipt
from tests.builders import consultation
from tests.consult.people.erasable import rows

MAIL = "/receipt/mail"
EMAIL = "ann@exämple.org"


@pytest.fixture
def code(services, log, resident):
    services.config = replace(services.config, outbox=True)
    consultation(services)
    resident.send(resident.open("/c/riverside/all"), q__order=["c", "a"])
    return resident.receipt_code()


def test_the_mail_holds_the_proof_and_neither_the_code_nor_the_answers(
    services, resident, seal, code
):
    seal()
    sent = resident.send(resident.open("/c/riverside/receipt"), MAIL, email=EMAIL)
    assert "The mail is on its way. We do not keep your address." in sent.words
    [mail] = outbox.waiting(services.vault)
    assert mail.to == "ann@xn--exmple-cua.org"
    assert "does not say whose line is whose." in mail.text
    proof = mail.text.partition("----- Proof -----\n")[2].partition("\n----- End")[0] + "\n"
    assert b'"t":"ballot"' in parse_receipt(proof.encode()).entry
    assert code not in mail.text
    assert code.replace("-", "") not in mail.text
    assert "Clinics" not in mail.text
    outbox.sent(services.vault, mail.id)
    with services.vault.transaction() as connection:
        for table in tables.metadata.sorted_tables:
            for row in connection.execute(table.select()):
                assert "exmple" not in repr(row), table.name
    assert "The mail is on its way" not in resident.open("/c/riverside/receipt").words


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Enter your e-mail address."),
        ("ann", "“ann” is not an e-mail address."),
        ("josé@example.org", "such as “é”"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_address_comes_back_with_the_receipt(
    services, resident, seal, code, typed, says
):
    seal()
    back = resident.send(resident.open("/c/riverside/receipt"), MAIL, email=typed)
    assert back.status == 422
    assert says in back.summary[0][1]
    assert code in back.text
    assert "<details" in back.text
    assert not back.faults
    assert not rows(services, tables.outbox)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_before_the_seal_there_is_nothing_to_send_yet(services, resident, code):
    back = resident.send(resident.open("/c/riverside/receipt"), MAIL, email=EMAIL)
    assert back.status == 422
    assert "in the public log by 2 November 2026, 10:10am." in back.summary[0][1]
    assert back.form(MAIL)[1]["email"] == EMAIL
    assert not rows(services, tables.outbox)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_mailbox_gets_only_so_many(services, resident, seal, code):
    seal()
    page = resident.open("/c/riverside/receipt")
    kinds = [resident.post(page, MAIL, email=EMAIL).status_code for _time in range(6)]
    assert kinds == [303] * 5 + [429]
    assert len(rows(services, tables.outbox)) == 5


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_who_has_sent_answers_and_only_where_mail_is_sent(
    services, resident, somebody_else, seal, code
):
    seal()
    page = resident.open("/c/riverside/receipt")
    services.config = replace(services.config, outbox=False)
    assert 'name="email"' not in resident.open("/c/riverside/receipt").text
    assert resident.send(page, MAIL, email=EMAIL).address == "/c/riverside"
    services.config = replace(services.config, outbox=True)
    stranger = somebody_else.open("/c/riverside/all").form()[1]["csrf_token"]
    answer = somebody_else.client.post(
        "/c/riverside/receipt/mail", data={"csrf_token": stranger, "email": EMAIL}
    )
    assert answer.headers["Location"] == "/c/riverside"
    assert not rows(services, tables.outbox)
