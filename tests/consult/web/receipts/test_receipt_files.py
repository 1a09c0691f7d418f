"""The two halves of a receipt: who gets them, what they prove, what they do not say."""

import json

import pytest

from consult.commands.answers.submitting import Sheet, submit_answers
from consult.commands.context import Actor
from consult.commands.data_protection.erasure import erase_by_holder
from events.log.commitment import commit
from events.log.encoding import from_base64url
from events.log.errors import LogError
from events.log.keys import parse_vkey
from events.log.proof import parse_receipt
from tests.builders import EVERY_KIND, consultation
from tests.consult.sealing.audits import answer
from tests.consult.web.residents import Page


@pytest.fixture
def about(services, log):
    return consultation(services)


def send(resident, *order):
    resident.send(resident.open("/c/riverside/all"), q__order=list(order))
    return resident.receipt_code()


def mine(resident):
    """What the holder may do, from the page after sending."""
    return resident.send(resident.open("/c/riverside/receipt"), "/receipt/mine")


def files(resident):
    """What the page after sending and the page of the holder give: the proof, and what opens it."""
    sent = resident.open("/c/riverside/receipt")
    given = []
    for page, path in ((sent, "/receipt/proof"), (mine(resident), "/receipt/private")):
        address, values = page.form(path)
        given.append(resident.client.post(address, data=values))
    return given


def test_the_proof_proves_that_the_answers_are_in_and_not_what_they_are(
    about, resident, seal, client
):
    code = send(resident, "c", "a")
    seal()
    proof, _private = files(resident)
    assert proof.headers["Cache-Control"] == "no-store"
    assert f"receipt-{code[:4]}.tlog-proof" in proof.headers["Content-Disposition"]
    receipt = parse_receipt(proof.data)
    receipt.verify([parse_vkey(client.get("/log/vkey").text.strip())])
    assert json.loads(receipt.entry)["t"] == "ballot"
    assert b'"c","a"' not in receipt.entry
    with pytest.raises(LogError):
        parse_receipt(proof.data.replace(b"index ", b"index 1")).verify([])


def test_the_private_file_opens_the_commitment_of_the_entry(about, resident, seal):
    send(resident, "c", "a")
    seal()
    proof, private = files(resident)
    half = private.get_json()
    entry = json.loads(parse_receipt(proof.data).entry)
    assert half["format"] == "folkmoot/opening/v1"
    assert (half["c"], half["b"], half["s"]) == (entry["c"], entry["b"], entry["s"])
    salt = from_base64url(half["salt"], "salt")
    assert commit(salt, half["k"], half["x"].encode()) == entry["cm"]
    assert json.loads(half["x"]) == {"order": ["c", "a"]}


def test_each_version_of_the_answers_has_its_own_files(about, services, seal, client):
    seen = set()
    for option in ("a", "b"):
        code = answer(services, about, "Ada", option).changing_code
        services.catch_up()
        seal()
        seen.add(json.loads(client.post("/receipt/private", data={"code": code}).data)["x"])
    assert seen == {'{"order":["a"]}', '{"order":["b"]}'}


@pytest.fixture
def app(app):
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.mark.parametrize("path", ["/receipt/proof", "/receipt/private"])
@pytest.mark.parametrize("code", ["", "0000-0000-0000-0000", "x" * 10_000])
def test_without_the_code_there_are_no_files(about, client, path, code):
    response = client.post(path, data={"code": code})
    assert response.status_code == 422
    assert client.get(path).status_code == 405, "nothing secret in addresses"


def test_a_proof_that_is_not_sealed_yet_says_so(about, services, client):
    receipt = answer(services, about, "Ada")
    response = client.post("/receipt/proof", data={"code": receipt.code})
    assert response.status_code == 503
    assert "will be in the public log by 2 November 2026, 10:10am." in response.text


def test_whoever_waits_for_the_seal_gets_the_index_as_soon_as_it_is_there(
    about, services, log, seal
):
    receipt = answer(services, about, "Ada")
    assert log.find_signed(receipt.position) is None
    size = seal()
    assert log.find_signed(receipt.position) == size - 1


