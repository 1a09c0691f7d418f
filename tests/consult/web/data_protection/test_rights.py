"""Personal data on pages: what the holder of a receipt may ask, and what an officer may do."""

import io
import json
import zipfile

import pytest

from consult.access import CUSTODIAN
from consult.commands.answers.submitting import Sheet, submit_answers
from consult.people.answers import texts
from consult.sealing.receipts import kept_by
from events import Consultation, Partnership, Response
from events.question import Question
from tests.attached import pdf
from tests.builders import RANKING, consultation, partnership, question
from tests.consult.sealing.audits import RESIDENT, documents
from tests.consult.web.organisers import sign_in
from tests.consult.web.residents import Resident

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MORE = question("more", "text", "Anything else?", required=False, length_max=100)
WORDS = "Lock 4 is dark"
DATA = "/organise/personal-data/"


@pytest.fixture
def about(services, log) -> Consultation:
    return consultation(services, RANKING, MORE)


def answered(services, about, voter="Ada", words=WORDS):
    receipt = submit_answers(
        services,
        consultation_id=about.id,
        voter=voter,
        sheet=Sheet(answers={"order": ["a"]}, texts={"more": words}),
        actor=RESIDENT,
        command_id=voter,
    )
    services.catch_up()
    return receipt


def words_of(services, about, voter="Ada") -> list[str]:
    pseudonym = services.vault.pseudonym(about.id, voter)
    return [*texts.words_of(services.vault, Response.id_for(about.id, pseudonym)).values()]


@pytest.fixture
def resident(app):
    return Resident(app.test_client())


@pytest.fixture
def officer(app, services, about):
    return sign_in(app, services, role=CUSTODIAN, email="dpo@example.org")


def standing(resident, code):
    return resident.send(resident.open("/receipt"), code=code)


def mine(resident, receipt):
    return resident.mine(receipt.changing_code)


# -- the holder of a receipt --


def test_a_resident_has_their_words_erased_and_their_choice_still_counts(
    services, log, seal, about, resident
):
    receipt, other = answered(services, about), answered(services, about, "Bea", "Mine stays")
    page = mine(resident, receipt)
    assert page.faults == []
    page = resident.send(page, "/receipt/erase")
    assert (page.heading.endswith("Have your words erased?"), page.faults) == (True, [])
    assert words_of(services, about) == [WORDS], "only asked so far"
    page = resident.send(page, "/receipt/erase")
    assert (page.heading.startswith("Your words are erased"), page.faults) == (True, [])
    assert words_of(services, about) == []
    assert words_of(services, about, "Bea") == ["Mine stays"]
    seal()
    assert [entry["t"] for entry in documents(log)].count("erased") == 1
    assert WORDS not in json.dumps(documents(log))
    assert "They stand." in standing(resident, receipt.code).text
    assert kept_by(services, log, other.code) is not None


def test_pressing_twice_erases_once(services, about, resident, log, seal):
    receipt = answered(services, about)
    sure = resident.send(mine(resident, receipt), "/receipt/erase")
    resident.send(sure, "/receipt/erase")
    resident.send(sure, "/receipt/erase")
    seal()
    assert [entry["t"] for entry in documents(log)].count("erased") == 1


def test_a_resident_downloads_all_that_is_held_about_them_and_about_nobody_else(
    services, about, resident
):
    receipt = answered(services, about)
    answered(services, about, "Bea", "Somebody else")
    copy = resident.post(mine(resident, receipt), "/receipt/copy")
    assert copy.headers["Cache-Control"] == "no-store"
    assert WORDS in copy.text
    assert "Somebody else" not in copy.text


@pytest.mark.parametrize("path", ["/receipt/erase", "/receipt/copy"])
def test_without_a_receipt_nothing_is_erased_or_shown(services, about, resident, path):
    receipt = answered(services, about)
    page = resident.send(mine(resident, receipt), path, code="0000-0000-0000-0000")
    assert page.status == 422
    assert page.faults == []
    assert words_of(services, about) == [WORDS]
    assert resident.client.get(path).status_code == 405


# -- the officer --


def test_an_officer_erases_in_a_case_by_receipt_and_by_address(services, about, officer):
    receipt = answered(services, about)
    page = officer.open(DATA)
    assert (page.status, page.faults) == (200, [])
    address = f"{DATA}{about.slug}/"
    page = officer.send(officer.open(f"{address}erase"))
    assert (page.status, page.faults) == (422, [])
    assert "reference of the case" in page.text
    both = {"code": receipt.code, "email": "a@example.org"}
    assert officer.send(officer.open(f"{address}erase"), reference="DP/1", **both).status == 422
    page = officer.send(officer.open(f"{address}erase"), reference="DP/1", code=receipt.code)
    assert page.address == address
    assert "Erased." in page.text
    assert words_of(services, about) == []
    unknown = {"reference": "DP/2", "email": "nobody@example.org"}
    page = officer.send(officer.open(f"{address}erase"), **unknown)
    assert (page.status, page.faults) == (422, [])
    assert "Nobody in this consultation gave the address" in page.text


