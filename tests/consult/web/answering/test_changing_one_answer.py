"""Changing one answer leaves all the others as they were, by every way back to them."""

import re
from dataclasses import replace

import pytest

from consult.commands.answers.holding import Holder
from consult.commands.data_protection.erasure import erase_by_holder
from consult.people import tables
from consult.people.mailboxes import outbox
from events.question import Question
from tests.attached import pdf
from tests.builders import EVERY_KIND, RESIDENT, consultation, words
from tests.consult.people.erasable import rows
from tests.consult.web.residents import ANSWERS

BANNER = "You are changing answers you sent before."
MORE = (
    Question("far", "number", words("How far?"), decimals=1, required=False),
    Question("since", "date", words("Since when?"), required=False),
    Question(
        "why",
        "single",
        words("Why?"),
        options=EVERY_KIND[0].options,
        other=True,
        required=False,
    ),
)
MY_ANSWERS = ANSWERS | {
    "q__far": "12.5",
    "q__since__day": "3",
    "q__since__month": "9",
    "q__since__year": "2019",
    "q__why": "other",
    "q__why__other": "For the birds",
    "area": "W03",
}
PDF = pdf()

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def survey(services):
    return consultation(services, *EVERY_KIND, *MORE, wards=True, has_organisations=True)


def send_all(resident, **more):
    resident.send(
        resident.open("/c/riverside/all"),
        **MY_ANSWERS,
        respondent="organisation",
        organisation="Friends of the Park",
        members="40",
        **more,
    )
    return resident.changing_code()


def through(person, page, **changes):
    """Press Continue from a first question to the check page; returns that and the way there."""
    way = []
    while not page.address.endswith("/check"):
        way.append(page)
        assert len(way) < 20, page.words
        mine = {k: v for k, v in changes.items() if k.replace("__", "-") in page.form()[1]}
        page = person.send(page, **mine)
    return page, way


def same_but(first, second, **changed):
    assert second.answers == first.answers | changed
    assert set(second.texts) == set(first.texts)
    for name in ("area", "respondent", "members", "is_declared", "assurance", "pseudonym"):
        assert getattr(second, name) == getattr(first, name)


def test_with_the_receipt_at_another_device_all_else_stays_as_it_was(
    services, survey, resident, somebody_else, submissions
):
    code = send_all(resident)
    begun = somebody_else.send(somebody_else.open("/receipt/change"), code=code)
    check, way = through(somebody_else, begun, q__visit="d")
    assert len(way) == len(EVERY_KIND) + len(MORE) + 2
    for page in (*way, check):
        assert BANNER in page.words, page.address
        assert "as you sent them on 2 November 2026, 9am" in page.words
    for written in ("Keep the trees, please", "For the birds", "Friends of the Park", "Canal Side"):
        assert written in check.words
    sent = somebody_else.send(check)
    assert "Your new answers take the place of the earlier ones." in sent.words
    first, second = submissions()
    same_but(first, second, visit="d")


def test_at_the_same_device_they_are_there_too_however_somebody_comes_back(
    survey, resident, submissions
):
    send_all(resident)
    for page in (
        resident.open("/c/riverside/q/visit"),
        resident.send(resident.open("/c/riverside")),
    ):
        assert page.address == "/c/riverside/q/visit"
        assert BANNER in page.words
    everything = resident.open("/c/riverside/all")
    assert BANNER in everything.words
    resident.send(everything, q__visit="n")
    first, second = submissions()
    same_but(first, second, visit="n")


def test_who_shows_by_e_mail_who_they_are_finds_their_answers(
    services, resident, somebody_else, submissions
):
    services.config = replace(services.config, outbox=True)
    consultation(services, *EVERY_KIND, identity=("email",))

    def shown(person):
        before = {mail.id for mail in outbox.waiting(services.vault)}
        page = person.send(person.open("/c/riverside/identity"), email="ann@example.org")
        [mail] = [each for each in outbox.waiting(services.vault) if each.id not in before]
        code = re.findall(r"\b[0-9]{6}\b", mail.subject)[0]
        return person.send(page, code=code)

    shown(resident)
    resident.send(resident.open("/c/riverside/all"), **ANSWERS)
    assert BANNER not in somebody_else.open("/c/riverside/q/visit").words
    answered = shown(somebody_else)
    assert "Your answers are filled in for you to change." in answered.words
    check, way = through(somebody_else, somebody_else.open("/c/riverside/q/visit"), q__visit="d")
    assert all(BANNER in page.words for page in (*way, check))
    somebody_else.send(check)
    first, second = submissions()
    same_but(first, second, visit="d")