def test_the_private_file_opens_words_too_until_they_are_erased(services, seal, client):
    about = consultation(services, *EVERY_KIND)
    votes = {"visit": "d", "views": {"s": 3, "c": 4}, "order": ["a"], "share": {"b": 10}}
    receipt = submit_answers(
        services,
        consultation_id=about.id,
        voter="Ada",
        sheet=Sheet(
            answers={**votes, "support": ["a"], "money": ["k"]},
            texts={"more": "Lock 4 is dark"},
        ),
        actor=Actor("resident"),
        command_id="1",
    )
    services.catch_up()
    seal()
    data = {"code": receipt.code}
    entry = json.loads(parse_receipt(client.post("/receipt/proof", data=data).data).entry)
    secret = {"code": receipt.changing_code}
    half = client.post("/receipt/private", data=secret).get_json()
    words = half["texts"]["more"]
    assert words["x"] == "Lock 4 is dark"
    salt = from_base64url(words["salt"], "salt")
    assert commit(salt, "T", words["x"].encode()) == entry["x"]["more"]
    erase_by_holder(services, holder=receipt.holder, actor=Actor("resident"))
    left = client.post("/receipt/private", data=secret).get_json()
    assert "texts" not in left
    assert left["x"] == half["x"]


def test_the_receipt_page_says_where_the_answers_are_in_the_log(about, resident, services, seal):
    send(resident, "c", "a")
    page = resident.open("/c/riverside/receipt")
    assert "will be in the public log by 2 November 2026, 10:10am." in page.words
    assert "receipt-seal" in page.text
    size = seal()
    page = resident.open("/c/riverside/receipt")
    assert page.faults == []
    assert f"Your answers are entry {size - 1} of the public log." in page.text
    assert "receipt-seal.js" not in page.text
    page = resident.open("/cy/c/riverside/receipt")
    assert "public log" not in page.words


def test_the_receipt_page_says_that_too_few_answers_were_sealed_together(
    about, resident, services, log, seal
):
    quiet = "It was a quiet hour"
    send(resident, "c", "a")
    seal()
    assert quiet in resident.open("/c/riverside/receipt").words
    send(resident, "b")
    for voter in ("Ada", "Ben", "Cai"):
        answer(services, about, voter)
    answer(services, about, "Ben", "c")
    assert seal() == log.latest().size
    assert quiet in resident.open("/c/riverside/receipt").words, "of four people"
    send(resident, "c")
    for voter in ("Ada", "Ben", "Cai", "Dee"):
        answer(services, about, voter, "b")
    consultation(services, slug="other")
    seal()
    page = resident.open("/c/riverside/receipt")
    assert "of the public log." in page.words
    assert quiet not in page.words


def test_the_receipt_page_waits_for_nothing_and_asks_to_look_again(
    about, resident, services, seal, monkeypatch
):
    form = resident.open("/c/riverside/all")
    services.has_background = True
    resident.send(form, q__order=["c", "a"])

    def wait(*_how_long: float) -> None:
        raise AssertionError("the page holds a thread")

    with monkeypatch.context() as patched:
        patched.setattr("time.sleep", wait)
        patched.setattr(services.views.moved, "wait", wait)
        page = resident.open("/c/riverside/receipt")
    assert page.text.count("data-waiting") == 2, "for the ballot box, and for the seal"
    assert "/c/riverside/receipt" in page.links(), "to look again without scripts"
    assert "receipt-seal.js" in page.text
    services.runner.catch_up()
    seal()
    page = resident.open("/c/riverside/receipt")
    assert "data-waiting" not in page.text
    assert "of the public log" in page.text


def test_a_proof_that_is_asked_for_too_early_is_asked_for_again_from_the_page_it_leads_to(
    about, resident, services, seal
):
    send(resident, "c", "a")
    code = resident.receipt_code()
    early = Page(resident.client.post("/receipt/proof", data={"code": code}))
    assert early.status == 503
    assert early.headers["Retry-After"]
    seal()
    address, values = early.form()
    assert parse_receipt(resident.client.post(address, data=values).data).entry
