"""Answering for somebody at a desk or by telephone: one person after the other, one ballot each."""

import re

import pytest

from consult.commands.answers.letter_codes import issue_codes
from consult.people import tables
from events import Ballot
from tests.attached import pdf
from tests.builders import (
    EVERY_KIND,
    ORGANISER,
    RANKING,
    by_letter,
    close_consultation,
    consultation,
    question,
)
from tests.consult.people.erasable import rows
from tests.consult.web.organisers import link_for
from tests.consult.web.residents import ANSWERS, Resident

HERE = "/assist/riverside"
PDF = pdf()


@pytest.fixture
def asked(services):
    return by_letter(services, identity=("letter", "desk"))


@pytest.fixture
def desk(app, services, asked):
    return signed_in(app, services)


def signed_in(app, services, role="desk", email="desk@example.org"):
    clerk = Resident(app.test_client())
    clerk.send(clerk.open(link_for(services, role=role, email=email)))
    return clerk


def begin(desk, **who):
    return desk.send(desk.open(HERE), "riverside", **{"channel": "assisted", **who})


def help_one(desk, *order, **who):
    page = begin(desk, **who)
    assert page.heading.endswith("Riverside Park"), page.words
    return desk.send(page, page.address, q__order=list(order))


def events(services):
    rows = [
        row
        for row in services.record.read(0, 10_000)
        if row.topic.startswith(("consult.ball", "consult.resp"))
    ]
    return [
        next(
            event.fact
            for event in services.record.events.get(row.subject_id)
            if event.originator_version == row.version
        )
        for row in rows
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_desk_says_that_the_conditions_hold_for_the_person(app, services):
    consultation(services, identity=("desk",), is_declared=True)
    clerk = signed_in(app, services)
    page = begin(clerk, reference="LIB 4711")
    assert "They said that this holds for them: Anyone who lives here" in page.words
    back = clerk.send(page, page.address, q__order=["a"])
    assert (
        back.summary[0][0],
        back.summary[0][1][:29],
    ) == ("declared", "Tick that the conditions hold")
    assert not events(services)
    clerk.send(back, back.address, q__order=["a"], declared="yes")
    [given] = events(services)
    assert given.is_declared


def test_signing_in_leads_a_desk_to_its_own_page(app, services, asked):
    clerk = Resident(app.test_client())
    page = clerk.send(clerk.open(link_for(services, role="desk")))
    assert page.address == "/assist/"
    assert HERE in page.links()


@pytest.mark.parametrize("channel", ["assisted", "telephone", "paper"])
def test_the_envelope_says_how_and_in_which_role_somebody_was_helped(services, desk, channel):
    page = help_one(desk, "b", "a", reference="LIB 1234-567", channel=channel)
    assert page.heading == "Their answers are recorded"
    [fact] = events(services)
    assert (fact.answers, fact.assurance) == ({"order": ["b", "a"]}, "desk")
    assert (fact.by.role, fact.by.channel) == ("desk", channel)
    assert re.fullmatch("[0-9a-f]{32}", fact.by.actor)


def test_one_number_however_it_is_written_is_one_ballot_and_the_desk_is_told(services, desk):
    help_one(desk, "a", reference="LIB 1234-567")
    page = begin(desk, reference="lib1234567")
    assert "There are answers here already." in page.words
    desk.send(page, page.address, q__order=["c"])
    help_one(desk, "b", reference="LIB 1234-568")
    facts = events(services)
    assert [type(fact).__name__ for fact in facts] == ["Cast", "Replaced", "Cast"]
    assert facts[0].pseudonym == facts[1].pseudonym != facts[2].pseudonym


def test_a_number_is_kept_nowhere_as_it_was_typed(services, desk):
    help_one(desk, "a", reference="LIB-1234567")
    begin(desk, reference="LIB-1234567")
    stored = str([(row.topic, row.state) for row in services.record.read(0, 10_000)])
    with desk.client.session_transaction() as session:
        stored += str(dict(session))
    assert "1234567" not in stored


def test_a_letter_code_at_the_desk_is_the_same_person_as_at_home(services, asked, desk, client):
    code = issue_codes(services, asked.id, 1, actor=ORGANISER).codes[0]
    help_one(desk, "a", code=code.lower())
    at_home = Resident(client)
    page = at_home.send(at_home.open("/c/riverside/letter"), code=code)
    assert "Somebody has answered" in page.heading
    [fact] = events(services)
    assert (fact.assurance, fact.by.role) == ("letter", "desk")


def test_the_receipt_can_be_read_aloud_and_belongs_to_the_person(services, desk):
    page = help_one(desk, "a", reference="LIB 1")
    code = re.search(r'fm-code">([0-9A-Z-]{19})<', page.text)[1]
    spoken = [item.text for item in page.tree.iter("li") if item.text and ", " in item.text]
    assert len(spoken) == 4
    assert spoken[0].count(", ") == 3
    services.catch_up()
    assert "They stand." in desk.send(desk.open("/receipt"), "/receipt", code=code).words


def test_a_desk_is_shown_no_changing_code_and_says_what_to_do_instead(services, desk):
    page = help_one(desk, "a", reference="LIB 1")
    assert len(re.findall(r'fm-code">([0-9A-Z-]{19})<', page.text)) == 1
    assert "Changing code" not in page.words
    assert "There is no changing code, because we would have seen it." in page.words
    [given] = events(services)
    assert given.holder == ""
    again = help_one(desk, "b", reference="LIB 1")
    assert "Their answers are recorded" in again.heading


def test_nothing_of_a_person_stays_for_the_next(desk):
    page = help_one(desk, "a", reference="LIB 1")
    before = page.address
    code = re.search(r'fm-code">([0-9A-Z-]{19})<', page.text)[1]
    assert page.headers["Cache-Control"] == "no-store"
    after = desk.send(page, "next")
    assert after.address == HERE
    assert after.form("riverside")[1].get("reference", "") == ""
    for address in (before, before.removesuffix("/receipt"), "/c/riverside/receipt"):
        assert code not in desk.open(address).text
    with desk.client.session_transaction() as session:
        assert code not in str(dict(session))


def test_stopping_without_sending_forgets_what_was_typed(services, desk):
    page = begin(desk, reference="LIB 1")
    page = desk.send(page, page.address, **{"q__order-add": "b"})
    assert "1st" in page.words or "Your order" in page.words
    desk.send(page, "next")
    assert desk.open(page.address).address == HERE
    assert events(services) == []


def test_two_people_in_two_windows_stay_two_people(services, desk):
    first, second = begin(desk, reference="LIB 1"), begin(desk, reference="LIB 2")
    desk.send(first, first.address, q__order=["a"])
    desk.send(second, second.address, q__order=["b"])
    assert [fact.answers["order"] for fact in events(services)] == [["a"], ["b"]]
    assert len({fact.pseudonym for fact in events(services)}) == 2


def test_sending_twice_records_once_and_shows_the_same_receipt(services, desk):
    page = begin(desk, reference="LIB 1")
    for _press in range(2):
        after = desk.send(page, page.address, q__order=["a"])
        assert after.heading == "Their answers are recorded"
    assert len(events(services)) == 1


@pytest.mark.parametrize(
    ("who", "field"),
    [
        ({}, "code"),
        ({"code": "0000-0000-0000", "reference": "LIB 1"}, "code"),
        ({"code": "0000-0000-0000"}, "code"),
        ({"reference": "--"}, "reference"),
        ({"reference": "LIB 1", "channel": "pigeon"}, "channel"),
    ],
)
def test_who_it_is_must_be_said_in_one_way(services, desk, who, field):
    page = begin(desk, **who)
    assert page.status == 422
    assert [target for target, _ in page.summary] == [field]


def test_a_paper_form_with_blanks_and_without_a_file_is_recorded_as_it_is(app, services):
    file = question("plan", "file", "A picture?")
    consultation(services, RANKING, question("why", "text", "Why?"), file, identity=("desk",))
    clerk = signed_in(app, services)
    page = begin(clerk, channel="paper", reference="LIB 4711")
    assert "Leave blank what they leave blank" in page.words
    sent = clerk.send(page, page.address, q__order=["a"])
    assert sent.address.endswith("/receipt"), sent.words
    [fact] = events(services)
    assert (fact.answers, fact.texts) == ({"order": ["a"]}, {})
    assert not rows(services, tables.attachment)
    page = begin(clerk, channel="paper", reference="LIB 4712")
    empty = clerk.send(page, page.address)
    assert empty.status == 422
    assert "nothing" in empty.words.lower()


@pytest.mark.parametrize("conditions", [False, True], ids=["none", "to declare"])
def test_a_form_that_comes_back_asks_for_nothing_that_may_stay_blank(app, services, conditions):
    file, many = question("plan", "file", "A picture?"), question("day", "date", "When?")
    consultation(services, RANKING, many, file, identity=("desk",), is_declared=conditions)
    clerk = signed_in(app, services)
    page = begin(clerk, channel="paper", reference="LIB 4711")
    again = clerk.send(page, page.address, q__day__day="31", q__day__month="2", q__day__year="2026")
    assert again.status == 422
    assert [target for target, _ in again.summary] == ["q-day", *["declared"] * conditions]


def test_the_same_checks_as_for_everybody(services, app):
    by_letter(services, *EVERY_KIND, identity=("desk",))
    desk = signed_in(app, services)
    page = begin(desk, reference="LIB 1")
    wrong = {**ANSWERS, "q__share__b": "40"}
    again = desk.send(page, page.address, **wrong)
    assert again.status == 422
    assert events(services) == []
    done = desk.send(again, page.address, **ANSWERS)
    assert done.heading == "Their answers are recorded"


PLAN = question("plan", "file", "Your plan")
WHY = question("why", "text", "Why?")
FAR = question("far", "number", "How far?")


def test_a_file_they_brought_is_attached_replaced_and_sent_for_them(services, app):
    consultation(services, PLAN, FAR, identity=("desk",))
    desk = signed_in(app, services)
    page = begin(desk, reference="LIB 1")
    wrong = desk.attach(page, "plan.exe", b"MZ", page.address)
    assert "“plan.exe” cannot be used." in wrong.summary[0][1]
    again = desk.attach(page, "their plan.pdf", PDF, page.address, **{"q-far": "far"})
    assert [target for target, _ in again.summary] == ["q-far"]
    assert "their plan.pdf" in again.words
    assert "their plan.pdf" in desk.open(page.address).words
    gone = desk.send(again, page.address, q__plan__remove="yes")
    assert "their plan.pdf" not in gone.words
    desk.attach(gone, "b.pdf", PDF, page.address, **{"q-far": "far"})
    page = desk.open(page.address)
    assert desk.send(page, page.address, q__far="3").heading == "Their answers are recorded"
    [kept] = rows(services, tables.attachment)
    assert (kept.name, bytes(kept.content)) == ("b.pdf", PDF)
    assert kept.subject_id is not None


def test_a_file_of_one_person_is_not_in_the_form_of_the_next(services, app):
    consultation(services, PLAN, FAR, identity=("desk",))
    desk = signed_in(app, services)
    page = begin(desk, reference="LIB 1")
    desk.attach(page, "theirs.pdf", PDF, page.address, **{"q-far": "far"})
    other = begin(desk, reference="LIB 2")
    assert "theirs.pdf" not in other.words
    desk.send(other, other.address, q__far="3")
    [kept] = rows(services, tables.attachment)
    assert (kept.name, kept.subject_id) == ("theirs.pdf", None)


def test_what_nobody_signed_in_sends_is_not_kept(services, app):
    consultation(services, PLAN, WHY, identity=("desk",))
    desk = signed_in(app, services)
    page = begin(desk, reference="LIB 1")
    desk.client.delete_cookie("folkmoot")
    assert desk.attach(page, "theirs.pdf", PDF, page.address).address == "/sign-in"
    assert rows(services, tables.attachment) == []


def test_after_closing_nothing_is_recorded_and_the_typed_answers_stay(services, asked, desk):
    page = begin(desk, reference="LIB 1")
    close_consultation(services, asked.id, actor=ORGANISER)
    services.catch_up()
    late = desk.send(page, page.address, q__order=["a"])
    assert late.status == 409
    assert events(services) == []
    assert "not open" in desk.open(HERE).words


def test_a_wrong_token_shows_the_same_form_again(app, services, desk):
    page = begin(desk, reference="LIB 1")
    app.config["WTF_CSRF_ENABLED"] = True
    again = desk.send(page, page.address, q__order=["b"], csrf_token="wrong")
    assert again.status == 400
    assert again.heading.endswith("Riverside Park")
    assert events(services) == []


def test_only_desks_of_the_partnership_answer_for_people(app, services, asked):
    consultation(services, slug="open-to-all")
    assert app.test_client().get(HERE).status_code == 303
    assert signed_in(app, services, "scrutiny", "bob@example.org").open(HERE).status == 403
    clerk = signed_in(app, services)
    assert clerk.open("/assist/open-to-all").status == 404
    assert clerk.open("/assist/nothing").status == 404
    assert clerk.client.get("/organise/c/riverside/").status_code == 303
    assert Ballot.Cast.TOPIC not in {row.topic for row in services.record.read(0, 10_000)}


def test_a_desk_says_who_answers_and_for_how_many_it_speaks(services, desk):
    help_one(desk, "b", reference="LIB 1", respondent="organisation", members="1,204")
    help_one(desk, "a", reference="LIB 222", respondent="group", members="")
    help_one(desk, "c", reference="LIB 333")
    said = [(fact.respondent, fact.members) for fact in events(services)]
    assert said == [("organisation", 1_204), ("group", 0), ("individual", 0)]


def test_a_desk_writes_what_an_organisation_is_called_into_the_vault_alone(services, desk):
    page = begin(desk, reference="LIB 1", respondent="organisation", members="20")
    assert "Those who may read it: the organisers, the council officers" in page.words
    desk.send(page, page.address, q__order=["b"], organisation="Friends of the park")
    (given,) = events(services)
    assert given.organisation
    assert "Friends" not in str(given)
    assert [row.words for row in rows(services, tables.free_text)] == ["Friends of the park"]
    person = begin(desk, reference="LIB 2")
    assert "Name of the organisation" not in person.words


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ({"respondent": "group", "members": "many"}, "Enter a whole number"),
        ({"respondent": "group", "members": "10000001"}, "Enter a whole number"),
        ({"respondent": "group", "members": "-4"}, "Enter a whole number"),
        ({"respondent": "individual", "members": "4"}, "answers for themselves"),
        ({"respondent": "crowd"}, "Say who answers."),
    ],
)
def test_what_cannot_be_is_said_before_the_form_and_kept(services, desk, who, says):
    page = begin(desk, reference="LIB 1234-567", **who)
    assert says in " ".join(words for _place, words in page.summary)
    assert 'value="LIB 1234-567"' in page.text
    assert events(services) == []
