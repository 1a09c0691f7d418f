"""Answering with the code of a letter: typed as people type, once for each person."""

import pytest

from consult.commands.answers.letter_codes import issue_codes, void_codes
from consult.web.guarding import limits
from events import Ballot, Consultation
from tests.builders import ORGANISER, by_letter
from tests.consult.web.residents import Resident

LETTER = "/c/riverside/letter"


@pytest.fixture
def asked(services):
    return by_letter(services)


@pytest.fixture
def batch(services, asked):
    made = issue_codes(services, asked.id, 3, actor=ORGANISER)
    services.catch_up()
    return made


@pytest.fixture
def ada(client):
    return Resident(client)


def ballots(services):
    return [row for row in services.record.read(0, 10_000) if row.topic.startswith("consult.ball")]


def answer(person, code, *order):
    """From the start page to the receipt."""
    start = person.open("/c/riverside")
    assert "code from the letter" in start.words
    page = person.send(person.open("/c/riverside/identity"), code=code)
    if page.heading.endswith("Somebody has answered with this code"):
        page = person.send(page)
    page = person.send(page, q__order=list(order))
    return person.send(page, "send")


def test_a_code_leads_through_the_questions_to_a_receipt(services, ada, batch):
    done = answer(ada, batch.codes[0].lower().replace("-", " "), "c", "a")
    assert done.heading == "Answers sent"
    [row] = ballots(services)
    ballot = services.record.get(Ballot, row.subject_id)
    assert (ballot.answers, ballot.assurance) == ({"order": ["c", "a"]}, "letter")


def test_a_code_used_before_changes_the_answers_and_says_so_first(app, services, ada, batch):
    answer(ada, batch.codes[0], "a")
    other = Resident(app.test_client())
    said = other.send(other.open(LETTER), code=batch.codes[0])
    assert "takes the place of all you sent before" in said.words
    assert len(ballots(services)) == 1
    answer(other, batch.codes[0], "b")
    assert [row.topic for row in ballots(services)] == [
        "consult.ballot.cast.v1",
        "consult.ballot.replaced.v1",
    ]


def test_nobody_reaches_the_questions_without_a_code(ada, batch):
    assert ada.open("/c/riverside/q/order").address == LETTER
    assert ada.open("/c/riverside/all").address == LETTER


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter the code from your letter"),
        ("0000-0000-0000", "We do not know this code"),
        ("short", "We do not know this code"),
        ("ŵ" * 60, "We do not know this code"),
    ],
)
def test_a_wrong_code_is_said_and_stays_in_the_box(ada, batch, typed, words):
    page = ada.send(ada.open(LETTER), code=typed)
    assert page.status == 422
    [(target, message)] = page.summary
    assert target == "code"
    assert words in message
    assert page.form()[1]["code"] == typed
    assert page.headers["Cache-Control"] == "no-store"


def test_a_code_of_another_consultation_leads_there(services, ada, batch):
    other = by_letter(services, slug="other")
    code = issue_codes(services, other.id, 1, actor=ORGANISER).codes[0]
    page = ada.send(ada.open(LETTER), code=code)
    assert "for another consultation" in page.summary[0][1]
    assert "/c/other" in page.links()


def test_a_code_of_a_lost_batch_is_refused_and_says_why(services, ada, asked, batch):
    void_codes(services, asked.id, batch.batch_id, reason="Lost", actor=ORGANISER)
    page = ada.send(ada.open(LETTER), code=batch.codes[0])
    assert "letters were lost" in page.summary[0][1]


def test_a_batch_that_is_stopped_on_the_way_is_refused_when_it_is_sent(services, ada, asked, batch):
    page = ada.send(ada.open(LETTER), code=batch.codes[0])
    page = ada.send(page, q__order=["a"])
    void_codes(services, asked.id, batch.batch_id, reason="Lost", actor=ORGANISER)
    page = ada.send(page, "send")
    assert "This code was stopped" in page.text
    assert ballots(services) == []


def test_after_five_tries_a_browser_waits_and_other_people_do_not(app, ada, batch):
    for _ in range(5):
        assert ada.send(ada.open(LETTER), code="0000-0000-0000").status == 422
    page = ada.send(ada.open(LETTER), code=batch.codes[0])
    assert page.status == 429
    assert "too many tries" in page.words
    assert int(page.headers["Retry-After"]) > 0
    bob = Resident(app.test_client())
    assert bob.send(bob.open(LETTER), code=batch.codes[0]).status == 200


def test_a_network_waits_too_whatever_browsers_it_pretends_to_have(app, batch, monkeypatch):
    from limits import RateLimitItemPerHour

    monkeypatch.setattr(limits, "LETTERS_BY_NETWORK", RateLimitItemPerHour(7))
    seen = []
    for _ in range(8):
        person = Resident(app.test_client())
        seen.append(person.send(person.open(LETTER), code="0000-0000-0000").status)
    assert seen == [422] * 7 + [429]


def test_the_same_in_welsh(ada, batch):
    page = ada.open(f"/cy{LETTER}")
    assert page.heading == "Riverside Park (cy) Teipiwch y cod o’ch llythyr"
    page = ada.send(page, code="0000-0000-0000")
    assert "Nid ydym yn adnabod y cod hwn" in page.summary[0][1]


def test_without_letters_in_its_terms_there_is_no_such_page(services, ada):
    by_letter(services, slug="open-to-all", identity=("open",))
    assert ada.open("/c/open-to-all/letter").status == 404


def test_the_session_holds_neither_the_code_nor_anything_that_leads_to_it(
    services, ada, asked, batch
):
    ada.send(ada.open(LETTER), code=batch.codes[0])
    with ada.client.session_transaction() as session:
        held = str(dict(session))
    assert batch.codes[0] not in held
    assert batch.codes[0].replace("-", "") not in held
    assert services.record.get(Consultation, asked.id).batches