def test_nobody_else_is_shown_them(survey, resident, somebody_else):
    send_all(resident)
    for address in ("/c/riverside/q/more", "/c/riverside/all", "/c/riverside/check"):
        page = somebody_else.open(address)
        assert "Keep the trees" not in page.words
        assert BANNER not in page.words
    resident.send(resident.open("/c/riverside"), "/someone-else")
    assert "Keep the trees" not in resident.open("/c/riverside/q/more").words


def test_a_change_that_is_saved_keeps_no_second_copy_and_goes_on_elsewhere(
    services, survey, app, resident, somebody_else, submissions
):
    changing = send_all(resident)
    begun = resident.send(resident.open("/c/riverside"))
    saved = resident.send(begun, q__visit="d", save="later")
    assert saved.address == "/c/riverside/saved"
    [draft] = rows(services, tables.draft)
    assert "Keep the trees" not in draft.content
    [code] = re.findall(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b", saved.words)
    asked = somebody_else.send(somebody_else.open("/c/riverside/return"), code=code)
    assert "Enter the changing code of your receipt too." in asked.words
    wrong = somebody_else.send(asked, changing="0000-0000-0000-0000")
    assert "We do not know this changing code." in wrong.words
    assert [row.id for row in rows(services, tables.draft)] == [draft.id], "it stayed where it was"
    back = somebody_else.send(wrong, changing=changing)
    assert BANNER in back.words
    check = somebody_else.open("/c/riverside/check")
    assert "Daily" in check.words
    somebody_else.send(check)
    first, second = submissions()
    same_but(first, second, visit="d")


def test_what_somebody_clears_stays_cleared(survey, resident, submissions):
    send_all(resident)
    cleared = resident.send(resident.open("/c/riverside/q/more"), q__more="")
    assert resident.open("/c/riverside/q/more").form()[1]["q-more"] == ""
    check, _way = through(resident, cleared)
    resident.send(check)
    _first, second = submissions()
    assert set(second.texts) == {"why"}


def test_what_cannot_be_filled_in_is_said_before_the_first_question(
    services, resident, somebody_else
):
    plan = Question("plan", "file", words("Your plan"), required=False)
    survey = consultation(services, EVERY_KIND[0], EVERY_KIND[-1], plan)
    page = resident.attach(resident.open("/c/riverside/q/plan"), "plan.pdf", PDF)
    through(resident, page)
    resident.send(resident.open("/c/riverside/all"), q__visit="d", q__more="Trees")
    code = resident.changing_code()
    erase_by_holder(
        services, holder=Holder(code), actor=RESIDENT, command_id="erase-them", draft_secret=""
    )
    services.catch_up()
    begun = somebody_else.send(somebody_else.open("/receipt/change"), code=code)
    assert "We cannot fill in what you attached to “Your plan”" in begun.words
    assert "What you wrote for “Anything else?” was erased." in begun.words
    assert survey.id


def test_answers_taken_back_are_filled_in_and_said_not_to_count(survey, resident, somebody_else):
    code = send_all(resident)
    somebody_else.send(somebody_else.send(somebody_else.mine(code), "/receipt/withdraw"))
    begun = somebody_else.send(somebody_else.open("/receipt/change"), code=code)
    assert "You took these answers back." in begun.words
    assert begun.form()[1]["q-visit"] == "w"


def test_after_sending_the_page_before_leads_to_the_receipt(survey, resident):
    send_all(resident)
    assert resident.open("/c/riverside/check").address == "/c/riverside/receipt"


@pytest.mark.parametrize("address", ["all", "check"])
def test_the_receipt_of_another_consultation_changes_nothing(
    services, survey, resident, submissions, address
):
    consultation(services, EVERY_KIND[0], slug="meadow")
    resident.send(resident.open("/c/meadow/all"), q__visit="w")
    elsewhere = resident.changing_code("meadow")
    send_all(resident)
    resident.send(resident.open("/c/riverside/q/visit"), q__visit="d")
    services.catch_up()
    before = submissions()
    page = resident.send(resident.open(f"/c/riverside/{address}"), receipt=elsewhere)
    assert page.status == 422
    assert "We do not know this changing code" in page.words
    assert submissions() == before
