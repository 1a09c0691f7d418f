"""The two halves of a receipt: who gets them, what they prove, what they do not say."""

import json
import threading

import pytest

from consult.commands.context import Actor
from consult.commands.erasing import erase_by_receipt
from consult.commands.submitting import Sheet, submit_answers
from consult.sealing.receipts import wait_until_sealed
from consult.web.proofs import receipt_files
from events.log.commitment import commit
from events.log.encoding import from_base64url
from events.log.errors import LogError
from events.log.keys import parse_vkey
from events.log.proof import parse_receipt
from tests.builders import EVERY_KIND, consultation
from tests.consult.sealing.audits import answer


@pytest.fixture
def about(services, log):
    return consultation(services)


def send(resident, *order):
    resident.send(resident.open("/c/riverside/all"), q__order=list(order))
    return resident.receipt_code()


def files(resident):
    """What the two buttons of the page after sending give, in order."""
    page = resident.open("/c/riverside/receipt")
    given = []
    for path in ("/receipt/proof", "/receipt/private"):
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
    first = answer(services, about, "Ada", "a")
    second = answer(services, about, "Ada", "b")
    services.catch_up()
    seal()
    seen = {
        json.loads(client.post("/receipt/private", data={"code": code}).data)["x"]
        for code in (first.code, second.code)
    }
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


def test_a_proof_that_is_not_sealed_yet_says_so(about, services, client, monkeypatch):
    monkeypatch.setattr(receipt_files, "SEAL_SECONDS_MAX", 0.0)
    receipt = answer(services, about, "Ada")
    response = client.post("/receipt/proof", data={"code": receipt.code})
    assert response.status_code == 503
    assert "being sealed" in response.text


def test_whoever_waits_for_the_seal_gets_the_index_as_soon_as_it_is_there(
    about, services, log, seal
):
    receipt = answer(services, about, "Ada")
    assert wait_until_sealed(log, receipt.position, 0.0) is None
    size = seal()
    assert wait_until_sealed(log, receipt.position, 0.0) == size - 1


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
    half = client.post("/receipt/private", data=data).get_json()
    words = half["texts"]["more"]
    assert words["x"] == "Lock 4 is dark"
    salt = from_base64url(words["salt"], "salt")
    assert commit(salt, "T", words["x"].encode()) == entry["x"]["more"]
    erase_by_receipt(services, code=receipt.code, actor=Actor("resident"))
    left = client.post("/receipt/private", data=data).get_json()
    assert "texts" not in left
    assert left["x"] == half["x"]


def test_the_receipt_page_says_where_the_answers_are_in_the_log(about, resident, services, seal):
    send(resident, "c", "a")
    page = resident.open("/c/riverside/receipt")
    assert "are being sealed" in page.text
    assert "receipt-seal" in page.text
    size = seal()
    page = resident.open("/c/riverside/receipt")
    assert page.faults == []
    assert f"Your answers are entry {size - 1} of the public log." in page.text
    assert "receipt-seal.js" not in page.text
    page = resident.open("/cy/c/riverside/receipt")
    assert "public log" not in page.words


def test_where_sealing_runs_the_receipt_page_waits_for_it(
    about, resident, services, seal, monkeypatch
):
    send(resident, "c", "a")
    services.catch_up()
    services.has_background = True
    monkeypatch.setattr(type(services), "catch_up", lambda *_args, **_more: True)
    timer = threading.Timer(0.2, seal)
    timer.start()
    page = resident.open("/c/riverside/receipt")
    timer.join()
    assert "of the public log" in page.text