def test_an_officer_gives_a_copy_to_a_person(services, about, officer):
    receipt = answered(services, about)
    address = f"{DATA}{about.slug}/copy"
    assert officer.send(officer.open(address), code="0000-0000-0000-0000").status == 422
    copy = officer.fill(officer.open(address), code=receipt.code)
    assert copy.mimetype == "application/json"
    assert WORDS in copy.text


def test_a_hold_stops_erasures_until_it_is_ended(services, about, officer, resident):
    receipt = answered(services, about)
    address = f"{DATA}{about.slug}/"
    assert officer.send(officer.open(f"{address}hold"), reason="").status == 422
    page = officer.send(officer.open(f"{address}hold"), reason="Judicial review, CO/1/2026")
    assert (page.address, page.faults) == (address, [])
    assert "CO/1/2026" in page.text
    assert "A legal hold keeps its data." in officer.open(DATA).text
    sure = resident.send(mine(resident, receipt), "/receipt/erase")
    page = resident.send(sure, "/receipt/erase")
    assert page.faults == []
    assert "legal hold keeps the data" in page.text
    assert words_of(services, about) == [WORDS]
    link = next(
        a.get("href") for a in officer.open(address).tree.iter("a") if "/hold/" in a.get("href", "")
    )
    page = officer.send(officer.open(link), reason="The claim was withdrawn")
    assert "Nobody else here could agree." in page.words
    officer.send(officer.open(f"{page.address}alone"), reason="I am the only one")
    assert officer.client.get(link).status_code == 404, "a hold ends once"
    resident.send(sure, "/receipt/erase")
    assert words_of(services, about) == []


@pytest.mark.parametrize("path", ["", "riverside/", "riverside/erase", "riverside/hold"])
@pytest.mark.parametrize("role", ["organiser", None])
def test_nobody_else_gets_to_these_pages(app, services, about, path, role):
    if role is None:
        assert app.test_client().get(DATA + path).status_code == 303
        return
    other = sign_in(app, services)
    page = other.open(DATA + path)
    assert page.status == 403
    assert page.faults == []


def test_an_officer_of_another_partnership_sees_nothing(app, services, about):
    partnership(services, "elsewhere")
    other = sign_in(app, services, "elsewhere", role=CUSTODIAN, email="other@example.org")
    assert other.open(f"{DATA}riverside/").status == 403
    assert "riverside" not in other.open(DATA).text
    assert Partnership.id_for("elsewhere") != about.partnership_id


@pytest.mark.parametrize("path", ["", "riverside/", "riverside/erase", "riverside/copy"])
def test_the_pages_are_in_welsh_too(officer, path):
    page = officer.open(f"/cy{DATA}{path}")
    assert (page.status, page.faults) == (200, [])
    assert "Data personol" in page.text or "data" in page.heading.lower()


def test_the_copy_holds_the_files_themselves(services, log, app, resident):
    """Also two of one name; and says nothing of equality answers where nobody was asked for any."""
    plans = [
        Question(id, "file", {"en": "Plan", "cy": "Cynllun"}, required=False)
        for id in ("plan", "other")
    ]
    consultation(services, MORE, *plans)
    for question_id, content in (("plan", pdf("one")), ("other", pdf("two"))):
        page = resident.open(f"/c/riverside/q/{question_id}")
        kind, body = resident.with_file(page, "plan.pdf", content, f"q-{question_id}")
        resident.client.post(page.address, data=body, content_type=kind)
    resident.send(resident.open("/c/riverside/check"))
    code = resident.receipt_code()
    answer = resident.post(resident.mine(resident.changing_code()), "/receipt/copy")
    assert answer.mimetype == "application/zip"
    assert 'filename="my-data-riverside.zip"' in answer.headers["Content-Disposition"]
    officer = sign_in(app, services, role=CUSTODIAN, email="dpo@example.org")
    taken = officer.fill(officer.open(f"{DATA}riverside/copy"), code=code)
    assert 'filename="copy-riverside.zip"' in taken.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(taken.data)) as archive:
        theirs = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        files = [name for name in archive.namelist() if name.startswith("files/")]
        assert sorted(archive.read(name) for name in files) == [pdf("one"), pdf("two")]
        assert all(name.endswith("-plan.pdf") for name in files)
        document = json.loads(archive.read("my-data.json"))
        assert theirs.keys() == set(archive.namelist())
        assert [theirs[name] for name in files] == [archive.read(name) for name in files]
    assert document["history"][0]["texts"]["plan"]["file"] == "plan.pdf"
    assert "equality_answers" not in document
